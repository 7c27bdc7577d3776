"""May this consumer use it? The rules that depend on who pulls (L9, L10), on top of the verdict on publishing."""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.governance.licences.judgement import Judgement
from hub.governance.licences.rules import CONFLICT, NEEDS_ATTRIBUTION, REVIEW
from hub.governance.licences.table import Licence

ALLOW, ALLOW_WITH_NOTICE, DENY = "ALLOW", "ALLOW_WITH_NOTICE", "DENY"
# Restricted uses as Attachment A of the RAIL licences letters them.
USES = {
    "a": "against the law",
    "b": "exploiting or harming minors",
    "c": "disinformation meant to harm",
    "d": "harmful use of personal data",
    "e": "machine output that isn't said to be one",
    "f": "defamation and harassment",
    "g": "impersonation",
    "h": "fully automated adverse decisions",
    "i": "scoring of social behaviour",
    "j": "exploiting vulnerable groups",
    "k": "discrimination of protected classes",
    "l": "medical advice",
    "m": "justice, law enforcement, immigration, asylum",
}
# What acceptable use policies of the community licences have in common with that list.
_POLICY = frozenset("abcdefgk")
EU = frozenset(
    "EU AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()  # noqa: SIM905
)
_SAME_REGION = {"GB": "UK", "KOR": "KR"}


@dataclass(frozen=True)
class Consumer:
    """Who wants to use it. None for what nobody stated: then no threshold is taken to be passed, and a text that is for
    research only brings a duty. `region`: a country, EU, or WORLD. `is_sandbox`: to look at, for nothing else; an open
    or broken licence doesn't stop that.
    `accepted`: ids of the licences whose text was accepted; None where acceptance isn't asked about here."""

    is_commercial: bool = False
    is_research: bool | None = None
    region: str = ""
    monthly_users: int | None = None
    revenue_usd: int | None = None
    is_service: bool = False
    is_sandbox: bool = False
    uses: frozenset[str] = frozenset()
    accepted: frozenset[str] | None = None


@dataclass(frozen=True)
class Reason:
    rule: str
    licence: str
    text: str
    mend: str = ""


@dataclass(frozen=True)
class PullVerdict:
    """`reasons` for a denial; `duties` that an allowed use brings."""

    outcome: str
    reasons: tuple[Reason, ...] = ()
    duties: tuple[Reason, ...] = ()


def pull_verdict(judged: Judgement, consumer: Consumer) -> PullVerdict:
    """Every reason against it, not the first alone."""
    open_ = tuple(_unpublishable(judged))
    against = (each for licence in judged.terms for each in _against(judged, licence, consumer))
    reasons = (*(() if consumer.is_sandbox else open_), *against)
    if reasons:
        return PullVerdict(DENY, tuple(dict.fromkeys(reasons)))
    duties = (*open_, *(each for licence in judged.terms for each in _duties(licence, consumer)))
    noticed = open_ or judged.verdict == NEEDS_ATTRIBUTION or any(each.rule == "L9" for each in duties)
    return PullVerdict(ALLOW_WITH_NOTICE if noticed else ALLOW, (), tuple(dict.fromkeys(duties)))


def restricted_uses(licence: Licence) -> frozenset[str]:
    """Codes of `USES` that this licence forbids."""
    if licence.use_restrictions == "list":
        return frozenset(USES)
    return _POLICY if licence.use_restrictions == "policy" else frozenset()


def _unpublishable(judged: Judgement) -> Iterator[Reason]:
    for fault in judged.faults:
        if fault.verdict in (CONFLICT, REVIEW):
            yield Reason(fault.rule, fault.licence, fault.clause, fault.mend)


def _against(judged: Judgement, licence: Licence, who: Consumer) -> Iterator[Reason]:
    name = licence.name
    if who.is_commercial and licence.is_non_commercial:
        yield Reason("L3", licence.id, f"{name} allows no commercial use.", "Agree on a licence with its owner.")
    elif who.is_research is False and licence.is_research_only:
        yield Reason("L9", licence.id, f"{name} is for research only.", "Agree on a licence with its owner.")
    if who.is_commercial and _is_open_condition(licence):
        yield Reason("L9", licence.id, f"{name} allows commercial use under conditions that its text sets.", _READ)
    yield from _thresholds(licence, who)
    region = who.region.upper()
    for excluded in licence.excluded_territories(judged.modality):
        if _is_within(region, excluded):
            yield Reason(
                "L9", licence.id, f"{name} gives no rights in {excluded}.", "Choose a model without this limit."
            )
    if who.is_commercial and who.is_service and licence.share_alike == "network":
        text = f"{name} makes a service offer its source to everyone who uses it."
        yield Reason("P-NET", licence.id, text, "Ask for a waiver, or choose another model.")
    if hits := sorted(who.uses & restricted_uses(licence)):
        text = f"{name} forbids this use: {', '.join(USES[code] for code in hits)}."
        yield Reason("L9", licence.id, text, "Choose a model whose licence allows the use.")
    if who.accepted is not None and licence.needs_acceptance and licence.id not in who.accepted:
        yield Reason("L10", licence.id, f"{name} must be accepted first.", "Accept its text.")


_READ = "Have a reviewer read the text, and record a waiver."


def _is_open_condition(licence: Licence) -> bool:
    """Commercial use hangs on something that no other column says."""
    return licence.commercial_use == "conditional" and licence.mau_limit is None and licence.revenue_limit_usd is None


def _thresholds(licence: Licence, who: Consumer) -> Iterator[Reason]:
    if licence.limits_only_display:
        return
    for what, limit, value in _limits(licence, who):
        if value > limit:
            text = f"{licence.name} ends above {limit:,} {what}."
            yield Reason("L9", licence.id, text, "Agree on a licence with its owner.")


def _limits(licence: Licence, who: Consumer) -> Iterator[tuple[str, int, int]]:
    if licence.mau_limit is not None and who.monthly_users is not None:
        yield "monthly active users", licence.mau_limit, who.monthly_users
    if licence.revenue_limit_usd is not None and who.revenue_usd is not None:
        yield "USD of annual revenue", licence.revenue_limit_usd, who.revenue_usd


def _duties(licence: Licence, who: Consumer) -> Iterator[Reason]:
    if licence.limits_only_display:
        for what, limit, value in _limits(licence, who):
            if value > limit:
                text = f"Show “{licence.display_text}”: you have more than {limit:,} {what}."
                yield Reason("L9", licence.id, text)
    elif licence.display_text:
        yield Reason("L5", licence.id, f"Show “{licence.display_text}” where you offer it.")
    if licence.is_research_only and who.is_research is None:
        yield Reason("L3", licence.id, f"{licence.name} is for research only.")
    if licence.needs_acceptance:
        yield Reason("L10", licence.id, f"Accept the text of {licence.name}.")


def _is_within(region: str, excluded: str) -> bool:
    region = _SAME_REGION.get(region, region)
    return region in ("WORLD", excluded) or (excluded == "EU" and region in EU)
