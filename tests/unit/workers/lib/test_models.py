"""Whose code may be run when a model is loaded."""

from dataclasses import replace

import pytest

from tests.factories import suites as make
from workers import rankings
from workers.contract import JobSpec, Source
from workers.lib import models

APPROVED = Source("me/approved", "a" * 40, trust_code=True)


class Auto:
    """Tells what it was asked for."""

    @staticmethod
    def from_pretrained(folder, **told):
        return told["trust_remote_code"]


@pytest.fixture
def session(tmp_path):
    spec = JobSpec("j1", "finetune", base=APPROVED)
    (tmp_path / "work").mkdir()
    return make.session(tmp_path / "work", spec=spec, base=tmp_path / "base")


def test_code_is_run_of_the_approved_base_and_of_what_is_made_of_it(session, tmp_path):
    asked = {name: models.processor(Auto, session, tmp_path / name) for name in ("base", "work/out", "other", "base2")}
    assert asked == {"base": True, "work/out": True, "other": False, "base2": False}
    held_back = replace(session, spec=replace(session.spec, base=replace(APPROVED, trust_code=False)))
    assert not models.processor(Auto, held_back, tmp_path / "base")
    assert not models.processor(Auto, replace(session, spec=JobSpec("j1", "rank")), tmp_path / "base")


def test_each_candidate_of_a_ranking_stands_for_itself(session, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(rankings, "_candidate", lambda own, *_: asked.append(
        {name: models.processor(Auto, own, tmp_path / name) for name in ("one", "two")}) or rankings.Candidate(
        own.spec.base.repo, None, (), {}))  # fmt: skip
    table = make.table({"text": ["he is", "she is"] * 4, "label": ["yes", "no"] * 4})
    two = replace(APPROVED, repo="me/two", trust_code=False)
    rankings.rank(replace(session, test=table), [(APPROVED, tmp_path / "one"), (two, tmp_path / "two")])
    assert asked == [{"one": True, "two": False}, {"one": False, "two": False}]
