"""States, events, curves, checkpoints, predictions."""

import datetime as dt
import hashlib
import io

import pytest

from hub.core.errors import InvalidInput, TooLarge
from hub.jobs.errors import LeaseLost, NoSuchCheckpoint, StepRefused
from hub.jobs.models import Job
from hub.jobs.selectors.workers import checkpoint_of
from hub.jobs.services import keeping, leases, reports
from hub.storage import services as storage
from hub.storage.errors import WrongDigest
from hub.storage.models import Blob
from tests.factories.jobs import claim, make_job, make_running, make_worker
from workers.contract import JobEvent

pytestmark = pytest.mark.django_db(transaction=True)


def say(held, *told):
    job, worker, token = held
    return reports.events(worker=worker, job_id=job.public_id, token=token, told=told)


def event(seq, kind="message", at="", **data):
    return JobEvent(seq=seq, at=at, kind=kind, data=data)


def save(held, step, data):
    job, worker, token = held
    sha256 = hashlib.sha256(data).hexdigest()
    told = {"step": step, "sha256": sha256, "size": len(data), "body": io.BytesIO(data)}
    return keeping.checkpoint(worker=worker, job_id=job.public_id, token=token, **told)


def test_states_come_in_their_order_and_may_be_said_again():
    job, worker = make_job(), make_worker()
    told = {"worker": worker, "job_id": job.public_id, "token": claim(worker, job).token}
    assert [reports.state(**told, to=to) for to in ("preparing", "preparing", "running")] == [
        *("preparing", "preparing", "running")
    ]
    with pytest.raises(StepRefused):
        reports.state(**told, to="preparing")
    with pytest.raises(InvalidInput):
        reports.state(**told, to="succeeded")
    assert job.events.filter(kind="state").count() == 3


def test_events_are_numbered_in_the_job_over_all_attempts():
    job, worker, token = make_running()
    say((job, worker, token), event(1, text="a"), event(2, text="b"))
    leases.release(worker=worker, job_id=job.public_id, token=token)
    again = claim(worker, job)
    say((job, worker, again.token), event(1, text="c"))
    seqs = list(job.events.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    told = [each.data["text"] for each in job.events.filter(kind="message").order_by("seq")]
    assert told == ["a", "b", "c"]


def test_a_batch_that_is_sent_again_adds_only_what_is_new():
    held = make_running()
    assert say(held, event(1, text="a"), event(2, text="b")) == 2
    assert say(held, event(1, text="a"), event(2, text="b"), event(3, text="c")) == 3
    assert say(held, event(2, text="b")) == 3
    assert held[0].events.filter(kind="message").count() == 3


def test_of_progress_and_device_a_batch_keeps_the_newest():
    held = make_running()
    say(held, *[event(n, "progress", step=n, total=9) for n in range(1, 5)], event(5, "device", cpu_percent=1))
    job = Job.objects.get(pk=held[0].pk)
    assert (job.step, job.total_steps, job.events.filter(kind="progress").count()) == (4, 9, 1)


def test_a_point_that_is_said_again_is_written_over():
    held = make_running()
    points = [event(n, "metric", name="loss", step=10, value=value) for n, value in enumerate((1.0, 0.5), 1)]
    say(held, *points)
    say(held, event(3, "metric", name="loss", step=10, value=0.25), event(4, "metric", name="loss", step=20, value=0.1))
    assert sorted(held[0].metrics.values_list("step", "value")) == [(10, 0.25), (20, 0.1)]


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), "1"])
def test_what_is_no_number_is_no_point(value):
    held = make_running()
    say(held, event(1, "metric", name="loss", step=1, value=value))
    assert not held[0].metrics.exists()


def test_logs_lose_secrets_and_excess():
    held = make_running()
    lines = ["token hs_abcdefghijklmnop here", "x" * 5_000, "nul\0"]
    say(held, event(1, "log", lines=lines), event(2, "log", lines="no list"), event(3, "message", level="loud", text=7))
    logs = [each.data for each in held[0].events.filter(kind="log").order_by("seq")]
    assert logs[0]["lines"] == ["token hs_… here", "x" * 2_000, "nul\ufffd"]
    assert logs[1] == {"lines": []}
    assert held[0].events.get(kind="message").data == {"level": "info", "text": "7"}


def test_a_worker_does_not_tell_states_and_its_clock_may_be_wrong():
    held = make_running()
    say(held, event(1, "state", state="succeeded"), event(2, at="2001-01-01T00:00:00Z"), event(3, at="2099-01-01"))
    assert "succeeded" not in [each.data["state"] for each in held[0].events.filter(kind="state")]
    attempt = held[0].tries.get()
    moments = list(held[0].events.filter(kind="message").values_list("at", flat=True))
    assert all(attempt.started_at <= at <= attempt.started_at + dt.timedelta(minutes=5) for at in moments)


def test_a_job_that_says_too_much_is_not_kept_whole(monkeypatch):
    held = make_running()
    say(held, event(1, "metric", name="loss", step=1, value=0.5, more="x" * 20_000), event(2))
    assert not held[0].metrics.exists()
    monkeypatch.setattr(reports, "MAX_KEPT", Job.objects.get(pk=held[0].pk).last_seq + 1)
    assert say(held, event(3), event(4)) == 4
    assert held[0].events.filter(kind="message").count() == 2


def test_too_many_events_at_once_are_refused():
    with pytest.raises(InvalidInput):
        say(make_running(), *[event(n) for n in range(1, 1_002)])


def test_the_newest_checkpoint_is_what_the_next_attempt_goes_on_from():
    held = make_running()
    for step in (10, 20, 30):
        save(held, step, b"state %d" % step)
    job, worker, token = held
    assert list(job.checkpoints.order_by("step").values_list("step", flat=True)) == [20, 30]
    # The bytes of the first are gone at once: checkpoints are large.
    assert not Blob.objects.filter(sha256=hashlib.sha256(b"state 10").hexdigest()).exists()
    found = checkpoint_of(worker, job.public_id, token, 30)
    assert storage.read_range(sha256=found.sha256, start=0, length=99) == b"state 30"
    leases.release(worker=worker, job_id=job.public_id, token=token)
    lease = claim(worker, job)
    assert (lease.checkpoint.step, lease.checkpoint.sha256, lease.checkpoint.size) == (30, found.sha256, 8)
    assert [each.step for each in lease.older] == [20]
    assert job.tries.get(token=lease.token).first_step == 30
    with pytest.raises(NoSuchCheckpoint):
        checkpoint_of(worker, job.public_id, lease.token, 10)


def test_who_goes_on_from_an_older_checkpoint_keeps_its_own():
    held = make_running()
    job, worker, token = held
    for step in (20, 30):
        save(held, step, b"state %d" % step)
    leases.release(worker=worker, job_id=job.public_id, token=token)
    save((job, worker, claim(worker, job).token), 10, b"anew")
    assert list(job.checkpoints.values_list("step", flat=True)) == [10]


def test_progress_ends_the_count_of_lost_workers_and_the_same_step_does_not(time):
    job = make_job()
    for step, expected in ((5, 1), (5, 2), (6, 1)):
        worker = make_worker()
        save((job, worker, claim(worker, job).token), step, b"at %d" % step)
        time.pass_(61)
        leases.expire_leases()
        job.refresh_from_db()
        assert (job.state, job.losses) == ("queued", expected)


def test_bytes_that_do_not_match_are_no_checkpoint():
    job, worker, token = make_running()
    told = {"step": 1, "sha256": "0" * 64, "size": 3, "body": io.BytesIO(b"abc")}
    with pytest.raises(WrongDigest):
        keeping.checkpoint(worker=worker, job_id=job.public_id, token=token, **told)
    assert not job.checkpoints.exists()


def test_a_checkpoint_that_outlasts_its_lease_is_refused(time):
    held = make_running()

    class Slow(io.BytesIO):
        def read(self, *size):
            time.pass_(61)
            leases.expire_leases()
            return super().read(*size)

        readinto = None

    data = b"late"
    job, worker, token = held
    told = {"step": 1, "sha256": hashlib.sha256(data).hexdigest(), "size": 4, "body": _Reader(Slow(data))}
    with pytest.raises(LeaseLost):
        keeping.checkpoint(worker=worker, job_id=job.public_id, token=token, **told)
    assert not job.checkpoints.exists()


class _Reader:
    def __init__(self, file):
        self.read = file.read


def test_of_predictions_the_newest_are_kept_beside_the_checkpoints():
    held = make_running()
    job, worker, token = held
    save(held, 1, b"one")
    for data in (b"first", b"second"):
        told = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "body": io.BytesIO(data)}
        keeping.predictions(worker=worker, job_id=job.public_id, token=token, **told)
    wanted = {hashlib.sha256(data).hexdigest() for data in (b"one", b"second")}
    assert set(Blob.objects.filter(holdings__scope=job.scope).values_list("sha256", flat=True)) == wanted


def test_predictions_are_limited():
    job, worker, token = make_running()
    with pytest.raises(TooLarge):
        keeping.predictions(
            worker=worker, job_id=job.public_id, token=token, sha256="0" * 64, size=65 << 20, body=io.BytesIO()
        )
