"""Which domains of a review a rule is about: an exception from it lets these be waived, and no other."""

from collections.abc import Mapping

from hub.governance.policy.paths import paths_of
from hub.governance.policy.rules import RuleAt, shipped

# Of the rules that ship with the hub, whoever changed them since. Those that aren't here are about none.
_SHIPPED: Mapping[str, tuple[str, ...]] = {
    "licence": ("P-03", "P-04", "P-05", "P-06", "P-07", "P-08", "P-13", "P-19", "P-20", "P-26"),
    "security": ("P-09", "P-10", "P-11", "P-23"),
    "bias": ("P-12", "P-14", "P-25"),
    "data": ("P-15", "P-16"),
    "use": ("P-24",),
}
# Of one's own: by the facts that they take.
_FACTS: Mapping[str, tuple[str, ...]] = {
    "licence": ("license", "lineage"),
    "security": ("scan", "rev.executes_code", "rev.code_hashes", "rev.approved_code_hashes"),
    "bias": ("bias",),
    "data": ("data",),
}
# What a use is asked by; rules on something else name it only to say for whom they hold.
_USE = ("team.use", "team.purposes", "rev.purposes", "pull.purpose")


def domains_of_rule(rule: RuleAt) -> frozenset[str]:
    """None for rules that no domain answers for, such as that a revision is approved."""
    if rule.code in shipped():
        return frozenset(domain for domain, codes in _SHIPPED.items() if rule.code in codes)
    paths = paths_of(rule.expression)
    found = frozenset(domain for domain, facts in _FACTS.items() if _takes(paths, facts))
    return found or (frozenset({"use"}) if _takes(paths, _USE) else frozenset())


def _takes(paths: list[str], facts: tuple[str, ...]) -> bool:
    return any(f"{path}.".startswith(f"{fact}.") for path in paths for fact in facts)
