"""Ask for gated models, and accept the licence texts that a pull asks consent to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sdk import _config
from sdk._client import Client
from sdk._errors import ConflictError
from sdk._models import Kind


@dataclass(frozen=True)
class LicenceText:
    """A text to accept, by the sha256 of its bytes. `required`: a pull asks for it. `text` is empty where the hub
    can't show it."""

    licence: str
    sha256: str
    text: str
    required: bool
    accepted: bool


@dataclass(frozen=True)
class Access:
    """How you stand before a model's gate (`gate`: `auto`, `manual`, or nothing where there is none).

    `status` is that of your own request: `pending`, `accepted`, `rejected`, `ended`, or nothing where you never asked;
    `asks` has the names of the gate's questions, true for those that must be answered. `page` does all of it by hand.
    """

    name: str
    kind: Kind
    gate: str
    may_read: bool
    status: str
    reason: str
    expires_at: str | None
    asks: Mapping[str, bool]
    texts: tuple[LicenceText, ...]
    page: str


@dataclass(frozen=True)
class Agreement:
    """That a text is accepted, by you or for your organisation."""

    id: str
    licence: str
    sha256: str
    organisation: str | None
    expires_at: str | None


def access(name: str, *, kind: Kind = "model", hub: str | None = None, token: str | None = None) -> Access:
    """How you stand before the gate of a model, and which licence texts it shows."""
    client = Client(_config.resolve(hub, token))
    with client.closing():
        return _access(client, client.full_name(name), kind)


def request_access(
    name: str,
    *,
    fields: Mapping[str, Any] | None = None,
    reason: str | None = None,
    organisation: str | None = None,
    kind: Kind = "model",
    hub: str | None = None,
    token: str | None = None,
) -> Access:
    """Ask to be let through a gate, for yourself or (as its admin) for all members of an organisation. `fields` answers
    the gate's questions by their names, `reason` says the rest. Your name and e-mail address go to its owner."""
    client = Client(_config.resolve(hub, token))
    with client.closing():
        full_name = client.full_name(name)
        told = {"fields": dict(fields or {}), "reason": reason or "", "organisation": organisation or ""}
        client.own_post(f"{kind}s/{full_name}/access", told, asked=f"access to {full_name}")
        return _access(client, full_name, kind)


def accept_licence(
    name: str,
    *,
    organisation: str | None = None,
    reference: str | None = None,
    expires_at: str | None = None,
    sha256: str | None = None,
    kind: Kind = "model",
    hub: str | None = None,
    token: str | None = None,
) -> tuple[Agreement, ...]:
    """Accept the licence texts that the model shows and that you didn't accept yet: those that a pull asks for, or all
    of them where it asks for none, or the one of that `sha256`. For yourself, or (as its admin) for all members of an
    organisation. Read them first: `sdk.access(name).texts`. `expires_at` is like `2027-01-31T00:00:00Z`.
    """
    client = Client(_config.resolve(hub, token))
    with client.closing():
        full_name = client.full_name(name)
        asked, found = f"the licence of {full_name}", _access(client, full_name, kind)
        told = {"organisation": organisation or "", "reference": reference or "", "expiresAt": expires_at}
        address = f"{kind}s/{full_name}/agreements"
        chosen = _chosen(found, sha256, anew=bool(organisation or reference or expires_at))
        return tuple(_agreement(client.own_post(address, told | {"sha256": one.sha256}, asked=asked)) for one in chosen)


def _chosen(found: Access, sha256: str | None, *, anew: bool) -> list[LicenceText]:
    if sha256:
        chosen = [one for one in found.texts if one.sha256 == sha256]
        if not chosen:
            raise ConflictError(f"{found.name} shows no text of the digest {sha256}. Read it again: {found.page}")
        return chosen
    shown = [one for one in found.texts if one.required] or list(found.texts)
    return [one for one in shown if anew or not one.accepted]


def _access(client: Client, full_name: str, kind: Kind) -> Access:
    names = ("gate", "mayRead", "fields", "requests", "texts", "page")
    told = client.own_json(f"{kind}s/{full_name}/access", asked=f"access to {full_name}", has=names)
    own: dict[str, Any] = next(iter(told["requests"]), {})
    return Access(
        name=str(told["name"]),
        kind=kind,
        gate=told["gate"],
        may_read=told["mayRead"],
        status=own.get("status", ""),
        reason=own.get("reason", ""),
        expires_at=own.get("expiresAt"),
        asks={field["name"]: field["required"] for field in told["fields"]},
        texts=tuple(_text(one) for one in told["texts"]),
        page=f"{client.config.hub}{told['page']}",
    )


def _text(one: Mapping[str, Any]) -> LicenceText:
    return LicenceText(one["licence"], one["sha256"], one["text"], one["required"], one["accepted"])


def _agreement(told: Mapping[str, Any]) -> Agreement:
    return Agreement(told["id"], told["licence"], told["sha256"], told["organisation"], told["expiresAt"])
