"""What the hub's rules say of a pull: asked once, before the first byte."""

import warnings
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from sdk._client import Client
from sdk._errors import (
    AuthError,
    DeprecatedModelWarning,
    HubUnavailableError,
    NotFoundError,
    PolicyDeniedError,
    PolicyWarning,
)
from sdk._models import Decision, Kind, Reason

# Frames from the warning to whoever called `sdk.pull`.
_CALLER = 4


def decision_on(client: Client, name: str, kind: Kind, commit: str) -> Decision | None:
    """Raises PolicyDeniedError, warns of conditions; None offline, and of a hub that has no rules."""
    if client.config.offline:
        return None
    query = urlencode({"revision": commit, "purpose": client.purpose})
    address = f"{kind}s/{quote(name)}/decision?{query}"
    try:
        told = client.own_json(address, asked=f"the decision on {name}", has=("outcome",))
    except (AuthError, HubUnavailableError, NotFoundError):
        # Files say for themselves whether they may be pulled.
        return None
    decision = _read(told)
    if decision.outcome == "deny":
        raise _refusal(name, decision, str(told.get("message", "")))
    _warn(name, decision)
    return decision


def _refusal(name: str, decision: Decision, message: str) -> PolicyDeniedError:
    first = decision.reasons[0] if decision.reasons else Reason("", "", "")
    use = f" Use {decision.replacement} instead." if decision.replacement else ""
    return PolicyDeniedError(
        (message or f"{name}: the hub's rules deny this pull.") + use,
        rule=first.rule,
        reason=first.message,
        decided_by=first.decided_by,
        mend=first.mend,
        replacement=decision.replacement,
    )


def _warn(name: str, decision: Decision) -> None:
    for reason in decision.warnings:
        kind = DeprecatedModelWarning if reason.rule == "deprecated" else PolicyWarning
        warnings.warn(f"{name}: {reason.title}. {reason.message} {reason.mend}", kind, stacklevel=_CALLER)
    for condition in decision.conditions:
        warnings.warn(f"{name}: on the condition: {condition}", PolicyWarning, stacklevel=_CALLER)


def _read(told: Mapping[str, Any]) -> Decision:
    return Decision(
        outcome=str(told["outcome"]),
        profile=str(told.get("profile", "")),
        environment=str(told.get("environment", "")),
        purpose=str(told.get("purpose", "")),
        reasons=_reasons(told.get("reasons")),
        warnings=_reasons(told.get("warnings")),
        conditions=tuple(str(one) for one in told.get("conditions") or ()),
        replacement=str(told.get("replacement", "")),
    )


def _reasons(listed: Any) -> tuple[Reason, ...]:
    keys = {"rule": "rule", "title": "title", "message": "message", "mend": "mend", "decided_by": "decidedBy"}
    return tuple(Reason(**{name: str(one.get(key, "")) for name, key in keys.items()}) for one in listed or ())
