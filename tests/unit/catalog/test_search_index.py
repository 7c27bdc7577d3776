"""The index follows the database, through whatever happens to either."""

import threading

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.catalog import services
from hub.catalog.errors import IndexNotReady
from hub.catalog.models import CatalogEvent, Repo, ReportedResult
from hub.catalog.query import SearchQuery
from hub.catalog.search import engine, files, writer
from hub.catalog.selectors import search
from hub.catalog.services import indexing
from hub.catalog.services.events import changed
from tests.factories import make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db


def names(query: SearchQuery | None = None, viewer=ANONYMOUS) -> set[str]:
    return {hit.repo.name for hit in search(viewer, query or SearchQuery()).hits}


def test_each_change_is_found() -> None:
    ada = make_user("ada")
    by = viewer_of(ada)
    repo = make_repo("first", owner=ada, files={"README.md": b"# Old words of the card, all of them\n"})
    assert names() == names(SearchQuery(text="old words")) == {"first"}
    repo = services.move_repo(by=by, repo=repo, to_owner="ada", to_name="second")
    assert names() == {"second"} and names(SearchQuery(text="first")) == set()
    services.update_settings(by=by, repo=repo, private=True)
    assert names() == set() and names(viewer=by) == {"second"}
    services.update_settings(by=by, repo=repo, private=False)
    services.count_download(repo)
    make_repo("third")
    services.flush_downloads()
    assert search(ANONYMOUS, SearchQuery(sort="downloads")).hits[0].repo.name == "second"
    services.delete_repo(by=by, repo=repo)
    assert names() == {"third"}


def test_pages_neither_repeat_nor_skip_while_others_write() -> None:
    made = [make_repo(f"m{number}").name for number in range(6)]
    first = search(ANONYMOUS, SearchQuery(sort="created", limit=3))
    newer = make_repo("newer")
    Repo.objects.filter(name="m0").update(downloads=9)
    changed(Repo.objects.get(name="m0").pk)
    second = search(ANONYMOUS, SearchQuery(sort="created", limit=3, after=first.next))
    seen = [hit.repo.name for hit in (*first.hits, *second.hits)]
    assert seen == made[::-1] and second.total == 7 and newer.name not in seen and second.next is None


def test_results_of_benchmarks_from_a_score_on() -> None:
    for number, values in enumerate([(0.5,), (0.9, 0.1), (-3.5,), (100,)]):
        repo = make_repo(f"m{number}")
        for position, value in enumerate(values):
            fields = {"metric": "acc", "benchmark": "glue/acc", "value": value}
            ReportedResult.objects.create(repo=repo, position=position, source="model-index", path="", **fields)
    scores = {
        None: "0123",
        -10: "0123",
        -3.5: "0123",
        -3.4: "013",
        0: "013",
        0.5: "013",
        0.51: "13",
        99.9: "3",
        101: "",
    }
    for least, expected in scores.items():
        found = names(SearchQuery(benchmark="glue/ACC", score_min=least))
        assert found == {f"m{number}" for number in expected}, least
    assert names(SearchQuery(benchmark="glue/ac", score_min=0)) == set()


def test_there_is_no_index_before_the_first_build(settings) -> None:
    settings.INDEX_WITH_SEARCH = False
    with pytest.raises(IndexNotReady):
        search(ANONYMOUS, SearchQuery())
    assert indexing.index_state().lag is None
    indexing.index_now()
    assert search(ANONYMOUS, SearchQuery()).total == 0 and indexing.index_state().lag == 0
    make_repo("new")
    assert names() == set() and indexing.index_state().lag == 1


def test_a_damaged_index_is_no_error_of_the_page(settings) -> None:
    make_repo("a")
    assert names() == {"a"}
    (files.current() / "meta.json").write_text("{")
    engine.forget()
    settings.INDEX_WITH_SEARCH = False
    with pytest.raises(IndexNotReady):
        search(ANONYMOUS, SearchQuery())


def test_a_build_replaces_what_is_served_and_sweeps_the_rest() -> None:
    make_repo("kept")
    assert names() == {"kept"}
    before = files.current()
    (files.root() / "half-built").mkdir()
    indexing.rebuild_index(say=lambda _: None)
    assert files.current() != before and not before.exists() and names() == {"kept"}
    assert [path for path in files.root().iterdir() if path.is_dir()] == [files.current()]


@pytest.mark.parametrize("lost", ["restored", "pruned", "damaged", "scrambled"])
def test_an_index_that_does_not_belong_to_the_trail_is_built_anew(lost: str, monkeypatch) -> None:
    make_repo("a")
    assert names() == {"a"}
    before = files.current()
    if lost == "restored":
        CatalogEvent.objects.all().delete()
        Repo.objects.filter(name="a").update(name="older")
    elif lost == "pruned":
        monkeypatch.setattr(indexing, "KEPT_EVENTS", 1)
        make_repo("b")
        make_repo("c")
        indexing.prune_events()
    elif lost == "damaged":
        (before / "meta.json").unlink()
    else:
        for path in before.iterdir():
            path.write_bytes(b"\0" * 100)
        engine.forget()
    assert names() == {"restored": {"older"}, "pruned": {"a", "b", "c"}}.get(lost, {"a"})
    assert files.current() != before


def test_the_indexer_follows_builds_when_asked_and_ends() -> None:
    over, pauses = threading.Event(), []

    def pause(_seconds: float) -> None:
        """What happens while it rests."""
        pauses.append(files.current())
        if len(pauses) == 1:
            make_repo("second")
        if len(pauses) == 2:
            files.ask_for_build()
        if len(pauses) == 4:
            over.set()

    make_repo("first")
    indexing.follow_events(over.is_set, pause)
    assert names() == {"first", "second"}
    assert pauses[0] == pauses[1] != pauses[2] and not files.is_build_asked()


def test_the_indexer_goes_on_after_an_error(monkeypatch, caplog) -> None:
    over, real = threading.Event(), writer.open_served
    faults = [OSError("No space left on device"), None]

    def open_served():
        if fault := faults.pop(0):
            raise fault
        over.set()
        return real()

    monkeypatch.setattr(writer, "open_served", open_served)
    make_repo("first")
    indexing.follow_events(over.is_set, lambda _: None)
    assert "No space left" in caplog.text and faults == []


def test_another_writer_is_left_alone() -> None:
    make_repo("first")
    with files.writing(wait=True), files.writing(wait=False) as is_ours:
        assert not is_ours
        indexing.index_now()
        assert files.current() is None
