"""The card of a fine-tune says what the job knows, and nothing else."""

from dataclasses import replace

import pytest

from workers.contract import JobResult, JobSpec, Measured, Source
from workers.lib.folder import Outcome
from workers.runner.signing import signed
from workers.supervisor.publish import card

SHA = "a" * 40
DATA = Source("headstart/digits", SHA, kind="dataset", role="both", split="train")
JOB = JobSpec(
    id="job_1",
    kind="finetune",
    recipe="image-classification",
    recipe_version="1.0.0",
    base=Source("headstart/resnet", SHA),
    datasets=(DATA,),
    out="me/digits",
    config={"epochs": 3},
    inherited={"licence": "cc-by-4.0", "obligations": [{"text": "Credit the authors"}]},
)
RESULT = JobResult(
    measured=(Measured("accuracy", 0.98765, 179, 0.96, 0.99, dataset="headstart/digits", dataset_commit=SHA),),
    usage={"device_seconds": 65.4, "peak_memory": 598_769_664},
    environment={"device": "cpu", "threads": 1, "deterministic": True, "python": "3.11", "system": "Linux"},
)


def rendered(**changes: object) -> str:
    return card.render(JOB, Outcome(RESULT, {"Classes": "0, 1"}, {"library_name": "transformers"}, 12), **changes)


@pytest.mark.parametrize(
    ("kind", "ordered", "ran", "notes"),
    [
        ("finetune", "0.9", "1.0.0", ("Run by version 1.0.0 of tabular; it was ordered by version 0.9.",)),
        ("evaluate", "", "1.0.0", ()),
        ("rank", "", "", ()),
    ],
)
def test_what_ran_is_said(kind: str, ordered: str, ran: str, notes: tuple[str, ...]) -> None:
    job = replace(JOB, kind=kind, recipe="tabular", recipe_version=ordered)
    result = signed(Outcome(JobResult()), job).result
    assert (result.recipe_version, result.notes) == (ran, notes)


def test_numbers_come_first_and_have_their_interval() -> None:
    text = rendered(has_curves=True)
    assert "| accuracy | 0.9877 | 0.96 to 0.99 | 179 | all | headstart/digits |" in text
    order = [text.index(f"## {each}") for each in ("Use", "Evaluation", "Learning curves", "Classes", "Licence")]
    assert order == sorted(order) and 'sdk.pull("me/digits")' in text


def test_what_was_not_measured_is_said() -> None:
    text = rendered(has_curves=False)
    assert "| Energy | not measured on this machine |" in text and "learning_curves.png" not in text
    assert "| Time | 1 min 5 s |" in text and "| Memory at most | 599 MB |" in text


def test_base_data_and_terms_are_named_at_their_commits() -> None:
    text = rendered(has_curves=False)
    assert f"base_model: headstart/resnet@{SHA}" in text and "- Credit the authors" in text
    assert f"- `headstart/digits` at `{SHA}`, split train, for training, a tenth held out" in text
