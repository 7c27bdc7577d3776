"""Association of two sets of words with two others: WEAT (Caliskan 2017), and SEAT in sentences (May 2019)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

EXACT_UP_TO = 20_000
# Sentences that say nothing of the word in them.
FRAMES = ("This is {}.", "That is {}.", "There is {}.", "Here is {}.")


@dataclass(frozen=True)
class Association:
    """`d`: the effect size; `p`: one-sided, of such a difference by chance; `n`: words of both targets; `low` and
    `high`: 95 % of bootstraps over the words of the targets."""

    d: float
    p: float
    n: int
    is_exact: bool
    low: float
    high: float


def unit(vectors: np.ndarray) -> np.ndarray:
    """Of length 1 each. Raises ValueError for a vector without direction."""
    vectors = np.asarray(vectors, float)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.all(lengths > 0) or not np.all(np.isfinite(lengths)):
        raise ValueError("a vector is zero or not finite, so it has no direction")
    return vectors / lengths


def leanings(words: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How much nearer each word is to `one` than to `other`: difference of the mean cosines."""
    words = unit(words)
    return words @ unit(one).mean(axis=0) - words @ unit(other).mean(axis=0)


def effect(first: np.ndarray, second: np.ndarray) -> float:
    """Effect size of leanings: difference of means by the deviation of all (n - 1), as in the paper."""
    spread = np.concatenate([first, second]).std(ddof=1)
    return float((first.mean() - second.mean()) / spread) if spread > 0 else 0.0


def weat(
    targets: tuple[np.ndarray, np.ndarray], attributes: tuple[np.ndarray, np.ndarray], *, seed: int = 0
) -> Association:
    """Of vectors: (words, dimensions) each. Positive: the first target is nearer to the first attribute."""
    first, second = (leanings(target, *attributes) for target in targets)
    p, is_exact = p_of(first, second, seed=seed)
    low, high = _interval(first, second, seed=seed)
    return Association(effect(first, second), p, len(first) + len(second), is_exact, low, high)


def p_of(first: np.ndarray, second: np.ndarray, *, seed: int = 0, draws: int = 10_000) -> tuple[float, bool]:
    """Share of ways to part the words whose difference is at least the one seen, and whether all ways were tried."""
    pooled = np.concatenate([first, second])
    size, total = len(first), pooled.sum()
    seen = first.sum() / size - second.sum() / len(second)
    is_exact = comb(len(pooled), size) <= EXACT_UP_TO
    sums = np.fromiter(_all(pooled, size) if is_exact else _some(pooled, size, draws, seed), float)
    found = sums / size - (total - sums) / len(second)
    hits = int((found >= seen - 1e-12).sum())
    return (hits / len(found) if is_exact else (hits + 1) / (len(found) + 1)), is_exact


def _all(pooled: np.ndarray, size: int) -> Iterator[float]:
    return (float(pooled[list(chosen)].sum()) for chosen in combinations(range(len(pooled)), size))


def _some(pooled: np.ndarray, size: int, draws: int, seed: int) -> Iterator[float]:
    chance = np.random.default_rng(seed)
    return (float(chance.permutation(pooled)[:size].sum()) for _ in range(draws))


def _interval(first: np.ndarray, second: np.ndarray, *, seed: int, draws: int = 1000) -> tuple[float, float]:
    chance = np.random.default_rng(seed)
    found = [effect(chance.choice(first, len(first)), chance.choice(second, len(second))) for _ in range(draws)]
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def sentences(word: str) -> list[str]:
    return [frame.format(word) for frame in FRAMES]


def in_sentences(words: Sequence[str]) -> list[str]:
    """For SEAT: every word in every frame."""
    return [sentence for word in words for sentence in sentences(word)]
