"""Croissant with RAI: what is written is valid, what is read is what was written."""

import json
import logging
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.errors import InvalidInput
from hub.governance.records import croissant, data
from hub.governance.records.schema import get

SOURCE = {
    "kind": "crawled",
    "languages": [{"code": "en"}, {"code": "de"}],
    "collection": {"method": "A crawl of weather reports"},
    "time_span": {"collected_from": "2019", "collected_to": "2020-03"},
    "processing": {"steps": ["boilerplate removed"], "filters": ["short lines", "adult sites"]},
    "people": {"special_categories": ["none"], "pii": {"unknown": "nobody looked"}},
    "annotation": {"per_item": 3, "guidelines": "two pages"},
    "known_gaps": [{"axis": "geography", "value": "south", "note": "few stations"}],
    "licence": {"source_url": "https://example.org/licence"},
}
NAMED = {"name": "weather", "url": "https://example.org/weather", "description": "Reports."}
words = st.text("abc xyz", min_size=1, max_size=20).map(str.strip).filter(bool)


def test_what_is_written_is_valid(tmp_path, caplog):
    import mlcroissant

    path = tmp_path / "weather.json"
    path.write_text(json.dumps(croissant.export(SOURCE, **NAMED)))
    with warnings.catch_warnings(), caplog.at_level(logging.ERROR):
        warnings.simplefilter("ignore")
        written = mlcroissant.Dataset(str(path)).metadata
    assert written.name == "weather" and written.data_collection == "A crawl of weather reports"
    assert not written.ctx.issues.errors
    again = croissant.source_of(json.loads(json.dumps(written.to_json(), default=str)))
    assert get(again, "collection.method") == get(SOURCE, "collection.method")
    assert get(again, "processing.steps") == get(SOURCE, "processing.steps")


def test_there_and_back():
    back = croissant.source_of(croissant.export(SOURCE, **NAMED))
    for path in ("kind", "languages", "collection.method", "processing", "annotation.guidelines", "licence.source_url"):
        assert get(back, path) == get(SOURCE, path), path
    assert back["time_span"] == {"collected_from": "2019-01-01", "collected_to": "2020-03-01"}
    assert back["known_gaps"] == [{"axis": "stated", "note": "geography south: few stations"}]
    assert data.checked({"training_data": [back]}, kind="dataset")[1] == []


@given(st.lists(words, min_size=1, max_size=3), words)
@settings(max_examples=30, deadline=None)
def test_lists_survive_and_a_list_of_one_may_be_a_text(steps, method):
    written = croissant.export({"processing": {"steps": steps}, "collection": {"method": method}}, **NAMED)
    assert get(croissant.source_of(written), "processing.steps") == steps
    if len(steps) == 1:
        written["rai:dataPreprocessingProtocol"] = steps[0]
    assert get(croissant.source_of(written), "processing.steps") == steps


@pytest.mark.parametrize(
    "name", ["rai:dataCollectionTimeframe", "rai:dataCollectionTimeFrame", "dataCollectionTimeframe"]
)
def test_both_spellings_of_the_timeframe_are_read(name):
    file = {"@type": "sc:Dataset", name: ["2020-02-01", "2019-01-01T00:00:00"]}
    assert croissant.source_of(file)["time_span"] == {"collected_from": "2019-01-01", "collected_to": "2020-02-01"}


@pytest.mark.parametrize("value", [None, [], {}, {"@type": "sc:Person"}, "x"])
def test_what_is_no_croissant_is_refused(value):
    with pytest.raises(InvalidInput, match="Croissant file"):
        croissant.source_of(value)
