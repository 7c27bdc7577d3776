"""What a worker keeps of what it pulled."""

import os

import filelock
import pytest

from tests.workers import make_site, make_spec
from workers.contract import Lease
from workers.supervisor.attempt import Attempt
from workers.supervisor.shelf import Shelf

OLD, NEW, READ = "a" * 40, "b" * 40, "d" * 40


@pytest.fixture
def cache(tmp_path):
    """Three snapshots in one repository; the old one and the new one share a file, and a broken-off pull left one."""
    repo = tmp_path / "cache/hub/models--ada--net"
    for each in (blobs := repo / "blobs", repo / ".headstart"):
        each.mkdir(parents=True)
    for name in ("own", "both", "new", "read", "rest.incomplete"):
        (blobs / name).write_bytes(b"x" * 1000)
    for age, (commit, names) in enumerate([(NEW, ["both", "new"]), (OLD, ["own", "both"]), (READ, ["read"])]):
        (snapshot := repo / "snapshots" / commit).mkdir(parents=True)
        (repo / f".headstart/{commit}.json").write_text("{}")
        for name in names:
            (snapshot / name).symlink_to(f"../../blobs/{name}")
        os.utime(snapshot, (0, 1000 - age))
    return repo


def held(repo, part):
    return {each.name for each in (repo / part).iterdir()}


@pytest.mark.parametrize(
    ("most", "snapshots", "blobs"),
    [
        (9_000, {OLD, NEW, READ}, {"own", "both", "new", "read", "rest.incomplete"}),
        (4_000, {NEW, READ}, {"both", "new", "read"}),
        (0, {READ}, {"read"}),
    ],
)
def test_what_was_used_longest_ago_goes_and_never_what_is_read(cache, most, snapshots, blobs):
    with Shelf(cache.parent.parent, most).reading({READ}):
        assert (held(cache, "snapshots"), held(cache, "blobs")) == (snapshots, blobs)
        assert held(cache, ".headstart") - {"lock"} == {f"{each}.json" for each in snapshots}


def test_what_two_jobs_read_stays_until_the_last_has_ended(cache):
    shelf = Shelf(cache.parent.parent, 0)
    with shelf.reading({READ}):
        with shelf.reading({READ, OLD}):
            pass
        assert held(cache, "snapshots") == {READ}
    assert held(cache, "snapshots") == set() == held(cache, "blobs")


def test_a_repository_that_is_pulled_from_is_left_alone(cache):
    with filelock.FileLock(cache / ".headstart/lock"), Shelf(cache.parent.parent, 0).reading(()):
        assert held(cache, "snapshots") == {OLD, NEW, READ}


def test_an_attempt_keeps_what_it_reads(worker_hub, cache, tmp_path):
    site = make_site(worker_hub, tmp_path, shelf=Shelf(cache.parent.parent, 0))
    seen = []
    site.porter.hook = lambda what, _: seen.append(held(cache, "snapshots"))
    job = worker_hub.add(make_spec())
    Attempt(site, Lease.from_json(worker_hub.claim({}))).run()
    assert (job.state, seen[0], held(cache, "snapshots")) == ("succeeded", {NEW, READ}, set())
