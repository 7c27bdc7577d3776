"""Recommendations from who took what: two towers, ratings, or sequences.

two-tower  a vector for each person and each thing; softmax over the things of a batch, corrected by how often each
           occurs (Yi et al. 2019), the same thing elsewhere in the batch left out.
ratings    factors with biases, squared error of the rating; it reads and goes on with factors from elsewhere.
sequence   a small causal language model over what each person took, in the order of time (Kang, McAuley 2018).

Held out is what each person took last. The model's files hold the history of the people it was trained on.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workers.contract import Code, ColumnRole, Measured, Offer, Option
from workers.lib import clock, data, intervals, loop, numbers, ranking, recommender, scores
from workers.lib.recommender import METHODS, Model
from workers.lib.session import Predictions, Recipe, Session, Table, Trained, Trouble

if TYPE_CHECKING:
    import torch

MOST_JUDGED = 2000

OFFER = Offer(
    kind="recipe",
    name="recommendation",
    version="1.0.0",
    title="Recommendations",
    summary="Learns from who took or rated what, and proposes things to people.",
    tasks=("recommendation", "tabular-regression"),
    options=(
        Option("method", "choice", "two-tower", "Method", "Two towers rank, ratings tell a number, sequences tell what "
               "comes next.", choices=METHODS),
        Option("epochs", "int", 20, "Epochs", minimum=1, maximum=1000),
        Option("batch_size", "int", 512, "Rows a step", "Sequences: an eighth of it.", minimum=8, maximum=65_536),
        Option("learning_rate", "float", 5e-3, "Learning rate", minimum=1e-7, maximum=1.0),
        Option("width", "int", 32, "Width of the vectors", minimum=2, maximum=1024),
        Option("patience", "int", 3, "Epochs without progress before it ends", "0: never.", minimum=0, maximum=1000),
        Option("least", "int", 5, "Least times a thing must occur", "Seldomer ones are left out.", minimum=1,
               maximum=10_000),
        Option("weight_decay", "float", 1e-3, "Weight decay", minimum=0, maximum=1.0, is_advanced=True),
        Option("length", "int", 50, "Longest sequence", minimum=2, maximum=512, is_advanced=True),
        Option("layers", "int", 2, "Layers of a sequence model", minimum=1, maximum=12, is_advanced=True),
        *loop.OPTIONS,
    ),
    columns=(
        ColumnRole("user", "id", "Person", guesses=("userId", "user_id", "user", "customer_id", "reviewer")),
        ColumnRole("item", "id", "Thing", guesses=("movieId", "item_id", "item", "product_id", "book_id", "track_id")),
        ColumnRole("rating", "number", "Rating", is_required=False, guesses=("rating", "stars", "score")),
        ColumnRole("time", "time", "Time", is_required=False, guesses=("timestamp", "time", "date", "created_at")),
        ColumnRole("title", "text", "Title", is_required=False, guesses=("title", "name")),
    ),
    metric="ndcg_at_10",
    memory="table",
    base_is_optional=True,
)  # fmt: skip


# --- Training ---------------------------------------------------------------------------------------------------------


def split(session: Session, whole: Table) -> tuple[Table, Table]:
    """(train, validation): the last tenth of what each person took, one thing at least of those who took three."""
    del session
    ordered = recommender.in_order(whole)
    people = ordered.rows["user"].map(str)
    place, size = people.groupby(people).cumcount(), people.groupby(people).transform("size")
    is_last = np.asarray((place >= size - np.maximum(1, size // 10)) & (size >= 3))
    return data.part(ordered, np.flatnonzero(~is_last)), data.part(ordered, np.flatnonzero(is_last))


def finetune(session: Session) -> Trained:
    import torch

    torch.manual_seed(session.seed)
    table = session.rows()
    model = _start(session, table)
    model.history = recommender.histories(model, table)
    steps = {"two-tower": _towers, "ratings": _ratings, "sequence": _sequences}[model.method](session, model, table)
    recommender.write(model, session.out)
    return Trained(steps, _facts(session, model), (), _metadata(session, model))


def _metadata(session: Session, model: Model) -> dict[str, Any]:
    task = "tabular-regression" if model.method == "ratings" else "recommendation"
    library = "transformers" if model.language is not None else "pytorch"
    relation = {"base_model_relation": "finetune"} if session.base and not session.from_scratch else {}
    return {"pipeline_tag": task, "library_name": library, **relation}


def _start(session: Session, table: Table) -> Model:
    """New vectors for everybody; who and what the base knows keeps the base's."""
    base = recommender.read(session.base) if session.base and not session.from_scratch else None
    users, items, titles = _known(session, table, base)
    method = base.method if base else session.config["method"]
    model = Model(method, users, items, titles)
    if method == "sequence":
        model.language = _language(session, model, base)
    else:
        width = base.weights["user_factors"].shape[1] if base else session.config["width"]
        model.weights = recommender.new_factors(model, width)
        if base:
            recommender.take_over(model, base)
    return model


def _known(
    session: Session, table: Table, base: Model | None
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """People, things and titles: the base's first, then those of the data."""
    rows = table.rows
    items = rows["item"].map(data.label)
    counts = items.value_counts()
    often = tuple(counts.index[counts >= session.config["least"]])
    if not often:
        raise Trouble(Code.DATASET_EMPTY, "No thing occurs often enough.",
                      "Lower the least times a thing must occur.", "config.least")  # fmt: skip
    titles = dict(zip(items, rows["title"], strict=True)) if rows["title"].notna().any() else {}
    titles |= dict(zip(base.items, base.titles, strict=False)) if base else {}
    users = _joined(base.users if base else (), data.names_of(rows["user"]))
    things = _joined(base.items if base else (), data.names_of(often))
    return users, things, tuple(str(titles.get(name, name)) for name in things)


def _joined(first: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*first, *more]))


def _language(session: Session, model: Model, base: Model | None) -> Any:
    config = session.config
    if base is None:
        width = max(8, config["width"] // 4 * 4)
        return recommender.new_language(len(model.items), width=width, layers=config["layers"], length=config["length"])
    base.language.resize_token_embeddings(len(model.items) + 1)
    return base.language


def _pairs(session: Session, model: Model, table: Table) -> "tuple[torch.Tensor, torch.Tensor, np.ndarray]":
    """People and things of the rows that the model knows, on the device; and which rows these are."""
    import torch

    users, items = recommender.numbers(model, table)
    kept = np.flatnonzero((users >= 0) & (items >= 0))
    return torch.tensor(users[kept]).to(session.device), torch.tensor(items[kept]).to(session.device), kept


def _module(session: Session, model: Model) -> Any:
    """The factors as parameters, under their names; `model.weights` follows them."""
    import torch

    module = torch.nn.ParameterDict(model.weights).to(session.device)
    module["mean"].requires_grad_(False)
    model.weights = dict(module.items())
    return module


def _towers(session: Session, model: Model, table: Table) -> int:
    import torch

    users, items, _ = _pairs(session, model, table)
    often = torch.from_numpy(np.log(np.maximum(model.popularity(), 1) / len(items))).to(session.device)
    module = _module(session, model)

    def loss(rows: "torch.Tensor") -> "torch.Tensor":
        person, thing = users[rows.to(users.device)], items[rows.to(items.device)]
        near = module["user_factors"][person] @ module["item_factors"][thing].T + module["item_bias"][thing, 0]
        logits = near - often[thing]
        same = (thing[:, None] == thing[None]) & ~torch.eye(len(thing), dtype=torch.bool, device=thing.device)
        return torch.nn.functional.cross_entropy(
            logits.masked_fill(same, -1e9), torch.arange(len(thing), device=thing.device)
        )

    return _run(session, model, module, len(users), loss)


def _ratings(session: Session, model: Model, table: Table) -> int:
    import torch

    users, items, kept = _pairs(session, model, table)
    truth = torch.tensor(numbers.read(table.rows["rating"], "rating")[kept], dtype=torch.float32).to(session.device)
    if not bool(model.weights["mean"].any()):
        model.weights["mean"] = truth.mean().reshape(1).cpu()
    module = _module(session, model)

    def loss(rows: "torch.Tensor") -> "torch.Tensor":
        person, thing = users[rows.to(users.device)], items[rows.to(items.device)]
        match = (module["user_factors"][person] * module["item_factors"][thing]).sum(1)
        told = module["mean"] + module["user_bias"][person, 0] + module["item_bias"][thing, 0] + match
        return (told - truth[rows.to(truth.device)]).square().mean()

    return _run(session, model, module, len(users), loss)


def _sequences(session: Session, model: Model, table: Table) -> int:
    import torch

    del table
    rows = [row for row in _windows(model, session.config["length"]) if len(row) > 1]
    if not rows:
        raise Trouble(Code.DATASET_EMPTY, "Nobody took two things.", "Take another method.", "config.method")
    module = model.language.to(session.device)

    def loss(chosen: "torch.Tensor") -> "torch.Tensor":
        ids = recommender.pad([rows[number] for number in chosen], session.config["length"])[0].to(session.device)
        logits = module(input_ids=ids).logits[:, :-1]
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=0)

    return _run(session, model, module, len(rows), loss, session.config["batch_size"] // 8)


def _windows(model: Model, length: int) -> list[np.ndarray]:
    """Each person's things in pieces that fit, the newest piece full."""
    pieces = [(row, end) for row in model.history.values() for end in range(len(row), 0, -length)]
    return [row[max(0, end - length) : end] for row, end in pieces]


def _run(
    session: Session,
    model: Model,
    module: Any,
    rows: int,
    loss: "Callable[[torch.Tensor], torch.Tensor]",
    batch: int = 0,
) -> int:
    config, held, rates = session.config, session.validation, model.method == "ratings"
    some = data.part(held, range(min(MOST_JUDGED, len(held)))) if held is not None and len(held) else None
    plan = loop.Plan(
        module=module,
        rows=rows,
        loss=loss,
        judge=(lambda: _judge(model, some)) if some is not None else None,
        metric="rmse" if rates else OFFER.metric,
        higher_is_better=not rates,
        epochs=config["epochs"],
        batch=batch or config["batch_size"],
        rate=config["learning_rate"],
        decay=config["weight_decay"],
        patience=config["patience"],
    )
    steps = loop.train(session, plan)
    module.cpu()
    model.weights = {name: tensor.detach().cpu() for name, tensor in model.weights.items()}
    return steps


def _judge(model: Model, table: Table) -> float:
    shown = _on_cpu(model)
    if model.method == "ratings":
        return scores.rmse(
            numbers.read(table.rows["rating"], "rating"), shown.ratings(*recommender.numbers(shown, table))
        )
    return _found(shown, table)


def _found(model: Model, table: Table) -> float:
    """Mean nDCG@10."""
    targets = table.rows["item"].map(data.label)
    return float(ranking.ndcg(ranking.places(targets, ranking.lists_for(model, table))).mean())


def _on_cpu(model: Model) -> Model:
    weights = {name: tensor.detach().cpu() for name, tensor in model.weights.items()}
    return Model(model.method, model.users, model.items, model.titles, weights, model.language, model.history)


def _facts(session: Session, model: Model) -> dict[str, str]:
    taken = sum(len(row) for row in model.history.values())
    facts = {
        "Model": f"Method {model.method}: {len(model.users):,} people, {len(model.items):,} things, {taken:,} rows.",
        "People in the files": "`ids.json` and `history.safetensors` hold ids of the people it was trained on and what "
        "they took; treat the model as you treat these data.",
    }
    if model.method != "ratings" and session.validation is not None and len(session.validation):
        popular = Model("popular", model.users, model.items, history=model.history)
        told = _found(popular, session.validation)
        facts["Beside it"] = f"To propose what is popular: nDCG@10 {told:.4f} on the held-out rows."
    return facts


# --- Use --------------------------------------------------------------------------------------------------------------


def predict(session: Session, model: Path, table: Table) -> Predictions:
    """Ratings; or for each row the things to propose to its person, without those that they took before and without
    the other held-out ones."""
    loaded = recommender.read(model)
    if loaded.language is not None:
        loaded.language.to(session.device)
    others, started = table.others.assign(user=table.rows["user"]), clock.monotonic()
    if loaded.method == "ratings":
        told = loaded.ratings(*recommender.numbers(loaded, table))
        return Predictions(
            numbers.read(table.rows["rating"], "rating").tolist(),
            told.tolist(),
            others=others,
            seconds=clock.monotonic() - started,
        )
    lists = ranking.lists_for(loaded, table)
    targets = list(table.rows["item"].map(data.label))
    return Predictions(targets, lists, None, loaded.items, others, clock.monotonic() - started)


def score(predictions: Predictions, session: Session) -> list[Measured]:
    """Intervals over people, since rows of one person hang together."""
    people = predictions.others["user"] if predictions.others is not None and "user" in predictions.others else None
    if not predictions.labels:
        targets, outputs = np.asarray(predictions.targets, float), np.asarray(predictions.outputs, float)
        low, high = intervals.bootstrap(scores.rmse, targets, outputs, seed=session.seed, groups=people)
        error = Measured("rmse", scores.rmse(targets, outputs), len(targets), low, high, higher_is_better=False,
                         seed=session.seed, method="percentile bootstrap over people, 95 %")  # fmt: skip
        return [error, _mean("mae", np.abs(targets - outputs), people, session, higher_is_better=False)]
    found = ranking.places(predictions.targets, list(predictions.outputs))
    shown = {name for told in predictions.outputs for name in told[: ranking.TOP]}
    return [
        _mean("ndcg_at_10", ranking.ndcg(found), people, session),
        _mean("hit_rate_at_10", found <= ranking.TOP, people, session),
        _mean("mrr_at_20", 1 / found, people, session),
        Measured("coverage_at_10", len(shown) / len(predictions.labels), len(found), seed=session.seed,
                 note="share of all things that anybody is proposed; it has no interval"),
    ]  # fmt: skip


def _mean(name: str, values: np.ndarray, people: Any, session: Session, **more: Any) -> Measured:
    low, high = intervals.of_mean(values, session.seed, groups=people)
    method = "percentile bootstrap over people, 95 %"
    return Measured(name, float(np.mean(values)), len(values), low, high, seed=session.seed, method=method, **more)


def tiny(_folder: Path, seed: int) -> tuple[Path | None, Table, Table, dict[str, Any]]:
    """Sixty people of three tastes among thirty things: each takes things of the own taste, nine times of ten."""
    import pandas as pd

    random = np.random.default_rng(seed)
    taken = [(user, item, hour) for user in range(60) for hour, item in enumerate(_taste(random, user % 3))]
    rows = pd.DataFrame(taken, columns=["user", "item", "time"]).assign(title=None)
    rows["rating"] = np.where(rows["user"] % 3 == rows["item"] // 10, 5.0, 1.0)
    whole = Table(rows, pd.DataFrame(index=rows.index), "tiny/taken")
    train, test = (data.part(whole, np.flatnonzero(where)) for where in (rows["time"] < 7, rows["time"] >= 7))
    return None, train, test, {"epochs": 40, "batch_size": 64, "learning_rate": 0.02, "width": 8, "patience": 0}


def _taste(random: Any, taste: int) -> list[int]:
    own = taste * 10 + random.permutation(10)[:9]
    return [*own[:4], int(random.integers(30)), *own[4:]]


RECIPE = Recipe(OFFER, finetune, predict, score, tiny, split=split)
