import pytest

import sdk
from sdk._table import count, file_size, table
from tests.unit.sdk.fake_hub import FakeHub


def test_search_gives_what_matches(hub: FakeHub) -> None:
    hub.add("ann/one", a__txt=b"")
    hub.add("ann/two", a__txt=b"")
    found = sdk.search("one", licence="mit", task=["image-classification"], sort="downloads")
    assert (found.total, len(found), found.facets) == (1, 1, {"licence": {"mit": 1}})
    (one,) = found
    assert (one.name, one.licence, one.licence_class, one.downloads) == ("ann/one", "mit", "permissive", 3)
    assert one.snippet == "A net"
    asked = hub.asked[-1]
    assert "licence=mit" in asked and "task=image-classification" in asked and "sort=downloads" in asked
    assert [one.kind for one in sdk.search("two", kind="dataset")] == ["dataset"]


def test_pages_are_fetched_when_they_are_reached(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdk._search.PAGE", 2)
    for number in range(5):
        hub.add(f"ann/net{number}", a__txt=b"")
    found = sdk.search("net", limit=None)
    assert (found.total, len(found), hub.count("/search")) == (5, 5, 1)
    assert found[0].name == "ann/net0" and hub.count("/search") == 1
    assert [one.name for one in found] == [f"ann/net{number}" for number in range(5)]
    assert hub.count("/search") == 3 and hub.count("facets=none") == 2
    assert found[-1].name == "ann/net4" and [one.name for one in found[1:3]] == ["ann/net1", "ann/net2"]
    with pytest.raises(IndexError):
        found[5]


def test_a_limit_is_kept(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdk._search.PAGE", 2)
    for number in range(5):
        hub.add(f"ann/net{number}", a__txt=b"")
    found = sdk.search("net", limit=3)
    assert (found.total, len(found), len(list(found))) == (5, 3, 3)
    assert hub.count("limit=1") == 1


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("1B..7B", "parameters_min=1B&parameters_max=7B"),
        ("..7B", "parameters_max=7B"),
        ((10**9, None), "parameters_min=1000000000"),
    ],
)
def test_ranges(hub: FakeHub, given: str | tuple[int, None], sent: str) -> None:
    assert len(sdk.search(parameters=given)) == 0
    assert sent in hub.asked[-1]


def test_what_makes_no_sense_is_refused(hub: FakeHub) -> None:
    for wrong in ({"limit": 0}, {"parameters": "7B"}, {"size": (1, 2, 3)}, {"task": [1]}, {"gated": "auto"}):
        with pytest.raises(sdk.InvalidInputError):
            sdk.search(**wrong)  # type: ignore[arg-type]
    assert hub.asked == []


def test_the_hubs_refusal_is_told(hub: FakeHub) -> None:
    hub.status = 400
    with pytest.raises(sdk.InvalidInputError, match="search: the hub refused it"):
        sdk.search("net")


def test_offline_nobody_is_asked(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADSTART_OFFLINE", "1")
    with pytest.raises(sdk.OfflineError):
        sdk.search("net")


def test_results_print_as_a_table(hub: FakeHub) -> None:
    hub.add("ann/net", a__txt=b"")
    lines = str(sdk.search("net")).splitlines()
    assert lines[0].startswith("NAME     LICENCE  TASK") and lines[1].startswith(
        "ann/net  mit      image-classification"
    )
    assert str(sdk.search("nothing")) == "Nothing found."
    assert repr(sdk.search("net")) == "<SearchResults: 1 found>"


def test_tables_are_cut_to_a_width() -> None:
    rows = [("a-rather-long-name", "x"), ("short", "y")]
    assert table(("NAME", "B"), rows, width=21).splitlines()[1] == "a-rather-long-name  x"
    assert table(("NAME", "B"), rows, width=12).splitlines() == ["NAME", "a-rather-lo…", "short"]


def test_figures() -> None:
    assert [count(number) for number in (None, 999, 22_713_216, 7_000_000_000, 405 * 10**9)] == [
        "-",
        "999",
        "22.7M",
        "7.0B",
        "405B",
    ]
    assert [file_size(number) for number in (0, 512, 90_900_000)] == ["-", "512 B", "90.9 MB"]
