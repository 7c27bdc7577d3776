"""Filling the catalog once, and telling how it went."""

import pytest

from hub.cli import seeding
from hub.cli.seeding import Seeding


class FakeSupervisor:
    def __init__(self) -> None:
        self.started = []
        self.code = None

    def start(self, program) -> None:
        self.started.append(program)

    def exit_code_of(self, _name: str) -> int | None:
        return self.code


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "logs").mkdir()
    (tmp_path / "seed_token").write_text("hs_secret")
    return tmp_path


@pytest.fixture
def supervisor(monkeypatch):
    monkeypatch.setattr(seeding.importlib.util, "find_spec", lambda _: object())
    return FakeSupervisor()


def made(folder, *, demo: bool = True) -> Seeding:
    return Seeding(folder=folder, url="http://127.0.0.1:1", token_file=str(folder / "seed_token"), demo=demo)


def test_the_token_is_passed_where_other_users_do_not_see_it(folder, supervisor):
    made(folder).start(supervisor)
    (program,) = supervisor.started
    assert program.environment["HEADSTART_TOKEN"] == "hs_secret"
    assert "hs_secret" not in " ".join(program.command)
    assert program.once


def test_progress_is_shown_and_success_noted(folder, supervisor, capsys):
    run = made(folder)
    run.start(supervisor)
    (folder / "logs/seed.log").write_text("  resnet50: pushed\n")
    run.look(supervisor)
    supervisor.code = 0
    run.look(supervisor)
    run.look(supervisor)
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "seed: the catalog is being filled; the hub can be used meanwhile"
    assert rest == ["seed:   resnet50: pushed", "seed: the catalog is filled"]
    made(folder).start(supervisor)
    assert [program.name for program in supervisor.started] == ["seed", "demo"]


def test_after_the_demo_reviewers_nothing_is_started_again(folder, supervisor, capsys):
    run = made(folder)
    run.start(supervisor)
    supervisor.code = 0
    run.look(supervisor)
    (folder / "logs/demo.log").write_text("reviewers took these\n")
    run.look(supervisor)
    assert "demo: reviewers took these" in capsys.readouterr().out
    made(folder).start(supervisor)
    assert [program.name for program in supervisor.started] == ["seed", "demo"]


def test_demo_reviewers_who_were_stopped_go_on_at_the_next_start(folder, supervisor, capsys):
    run = made(folder)
    run.start(supervisor)
    supervisor.code = 0
    run.look(supervisor)
    supervisor.code = 1
    run.look(supervisor)
    assert "The next start tries again" in capsys.readouterr().out
    made(folder).start(supervisor)
    assert [program.name for program in supervisor.started] == ["seed", "demo", "demo"]


def test_without_a_demo_the_desk_is_left_alone(folder, supervisor):
    run = made(folder, demo=False)
    run.start(supervisor)
    supervisor.code = 0
    run.look(supervisor)
    made(folder).start(supervisor)
    assert [program.name for program in supervisor.started] == ["seed"]


def test_a_failure_is_told_and_tried_again_at_the_next_start(folder, supervisor, capsys):
    run = made(folder)
    run.start(supervisor)
    supervisor.code = 1
    run.look(supervisor)
    assert "tried again at the next start" in capsys.readouterr().out
    made(folder).start(supervisor)
    assert [program.name for program in supervisor.started] == ["seed", "demo", "seed"]


def test_without_torch_it_says_how_to_get_it(folder, supervisor, capsys, monkeypatch):
    monkeypatch.setattr(seeding.importlib.util, "find_spec", lambda name: None if name == "torch" else object())
    made(folder).start(supervisor)
    assert supervisor.started == []
    assert "pip install 'headstart[worker]'" in capsys.readouterr().out
