"""Tasks: declared once, sent by name after commit."""

import logging

import pytest
from django.db import transaction

from hub.celery import app
from hub.core.tasks import enqueue, task


@pytest.fixture
def sent(monkeypatch):
    names = []
    monkeypatch.setattr(app, "send_task", lambda name, kwargs: names.append((name, kwargs)))
    return names


@pytest.mark.django_db(transaction=True)
def test_sent_after_commit_and_not_before(sent):
    with transaction.atomic():
        enqueue("test.later", number=1)
        assert sent == []
    assert sent == [("test.later", {"number": 1})]


@pytest.mark.django_db(transaction=True)
def test_not_sent_when_rolled_back(sent):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("test.never")
        _ = 1 / 0
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_gone_does_not_undo_what_was_committed(monkeypatch, caplog):
    def refuse(*_, **__):
        raise ConnectionError("gone")

    monkeypatch.setattr(app, "send_task", refuse)
    with caplog.at_level(logging.ERROR), transaction.atomic():
        enqueue("test.lost")
    assert "gone" in caplog.text


def test_fields_that_a_newer_hub_sends_are_ignored():
    seen = []

    @task("test.known")
    def known(*, number: int) -> None:
        seen.append(number)

    app.tasks["test.known"](number=3, invented_later=True)
    assert seen == [3]
