"""States, domains and tiers in words, for interfaces that know no models."""

from hub.governance.models import Domain, DomainState, State

TIERS = {
    1: "experiment",
    2: "internal tool",
    3: "customer-facing or about people",
    4: "consequential decisions",
}
_GOOD = {"approved", "auto-pass", "waived", "conditional"}
_BAD = {"quarantined", "suspended", "revoked", "rejected"}
_CARE = {"needs-info", "expired", "changes-requested", "stale"}


def states() -> dict[str, str]:
    """Each state of a revision, in the order of a review's life."""
    return {str(value): str(label) for value, label in State.choices}


def domains() -> dict[str, str]:
    return {str(value): str(label) for value, label in Domain.choices}


def domain_states() -> dict[str, str]:
    return {str(value): str(label) for value, label in DomainState.choices}


def tone_of(state: str) -> str:
    """The tone that a state of a revision or of a domain is shown in; the word always stands beside it."""
    return "ok" if state in _GOOD else "bad" if state in _BAD else "warn" if state in _CARE else ""


def tier_words(tier: int | None) -> str:
    return f"{tier}, {TIERS[tier]}" if tier else "not set"
