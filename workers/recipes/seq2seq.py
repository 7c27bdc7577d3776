"""Sequence to sequence: translation, summaries, rewriting.

    python -m workers.runner FOLDER    # where FOLDER/job.json says recipe "seq2seq"

Any model with AutoModelForSeq2SeqLM (T5, BART, Marian …); the result opens with the same class.
"""

from pathlib import Path
from typing import Any

import numpy as np

from workers.contract import ColumnRole, Measured, Offer, Option
from workers.lib import clock, intervals, models, training, words
from workers.lib.session import Predictions, Recipe, Session, Table, Trained

NONE = -100
# Draws of sacreBLEU's own bootstrap.
DRAWS = 1000

OFFER = Offer(
    kind="recipe",
    name="seq2seq",
    version="1.0.0",
    title="Text to text",
    summary="Teach a model to turn one text into another: translation, summaries, rewriting.",
    tasks=("translation", "summarization", "text2text-generation"),
    options=(
        *training.options(learning_rate=3e-4, batch_size=8),
        words.LONGEST,
        Option("max_target", "int", 128, "Longest answer", "Tokens; what is longer is cut.", 1, 8192),
        Option("prefix", "text", "", "Prefix", "Put before each source, as T5 has it: “summarize: ”."),
        Option("beams", "int", 1, "Beams", "Of the search when answers are made; 1: greedy.", 1, 32, (), True),
    ),
    columns=(
        ColumnRole("source", "text", "Source", True, ("source", "text", "article", "document", "input", "en")),
        ColumnRole(
            "target", "text", "Target", True, ("target", "summary", "highlights", "translation", "output", "de")
        ),
    ),
    spreads=True,
    metric="chrf",
    needs=("transformers",),
)


def finetune(session: Session) -> Trained:
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, DataCollatorForSeq2Seq

    tokenizer = models.processor(AutoTokenizer, session, models.base(session))
    model = models.tune(AutoModelForSeq2SeqLM, session)
    validation = session.validation
    fitted = training.fit(
        session,
        model=model,
        train=_examples(session, tokenizer, session.rows()),
        validation=_examples(session, tokenizer, validation) if validation else None,
        collate=DataCollatorForSeq2Seq(tokenizer, model, label_pad_token_id=NONE),
    )
    model.save_pretrained(session.out)
    tokenizer.save_pretrained(session.out)
    facts = {"Prefix of sources": repr(session.config["prefix"]), **fitted.card()}
    metadata = {
        "pipeline_tag": "text2text-generation",
        "library_name": "transformers",
        "base_model_relation": "finetune",
    }
    return Trained(fitted.steps, facts, metadata=metadata)


def _examples(session: Session, tokenizer: Any, table: Table) -> list[dict]:
    config = session.config
    sources = [config["prefix"] + text for text in table.rows["source"].map(str)]
    rows = words.encoded(tokenizer, sources, min(config["max_length"], tokenizer.model_max_length))
    targets = tokenizer(
        text_target=list(table.rows["target"].map(str)), truncation=True, max_length=config["max_target"]
    )
    for row, labels in zip(rows, targets["input_ids"], strict=True):
        row["labels"] = labels
    return rows


def predict(session: Session, model: Path, table: Table) -> Predictions:
    """Targets and answers are texts."""
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    tokenizer = models.processor(AutoTokenizer, session, model)
    loaded = models.load(AutoModelForSeq2SeqLM, session, model)
    rows = _examples(session, tokenizer, table)
    began = clock.monotonic()
    answers = _answers(session, loaded, tokenizer, rows)
    targets = list(table.rows["target"].map(str))
    return Predictions(targets, answers, others=table.others, seconds=clock.monotonic() - began)


def _answers(session: Session, model: Any, tokenizer: Any, rows: list[dict]) -> list[str]:
    import torch

    found = [""] * len(rows)
    tokens = [{key: row[key] for key in ("input_ids", "attention_mask")} for row in rows]
    for numbers in words.batches(tokens, session.config["batch_size"]):
        batch = tokenizer.pad([tokens[number] for number in numbers], return_tensors="pt").to(model.device)
        with torch.no_grad():
            said = model.generate(
                **batch, max_new_tokens=session.config["max_target"], num_beams=session.config["beams"], do_sample=False
            )
        for number, text in zip(numbers, tokenizer.batch_decode(said, skip_special_tokens=True), strict=True):
            found[number] = text.strip()
    return found


def score(predictions: Predictions, session: Session) -> list[Measured]:
    """chrF and BLEU of all rows together (sacreBLEU, with its signature), ROUGE-L by row, equal answers."""
    targets, outputs = list(predictions.targets), list(predictions.outputs)
    rouge = np.asarray(_rouge(targets, outputs))
    same = [target.strip() == output.strip() for target, output in zip(targets, outputs, strict=True)]
    return [
        *_sacrebleu(targets, outputs),
        intervals.measured("rouge_l", np.mean, rouge, seed=session.seed, note="F-measure, stemmed"),
        intervals.share("exact_match", same),
    ]


def _sacrebleu(targets: list[str], outputs: list[str]) -> list[Measured]:
    """Of 0 to 100, with the interval of sacreBLEU's own bootstrap (seed 12345)."""
    from sacrebleu.metrics import BLEU, CHRF

    made = []
    for name, metric in (("chrf", CHRF(references=[targets])), ("bleu", BLEU(references=[targets]))):
        if len(targets) < 2:
            made.append(Measured(name, None, len(targets), note="too few rows"))
            continue
        made.append(_drawn(name, metric, targets, outputs))
    return made


def _drawn(name: str, metric: Any, targets: list[str], outputs: list[str]) -> Measured:
    try:
        found = metric.corpus_score(outputs, None, n_bootstrap=DRAWS)
    except TypeError:
        # sacreBLEU can't add its numbers up where some draws have nothing in common with their targets.
        value = float(metric.corpus_score(outputs, None).score)
        return Measured(name, value, len(targets), note="no interval: in some draws nothing is right")
    value, half = min(100.0, float(found.score)), float(found._ci)
    low, high = max(0.0, value - half), min(100.0, value + half)
    return Measured(name, value, len(targets), low, high, method=str(metric.get_signature()))


def _rouge(targets: list[str], outputs: list[str]) -> list[float]:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rougeL"], use_stemmer=True)
    return [scorer.score(t, o)["rougeL"].fmeasure for t, o in zip(targets, outputs, strict=True)]


def tiny(folder: Path, seed: int) -> tuple[Path | None, Table, Table, dict[str, Any]]:
    """One of two words among five says which of two answers is right."""
    import pandas as pd
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    generator = np.random.default_rng(seed)
    known = [f"word{number}" for number in range(20)]
    answers = {"red": "stop here and wait", "green": "go on my friend"}

    def row() -> tuple[str, str]:
        light = str(generator.choice(list(answers)))
        return " ".join((*generator.choice(known, 4), light)), answers[light]

    def table(count: int) -> Table:
        rows = pd.DataFrame([row() for _ in range(count)], columns=["source", "target"])
        return Table(rows, pd.DataFrame(index=rows.index))

    torch.manual_seed(seed)
    tokenizer = words.tiny_tokenizer([*known, *answers, *answers.values()], folder)
    shape: dict[str, Any] = {"decoder_start_token_id": 0, "pad_token_id": 0, "eos_token_id": 3}
    T5ForConditionalGeneration(T5Config(
        vocab_size=len(tokenizer), d_model=32, d_kv=16, d_ff=64, num_layers=2, num_heads=2, dropout_rate=0.1,
        **shape,
    )).save_pretrained(folder)  # fmt: skip
    learned = {"max_steps": 90, "learning_rate": 1e-2, "batch_size": 16, "warmup": 0.0, "max_target": 8}
    return folder, table(96), table(32), learned


RECIPE = Recipe(OFFER, finetune, predict, score, tiny)
