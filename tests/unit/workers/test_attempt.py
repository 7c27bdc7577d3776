"""One attempt against a hub that keeps leases, with real processes."""

import json
import threading
from dataclasses import replace

import pytest

from tests.workers import COMMIT, make_site, make_spec
from workers.contract import Lease
from workers.executors.nest import GROUP, NAMESPACE
from workers.lib import archive
from workers.lib.hub import Held, HubGone, Refused
from workers.lib.session import Trouble
from workers.supervisor import keeper
from workers.supervisor.attempt import Attempt
from workers.supervisor.site import GivenUp


def claimed(hub, site, **fields):
    """An attempt at a new job with that order."""
    job = hub.add(make_spec(**fields))
    return job, Attempt(site, Lease.from_json(hub.claim({})))


def run(hub, site, **config):
    job, attempt = claimed(hub, site, config=config)
    attempt.run()
    return job


def begun(hub, site, **config):
    job, attempt = claimed(hub, site, config={"steps": 400, "seconds": 0.02, **config})
    thread = threading.Thread(target=attempt.run)
    thread.start()
    return job, attempt, thread


@pytest.mark.parametrize("way", [GROUP, NAMESPACE])
def test_a_job_goes_from_claim_to_finish(worker_hub, tmp_path, way):
    site = make_site(worker_hub, tmp_path, way=way)
    job = run(worker_hub, site)
    assert job.state == "succeeded"
    assert [told["to"] for name, told in job.told if name == "state"] == ["preparing", "running", "finalizing"]
    assert job.last("finish")["commit"] == COMMIT
    assert sorted(site.porter.pulled) == ["ada/digits", "ada/resnet"]
    assert list(site.folder.iterdir()) == []


def test_events_are_numbered_in_order_and_come_once(worker_hub, site):
    job = run(worker_hub, site, steps=5)
    assert [each["seq"] for each in job.events] == list(range(1, len(job.events) + 1))
    assert [each["data"]["step"] for each in job.events if each["kind"] == "progress"] == [1, 2, 3, 4, 5]
    assert {"begins at 0"} == {line for each in job.events if each["kind"] == "log" for line in each["data"]["lines"]}


def test_what_is_pushed_says_where_it_comes_from(worker_hub, site):
    run(worker_hub, site)
    (branch, files, message) = site.porter.pushed[0]
    assert branch == "jobs/job1-1"
    assert "Lease-Token: 1" in message
    assert {"README.md", "weights.txt", "lineage.json", "LICENSE", "learning_curves.png"} <= set(files)
    assert b"base_model: ada/resnet@" + b"b" * 40 in files["README.md"]
    assert json.loads(files["lineage.json"])["datasets"][0]["commit"] == "d" * 40


def test_a_failure_is_told_in_the_process_own_words(worker_hub, site):
    told = {"code": "label_unknown", "message": "There is no label 11.", "advice": "Leave it out.", "param": "columns"}
    job = run(worker_hub, site, failure=told, exit=65)
    assert job.last("fail") == {**told, "retry": False}


@pytest.mark.parametrize(
    ("config", "code", "retry"),
    [
        ({"exit": 64}, "bad_spec", False),
        ({"exit": 65}, "dataset_bad_value", False),
        ({"exit": 66}, "out_of_memory", True),
        ({"exit": 70}, "internal", True),
        ({"exit": 75}, "internal", True),
        ({"exit": 3}, "internal", True),
        ({"do": "os.kill(os.getpid(), 9)"}, "internal", True),
        ({"do": "os._exit(0)"}, "internal", True),
        ({"do": "(folder / 'result.json').symlink_to('/etc/passwd'); os._exit(0)"}, "internal", True),
        ({"do": "(folder / 'out' / 'x').symlink_to('/etc/passwd')"}, "internal", True),
        ({"do": "(folder / 'failure.json').write_text('[]')", "exit": 66}, "out_of_memory", True),
    ],
)
def test_every_end_has_its_code(worker_hub, site, config, code, retry):
    job = run(worker_hub, site, **config)
    assert (job.last("fail")["code"], job.last("fail")["retry"]) == (code, retry)
    assert job.last("fail")["message"]
    assert site.porter.pushed == []


def test_a_job_over_its_time_is_ended(worker_hub, site):
    job, attempt = claimed(worker_hub, site, config={"steps": 1000, "seconds": 0.1}, max_seconds=0)
    attempt.run()
    assert (job.last("fail")["code"], job.last("fail")["param"]) == ("timeout", "max_seconds")


def test_a_job_over_its_memory_is_ended(worker_hub, tmp_path):
    site = make_site(worker_hub, tmp_path, memory=1 << 20)
    job = run(worker_hub, site, steps=1000, seconds=0.1)
    assert job.last("fail")["code"] == "out_of_memory"


def test_a_cancelled_job_stops_and_pushes_nothing(worker_hub, tmp_path):
    worker_hub.seconds = 1.2
    site = make_site(worker_hub, tmp_path)
    job, _, thread = begun(worker_hub, site)
    worker_hub.wait(lambda: job.events)
    job.cancel = True
    thread.join()
    assert (job.state, site.porter.pushed) == ("cancelled", [])


def test_a_drained_job_saves_and_goes_on_from_there(worker_hub, site):
    job, attempt, thread = begun(worker_hub, site)
    worker_hub.wait(lambda: job.events)
    attempt.drain()
    thread.join()
    assert (job.state, job.last("release")) == ("queued", {"reason": "drain"})
    step = job.checkpoint().step
    object.__setattr__(job.spec, "config", {"steps": step + 1})
    Attempt(site, Lease.from_json(worker_hub.claim({}))).run()
    assert job.state == "succeeded"
    assert site.porter.pushed[0][1]["weights.txt"] == b"weights %d" % step


def test_checkpoints_reach_the_hub_while_the_job_runs(worker_hub, site):
    job, attempt, thread = begun(worker_hub, site, every=5)
    worker_hub.wait(job.checkpoint)
    assert job.state == "running"
    attempt.drain()
    thread.join()


def test_a_lost_lease_ends_the_process_and_writes_nothing_more(worker_hub, tmp_path):
    worker_hub.seconds = 1.2
    site = make_site(worker_hub, tmp_path)
    job, _, thread = begun(worker_hub, site)
    worker_hub.wait(lambda: job.events)
    job.lease += 1
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert (job.state, site.porter.pushed) == ("running", [])
    assert {"fail", "finish", "release", "cancelled"} & set(job.calls()) == set()


def test_a_cut_shorter_than_the_lease_is_survived(worker_hub, site):
    job, _, thread = begun(worker_hub, site, steps=60)
    worker_hub.wait(lambda: job.events)
    worker_hub.is_cut = True
    thread.join(timeout=1.5)
    worker_hub.is_cut = False
    thread.join(timeout=30)
    assert job.state == "succeeded"
    assert [each["data"]["step"] for each in job.events if each["kind"] == "progress"] == list(range(1, 61))


def test_a_cut_longer_than_the_lease_ends_the_attempt(worker_hub, tmp_path):
    worker_hub.seconds = 1.0
    site = make_site(worker_hub, tmp_path)
    job, _, thread = begun(worker_hub, site)
    worker_hub.wait(lambda: job.events)
    worker_hub.is_cut = True
    thread.join(timeout=15)
    assert not thread.is_alive()


def test_what_the_hub_refuses_is_told(worker_hub, site):
    def refuse(what, over):
        raise Trouble("hub_refused", "ada/resnet: not found", "Order it anew.")

    site.porter.hook = refuse
    job = run(worker_hub, site)
    assert (job.last("fail")["code"], job.last("fail")["advice"]) == ("hub_refused", "Order it anew.")


@pytest.mark.parametrize("call", ["draft", "finish"])
def test_what_the_hub_refuses_of_a_result_is_told(worker_hub, site, call, monkeypatch):
    def refuse(*_):
        raise Refused(403, "forbidden", "You can't write there.")

    monkeypatch.setattr(Held, call, refuse)
    job = run(worker_hub, site)
    assert (job.state, job.last("fail")["code"], job.last("fail")["retry"]) == ("failed", "hub_refused", False)
    assert "You can't write there." in job.last("fail")["message"]


def test_predictions_that_no_hub_takes_are_left_out(worker_hub, site):
    job = run(worker_hub, site, do="(folder / 'predictions.parquet').open('wb').truncate((64 << 20) + 1)")
    assert job.last("finish")["predictions_sha256"] == ""
    assert "larger than 64 MiB" in job.last("finish")["notes"][0]


def begins_at(job):
    """What the job's program, and we of its checkpoints, said."""
    return [line for each in job.events if each["kind"] == "log" for line in each["data"]["lines"]]


@pytest.mark.parametrize(("damage", "older"), [("no tar", 2), ("other bytes", 0), ("gone", 2)])
def test_a_checkpoint_of_no_use_gives_way_to_the_one_before(worker_hub, site, tmp_path, damage, older):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "state").write_text("2")
    archive.pack(tmp_path / "state", tmp_path / "tar")
    job, attempt = claimed(worker_hub, site, config={"every": 3, "exit": 66})
    job.files = {"checkpoints/2": (tmp_path / "tar").read_bytes()} if older else {}
    known = [job.checkpoint()] if older else []
    job.files["checkpoints/5"] = b"nothing of the kind"
    newest = job.checkpoint()
    if damage == "other bytes":
        newest = replace(newest, sha256="0" * 64)
    elif damage == "gone":
        del job.files["checkpoints/5"]
    Attempt(site, replace(attempt.lease, checkpoint=newest, older=tuple(known))).run()
    assert f"begins at {older}" in begins_at(job)
    assert any("step 5 is of no use" in line for line in begins_at(job))
    # What it saves is kept again, though the hub has a newer step.
    assert "checkpoints/3" in job.files


def test_a_call_that_the_hub_fails_at_for_ever_ends_the_attempt(worker_hub, site, monkeypatch):
    def fail(*_):
        raise HubGone("The hub answered with status 500.")

    monkeypatch.setattr(Held, "put_predictions", fail)
    monkeypatch.setattr(keeper, "TRIES", 2)
    job = run(worker_hub, site, do="(folder / 'predictions.parquet').write_bytes(b'x')")
    assert (job.last("fail")["code"], job.last("fail")["retry"]) == ("internal", True)
    assert "status 500" in job.last("fail")["message"]


def test_what_nobody_foresaw_is_told_too(worker_hub, site):
    def break_down(now, over):
        raise KeyError("siblings")

    site.porter.hook = break_down
    job = run(worker_hub, site)
    assert (job.last("fail")["code"], job.last("fail")["retry"]) == ("internal", True)
    assert "KeyError: 'siblings'" in job.last("fail")["message"]


NESTED = "value = []\nfor _ in range(900): value = [value]\n"


@pytest.mark.parametrize(
    ("do", "code"),
    [
        (NESTED + "say('metric', name=value); sys.exit(64)", "bad_spec"),
        (NESTED + "(folder / 'result.json').write_text(json.dumps({'result': {'tables': {'a': value}}})); os._exit(0)",
         "internal"),
    ],
)  # fmt: skip
def test_what_nests_too_deep_for_anybody_is_left_out_or_told(worker_hub, site, do, code):
    job = run(worker_hub, site, do="import os\n" + do)
    assert job.last("fail")["code"] == code
    assert all(each["data"]["name"] == "loss" for each in job.events if each["kind"] == "metric")


def test_sources_are_pulled_side_by_side(worker_hub, site):
    both = threading.Barrier(2, timeout=20)
    site.porter.hook = lambda what, over: both.wait() if what == "pull" else None
    assert run(worker_hub, site).state == "succeeded"


def test_the_first_source_that_is_refused_breaks_off_the_others(worker_hub, site):
    turns = iter((True, False))

    def hook(what, over):
        if next(turns):
            raise Trouble("hub_refused", "ada/resnet: not found", "Order it anew.")
        while not over():
            threading.Event().wait(0.01)
        raise GivenUp

    site.porter.hook = hook
    assert run(worker_hub, site).last("fail")["message"] == "ada/resnet: not found"


def test_a_pull_is_tried_again_while_the_hub_is_gone(worker_hub, site):
    failures = [HubGone("away"), HubGone("away")]

    def fail_twice(what, over):
        if failures:
            raise failures.pop()

    site.porter.hook = fail_twice
    assert run(worker_hub, site).state == "succeeded"


@pytest.mark.parametrize("what", ["pull", "push"])
def test_cancelling_breaks_off_what_is_under_way(worker_hub, tmp_path, what):
    worker_hub.seconds = 1.2
    site = make_site(worker_hub, tmp_path)

    def wait(now, over):
        while now == what:
            worker_hub.jobs["job1"].cancel = True
            if over():
                raise GivenUp

    site.porter.hook = wait
    assert run(worker_hub, site).state == "cancelled"
