"""Workers are added, join, are heard, drain and are withdrawn."""

import pytest
from click.testing import CliRunner

from hub.accounts.errors import BadName, NameTaken, NotAllowed
from hub.accounts.services import SYSTEM
from hub.audit.models import AuditEvent
from hub.core.errors import InvalidInput
from hub.jobs.errors import BadWorkerToken, LeaseLost, NoSuchWorker
from hub.jobs.models import Offer, Worker
from hub.jobs.selectors import workers as selectors
from hub.jobs.services import leases, workers
from tests.factories import make_user, viewer_of
from tests.factories.jobs import make_offer, make_running, make_worker, make_worker_with_secret
from workers.contract import Hardware, Join

pytestmark = pytest.mark.django_db(transaction=True)


def join(worker, **told):
    fields = {"device": "cpu", "device_class": "cpu", "slots": 1, "versions": {}, "offers": (make_offer(),)}
    hardware = Hardware(cores=1, memory=1, disk=1)
    return workers.join(worker=worker, told=Join(name="w", **{**fields, "hardware": hardware, **told}))


def test_the_secret_opens_the_door_and_only_its_digest_is_kept():
    worker, secret = workers.add_worker(by=SYSTEM, name="gpu-1")
    assert selectors.worker_for_token(secret) == worker
    assert secret.startswith("hsw_")
    assert secret not in str(Worker.objects.values().get())
    assert secret not in str(list(AuditEvent.objects.values()))
    with pytest.raises(BadWorkerToken):
        selectors.worker_for_token(secret + "x")


def test_only_administrators_add_drain_and_withdraw():
    worker, by = make_worker(), viewer_of(make_user())
    for act in (
        lambda: workers.add_worker(by=by, name="w"),
        lambda: workers.revoke_worker(by=by, worker=worker),
        lambda: workers.drain(by=by, worker=worker, on=True),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_names_are_well_formed_and_there_once():
    workers.add_worker(by=SYSTEM, name="w")
    with pytest.raises(NameTaken):
        workers.add_worker(by=SYSTEM, name="w")
    with pytest.raises(BadName):
        workers.add_worker(by=SYSTEM, name="a b")


def test_joining_notes_what_a_worker_is_and_offers(settings):
    worker, _ = workers.add_worker(by=SYSTEM, name="w")
    told = join(worker, device_class="gpu-80", slots=500)
    worker.refresh_from_db()
    assert (told.queues, told.renew_seconds, told.lease_seconds) == (("jobs.gpu-24", "jobs.gpu-80"), 10, 60)
    assert (worker.slots, worker.offers, Offer.objects.get().key) == (
        64,
        ["recipe/text-classification@1"] * 1,
        worker.offers[0],
    )
    join(worker)
    assert Offer.objects.count() == 1


@pytest.mark.parametrize("told", [{"device_class": "tpu"}, {"offers": (make_offer("x" * 61),)}])
def test_what_cannot_be_noted_is_refused(told):
    worker, _ = workers.add_worker(by=SYSTEM, name="w")
    with pytest.raises(InvalidInput):
        join(worker, **told)


def test_draining_is_told_with_every_word():
    worker = make_worker()
    assert not workers.heard(worker=worker)
    workers.drain(by=SYSTEM, worker=worker, on=True)
    assert workers.heard(worker=worker)
    workers.drain(by=SYSTEM, worker=worker, on=False)
    assert not workers.heard(worker=worker)


def test_what_a_withdrawn_worker_had_goes_back_at_once():
    worker, secret = make_worker_with_secret()
    job, _, token = make_running(worker=worker)
    for _ in range(2):
        workers.revoke_worker(by=SYSTEM, worker=worker)
    job.refresh_from_db()
    assert (job.state, job.losses, job.tries.get().outcome) == ("queued", 0, "released")
    with pytest.raises(BadWorkerToken):
        selectors.worker_for_token(secret)
    with pytest.raises(LeaseLost):
        leases.renew(worker=worker, job_id=job.public_id, token=token)
    assert AuditEvent.objects.filter(action="worker.revoke").count() == 1


def test_the_commands(monkeypatch):
    from hub.cli import base
    from hub.cli import workers as cli

    monkeypatch.setattr(base, "open_hub", lambda data: data)
    monkeypatch.setattr("hub.cli.prepare.migrate", lambda: None)
    made = CliRunner().invoke(cli.worker_token, ["add", "w1"])
    secret = made.stdout.strip().splitlines()[-1]
    assert selectors.worker_for_token(secret).name == "w1"
    assert "never heard" in CliRunner().invoke(cli.worker_token, ["list"]).stdout
    assert CliRunner().invoke(cli.worker_token, ["revoke", "w1"]).exit_code == 0
    assert "withdrawn" in CliRunner().invoke(cli.worker_token, ["list"]).stdout
    assert "no worker" in CliRunner().invoke(cli.worker_token, ["revoke", "w2"]).output
    with pytest.raises(NoSuchWorker):
        selectors.worker_named("w2")
