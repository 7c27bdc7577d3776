"""What a job's process is given of the machine."""

import os
from dataclasses import replace

import pytest

from hub.cli import local_worker
from hub.cli.environment import stranger_environment
from workers.celery import application
from workers.lib import devices
from workers.supervisor import environment, making


def test_threads_are_as_many_as_told_and_sleep_while_they_wait(tmp_path):
    told = environment.variables(tmp_path, threads=3, gpus=())
    counts = {told[name] for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    assert counts == {"3"} and told["OMP_WAIT_POLICY"] == "PASSIVE"


def test_nothing_of_the_workers_own_environment_is_handed_down(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADSTART_WORKER_TOKEN", "hsw_secret")
    told = environment.variables(tmp_path, threads=1, gpus=())
    assert "HEADSTART_WORKER_TOKEN" not in told and "hsw_secret" not in told.values()


@pytest.mark.parametrize(("slots", "threads", "each"), [(1, 0, 4), (2, 0, 2), (8, 0, 1), (2, 3, 3)])
def test_a_job_has_its_slots_share_of_the_cores(tmp_path, monkeypatch, slots, threads, each):
    monkeypatch.setattr(devices, "cores", lambda: 4)
    site = making._site("http://127.0.0.1:1", "hsw_a", "cpu", slots, threads, tmp_path, 1)
    assert site.threads == each


def test_a_slot_gives_a_job_as_many_devices_as_it_asks_for(tmp_path):
    site = making._site("http://127.0.0.1:1", "hsw_a", "cpu", 2, 6, tmp_path, 1)
    wide = replace(site, gpus=(4, 5, 6, 7))
    assert [wide.gpus_of(slot, wanted) for slot, wanted in ((0, 0), (1, 1), (1, 2))] == [(4,), (6,), (6, 7)]
    assert [wide.threads_of(wanted) for wanted in (0, 1, 2, 8)] == [6, 6, 3, 1]
    assert environment.command(site, tmp_path, 1)[1:] == ["-m", "workers.runner", str(tmp_path)]
    assert environment.command(site, tmp_path, 2)[1:] == ["-m", "workers.runner.spread", str(tmp_path), "2"]


@pytest.mark.parametrize(("told", "cores"), [("max 100000", 8), ("250000 100000", 2), ("50000 100000", 1), ("", 8)])
def test_a_containers_share_counts_as_its_cores(tmp_path, monkeypatch, told, cores):
    (tmp_path / "cpu.max").write_text(told)
    monkeypatch.setattr(devices, "_CGROUP_SHARE", tmp_path / "cpu.max")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(8)), raising=False)
    assert devices.cores() == cores


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (16, 15), (None, 1)])
def test_the_worker_beside_the_hub_leaves_it_a_core(monkeypatch, cores, threads):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert local_worker.threads() == threads


def test_the_hubs_own_worker_loads_nothing_of_the_hub(monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "hub.settings")
    monkeypatch.setenv("HEADSTART_SECRET_KEY", "secret")
    told = stranger_environment(OMP_NUM_THREADS="1")
    assert told["OMP_NUM_THREADS"] == "1" and told["PATH"]
    assert not [name for name in told if name.startswith(("DJANGO_", "HEADSTART_"))]
    assert application("memory://").fixups == []
