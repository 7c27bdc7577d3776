"""The audit log: a chain that shows every change, and a database that refuses one."""

import datetime as dt
import hashlib
import json

import pytest
from django.db import DatabaseError, transaction

from hub.audit.models import AuditEvent, AuditHead, DailyRoot
from hub.audit.selectors import export_lines
from hub.audit.services import Entry, broken_roots, first_broken, record, record_many, seal_days
from hub.core import clock
from hub.core.transactions import write_transaction
from proofs import chain, export, merkle
from tests.concurrency import together
from tests.ledger import unguarded

pytestmark = pytest.mark.django_db
DAY = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
SUBJECT = "models/acme/m@" + "a" * 40


def write(*subjects: str) -> None:
    for subject in subjects:
        with write_transaction():
            record(by="ada", action="test", subject=subject, size=1)


def tamper(number: int, **change: object) -> None:
    with unguarded():
        AuditEvent.objects.filter(number=number).update(**change)


def rehash(number: int, **change: object) -> None:
    """Change an event and give it the hash that then fits."""
    event = AuditEvent.objects.get(number=number)
    for name, value in change.items():
        setattr(event, name, value)
    tamper(number, **change, hash=chain.event_hash(event.proof))


@pytest.fixture
def days(monkeypatch):
    """Events on three days, of which the middle one is empty; it is the fourth now."""
    for day, count in ((0, 3), (2, 5)):
        monkeypatch.setattr(clock, "now", lambda day=day: DAY + dt.timedelta(days=day, hours=9, microseconds=7))
        write(*(f"day{day}-{n}" for n in range(count)))
    monkeypatch.setattr(clock, "now", lambda: DAY + dt.timedelta(days=3, minutes=1))
    assert seal_days() == 3


def test_an_untouched_chain_holds():
    assert first_broken() is None
    write("a", "b", "c")
    assert first_broken() is None
    assert list(AuditEvent.objects.values_list("number", "subject")) == [(1, "a"), (2, "b"), (3, "c")]


def test_the_published_vectors(monkeypatch):
    for moment, by, deed, data in (
        (DAY, "alice", "review.submit", {"domain": "license"}),
        (DAY + dt.timedelta(minutes=5), "bob", "review.approve", {"domain": "license", "binding": "b" * 64}),
    ):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        record(by=by, action=deed, subject=SUBJECT, **data)
    hashes = list(AuditEvent.objects.values_list("hash", flat=True))
    assert hashes == [
        "a45f6c55597930d4e7dfa74ef882f1dedf80bd09629c1a83fe149a19df538f6d",
        "b48f2f8c3774f8b3a769ca95ab111aeabfa9f77a44893f1096ca456ac26ad76a",
    ]
    assert merkle.root(hashes) == "a911d5376914c38aaa7c9910f24b1dac4a4b2d5d4744882e0d06c673f1a02bb7"
    assert merkle.root([]) == hashlib.sha256(b"").hexdigest()


def test_a_time_has_a_fraction_only_where_there_is_one():
    assert chain.written(DAY) == "2026-11-21T00:00:00Z"
    assert chain.written(DAY.replace(microsecond=50)) == "2026-11-21T00:00:00.000050Z"


def test_events_of_earlier_releases_still_hold():
    at = DAY.replace(microsecond=5)
    old = chain.Event(1, at, "ada", "test", "a", {"ü": 1}, chain.GENESIS, version=chain.FIRST)
    text = json.dumps(
        {
            "action": "test",
            "actor": "ada",
            "at": at.isoformat(),
            "detail": {"ü": 1},
            "number": 1,
            "previous_hash": "0" * 64,
            "subject": "a",
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )
    fields = {**vars(old), "hash": hashlib.sha256(text.encode()).hexdigest()}
    AuditEvent.objects.create(**fields)
    AuditHead.objects.create(pk=1, number=1, hash=fields["hash"])
    write("b")
    assert first_broken() is None
    tamper(1, version=chain.CURRENT)
    assert first_broken() == 1


def test_many_are_one_chain_with_few_queries(django_assert_max_num_queries):
    write("a")
    with django_assert_max_num_queries(8), write_transaction():
        record_many(Entry("ada", "pull", f"models/a/{n}", {"n": n, "of": (1, 2)}) for n in range(300))
    assert first_broken() is None
    assert AuditHead.objects.get().number == 301


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "eve"},
        {"action": "other"},
        {"subject": "x"},
        {"detail": {"size": 2}},
        {"at": DAY},
        {"previous_hash": "1" * 64},
        {"hash": "1" * 64},
        {"version": 1},
        {"version": 3},
    ],
)
def test_a_changed_event_shows(change):
    write("a", "b", "c")
    tamper(2, **change)
    assert first_broken() == 2


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_event_that_was_hashed_again_shows(number):
    write("a", "b", "c")
    rehash(number, actor="eve")
    assert first_broken() == number


@pytest.mark.parametrize(("number", "broken"), [(1, 1), (2, 2), (3, 3)])
def test_a_missing_event_shows(number, broken):
    write("a", "b", "c")
    with unguarded():
        AuditEvent.objects.filter(number=number).delete()
    assert first_broken() == broken


def test_an_event_put_in_shows():
    write("a", "b")
    end = AuditEvent.objects.get(number=2)
    forged = AuditEvent(number=3, at=end.at, actor="eve", action="x", subject="y", previous_hash=end.hash, version=2)
    forged.hash = chain.event_hash(forged.proof)
    forged.save()
    assert first_broken() == 3


def test_events_that_changed_places_show():
    write("a", "b", "c")
    with unguarded():
        for old, new in ((2, 99), (3, 2), (99, 3)):
            AuditEvent.objects.filter(number=old).update(number=new)
    assert first_broken() == 2


@pytest.mark.parametrize("table", [AuditEvent, DailyRoot])
@pytest.mark.parametrize("deed", ["update", "delete"])
def test_the_database_refuses_changes(days, table, deed):
    rows = table.objects.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows._raw_delete(rows.db) if deed == "delete" else rows.update(id=1_000)
    assert first_broken() is None


def test_each_day_has_one_root(days):
    assert list(DailyRoot.objects.values_list("first", "count")) == [(1, 3), (4, 0), (4, 5)]
    assert DailyRoot.objects.all()[1].root == merkle.root([])
    assert seal_days() == 0 and broken_roots() == []


def test_a_whole_chain_that_was_made_anew_doesnt_fit_the_roots(days):
    previous = chain.GENESIS
    for number in range(1, 9):
        rehash(number, actor="eve", previous_hash=previous)
        previous = AuditEvent.objects.get(number=number).hash
    AuditHead.objects.update(hash=previous)
    assert first_broken() is None
    assert len(broken_roots()) == 3


def test_a_root_that_is_missing_or_forged_shows(days):
    with unguarded():
        DailyRoot.objects.filter(count=0).delete()
    assert broken_roots() == ["The signed root of 2026-11-22 is missing."]
    with unguarded():
        DailyRoot.objects.filter(first=1).update(envelope={"payload": "", "signatures": []})
    assert "not a DSSE envelope" in broken_roots()[0]


@pytest.mark.parametrize(("since", "until", "count"), [(None, None, 8), (1, None, 5), (0, 1, 3), (2, 2, 5), (1, 1, 0)])
def test_an_export_is_checked_without_the_hub(days, since, until, count):
    first, last = (None if day is None else (DAY + dt.timedelta(days=day)).date() for day in (since, until))
    found = export.check(list(export_lines(first, last)))
    assert found.is_good, found
    assert found.events == count


@pytest.mark.parametrize("line", range(1, 12))
def test_a_changed_line_of_an_export_shows(days, line):
    lines = list(export_lines())
    told = json.loads(lines[line])
    if "event" in told:
        told["event"]["subject"] = "other"
    else:
        told["root"]["envelope"]["payload"] = "AAAA"
    found = export.check([*lines[:line], json.dumps(told), *lines[line + 1 :]])
    assert not found.is_good
    assert found.broken == told.get("event", {}).get("number")


@pytest.mark.parametrize("line", range(1, 11))
def test_a_missing_line_of_an_export_shows(days, line):
    lines = list(export_lines())
    assert not export.check([*lines[:line], *lines[line + 1 :]]).is_good


@pytest.mark.django_db(transaction=True)
def test_events_written_at_once_form_one_chain():
    results = together(*[lambda n=n: write(f"{n}a", f"{n}b") for n in range(4)])
    assert results == [None] * 4
    assert AuditEvent.objects.count() == 8
    assert first_broken() is None
