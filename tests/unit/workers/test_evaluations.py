"""The suites over predictions and rows: what each measures, what it proposes, what it refuses."""

from dataclasses import replace

import numpy as np
import pytest

from hub.governance.records import finding as records
from hub.governance.records import severity
from hub.governance.records.suites import SUITES
from tests.factories import suites as make
from workers import evaluations
from workers.lib.session import Predictions, Trouble, Verdict

PEOPLE = 400


def by(verdict: Verdict, metric: str, **part: str):
    """The one number of a metric and slice."""
    (found,) = [each for each in verdict.measured if each.metric == metric and each.slice == part]
    return found


def filed(finding):
    """As the hub files it: with the job; its body checked by governance."""
    body = {**finding.body, "evidence": [{**item, "job": "j1"} for item in finding.body["evidence"]]}
    return records.checked(body, kind="measured")


def unequal():
    """Half A, half B: B's positives are found half as often."""
    groups = ["A", "B"] * (PEOPLE // 2)
    targets = [1, 1, 0, 0] * (PEOPLE // 4)
    outputs = [int(place % 4 == 0 or place % 8 == 1) for place in range(PEOPLE)]
    return make.predictions(targets, outputs, {"group": groups})


def test_every_suite_says_what_it_is():
    offers = [evaluations.suite(name).offer for name in evaluations.NAMES]
    assert [offer.name for offer in offers] == list(evaluations.NAMES)
    assert {offer.kind for offer in offers} == {"suite"}
    assert all(offer.title and offer.summary and offer.metric for offer in offers)
    assert set(SUITES) <= set(evaluations.NAMES)


def test_a_suite_that_is_not_there():
    with pytest.raises(KeyError):
        evaluations.suite("vibes")


def test_groups_are_compared_and_a_gap_is_proposed(tmp_path):
    found = evaluations.suite("fair-groups").run(make.session(tmp_path, test=make.table({"a": [1]})), None, unequal())
    assert by(found, "tpr", group="A").value == 1
    assert by(found, "tpr", group="B").value == 0.5
    gap = by(found, "equal_opportunity_difference", axis="group")
    assert (gap.value, gap.n) == (0.5, 200)
    assert gap.low < 0.5 < gap.high
    assert by(found, "equalised_odds_difference", axis="group").value == 0.5
    assert by(found, "demographic_parity_ratio", axis="group").value == pytest.approx(0.5)
    assert by(found, "worst_group_accuracy", axis="group").note == "B"
    assert {each.suite_version for each in found.measured} == {"1.0"}


def test_a_proposed_finding_is_what_governance_takes(tmp_path):
    found = evaluations.suite("fair-groups").run(make.session(tmp_path, test=make.table({"a": [1]})), None, unequal())
    (one,) = found.findings
    body, problems = filed(one)
    assert problems == []
    assert records.graded(body, severity.DEFAULTS)["severity"]["level"] == "high"
    assert body["groups"] == [{"axis": "group", "value": "B", "vs": "A"}]


def test_equal_groups_propose_nothing(tmp_path):
    even = make.predictions([0, 1] * 100, [0, 1] * 100, {"group": ["A", "A", "B", "B"] * 50})
    found = evaluations.suite("fair-groups").run(make.session(tmp_path, test=make.table({"a": [1]})), None, even)
    assert found.findings == []
    assert by(found, "accuracy_gap", axis="group").value == 0


def test_small_groups_are_named_without_a_number(tmp_path):
    few = make.predictions([0, 1] * 25, [0, 1] * 25, {"group": ["A"] * 45 + ["B"] * 5})
    found = evaluations.suite("fair-groups").run(make.session(tmp_path, test=make.table({"a": [1]})), None, few)
    assert by(found, "accuracy", group="B").value is None
    assert by(found, "accuracy", group="B").note == "too few rows (5)"


def test_one_hot_columns_and_pairs_of_axes(tmp_path):
    ones = [1, 0] * 100
    others = {"sex_F": ones, "sex_M": [1 - one for one in ones], "origin": ["x", "x", "y", "y"] * 50}
    config = {"fair-tabular": {"axes": "sex_*,origin"}}
    session = make.session(tmp_path, test=make.table({"a": [1]}), config=config)
    found = evaluations.suite("fair-tabular").run(session, None, make.predictions([0, 1] * 100, [0, 1] * 100, others))
    axes = {name for each in found.measured for name in each.slice if name != "axis"}
    assert axes == {"sex", "origin", "sex × origin"}
    assert by(found, "accuracy", **{"sex × origin": "F × y"}).n == 50


def test_families_of_one_hot_columns_are_found(tmp_path):
    from workers.lib import slices

    others = make.table({"a": [0] * 4}, {"race_A": [1, 0, 0, 0], "race_B": [0, 1, 0, 0], "age": [1.5, 2, 3, 4]}).others
    found = slices.axes(others, [])
    assert list(found["race"]) == ["A", "B", "none of these", "none of these"]
    assert list(found) == ["age", "race"]


def test_a_column_that_is_not_there(tmp_path):
    session = make.session(tmp_path, test=make.table({"a": [1]}), config={"fair-groups": {"axes": "sex"}})
    with pytest.raises(Trouble, match="no column sex") as caught:
        evaluations.suite("fair-groups").run(session, None, unequal())
    assert caught.value.param == "config.axes"


def test_calibration(tmp_path):
    session = make.session(tmp_path, test=make.table({"a": [1]}))
    found = evaluations.suite("calibration").run(session, None, make.predictions([1] * 100, [1] * 70 + [0] * 30))
    assert by(found, "ece").value == pytest.approx(0.2)
    assert by(found, "ece").low <= 0.2 <= by(found, "ece").high
    assert by(found, "temperature").value > 1
    assert found.tables["reliability"][0]["n"] == 100


def test_texts_with_slips(tmp_path):
    rows = {"text": ["a good film"] * 20 + ["a bad film"] * 20, "label": ["yes"] * 20 + ["no"] * 20}
    session = make.session(tmp_path, test=make.table(rows), base=tmp_path)
    reader = make.recipe(lambda row: float("good" in row["text"]))
    found = evaluations.suite("robust-text").run(session, reader, None)
    assert by(found, "accuracy", change="none").value == 1
    assert by(found, "accuracy", change="case").value < 1
    assert by(found, "accuracy", change="marks").value == 1
    assert 0 < by(found, "relative_drop").value < 1
    assert evaluations.suite("robust-text").run(session, reader, None).measured == found.measured


def test_pictures_made_worse(tmp_path):
    from sklearn.datasets import load_digits

    digits = load_digits()
    dark = digits.data.sum(axis=1) < 310
    rows = {"image": list(digits.data[:60]), "label": [make.LABELS[int(one)] for one in dark[:60]]}
    session = make.session(tmp_path, test=make.table(rows), base=tmp_path)
    reader = make.recipe(lambda row: float(np.sum(row["image"]) < 310))
    found = evaluations.suite("robust-image").run(session, reader, None)
    assert by(found, "accuracy", change="none").value == 1
    assert by(found, "accuracy", change="brightness").value < 0.8
    assert by(found, "mean_corruption_error").high is not None


def test_sounds_with_noise(tmp_path):
    from workers.lib import sounds

    chance = np.random.default_rng(0)
    heard = [sounds.tone(pitch, 0.1, chance) for pitch in [300, 3000] * 15]
    rows = {"audio": heard, "label": ["yes", "no"] * 15}
    session = make.session(tmp_path, test=make.table(rows), base=tmp_path)
    # Hears noise as a high tone.
    reader = make.recipe(lambda row: float(np.abs(np.diff(row["audio"])).mean() < 0.12))
    found = evaluations.suite("robust-audio").run(session, reader, None)
    accuracy = [by(found, "accuracy", noise=each).value for each in ("none", "20 dB", "10 dB", "0 dB")]
    assert (accuracy[0], accuracy[-1]) == (1, 0.5)
    assert accuracy == sorted(accuracy, reverse=True)
    assert by(found, "mean_corruption_error").value == pytest.approx(1 - np.mean(accuracy[1:]))
    assert by(found, "relative_drop").low <= by(found, "relative_drop").value
    assert evaluations.suite("robust-audio").run(session, reader, None).measured == found.measured


def test_speech_with_noise_is_held_by_its_words(tmp_path):
    said = Predictions(["a b c d"] * 30, [])
    rows = make.table({"audio": [{"array": np.ones(80), "sampling_rate": 8000}] * 30, "text": said.targets})

    def predict(session, model, table):
        is_worse = [np.std(each["array"]) > 0.2 for each in table.rows["audio"]]
        return replace(said, outputs=["a b x y" if worse else "a b c d" for worse in is_worse])

    session = make.session(tmp_path, test=rows, base=tmp_path, config={"robust-audio": {"decibels": "0,20"}})
    found = evaluations.suite("robust-audio").run(session, replace(make.recipe(float), predict=predict), None)
    assert [by(found, "wer", noise=each).value for each in ("none", "20 dB", "0 dB")] == [0, 0, 0.5]
    assert by(found, "mean_corruption_error").value == by(found, "relative_drop").value == 0.25
    odd = make.session(tmp_path, test=rows, base=tmp_path, config={"robust-audio": {"decibels": "loud"}})
    with pytest.raises(Trouble, match="no list of ratios"):
        evaluations.suite("robust-audio").run(odd, make.recipe(float), None)


def test_swapped_words_flip_a_biased_classifier(tmp_path):
    rows = {"text": ["he is a doctor"] * 30 + ["a film"] * 10, "label": ["yes"] * 40}
    session = make.session(tmp_path, test=make.table(rows), base=tmp_path)
    biased = make.recipe(lambda row: 0.2 if {"she", "woman"} & set(row["text"].lower().rstrip(".").split()) else 0.9)
    found = evaluations.suite("fair-text-cf").run(session, biased, None)
    assert by(found, "flip_rate", axis="gender", texts="rows").value == 1
    assert by(found, "flip_rate", axis="gender", texts="templates").value == pytest.approx(7 / 8)
    assert by(found, "flip_rate", axis="religion", texts="templates").value == 0
    assert {each.body["groups"][0]["axis"] for each in found.findings} == {"gender"}
    assert [filed(each)[1] for each in found.findings] == [[], []]


def test_a_classifier_that_reads_no_group_does_not_flip(tmp_path):
    session = make.session(
        tmp_path, test=make.table({"text": ["he is kind"] * 30, "label": ["yes"] * 30}), base=tmp_path
    )
    found = evaluations.suite("fair-text-cf").run(session, make.recipe(lambda row: 0.7), None)
    assert {each.value for each in found.measured if each.metric in ("flip_rate", "counterfactual_gap")} == {0.0, None}
    assert found.findings == []


def test_test_rows_that_were_trained_on(tmp_path):
    train = make.table({"text": ["one", "two", "three"], "label": ["yes"] * 3}, name="me/train")
    test = make.table({"text": ["One!", "two", "four", "four"], "label": ["yes"] * 4})
    session = make.session(tmp_path, test=test, train=train)
    found = evaluations.suite("contamination").run(session, None, None)
    assert by(found, "contaminated").value == 0.5
    assert by(found, "contaminated_exact").value == by(found, "contaminated_normalised").value == 0.25
    assert by(found, "contaminated_13gram").value == 0.0
    assert by(found, "duplicates_in_test").value == 0.25
    assert found.tables["contamination"]["contaminated_rows"] == [0, 1]


def test_contamination_needs_the_training_data(tmp_path):
    with pytest.raises(Trouble, match="no training data"):
        evaluations.suite("contamination").run(make.session(tmp_path, test=make.table({"text": ["a"]})), None, None)


def test_drift_of_one_column(tmp_path):
    chance = np.random.default_rng(0)
    same = {"kind": chance.choice(["a", "b"], 200)}
    old = make.table({"label": [1] * 200}, {**same, "size": chance.normal(size=200)})
    new = make.table({"label": [1] * 200}, {**same, "size": chance.normal(2, 1, 200)})
    found = evaluations.suite("drift").run(make.session(tmp_path, test=new, train=old), None, None)
    assert by(found, "psi", column="kind").value == 0
    assert by(found, "psi", column="size").value > 0.25
    assert by(found, "proxy_a_distance").value > 0.8
    assert found.tables["drift"]["largest_psi"] == "size"


def test_size_and_speed(tmp_path):
    from safetensors.numpy import save_file

    save_file({"w": np.zeros((3, 4), np.float32), "b": np.zeros(4, np.float32)}, tmp_path / "model.safetensors")
    rows = make.table({"text": ["a"] * 30, "label": ["yes"] * 30})
    session = make.session(tmp_path, test=rows, base=tmp_path)
    found = evaluations.suite("efficiency").run(session, make.recipe(lambda row: 0.9), None)
    assert by(found, "parameters").value == 16
    assert by(found, "latency_ms").value == pytest.approx(1)
    assert by(found, "rows_per_second").value == pytest.approx(1000)
    assert by(found, "peak_memory").value > 10**6


def test_a_table_of_features_only_is_read_whole(tmp_path):
    import pandas as pd

    from workers.contract import Source
    from workers.lib import data

    pd.DataFrame({"size": [1.0, 2.0], "weight": [3.0, None]}).to_csv(tmp_path / "rows.csv", index=False)
    found = data.table(tmp_path, Source("me/rows", make.COMMIT, "dataset"), evaluations.suite("drift").offer.columns)
    assert list(found.others["size"]) == [1.0, 2.0]
