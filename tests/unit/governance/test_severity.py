"""Severity: the published thresholds, and never less than they give."""

import pytest

from hub.governance.records.finding import graded
from hub.governance.records.severity import DEFAULTS, SHIFTED, checked_thresholds, judged, level_of, of_product
from hub.governance.records.suites import suites_for
from hub.governance.records.taxonomies import ANNEX_III, AXES, MIT_RISKS
from hub.governance.records.use import checked, is_wider, tier_of

GAP = "accuracy_gap"


@pytest.mark.parametrize(
    ("metric", "value", "ci", "more", "level"),
    [
        (GAP, 0.049, [0.01, 0.09], {}, "info"),
        (GAP, 0.05, [0.01, 0.09], {}, "low"),
        (GAP, 0.05, [-0.01, 0.11], {}, "info"),
        (GAP, 0.10, [0.06, 0.14], {}, "medium"),
        (GAP, 0.10, [0.04, 0.16], {}, "low"),
        (GAP, -0.20, [-0.28, -0.12], {}, "high"),
        (GAP, 0.20, [0.09, 0.31], {}, "medium"),
        ("tpr_gap", 0.2139, [0.1821, 0.2450], {}, "high"),
        ("fpr_gap", 0.7, None, {"gap": 0.05, "gap_ci": [0.02, 0.08]}, "low"),
        ("demographic_parity_ratio", 0.8, [0.7, 0.9], {}, "info"),
        ("demographic_parity_ratio", 0.79, [0.7, 0.9], {}, "medium"),
        ("demographic_parity_ratio", 0.79, [0.5, 1.1], {}, "info"),
        ("weat_d", 0.5, None, {"p_adj": 0.04}, "medium"),
        ("weat_d", -0.8, None, {"p_adj": 0.04}, "high"),
        ("seat_d", 1.2, None, {"p_adj": 0.05}, "info"),
        ("seat_d", 1.2, None, {}, "info"),
        ("crows_score", 54.9, [51, 58], {}, "info"),
        ("crows_score", 56.25, [51, 65.7], {}, "low"),
        ("crows_score", 56.25, [46.3, 65.7], {}, "info"),
        ("crows_score", 60.5, [57, 63], {}, "medium"),
        ("crows_score", 40, [36, 44], {}, "medium"),
        ("flip_rate", 0.10, [0.02, 0.2], {}, "high"),
        ("flip_rate", 0.09, [0.02, 0.2], {}, "info"),
        ("something_else", 9, [8, 10], {}, "info"),
    ],
)
def test_published_thresholds(metric, value, ci, more, level):
    assert judged({"metric": metric, "value": value, "ci": ci, **more}).level == level


def test_a_shifted_domain_is_said_in_words():
    assert judged({"metric": "psi", "value": 0.8789}).why == SHIFTED
    assert judged({"metric": "psi", "value": 0.25}).why != SHIFTED


@pytest.mark.parametrize(
    ("impact", "exposure", "level"),
    [(1, 1, "info"), (1, 2, "low"), (3, 1, "low"), (2, 2, "medium"), (3, 2, "medium"), (2, 4, "high"), (3, 3, "high"),
     (3, 4, "critical"), (4, 4, "critical")],
)  # fmt: skip
def test_impact_times_exposure(impact, exposure, level):
    assert of_product(impact, exposure) == level


def test_grades_never_go_below_the_measurements():
    high = {"metric": GAP, "value": 0.25, "ci": [0.15, 0.35]}
    assert level_of(1, 1, [high]).level == "high"
    assert level_of(4, 4, [high]).level == "critical"
    note = {"severity": {"impact": "1", "exposure": "1", "level": "low"}, "evidence": [high]}
    assert graded(note, DEFAULTS)["severity"]["level"] == "high"
    asked = {"severity": {"impact": "1", "exposure": "1", "level": "critical"}, "evidence": [high]}
    assert graded(asked, DEFAULTS)["severity"] == {**asked["severity"], "why": "set by hand"}


def test_thresholds_of_a_hub():
    body, faults = checked_thresholds({"gap": {"low": 0.01}})
    assert faults == [] and body["gap"]["low"] == 0.01 and body["gap"]["high"] == 0.20
    assert judged({"metric": GAP, "value": 0.02, "ci": [0.01, 0.03]}, body).level == "low"
    assert checked_thresholds({"gap": {"low": 0.3}})[1] and checked_thresholds({"psi": 1, "gap": {"low": "x"}})[1]


def test_taxonomies_have_the_published_sizes():
    bbq, crows = ([name for name in names if name] for names in zip(*AXES.values(), strict=True))
    assert (len(MIT_RISKS), len(bbq), len(crows), len(ANNEX_III)) == (24, 11, 9, 8)
    assert suites_for("fill-mask") == ("stereo-lm",) and suites_for("") == ()


def test_the_tier_is_the_largest_of_three_and_annex_iii_is_four():
    scales = {"data_sensitivity": "1", "use_impact": "3", "reach": "2"}
    assert tier_of({"tier": scales}) == 3
    assert tier_of({"tier": {"reach": "4"}}) is None and tier_of({}) is None
    assert tier_of({"tier": scales, "annex_iii": ["annex-iii-4"]}) == 4
    assert checked({"tier": {"reach": "5"}, "annex_iii": ["annex-iii-9"]})[1][0].path == "tier.reach"


def test_what_widens_a_use():
    before = {"intended": ["Sorting tickets"], "do_not_use_for": ["Hiring"]}
    assert not is_wider(before, {**before, "out_of_scope": ["Images"]})
    assert is_wider(before, {**before, "intended": ["Sorting tickets", "Hiring"]})
    assert is_wider(before, {"intended": ["Sorting tickets"]})
