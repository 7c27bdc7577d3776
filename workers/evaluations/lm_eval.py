"""Multiple choice by lm-evaluation-harness over rows of a data set of this hub: no code from a task file is run."""

import hashlib
import importlib.metadata
import json
from pathlib import Path
from typing import Any

from workers.contract import Code, ColumnRole, Measured, Offer, Option
from workers.lib import data, intervals, robustness, suites
from workers.lib.session import Predictions, Recipe, Session, Suite, Table, Trouble, Verdict

OFFER = Offer(
    kind="suite",
    name="lm-eval",
    version="1.0",
    title="Multiple choice (lm-evaluation-harness)",
    summary="A causal language model chooses among answers by their likelihood, as the harness scores it.",
    tasks=("text-generation",),
    options=(
        Option("shots", "int", 0, "Examples before each question", "From the training rows.", 0, 20),
        Option("rows", "int", 500, "Rows at most", "Drawn by the seed.", 20, 100_000),
        Option("batch_size", "int", 8, "Batch size", "Answers scored at once.", 1, 512, is_advanced=True),
    ),
    columns=(
        ColumnRole("question", "text", "Question", True, ("question", "prompt", "context", "sentence", "query")),
        ColumnRole("answers", "texts", "Answers", True, ("choices", "answers", "options", "endings", "ans*")),
        ColumnRole("answer", "any", "Right answer (place from 0, or its text)", True, ("answer", "label", "gold")),
    ),
    metric="acc_norm",
    needs=("transformers",),
)
NAME = "rows_of_the_hub"


def run(session: Session, recipe: Recipe | None, predictions: Predictions | None) -> Verdict:
    if session.base is None:
        raise Trouble(Code.BAD_SPEC, "This suite needs a language model.", "Name one.", "base")
    chosen = suites.settings(session, OFFER)
    folder = session.folder / "lm-eval"
    folder.mkdir(exist_ok=True)
    table = robustness.sample(suites.test(session), chosen["rows"], session.seed)
    files = {"test": _written(folder / "test.jsonl", table)}
    if chosen["shots"]:
        files["train"] = _written(folder / "train.jsonl", _shots(session))
    found = _evaluated(session, session.base, _task(files, chosen["shots"]), chosen)
    measured = [_measured(metric, found["samples"][NAME]) for metric in ("acc", "acc_norm")]
    return Verdict(suites.told(measured, session, OFFER), tables={"lm_eval": _told(found)})


def _shots(session: Session) -> Table:
    if session.train is None or not len(session.train):
        raise Trouble(Code.BAD_SPEC, "Examples need training rows.", "Add a data set as “train”, or ask for none.",
                      "config.shots")  # fmt: skip
    return session.train


def _written(path: Path, table: Table) -> str:
    rows = [_row(dict(row)) for _, row in table.rows.iterrows()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    answers = [str(each) for each in row["answers"]]
    gold = data.label(row["answer"])
    place = int(gold) if gold.isdigit() and gold not in answers else answers.index(gold) if gold in answers else -1
    if not 0 <= place < len(answers):
        raise Trouble(Code.DATASET_BAD_VALUE, f"The right answer {gold!r} is none of: {', '.join(answers)}.",
                      "Map the column of the place or the text of the right answer.", "columns.answer")  # fmt: skip
    return {"question": str(row["question"]), "answers": answers, "gold": place}


def _task(files: dict[str, str], shots: int) -> dict[str, Any]:
    return {
        "task": NAME,
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": files},
        "output_type": "multiple_choice",
        "test_split": "test",
        **({"fewshot_split": "train"} if "train" in files else {}),
        "num_fewshot": shots,
        "doc_to_text": "{{question}}",
        "doc_to_choice": "{{answers}}",
        "doc_to_target": "{{gold}}",
        "metric_list": [{"metric": "acc"}, {"metric": "acc_norm"}],
    }


def _evaluated(session: Session, folder: Path, task: dict[str, Any], chosen: dict[str, Any]) -> dict[str, Any]:
    import datasets
    import lm_eval
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from workers.lib import models

    datasets.disable_progress_bars()
    task["dataset_kwargs"]["cache_dir"] = str(session.folder / "lm-eval" / "cache")
    tokenizer = models.processor(AutoTokenizer, session, folder)
    model = models.load(AutoModelForCausalLM, session, folder)
    harness = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=chosen["batch_size"], backend="causal")
    seeds = dict.fromkeys(
        ("random_seed", "numpy_random_seed", "torch_random_seed", "fewshot_random_seed"), session.seed
    )
    nothing_else = TaskManager(include_defaults=False)
    found: dict[str, Any] = lm_eval.simple_evaluate(
        model=harness, tasks=[task], bootstrap_iters=0, log_samples=True, task_manager=nothing_else, **seeds
    )
    return found


def _measured(metric: str, samples: list[dict[str, Any]]) -> Measured:
    return intervals.share(metric, [each[metric] > 0 for each in samples], task="multiple-choice")


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """What a rerun needs to know."""
    return {
        "harness": importlib.metadata.version("lm_eval"),
        "prompts_sha256": _hash(found["samples"][NAME]),
        "samples": found.get("n-samples", {}).get(NAME, {}),
    }


def _hash(samples: list[dict[str, Any]]) -> str:
    """Of what was asked and what was right, as the harness hashed each."""
    marks = "".join(each["prompt_hash"] + each["target_hash"] for each in samples)
    return hashlib.sha256(marks.encode()).hexdigest()


SUITE = Suite(OFFER, run, uses_predictions=False)
