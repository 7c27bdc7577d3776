"""The audit log: a chain that shows every change."""

import pytest

from hub.audit.models import AuditEvent
from hub.audit.services import first_broken, record
from hub.core.transactions import write_transaction
from tests.concurrency import together

pytestmark = pytest.mark.django_db


def write(*subjects: str) -> None:
    for subject in subjects:
        with write_transaction():
            record(by="ada", action="test", subject=subject, size=1)


def test_an_untouched_chain_holds():
    assert first_broken() is None
    write("a", "b", "c")
    assert first_broken() is None
    assert list(AuditEvent.objects.values_list("number", "subject")) == [(1, "a"), (2, "b"), (3, "c")]


@pytest.mark.parametrize("change", [{"actor": "eve"}, {"detail": {"size": 2}}, {"previous_hash": "1" * 64}])
def test_a_changed_event_shows(change):
    write("a", "b", "c")
    AuditEvent.objects.filter(number=2).update(**change)
    assert first_broken() == 2


@pytest.mark.parametrize(("number", "broken"), [(1, 1), (2, 2), (3, 3)])
def test_a_missing_event_shows(number, broken):
    write("a", "b", "c")
    AuditEvent.objects.filter(number=number).delete()
    assert first_broken() == broken


@pytest.mark.django_db(transaction=True)
def test_events_written_at_once_form_one_chain():
    results = together(*[lambda n=n: write(f"{n}a", f"{n}b") for n in range(4)])
    assert results == [None] * 4
    assert AuditEvent.objects.count() == 8
    assert first_broken() is None
