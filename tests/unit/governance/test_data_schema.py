"""The schema of a data record, and its completeness by hand."""

import pytest

from hub.governance.records import data
from hub.governance.records.completeness import completeness, weight
from hub.governance.records.schema import applies, get

MEASURED = {"value": 1200, "measured": "job_7"}


def faults(*sources, kind="model"):
    return [str(problem) for problem in data.checked({"training_data": list(sources)}, kind=kind)[1]]


def body(*sources, kind="model"):
    found, problems = data.checked({"training_data": list(sources)}, kind=kind)
    assert problems == []
    return found


@pytest.mark.parametrize("group", data.GROUPS)
def test_every_group_of_the_schema_has_fields(group):
    assert any(field.group == group for field in data.FIELDS)


def test_an_unknown_needs_a_reason_and_blank_is_left_out():
    assert faults({"size": {"records": "unknown"}}) == [
        "training_data.0.size.records: unknown needs a reason: say why nobody knows."
    ]
    assert "needs a reason" in faults({"consent": {"basis": {"unknown": " "}}})[0]
    found = body({"consent": {"basis": {"unknown": "the crawl is from 2014"}}, "kind": " ", "size": {"tokens": None}})
    assert found["training_data"] == [{"id": "ds1", "consent": {"basis": {"unknown": "the crawl is from 2014"}}}]


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ({"kind": "bought"}, "training_data.0.kind"),
        ({"colour": "blue"}, "training_data.0.colour"),
        ({"usage": {"share_pct": 101}}, "training_data.0.usage.share_pct"),
        ({"size": {"records": -1}}, "training_data.0.size.records"),
        ({"size": {"records": True}}, "training_data.0.size.records"),
        ({"size": {"records": {"value": 3, "measured": "me"}}}, "training_data.0.size.records"),
        ({"time_span": {"collected_to": "May"}}, "training_data.0.time_span.collected_to"),
        ({"dataset": {"revision": "main"}}, "training_data.0.dataset.revision"),
        ({"external": {"url": "javascript:alert(1)"}}, "training_data.0.external.url"),
        ({"languages": [{"share_pct": 3}]}, "training_data.0.languages.0.code"),
        ({"languages": [{"code": "en", "share_pct": "x"}]}, "training_data.0.languages.0.share_pct"),
        ({"people": {"subjects": ["pets"]}}, "training_data.0.people.subjects"),
        ({"collection": {"crawler": {"respects": ["luck"]}}}, "training_data.0.collection.crawler.respects"),
    ],
)
def test_a_fault_names_its_field(source, path):
    assert [fault.partition(": ")[0] for fault in faults(source)] == [path]


def test_sources_have_ids_that_stay_and_stand_once():
    assert [each["id"] for each in body({"kind": "user"}, {"id": "ds1"}, {"kind": "other"})["training_data"]] == [
        "ds2",
        "ds1",
        "ds3",
    ]
    assert "training_data.1.id: stands twice." in faults({"id": "a"}, {"id": "a"})


@pytest.mark.parametrize("value", [None, [], "x", {"training_data": "x"}, {"training_data": ["x"]}, {"more": 1}])
def test_strange_bodies_are_faults(value):
    assert data.checked(value, kind="model")[1]


def test_a_data_set_has_no_use_in_training():
    assert faults({"usage": {"stage": "eval"}}, kind="dataset")


def test_completeness_is_filled_over_applicable_with_weights():
    fields = [field for field in data.fields_for("model") if field.counts and applies(field, {"id": "ds1"})]
    whole = sum(weight(field) for field in fields)
    # A licence and a basis weigh three each, a modality one; text brings the tokens to ask for, one more.
    source = {"modality": "text", "licence": {"declared": "MIT"}, "consent": {"basis": {"unknown": "nobody asked"}}}
    found = completeness(body(source), kind="model")
    assert (found.filled, found.applicable) == (7, whole + 1)
    assert [each.why for each in found.unknown] == ["nobody asked"]
    assert "ds1: People: Personal data" in found.missing and "ds1: Consent: Basis" not in found.missing


def test_a_small_record_by_hand():
    """has_persons no: three of people's five fall away. With a repo: nothing of `external`."""
    source = {"people": {"has_persons": False}, "dataset": {"repo": "a/b"}, "kind": "synthetic", "modality": "tabular",
              "annotation": {"by": "none"}}  # fmt: skip
    found = completeness(body(source, kind="dataset"), kind="dataset")
    light = ["dataset.repo", "dataset.revision", "kind", "modality", "size.records", "time_span.collected_from",
             "time_span.collected_to", "geography", "collection.method", "synthetic.generators",
             "synthetic.human_reviewed_pct", "annotation.by", "processing.steps", "processing.dedup.method",
             "known_gaps", "composition"]  # fmt: skip
    heavy = ["consent.basis", "consent.evidence", "people.has_persons", "people.pii", "licence.declared",
             "licence.source_url", "contamination"]  # fmt: skip
    assert found.applicable == len(light) + 3 * len(heavy) == 37
    assert found.filled == 4 + 3
    assert round(found.share, 4) == round(7 / 37, 4)


def test_without_sources_nothing_is_complete():
    found = completeness({}, kind="model")
    assert found.share == 0 and found.missing == ("No source of data is recorded",)


def test_measured_values_are_disputed_not_overwritten():
    before = body({"size": {"records": MEASURED}})
    disputed = body({"id": "ds1", "size": {"records": {**MEASURED, "disputed": "I count 1300"}}})
    assert list(data.overwritten(before, disputed)) == []
    for after in (
        body({"id": "ds1", "size": {"records": 1300}}),
        body(),
        body({"size": {"records": {**MEASURED, "value": 1}}}),
    ):
        assert [each.path for each in data.overwritten(before, after)] == ["training_data.ds1.size.records"]
    assert "only a job" in next(data.overwritten(body(), before)).message
    assert get(disputed["training_data"][0], "size.records.disputed") == "I count 1300"
    assert completeness(before, kind="model").measured == 1


def test_names_for_the_reverse_index():
    found = body(
        {"dataset": {"repo": "Acme/Tickets"}, "usage": {"stage": "finetune"}}, {"external": {"name": "The Web"}}
    )
    assert data.names_of(found) == {("acme/tickets", "finetune"), ("the web", "")}


def test_a_source_without_an_id_is_counted_all_the_same():
    found = completeness({"training_data": [{"people": {"pii": {"unknown": "nobody looked"}}}]}, kind="dataset")
    assert 0 < found.filled < found.applicable
    assert all(text.startswith("A source: ") for text in found.missing) and found.unknown[0].source == "A source"
