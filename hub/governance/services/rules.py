"""Change rules and their modes: numbered versions, each with a reason."""

from typing import Any

from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.core.errors import InvalidInput
from hub.core.transactions import write_transaction
from hub.governance.models import Environment, PolicyChange, Profile, Rule, RuleMode
from hub.governance.permissions import check_governor
from hub.governance.policy import engine
from hub.governance.policy.rules import RuleAt
from hub.governance.services.profiles import check_keeper

MOST_WORDS = 1_000


def save_rule(
    *, by: Viewer, code: str, title: str, expression: str, message: str, mend: str, reason: str, stage: str = "pull"
) -> Rule:
    """A new version of a rule (a new code: a new rule, which only watches until it has another mode)."""
    check_governor(by, "change the rules")
    draft(code=code, title=title, expression=expression, message=message, mend=mend, stage=stage)
    _check_reason(reason)
    with write_transaction():
        newest = Rule.objects.filter(code=code).order_by("-number").first()
        made = Rule.objects.create(
            code=code,
            number=newest.number + 1 if newest else 1,
            stage=stage,
            title=title.strip(),
            expression=expression.strip(),
            message=message.strip(),
            mend=mend.strip(),
            by=by.name,
            reason=reason.strip(),
        )
        change = {"before": f"version {made.number - 1}", "after": f"version {made.number}", "reason": made.reason}
        PolicyChange.objects.create(kind=PolicyChange.Kind.RULE, subject=code, by=by.name, **change)
        record(by=by.name, action="rule.change", subject=code, expression=made.expression, **change)
    return made


def set_mode(
    *, by: Viewer, rule: RuleAt, mode: str, reason: str, environment: str = "", profile: Profile | None = None
) -> None:
    """What comes of a rule in an environment (of all profiles there), or for one profile."""
    if profile is not None:
        check_keeper(by, profile.organisation)
        _check_not_laxer(by, rule, mode, profile)
    else:
        check_governor(by, "change what comes of a rule")
    if mode not in RuleMode.Mode.values or (profile is None) == (environment not in Environment.values):
        raise InvalidInput("Choose a mode, and either an environment or a profile.")
    _check_reason(reason)
    where: dict[str, Any] = {"environment": "" if profile else environment, "profile": profile}
    with write_transaction():
        before = RuleMode.objects.filter(code=rule.code, **where).first()
        RuleMode.objects.update_or_create(code=rule.code, **where, defaults={"mode": mode, "by": by.name})
        place = profile.name if profile else environment
        change = {"before": f"{place}: {before.mode if before else 'as it came'}", "after": f"{place}: {mode}"}
        PolicyChange.objects.create(
            kind=PolicyChange.Kind.MODE, subject=rule.code, by=by.name, reason=reason.strip(), **change
        )
        record(by=by.name, action="rule.mode", subject=rule.code, reason=reason.strip(), **change)


def draft(*, code: str, title: str, expression: str, message: str, mend: str, stage: str = "pull") -> RuleAt:
    """The rule as it would be; raises where it can't be one."""
    if not code.strip() or len(code) > 32 or not code.isascii() or not code.replace("-", "").isalnum():
        raise InvalidInput("A rule's code has letters, digits and “-”, such as A-01.")
    if not all(0 < len(text.strip()) <= MOST_WORDS and "\0" not in text for text in (title[:200], message, mend)):
        raise InvalidInput("A rule needs a title, a message and what would mend it, each up to 1,000 characters.")
    if stage not in Rule.Stage.values:
        raise InvalidInput(f"The stage is one of {', '.join(Rule.Stage.values)}.")
    engine.program(expression.strip())
    return RuleAt(code, stage, title.strip()[:200], expression.strip(), message.strip(), mend.strip(), number=-1)


def _check_not_laxer(by: Viewer, rule: RuleAt, mode: str, profile: Profile) -> None:
    """An organisation may be stricter than the hub, not laxer: its own admins can't let out what the hub holds back."""
    order = list(RuleMode.Mode.values)
    general = RuleMode.objects.filter(code=rule.code, profile=None, environment=profile.environment).first()
    least = general.mode if general else rule.modes.get(profile.environment, RuleMode.Mode.MONITOR)
    if mode in order and order.index(mode) < order.index(least) and not by.is_admin:
        raise InvalidInput(f"{rule.code} is set to {least} for {profile.environment}; only the hub's can loosen it.")


def _check_reason(reason: str) -> None:
    if not 3 <= len(reason.strip()) <= MOST_WORDS:
        raise InvalidInput("Say why, in up to 1,000 characters: it stands in the rule's history.")
