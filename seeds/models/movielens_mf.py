"""movielens-mf: matrix factorisation on MovieLens, trained here in a second; under its data's terms."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from seeds import _movielens
from seeds.evidence import Finding, Use
from seeds.seed import Fact, Licence, Measurement, Seed

FACTORS, EPOCHS, BATCH, RATE, DECAY = 32, 3, 1024, 5e-3, 1e-5
FEWEST_RATINGS = 5

USAGE = """
import json

import sdk
import torch
from safetensors.torch import load_file

path = sdk.pull("movielens-mf").path
weights = load_file(path / "model.safetensors")
ids = json.loads((path / "ids.json").read_text())  # row -> user number, film number, title
user = ids["users"].index(15)
scores = (weights["mean"] + weights["user_bias"][user] + weights["item_bias"][:, 0]
          + weights["item_factors"] @ weights["user_factors"][user]).flatten()
print([ids["titles"][row] for row in scores.topk(5).indices.tolist()])
"""


def build(source: Path, out: Path) -> list[Measurement]:
    import torch
    from safetensors.torch import save_file

    torch.set_num_threads(1)
    table = _movielens.read(source)
    table = table[table.groupby("movieId")["rating"].transform("count") >= FEWEST_RATINGS]
    users, films = np.unique(table["userId"]), np.unique(table["movieId"])
    pairs = torch.from_numpy(
        np.stack([np.searchsorted(users, table["userId"]), np.searchsorted(films, table["movieId"])])
    )
    ratings = torch.tensor(table["rating"].to_numpy("float32"))
    held_out = _latest_fifth(table)

    weights = _train(pairs[:, ~held_out], ratings[~held_out], len(users), len(films))
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    titles = table.drop_duplicates("movieId").set_index("movieId")["title"]
    ids = {"users": users.tolist(), "movies": films.tolist(), "titles": [str(titles[film]) for film in films]}
    (out / "ids.json").write_text(json.dumps(ids) + "\n")
    return _measure(weights, pairs, ratings, held_out)


def _latest_fifth(table: Any) -> np.ndarray:
    """True for the last 20 % of each user's ratings by time."""
    rank = table.groupby("userId")["timestamp"].rank(method="first", pct=True)
    return np.array(rank > 0.8)


def _train(pairs: Any, ratings: Any, users: int, films: int) -> dict[str, Any]:
    import torch

    torch.manual_seed(0)
    weights = {
        "user_factors": torch.randn(users, FACTORS) * 0.05,
        "item_factors": torch.randn(films, FACTORS) * 0.05,
        "user_bias": torch.zeros(users, 1),
        "item_bias": torch.zeros(films, 1),
        "mean": ratings.mean().reshape(1),
    }
    for tensor in weights.values():
        tensor.requires_grad_()
    optimizer = torch.optim.Adam(weights.values(), lr=RATE, weight_decay=DECAY)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(ratings)).split(BATCH):
            loss = (predict(weights, pairs[:, rows]) - ratings[rows]).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return {name: tensor.detach() for name, tensor in weights.items()}


def predict(weights: dict[str, Any], pairs: Any) -> Any:
    """Ratings for `pairs` of shape (2, n): user rows, film rows."""
    user, film = pairs
    match = (weights["user_factors"][user] * weights["item_factors"][film]).sum(1)
    return weights["mean"] + weights["user_bias"][user, 0] + weights["item_bias"][film, 0] + match


def _measure(weights: dict[str, Any], pairs: Any, ratings: Any, held_out: np.ndarray) -> list[Measurement]:
    test, truth = pairs[:, held_out], ratings[held_out]
    rmse = float((predict(weights, test) - truth).square().mean().sqrt())
    plain = float((ratings[~held_out].mean() - truth).square().mean().sqrt())
    counts = np.bincount(pairs[1].numpy(), minlength=len(weights["item_bias"]))
    popular = counts >= np.quantile(counts, 0.9)
    scores = weights["user_factors"] @ weights["item_factors"].T + weights["item_bias"].T
    share = float(popular[scores.topk(10, dim=1).indices.numpy()].mean())
    how = f"last 20 % of each user's ratings, {len(truth):,} in all"
    return [
        Measurement(f"RMSE {rmse:.3f}, against {plain:.3f} for the mean rating.", how, "rmse", rmse),
        Measurement(
            f"{share:.0%} of the top-ten suggestions are films from the most rated tenth (popularity bias).",
            "ten best-scored films for each user, seen ones included",
            "popular_share_at_10",
            share,
        ),
        Measurement(f"{sum(tensor.numel() for tensor in weights.values()):,} parameters.", "counted"),
    ]


SEED = Seed(
    name="movielens-mf",
    kind="model",
    purpose="Predicts how a MovieLens user would rate a film. Not for commercial use: it follows its data's terms.",
    what=f"Matrix factorisation with {FACTORS} factors and biases for 671 users and the films with at least "
    f"{FEWEST_RATINGS} ratings, trained from scratch when this catalog was seeded.",
    usage=USAGE,
    packages=(_movielens.PACKAGE,),
    licence=Licence(
        "other",
        package=_movielens.PACKAGE_LICENCE,
        content=Fact("Made by this hub; given on under the data's terms, so not for commercial use.", "this catalog"),
        data=_movielens.DATA_LICENCE,
        name=_movielens.TERMS_NAME,
        link=_movielens.TERMS_LINK,
    ),
    intended_use=(Fact("For trying out recommenders. Not for commercial use.", "this catalog"),),
    training_data=(
        Fact("The first 80 % of each user's ratings in `{owner}/movielens-small`.", "this build"),
        _movielens.ORIGIN,
        _movielens.PEOPLE,
    ),
    known_biases=(
        Fact("Suggests popular films; the share is under Evaluation.", "this build"),
        Fact("Knows only its 671 users; a new user needs a new fit.", "this build"),
        Fact(
            "More epochs overfit: RMSE 0.894 at epoch 3 rose to 0.930 at epoch 12.",
            "measured for this catalog before release, with a like recipe",
        ),
    ),
    evaluation=(),
    steps=(
        f"Keep films with {FEWEST_RATINGS} ratings or more; hold out the last 20 % of each user's ratings.",
        f"Train with Adam, {EPOCHS} epochs, batches of {BATCH}, seed 0, one CPU thread; save as safetensors with "
        f"ids.json.",
    ),
    sources=(_movielens.TRAINED_ON,),
    use=Use(
        intended=("Trying out recommenders, not commercially.",),
        out_of_scope=("Commercial use.", "People other than the 671 users it knows."),
        data=2,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Suggests popular films",
            "measured when this repository was built; the share stands in its card",
            axis="popularity",
            value="seldom rated films",
            against="often rated films",
            harm="representational",
            impact=2,
            exposure=2,
            advice="Mix in other films if variety matters.",
        ),
    ),
    build=build,
    shared=("seeds._movielens", "seeds._rdatasets"),
    task="tabular-regression",
    library="pytorch",
    tags=("recommendation", "matrix-factorization", "non-commercial", "trained-here", "tiny"),
    datasets=("{owner}/movielens-small",),
    notice=(
        "It is trained on {owner}/movielens-small, which is MovieLens latest-small of GroupLens.\n"
        f"Licence: {_movielens.TERMS_NAME}.\n{_movielens.TERMS_LINK}",
    ),
)
