"""Token classification: a tag for each word, such as names of people and places.

    python -m workers.runner FOLDER    # where FOLDER/job.json says recipe "token-classification"

A word's tag is learnt and read at its first piece. The result opens with `pipeline("token-classification", model=…)`.
"""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from workers.contract import Code, ColumnRole, Measured, Offer
from workers.lib import clock, data, intervals, models, training, words
from workers.lib.session import Predictions, Recipe, Session, Table, Trained, Trouble

# What the loss leaves out.
NONE = -100

OFFER = Offer(
    kind="recipe",
    name="token-classification",
    version="1.0.0",
    title="Token classification",
    summary="Teach an encoder to tag each word: named entities, parts of speech.",
    tasks=("token-classification",),
    options=(*training.options(learning_rate=5e-5, batch_size=16), words.LONGEST),
    columns=(
        ColumnRole("tokens", "texts", "Words", True, ("tokens", "words")),
        ColumnRole("tags", "labels", "Tags", True, ("ner_tags", "tags", "labels", "pos_tags", "chunk_tags")),
    ),
    spreads=True,
    metric="entity_f1",
    needs=("transformers", "sentence-transformers"),
)


def finetune(session: Session) -> Trained:
    from transformers import AutoModelForTokenClassification, AutoTokenizer, DataCollatorForTokenClassification

    train, validation = session.rows(), session.validation
    names = _names(session)
    numbered = dict(enumerate(names))
    tokenizer = models.processor(AutoTokenizer, session, models.base(session))
    model = models.tune(
        AutoModelForTokenClassification, session, id2label=numbered, label2id={v: k for k, v in numbered.items()}
    )
    judged = _examples(session, tokenizer, model, validation, names) if validation else []
    fitted = training.fit(
        session,
        model=model,
        train=_examples(session, tokenizer, model, train, names),
        validation=judged,
        collate=DataCollatorForTokenClassification(tokenizer),
        judge=lambda model: _judged(session, model, tokenizer, judged, names) if judged else {},
        metric=_metric(names),
        higher_is_better=True,
    )
    model.save_pretrained(session.out)
    tokenizer.save_pretrained(session.out)
    metadata = {
        "pipeline_tag": "token-classification",
        "library_name": "transformers",
        "base_model_relation": "finetune",
    }
    return Trained(fitted.steps, {"Tags": ", ".join(names), **fitted.card()}, metadata=metadata)


def _names(session: Session) -> tuple[str, ...]:
    """The tags of all rows of the order: a seldom one may stand in held-out rows only, and counts as missed there."""
    tables = [table for table in (session.train, session.validation, session.test) if table is not None]
    return data.names_of([tag for table in tables for tags in table.rows["tags"] for tag in tags])


def _metric(names: tuple[str, ...]) -> str:
    """Entities need tags that say where one begins."""
    return "entity_f1" if any(name.startswith("B-") for name in names) else "token_accuracy"


def _examples(session: Session, tokenizer: Any, model: Any, table: Table, names: tuple[str, ...]) -> list[dict]:
    """Tokens, with a tag's number at each word's first piece and `NONE` elsewhere."""
    length = words.longest(tokenizer, model.config, session.config["max_length"])
    made = []
    for tokens, tags in zip(table.rows["tokens"], table.rows["tags"], strict=True):
        if len(tokens) != len(tags):
            raise Trouble(Code.DATASET_BAD_VALUE, f"A row has {len(tokens)} words and {len(tags)} tags.",
                          "Each word needs one tag.", "columns.tags")  # fmt: skip
        row = tokenizer(list(tokens), is_split_into_words=True, truncation=True, max_length=length)
        targets = data.classes(list(tags), names, "tags")
        places = row.word_ids()
        first = [place is not None and place not in places[:number] for number, place in enumerate(places)]
        labels = [targets[place] if begins else NONE for place, begins in zip(places, first, strict=True)]
        made.append({**row, "labels": labels})
    return made


def _tags(session: Session, model: Any, tokenizer: Any, rows: list[dict]) -> list[list[int]]:
    """The likeliest tag of each word that has one in the row."""
    import torch

    found: list[list[int]] = [[] for _ in rows]
    tokens = [{key: value for key, value in row.items() if key != "labels"} for row in rows]
    for numbers in words.batches(tokens, session.config["batch_size"]):
        batch = tokenizer.pad([tokens[number] for number in numbers], return_tensors="pt").to(model.device)
        with torch.no_grad():
            best = model(**batch).logits.argmax(dim=-1).cpu().tolist()
        for place, number in enumerate(numbers):
            labels = rows[number]["labels"]
            found[number] = [best[place][at] for at, label in enumerate(labels) if label != NONE]
    return found


def _targets(rows: list[dict]) -> list[list[int]]:
    return [[label for label in row["labels"] if label != NONE] for row in rows]


def _judged(session: Session, model: Any, tokenizer: Any, rows: list[dict], names: tuple[str, ...]) -> dict[str, float]:
    counts = _counts(_targets(rows), _tags(session, model, tokenizer, rows), names)
    return {"token_accuracy": _accuracy(counts), "entity_f1": _f1(counts)}


def predict(session: Session, model: Path, table: Table) -> Predictions:
    """The tags are the model's own; a word that was cut off has none."""
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    tokenizer = models.processor(AutoTokenizer, session, model)
    loaded = models.load(AutoModelForTokenClassification, session, model)
    names = tuple(loaded.config.id2label[number] for number in range(loaded.config.num_labels))
    rows = _examples(session, tokenizer, loaded, table, names)
    began = clock.monotonic()
    outputs = _tags(session, loaded, tokenizer, rows)
    made = Predictions(_targets(rows), outputs, labels=names, others=table.others)
    return dataclasses.replace(made, seconds=clock.monotonic() - began)


def score(predictions: Predictions, session: Session) -> list[Measured]:
    """Entities count where type, first and last word agree (as seqeval reads IOB2); intervals over sentences."""
    counts = _counts(predictions.targets, predictions.outputs, predictions.labels)
    made = [intervals.measured("token_accuracy", _accuracy, counts, seed=session.seed)]
    if _metric(predictions.labels) == "token_accuracy":
        return made
    rates = (("entity_f1", _f1), ("entity_precision", _precision), ("entity_recall", _recall))
    return [*(intervals.measured(name, rate, counts, seed=session.seed) for name, rate in rates), *made]


def _counts(targets: Any, outputs: Any, names: tuple[str, ...]) -> np.ndarray:
    """By sentence: entities found rightly, found, there; words right, words."""
    from seqeval.metrics.sequence_labeling import get_entities

    made = []
    for told, said in zip(targets, outputs, strict=True):
        there, found = (set(get_entities([names[number] for number in tags])) for tags in (told, said))
        right = sum(one == other for one, other in zip(told, said, strict=True))
        made.append((len(there & found), len(found), len(there), right, len(told)))
    return np.asarray(made, dtype=float).reshape(-1, 5)


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below else float("nan")


def _accuracy(counts: np.ndarray) -> float:
    return _ratio(counts[:, 3].sum(), counts[:, 4].sum())


def _precision(counts: np.ndarray) -> float:
    return _ratio(counts[:, 0].sum(), counts[:, 1].sum())


def _recall(counts: np.ndarray) -> float:
    return _ratio(counts[:, 0].sum(), counts[:, 2].sum())


def _f1(counts: np.ndarray) -> float:
    """0 where there are entities and none was found."""
    return _ratio(2 * counts[:, 0].sum(), counts[:, 1].sum() + counts[:, 2].sum())


def tiny(folder: Path, seed: int) -> tuple[Path | None, Table, Table, dict[str, Any]]:
    """Sentences of six words, one of which is a name of one or two words."""
    import pandas as pd
    import torch
    from transformers import BertForTokenClassification

    generator = np.random.default_rng(seed)
    known = [f"word{number}" for number in range(20)]

    def row() -> tuple[list[str], list[str]]:
        place = int(generator.integers(0, 4))
        tokens, tags = list(generator.choice(known, 6)), ["O"] * 6
        tokens[place], tags[place] = str(generator.choice(["ada", "alan"])), "B-PER"
        if generator.random() < 0.5:
            tokens[place + 1], tags[place + 1] = "smith", "I-PER"
        return tokens, tags

    def table(count: int) -> Table:
        rows = pd.DataFrame([row() for _ in range(count)], columns=["tokens", "tags"])
        return Table(rows, pd.DataFrame(index=rows.index))

    torch.manual_seed(seed)
    tokenizer = words.tiny_tokenizer([*known, "ada alan smith"], folder)
    BertForTokenClassification(words.tiny_bert(tokenizer)).save_pretrained(folder)
    return folder, table(96), table(40), {"max_steps": 40, "learning_rate": 5e-3, "batch_size": 16, "warmup": 0.0}


RECIPE = Recipe(OFFER, finetune, predict, score, tiny)
