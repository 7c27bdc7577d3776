"""Writes queue; each is durable once its block ends."""

import threading

import pytest
from django.db import transaction

from hub.accounts.models import Namespace
from hub.core.transactions import write_transaction
from tests.concurrency import together


@pytest.mark.django_db(transaction=True)
def test_many_writers_all_get_their_turn():
    def write(number: int) -> None:
        for turn in range(5):
            with write_transaction():
                Namespace.objects.create(name=f"n{number}-{turn}", kind="user")

    assert together(*[lambda n=n: write(n) for n in range(8)]) == [None] * 8
    assert Namespace.objects.count() == 40


@pytest.mark.django_db(transaction=True)
def test_it_is_the_outermost_transaction_or_nothing():
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), write_transaction():
        pass


@pytest.mark.django_db(transaction=True)
def test_a_block_that_fails_leaves_nothing_and_frees_the_lock():
    with pytest.raises(ZeroDivisionError), write_transaction():
        Namespace.objects.create(name="gone", kind="user")
        _ = 1 / 0
    with write_transaction():
        Namespace.objects.create(name="stays", kind="user")
    assert list(Namespace.objects.values_list("name", flat=True)) == ["stays"]


@pytest.mark.django_db(transaction=True)
def test_readers_do_not_wait_for_a_writer():
    Namespace.objects.create(name="before", kind="user")
    inside, done = threading.Event(), threading.Event()

    def write() -> None:
        with write_transaction():
            Namespace.objects.create(name="new", kind="user")
            inside.set()
            assert done.wait(10)

    def read() -> int:
        assert inside.wait(10)
        try:
            return Namespace.objects.count()
        finally:
            done.set()

    assert together(write, read) == [None, 1]
