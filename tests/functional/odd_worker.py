"""A worker like any other but for four things: it stands still before a step where a job's title says "hold STATE", it
gives a job titled "in little memory" less than it says, its clock is two days ahead, and its runner is `odd_runner`.
Run by its path, with the options of `headstart worker`.
"""

import sys
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from workers.cli import worker
from workers.lib import clock
from workers.supervisor import making
from workers.supervisor.attempt import Attempt
from workers.supervisor.porter import Errands
from workers.supervisor.site import Site

RUNNER = Path(__file__).with_name("odd_runner.py")
TITLE, LITTLE = "hold ", "in little memory"
_now, _step, _bring, _push, _site = clock.now, Attempt._step, Attempt._bring, Errands.push, making._site
_here = threading.local()


def ahead() -> datetime:
    return _now() + timedelta(days=2)


def stand_still(attempt: Attempt, before: str) -> None:
    if attempt.lease.job.title == TITLE + before:
        while not attempt.keeper.is_unwanted():
            attempt.keeper.lost.wait(0.05)


def step(attempt: Attempt, state: Any) -> None:
    stand_still(attempt, str(state))
    if attempt.lease.job.title == LITTLE:
        attempt.site = replace(attempt.site, memory=100 << 20)
    _step(attempt, state)


def bring(attempt: Attempt, *told: Any) -> None:
    _here.attempt = attempt
    _bring(attempt, *told)


def push(errands: Errands, *told: Any) -> str:
    """When the branch is there, and nothing on it."""
    stand_still(_here.attempt, "push")
    return _push(errands, *told)


def site(*told: Any) -> Site:
    return replace(_site(*told), runner=(sys.executable, str(RUNNER)), waiting=(), readable=(RUNNER,))


if __name__ == "__main__":
    clock.now, making._site = ahead, site
    Attempt._step, Attempt._bring, Errands.push = step, bring, push
    worker()
