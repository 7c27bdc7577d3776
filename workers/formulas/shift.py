"""How far apart two sets of embeddings lie: kernel test, domain classifier, distance to neighbours."""

import numpy as np
from numpy.typing import ArrayLike


def squared_distances(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    found = (first**2).sum(1)[:, None] + (second**2).sum(1)[None, :] - 2 * first @ second.T
    return np.maximum(found, 0)


def mmd(first: np.ndarray, second: np.ndarray, gammas: ArrayLike | None = None) -> float:
    """Unbiased squared maximum mean discrepancy, a sum over RBF kernels exp(-gamma d²) (Gretton 2012); below 0 by
    chance. Without gammas: five widths around the median distance."""
    kernel = _kernel(np.concatenate([first, second]), gammas)
    return float(_mmd_of_sides(kernel, (np.arange(len(kernel)) < len(first)).astype(float)[:, None])[0])


def mmd_p(first: np.ndarray, second: np.ndarray, *, draws: int = 200, seed: int = 0) -> tuple[float, float]:
    """The discrepancy, and the share of random splits that show as much."""
    kernel, chance = _kernel(np.concatenate([first, second]), None), np.random.default_rng(seed)
    sides = np.arange(len(kernel)) < len(first)
    drawn = np.stack([sides, *(chance.permutation(sides) for _ in range(draws))], axis=1)
    found = _mmd_of_sides(kernel, drawn.astype(float))
    return float(found[0]), (int((found[1:] >= found[0] - 1e-12).sum()) + 1) / (draws + 1)


def _mmd_of_sides(kernel: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """Of each column of `sides`, which says 1 for the rows of the one sample and 0 for those of the other."""
    inside, diagonal = kernel @ sides, np.diag(kernel)
    both = (sides * inside).sum(0)
    across = inside.sum(0) - both
    rest = kernel.sum() - both - 2 * across
    size, other = sides.sum(0), (1 - sides).sum(0)
    one = (both - diagonal @ sides) / (size * (size - 1))
    two = (rest - diagonal @ (1 - sides)) / (other * (other - 1))
    found: np.ndarray = one + two - 2 * across / (size * other)
    return found


def _kernel(rows: np.ndarray, gammas: ArrayLike | None) -> np.ndarray:
    apart = squared_distances(rows, rows)
    if gammas is None:
        median = float(np.median(apart[np.triu_indices(len(rows), 1)])) or 1.0
        gammas = [1 / (factor * median) for factor in (0.25, 0.5, 1, 2, 4)]
    return np.sum([np.exp(-gamma * apart) for gamma in np.atleast_1d(np.asarray(gammas, float))], axis=0)


def domain_scores(first: np.ndarray, second: np.ndarray, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Which of the two each row is from (0, 1), and what a logistic regression that has not seen it says (5 folds)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows = np.concatenate([first, second])
    sides = np.repeat([0, 1], [len(first), len(second)])
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    return sides, cross_val_predict(model, rows, sides, cv=folds, method="predict_proba")[:, 1]


def domain_auc(first: np.ndarray, second: np.ndarray, *, seed: int = 0) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(*domain_scores(first, second, seed=seed)))


def proxy_a_distance(first: np.ndarray, second: np.ndarray, *, seed: int = 0) -> float:
    """0: the classifier can't tell the two apart; 2: always (Ben-David 2006). Balanced error, so sizes may differ."""
    from sklearn.metrics import balanced_accuracy_score

    sides, scores = domain_scores(first, second, seed=seed)
    error = 1 - balanced_accuracy_score(sides, scores > 0.5)
    return float(max(0.0, 2 * (1 - 2 * error)))


def knn_auroc(reference: np.ndarray, sample: np.ndarray, *, neighbour: int = 10, seed: int = 0) -> float:
    """How well the distance to the 10th neighbour in half of the reference tells the sample from the other half
    (Sun 2022): 0.5 not at all. Below it, the sample looks more typical than the reference itself."""
    from sklearn.metrics import roc_auc_score
    from sklearn.neighbors import NearestNeighbors

    order = np.random.default_rng(seed).permutation(len(reference))
    known, held = reference[order[: len(order) // 2]], reference[order[len(order) // 2 :]]
    search = NearestNeighbors(n_neighbors=min(neighbour, len(known))).fit(known)
    apart = search.kneighbors(np.concatenate([held, sample]))[0][:, -1]
    return float(roc_auc_score(np.repeat([0, 1], [len(held), len(sample)]), apart))
