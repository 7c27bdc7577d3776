"""The supervisor, with small programs in place of the hub's."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hub.cli.supervisor import Follower, GaveUp, Program, Stopped, Supervisor, keep_short

SLEEP = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
WITH_GRANDCHILD = (
    "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(p.pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(said):
    made = Supervisor(say=said.append)
    yield made
    made.stop()


def program(folder: Path, code: str, name: str = "one", **options) -> Program:
    return Program(name, [sys.executable, "-c", code], folder / f"{name}.log", dict(os.environ), **options)


def started(supervisor: Supervisor, each: Program) -> str:
    """Start it and wait for its first line."""
    supervisor.start(each)
    supervisor.wait_for(lambda: each.log.read_text().endswith("\n"), what=each.name, seconds=10)
    return each.log.read_text()


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().split(")")[1].split()[0] != "Z"


def eventually(true, seconds: float = 10) -> None:
    give_up_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


def test_a_program_that_dies_is_started_again(supervisor, said, tmp_path):
    each = program(tmp_path, "print('up', flush=True); import time; time.sleep(0.1); raise SystemExit(3)")
    started(supervisor, each)
    supervisor.wait_for(lambda: each.log.read_text().count("up") == 2, what="the second", seconds=10)
    assert "exit code 3" in said[0]
    assert said[1] == "one: started again"


def test_it_gives_up_on_a_program_that_dies_at_once(supervisor, tmp_path, monkeypatch):
    monkeypatch.setattr("hub.cli.supervisor._MAX_DEATHS", 2)
    supervisor.start(program(tmp_path, "raise SystemExit(1)"))
    with pytest.raises(GaveUp, match=r"one ended 2 times in a row\. See .*one\.log"):
        supervisor.wait_for(lambda: False, what="it", seconds=20)


def test_one_that_is_not_vital_stays_away_and_the_rest_goes_on(supervisor, said, tmp_path, monkeypatch):
    monkeypatch.setattr("hub.cli.supervisor._MAX_DEATHS", 1)
    supervisor.start(program(tmp_path, "raise SystemExit(3)", is_vital=False))
    give_up = time.monotonic() + 10
    while not said and time.monotonic() < give_up:
        supervisor.tick()
    supervisor.tick()
    assert said[-1].endswith("The rest goes on without it.")


def test_it_says_what_never_answers(supervisor):
    with pytest.raises(GaveUp, match="The web server did not answer within 0 seconds"):
        supervisor.wait_for(lambda: False, what="The web server", seconds=0)


def test_stop_ends_the_last_started_first_and_the_stubborn_too(supervisor, tmp_path):
    started(supervisor, program(tmp_path, SLEEP, "first"))
    started(supervisor, program(tmp_path, STUBBORN, "second", stop_seconds=0.3))
    processes = [child.process for child in supervisor._children]
    supervisor.stop()
    assert [process.poll() for process in processes] == [-signal.SIGTERM, -signal.SIGKILL]


def test_what_a_program_started_goes_with_it(supervisor, tmp_path):
    grandchild = int(started(supervisor, program(tmp_path, WITH_GRANDCHILD)))
    supervisor.stop()
    eventually(lambda: not lives(grandchild))


def test_a_program_that_ends_by_itself_is_left_alone(supervisor, said, tmp_path):
    supervisor.start(program(tmp_path, "raise SystemExit(4)", "seed", once=True))
    eventually(lambda: supervisor.exit_code_of("seed") == 4)
    supervisor.tick()
    assert said == []


def test_run_returns_the_exit_code_and_the_output(supervisor, tmp_path):
    code = "import sys; print('answer'); print('trouble', file=sys.stderr); raise SystemExit(5)"
    assert supervisor.run(program(tmp_path, code)) == (5, "answer\n")
    assert (tmp_path / "one.log").read_text() == "trouble\n"


def test_a_signal_asks_for_a_stop(supervisor):
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        supervisor.catch_signals()
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Stopped):
            supervisor.tick()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_nothing_outlives_a_killed_supervisor(tmp_path):
    script = (
        "import os, sys, time; from pathlib import Path; from hub.cli.supervisor import Program, Supervisor;"
        "s = Supervisor(say=print); log = Path(sys.argv[1]);"
        f"s.start(Program('one', [sys.executable, '-c', {SLEEP!r}], log, dict(os.environ)));"
        "print(s._children[0].process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, tmp_path / "log"], stdout=subprocess.PIPE) as supervisor:
        child = int(supervisor.stdout.readline())
        supervisor.kill()
    eventually(lambda: not lives(child))


def test_a_follower_prints_new_lines_that_matter(tmp_path, capsys):
    log = tmp_path / "log"
    log.write_text("old ERROR\n")
    follower = Follower(log, prefix="web", wanted=lambda line: "ERROR" in line)
    with log.open("a") as file:
        file.write("fine\nan ERROR\nhalf an ERR")
    follower.look()
    with log.open("a") as file:
        file.write("OR\n")
    follower.look()
    assert capsys.readouterr().out == "web: an ERROR\nweb: half an ERROR\n"


def test_a_log_that_was_put_aside_is_followed_from_its_new_start(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("hub.cli.supervisor._LOG_LIMIT", 3)
    log = tmp_path / "log"
    log.write_text("long enough\n")
    follower = Follower(log, prefix="x", wanted=bool)
    keep_short(log)
    follower.look()
    log.write_text("new\n")
    follower.look()
    assert (tmp_path / "log.1").read_text() == "long enough\n"
    assert capsys.readouterr().out == "x: new\n"
