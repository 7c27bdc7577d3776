"""Counts that follow what changes are those that counting anew would give."""

import random

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.catalog import selectors
from hub.catalog.query import SearchQuery
from hub.catalog.search import engine, tally
from hub.catalog.services import events
from hub.core.transactions import write_transaction
from tests.factories import make_repo, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def counted() -> dict[str, dict[str, int]]:
    found = selectors.search(ANONYMOUS, SearchQuery(kind="model"))
    return {name: {one.value: one.count for one in values} for name, values in found.facets.items()}


def anew() -> dict[str, dict[str, int]]:
    """Without what was worked out before, which stays as it is."""
    followed = engine.open_index()
    engine._open.now = engine.OpenIndex(followed.searcher, followed.schema, followed.stamp)
    try:
        return counted()
    finally:
        engine._open.now = followed


def are_the_same(followed, fresh) -> bool:
    """Of values that are equally frequent, others may be shown."""
    alike = all(
        count == fresh[name].get(value, count) for name, values in followed.items() for value, count in values.items()
    )
    return alike and {name: [*one.values()] for name, one in followed.items()} == {
        name: [*one.values()] for name, one in fresh.items()
    }


def describe(repo, draw: random.Random) -> None:
    """Give it other facts, as a commit would."""
    repo.card.metadata = {"license": draw.choice("abcdefgh"), "library_name": f"lib-{draw.randrange(60)}"}
    repo.visibility = draw.choice(("public", "public", "private"))
    with write_transaction():
        repo.card.save()
        repo.save()
        events.changed(repo.pk)


@pytest.mark.parametrize("kept", [300, 8])
def test_they_follow_each_change(kept, monkeypatch):
    monkeypatch.setattr(tally, "_KEPT", kept)
    monkeypatch.setattr(tally, "SHOWN", 4)
    made, draw = [], random.Random(kept)
    owners = [make_user() for _ in range(11)]
    for number in range(30):
        made.append(make_repo(owner=owners[number % 11], name=f"m-{number}"))
        describe(made[-1], draw)
    counted()
    for _ in range(12):
        for repo in draw.sample(made, 2):
            describe(repo, draw)
        assert are_the_same(counted(), anew())


def test_only_what_changed_is_counted(monkeypatch):
    repo = make_repo()
    counted()
    monkeypatch.setattr("hub.catalog.search.asked.part_of", pytest.fail)
    repo.card.metadata = {"license": "mit"}
    with write_transaction():
        repo.card.save()
        events.changed(repo.pk)
    assert counted()["licence"] == {"mit": 1}
