"""Text classification: one class a text, several, or a number.

    python -m workers.runner FOLDER    # where FOLDER/job.json says recipe "text-classification"

Any encoder or decoder with AutoModelForSequenceClassification; the result opens with
`pipeline("text-classification", model=…)`.
"""

from pathlib import Path
from typing import Any

from workers.contract import Code, ColumnRole, Measured, Offer, Option
from workers.lib import data, models, scores, training, words
from workers.lib.session import Predictions, Recipe, Session, Table, Trained, Trouble

SIGNS = ("negative", "positive")

OFFER = Offer(
    kind="recipe",
    name="text-classification",
    version="1.0.0",
    title="Text classification",
    summary="Teach an encoder to sort texts into classes, to tag them with several, or to give them a number.",
    tasks=("text-classification",),
    options=(
        *training.options(learning_rate=5e-5, batch_size=16),
        words.LONGEST,
        Option("problem", "choice", "auto", "Kind of label", "auto: by the labels of the training rows.",
               None, None, ("auto", "single", "multi", "number")),
        Option("cut", "text", "", "Cut at", "Turn numbers into negative and positive: above this is positive."),
    ),
    columns=(
        ColumnRole("text", "text", "Text", True, ("text", "sentence", "content", "review", "question", "body")),
        ColumnRole("text_pair", "text", "Second text", False, ("text_pair", "sentence2", "hypothesis")),
        ColumnRole("label", "any", "Label", True, ("label*", "class", "target", "category", "rating", "score")),
    ),
    spreads=True,
    metric="accuracy",
    needs=("transformers", "sentence-transformers"),
)  # fmt: skip


def finetune(session: Session) -> Trained:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding

    train, validation = session.rows(), session.validation
    values = _labels(session, train)
    problem = _problem(session.config["problem"], values)
    names = _names(problem, values)
    tokenizer = models.processor(AutoTokenizer, session, models.base(session))
    model = models.tune(AutoModelForSequenceClassification, session, **_head(problem, names))
    _pad(tokenizer, model)
    rows = _examples(session, tokenizer, model, train, problem, names)
    judged = _examples(session, tokenizer, model, validation, problem, names) if validation else []
    fitted = training.fit(
        session,
        model=model,
        train=rows,
        validation=judged,
        collate=DataCollatorWithPadding(tokenizer),
        judge=lambda model: _judged(session, model, tokenizer, judged, problem) if judged else {},
        metric="r2" if problem == "number" else "f1_macro" if problem == "multi" else "accuracy",
        higher_is_better=True,
    )
    model.save_pretrained(session.out)
    tokenizer.save_pretrained(session.out)
    facts = {"Labels": ", ".join(names) if problem != "number" else "A number.", **fitted.card()}
    metadata = {
        "pipeline_tag": "text-classification",
        "library_name": "transformers",
        "base_model_relation": "finetune",
    }
    return Trained(fitted.steps, facts, metadata=metadata)


def _labels(session: Session, table: Table) -> list[Any]:
    """The label column; cut in two where the config says so."""
    values = [value.tolist() if hasattr(value, "tolist") else value for value in table.rows["label"]]
    if not session.config.get("cut"):
        return values
    try:
        cut = float(session.config["cut"])
        return [SIGNS[float(value) > cut] for value in values]
    except (TypeError, ValueError) as error:
        raise Trouble(Code.DATASET_BAD_VALUE, f"Labels can't be cut in two: {error}.",
                      "Cut columns of numbers only, at a number.", "config.cut") from error  # fmt: skip


def _problem(wanted: str, values: list[Any]) -> str:
    if wanted != "auto":
        return wanted
    if any(isinstance(value, list) for value in values):
        return "multi"
    return "number" if any(isinstance(value, float) and not value.is_integer() for value in values) else "single"


def _names(problem: str, values: list[Any]) -> tuple[str, ...]:
    if problem == "number":
        return ("value",)
    names = data.names_of([each for value in values for each in value] if problem == "multi" else values)
    if len(names) < 2:
        raise Trouble(Code.DATASET_BAD_VALUE, "All rows have the same label.",
                      "Choose a column with at least two classes.", "columns.label")  # fmt: skip
    return names


def _head(problem: str, names: tuple[str, ...]) -> dict[str, Any]:
    kinds = {"single": "single_label_classification", "multi": "multi_label_classification", "number": "regression"}
    numbered = dict(enumerate(names))
    return {"problem_type": kinds[problem], "id2label": numbered, "label2id": {v: k for k, v in numbered.items()}}


def _pad(tokenizer: Any, model: Any) -> None:
    """Decoders often have no padding: the end stands in for it."""
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    model.config.pad_token_id = tokenizer.pad_token_id


def _examples(
    session: Session, tokenizer: Any, model: Any, table: Table, problem: str, names: tuple[str, ...]
) -> list[dict]:
    """Tokens with `labels`: a class number, a row of 0.0 and 1.0, or a number."""
    pairs = table.rows["text_pair"] if table.rows["text_pair"].notna().all() else None
    length = words.longest(tokenizer, model.config, session.config["max_length"])
    rows = words.encoded(tokenizer, table.rows["text"], length, pairs)
    for row, target in zip(rows, _targets(_labels(session, table), problem, names), strict=True):
        row["labels"] = target
    return rows


def _targets(values: list[Any], problem: str, names: tuple[str, ...]) -> list[Any]:
    if problem == "single":
        return data.classes(values, names)
    if problem == "multi":
        return [[float(name in set(map(data.label, value))) for name in names] for value in values]
    try:
        return [float(value) for value in values]
    except (TypeError, ValueError) as error:
        raise Trouble(Code.DATASET_BAD_VALUE, f"A label is no number: {error}.",
                      "Choose a column of numbers.", "columns.label") from error  # fmt: skip


def _logits(session: Session, model: Any, tokenizer: Any, rows: list[dict]) -> Any:
    """(rows, classes) in the order of the rows."""
    import numpy as np
    import torch

    found: Any = np.zeros((len(rows), model.config.num_labels), dtype=np.float32)
    tokens = [{key: value for key, value in row.items() if key != "labels"} for row in rows]
    for numbers in words.batches(tokens, session.config["batch_size"]):
        batch = tokenizer.pad([tokens[number] for number in numbers], return_tensors="pt").to(model.device)
        with torch.no_grad():
            found[numbers] = model(**batch).logits.float().cpu().numpy()
    return found


def _judged(session: Session, model: Any, tokenizer: Any, rows: list[dict], problem: str) -> dict[str, float]:
    found = _read(_logits(session, model, tokenizer, rows), [row["labels"] for row in rows], problem, ())
    return scores.points(problem, found)


def _read(logits: Any, targets: list[Any], problem: str, names: tuple[str, ...]) -> Predictions:
    """What logits say: the likeliest class, each class over one half, or the number itself."""
    import numpy as np

    if problem == "number":
        return Predictions(targets, logits[:, 0].tolist())
    if problem == "multi":
        chances = 1 / (1 + np.exp(-logits))
        return Predictions(targets, (chances > 0.5).astype(int).tolist(), chances, names)
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return Predictions(targets, logits.argmax(axis=1).tolist(), raised / raised.sum(axis=1, keepdims=True), names)


def predict(session: Session, model: Path, table: Table) -> Predictions:
    """The classes are the model's own."""
    import dataclasses

    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    from workers.lib import clock

    tokenizer = models.processor(AutoTokenizer, session, model)
    loaded = models.load(AutoModelForSequenceClassification, session, model)
    _pad(tokenizer, loaded)
    problem = _of_model(session, loaded, table)
    names = tuple(loaded.config.id2label[number] for number in range(loaded.config.num_labels))
    rows = _examples(session, tokenizer, loaded, table, problem, names)
    began = clock.monotonic()
    logits = _logits(session, loaded, tokenizer, rows)
    found = _read(logits, [row["labels"] for row in rows], problem, names)
    return dataclasses.replace(found, others=table.others, seconds=clock.monotonic() - began)


def _of_model(session: Session, model: Any, table: Table) -> str:
    kinds = {"multi_label_classification": "multi", "regression": "number", "single_label_classification": "single"}
    known = kinds.get(model.config.problem_type or "")
    return known or ("number" if model.config.num_labels == 1 else _problem("auto", _labels(session, table)))


def score(predictions: Predictions, session: Session) -> list[Measured]:
    several = len(predictions.targets) and isinstance(predictions.targets[0], list)
    problem = "multi" if several else "single" if predictions.labels else "number"
    return _measured(predictions, problem, session.seed)


def _measured(predictions: Predictions, problem: str, seed: int) -> list[Measured]:
    by = {"single": scores.classes, "multi": scores.labels, "number": scores.values}
    return by[problem](predictions, seed)


def tiny(folder: Path, seed: int) -> tuple[Path | None, Table, Table, dict[str, Any]]:
    """Texts of eight words; which of two words is among them says the class."""
    import numpy as np
    import pandas as pd
    import torch
    from transformers import BertForSequenceClassification

    generator = np.random.default_rng(seed)
    known = [f"word{number}" for number in range(30)]

    def table(count: int) -> Table:
        labels = generator.integers(0, 2, count)
        texts = [" ".join((*generator.choice(known, 7), ("good", "bad")[label])) for label in labels]
        rows = pd.DataFrame({"text": texts, "text_pair": None, "label": [("yes", "no")[label] for label in labels]})
        return Table(rows, pd.DataFrame({"length": [len(text) for text in texts]}))

    torch.manual_seed(seed)
    tokenizer = words.tiny_tokenizer([*known, "good bad"], folder)
    BertForSequenceClassification(words.tiny_bert(tokenizer)).save_pretrained(folder)
    return folder, table(96), table(48), {"max_steps": 40, "learning_rate": 5e-3, "batch_size": 16, "warmup": 0.0}


RECIPE = Recipe(OFFER, finetune, predict, score, tiny)
