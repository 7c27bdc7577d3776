"""Which domains a waiver of a rule lets be waived."""

import pytest

from hub.governance.models import Domain
from hub.governance.policy.domains import domains_of_rule
from hub.governance.policy.rules import RuleAt, shipped

NONE = {"P-01", "P-02", "P-17", "P-18", "P-21", "P-22"}


def test_each_shipped_rule_is_of_one_domain_or_of_none():
    found = {code: domains_of_rule(rule) for code, rule in shipped().items()}
    assert {code for code, domains in found.items() if not domains} == NONE
    assert all(len(domains) <= 1 and domains <= set(Domain.values) for domains in found.values())
    assert found["P-19"] == {"licence"} and found["P-23"] == {"security"} and found["P-24"] == {"use"}


@pytest.mark.parametrize(
    "expression,domains",
    [
        ('lineage.verdict == "CONFLICT"', {"licence"}),
        ("team.use.tier >= 3 && bias.open > 0", {"bias"}),
        ("data.completeness < 0.5 || size(scan.rules) == 0", {"data", "security"}),
        ("rev.executes_code", {"security"}),
        ('"x" in team.use.codes', {"use"}),
        ('env == "data.pii"', set()),
        ("pull.is_pinned && team.commercial", set()),
    ],
)
def test_a_rule_of_ones_own_is_of_the_domains_whose_facts_it_takes(expression, domains):
    rule = RuleAt("A-01", "pull", "t", expression, "m", "m", number=1)
    assert domains_of_rule(rule) == domains
