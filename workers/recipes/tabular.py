"""Tables: a small network over numbers and categories, for a class or a number in each row.

All columns but the label are inputs, unless the order names some. What each column looked like in training goes into
`config.json`, the weights into `model.safetensors`; gradient boosting on the same rows stands beside it in the card.
It also reads networks of linear layers with `features`, `mean` and `std` in their `config.json`.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workers.contract import Code, ColumnRole, Measured, Offer, Option
from workers.lib import classes, clock, columns, data, loop, mlp, numbers, scores
from workers.lib.mlp import Model
from workers.lib.session import Predictions, Recipe, Session, Table, Trained, Trouble

if TYPE_CHECKING:
    import pandas as pd
    import torch

HELD_OUT = 0.1

OFFER = Offer(
    kind="recipe",
    name="tabular",
    version="1.0.0",
    title="Table: classes or numbers",
    summary="Trains a small network to tell one column of a table from the others.",
    tasks=("tabular-classification", "tabular-regression"),
    options=(
        Option("target", "choice", "auto", "What to tell", "Auto: a class, unless the label is a fraction or has many "
               "different numbers.", choices=("auto", "class", "number")),
        Option("epochs", "int", 20, "Epochs", minimum=1, maximum=1000),
        Option("batch_size", "int", 256, "Rows a step", minimum=1, maximum=65_536),
        Option("learning_rate", "float", 2e-3, "Learning rate", minimum=1e-7, maximum=1.0),
        Option("columns", "text", "*", "Input columns", "Names or patterns, by commas."),
        Option("leave_out", "text", "", "Columns to leave out", "Names or patterns, by commas: ids, other outcomes."),
        Option("patience", "int", 5, "Epochs without progress before it ends", "0: never.", minimum=0, maximum=1000),
        Option("hidden", "text", "64, 32", "Widths of the hidden layers", is_advanced=True),
        Option("dropout", "float", 0.0, "Dropout", minimum=0, maximum=0.9, is_advanced=True),
        Option("weight_decay", "float", 1e-4, "Weight decay", minimum=0, maximum=1.0, is_advanced=True),
        *loop.OPTIONS,
        Option("boosting", "bool", True, "Gradient boosting beside it, for comparison", is_advanced=True),
    ),
    columns=(
        ColumnRole("label", "any", "Label", guesses=("label", "target", "class", "outcome", "y", "income", "*_>50K")),
    ),
    metric="accuracy",
    memory="table",
    base_is_optional=True,
)  # fmt: skip


# --- Training ---------------------------------------------------------------------------------------------------------


def split(session: Session, whole: Table) -> tuple[Table, Table]:
    """(train, validation): a tenth by a hash of the whole row, so that equal rows stay together; of each class where
    there are classes."""
    import pandas as pd

    cells = pd.concat([whole.rows, whole.others], axis=1).astype(str)
    marks = pd.util.hash_pandas_object(cells, index=False, hash_key=f"{session.seed:016d}"[-16:]).to_numpy()
    label = whole.rows["label"]
    strata = np.zeros(len(whole), dtype=str) if _is_number(label) else label.map(data.label).to_numpy()
    held = np.zeros(len(whole), dtype=bool)
    for name in set(strata):
        own = strata == name
        held |= own & (marks < np.quantile(marks[own].astype(float), HELD_OUT))
    return data.part(whole, np.flatnonzero(~held)), data.part(whole, np.flatnonzero(held))


def finetune(session: Session) -> Trained:
    import torch

    torch.manual_seed(session.seed)
    model = _start(session, session.rows())
    steps = _train(session, model)
    mlp.write(model, session.out)
    boosting = _boosting(session, model) if session.config["boosting"] else {}
    return Trained(steps, {**_facts(model), **boosting}, model.notes, _metadata(session, model))


def _metadata(session: Session, model: Model) -> dict[str, Any]:
    task = "tabular-classification" if model.labels else "tabular-regression"
    relation = {"base_model_relation": "finetune"} if session.base and not session.from_scratch else {}
    return {"pipeline_tag": task, "library_name": "pytorch", **relation}


def _start(session: Session, table: Table) -> Model:
    """The base, if it fits the task and isn't to be left aside; else a new network over the table's columns."""
    if session.base is not None and not session.from_scratch:
        return _tuned(mlp.read(session.base), table)
    frame, notes = _inputs(session, table)
    inputs, more = columns.fit(frame)
    if not inputs:
        raise Trouble(Code.DATASET_COLUMN_MISSING, "No column is left to learn from.", "Name some columns.", "columns")
    hidden = _widths(session.config["hidden"])
    labels, mean, std = _aim(session, table)
    places, dropout = sum(each.width for each in inputs), session.config["dropout"]
    network = mlp.network(places, hidden, len(labels) or 1, dropout)
    return Model(network, inputs, hidden, labels, mean, std, dropout, notes + more)


def _tuned(base: Model, table: Table) -> Model:
    """With a new last layer where the classes of the data are not all among the base's."""
    import torch

    wanted = classes.names_of(table.rows["label"]) if base.labels else ()
    if set(wanted) <= set(base.labels):
        return base
    base.network[-1] = torch.nn.Linear(base.network[-1].in_features, len(wanted))  # type: ignore[arg-type]
    return Model(base.network, base.inputs, base.hidden, wanted, dropout=base.dropout)


def _inputs(session: Session, table: Table) -> "tuple[pd.DataFrame, tuple[str, ...]]":
    """The columns to learn from, without those that give the label away."""
    names = columns.chosen(list(map(str, table.others.columns)), session.config["columns"], session.config["leave_out"])
    frame = table.others[names]
    plain = [name for name in names if frame[name].map(np.isscalar).all()]
    given = columns.giveaways(frame[plain], table.rows["label"])
    notes = tuple(f"`{name}` is left out: it is the label under another name." for name in given)
    return frame.drop(columns=given), notes


def _widths(text: str) -> tuple[int, ...]:
    try:
        widths = tuple(int(part) for part in text.split(",") if part.strip())
    except ValueError:
        widths = (0,)
    if not all(1 <= width <= 8192 for width in widths):
        raise Trouble(Code.BAD_SPEC, f"{text!r} are no widths of layers.", "Write such as: 64, 32", "config.hidden")
    return widths


def _aim(session: Session, table: Table) -> tuple[tuple[str, ...], float, float]:
    """Names of the classes; or none, with the mean and the deviation of the number."""
    label, target = table.rows["label"], session.config["target"]
    if target == "class" or (target == "auto" and not _is_number(label)):
        return classes.names_of(label), 0.0, 1.0
    told = numbers.read(label)
    return (), float(told.mean()), float(told.std()) or 1.0


def _is_number(label: "pd.Series") -> bool:
    from pandas.api import types

    if not types.is_numeric_dtype(label) or types.is_bool_dtype(label):
        return False
    return label.nunique() > 50 or not bool((label.dropna() % 1 == 0).all())


def _train(session: Session, model: Model) -> int:
    import torch

    table = session.rows()
    values = torch.from_numpy(columns.encode(table, model.inputs)).to(session.device)
    truth = torch.from_numpy(_truth(model, table)).to(session.device)
    model.network.to(session.device)

    def loss(rows: "torch.Tensor") -> "torch.Tensor":
        told, wanted = model.network(values[rows.to(values.device)]), truth[rows.to(truth.device)]
        if model.labels:
            return torch.nn.functional.cross_entropy(told, wanted)
        return torch.nn.functional.mse_loss(told[:, 0], wanted)

    return loop.train(session, _plan(session, model, loss))


def _classes(table: Table, model: Model) -> np.ndarray:
    return np.asarray(data.classes(table.rows["label"], model.labels), dtype="int64")


def _truth(model: Model, table: Table) -> np.ndarray:
    if model.labels:
        return _classes(table, model)
    return ((numbers.read(table.rows["label"]) - model.mean) / model.std).astype("float32")


def _plan(session: Session, model: Model, loss: Any) -> loop.Plan:
    config, held = session.config, session.validation
    return loop.Plan(
        module=model.network,
        rows=len(session.train or ()),
        loss=loss,
        judge=(lambda: _judge(session, model, held)) if held is not None and len(held) else None,
        metric="accuracy" if model.labels else "rmse",
        higher_is_better=bool(model.labels),
        epochs=config["epochs"],
        batch=config["batch_size"],
        rate=config["learning_rate"],
        decay=config["weight_decay"],
        patience=config["patience"],
    )


def _judge(session: Session, model: Model, held: Table) -> float:
    told = _told(session, model, held)
    if model.labels:
        return float((_classes(held, model) == told.argmax(1)).mean())
    return scores.rmse(numbers.read(held.rows["label"]), told[:, 0] * model.std + model.mean)


def _facts(model: Model) -> dict[str, str]:
    shown = ", ".join(f"`{column.name}`" for column in model.inputs[:20])
    more = f" and {len(model.inputs) - 20} more" if len(model.inputs) > 20 else ""
    layers = ", ".join(map(str, model.hidden)) or "none"
    aim = f"one of {len(model.labels)} classes" if model.labels else "a number"
    return {
        "Model": f"A network with hidden layers {layers} that tells {aim} from {len(model.inputs)} columns.",
        "Inputs": f"{shown}{more}. How each is scaled or spelled out stands in `config.json`.",
    }


def _boosting(session: Session, model: Model) -> dict[str, str]:
    """What gradient boosting makes of the same rows: a network that loses to it is not worth its trouble."""
    from sklearn import ensemble

    train, held = session.train, session.validation
    if train is None or held is None or not len(held):
        return {}
    kind = ensemble.HistGradientBoostingClassifier if model.labels else ensemble.HistGradientBoostingRegressor
    trees = kind(random_state=session.seed).fit(columns.encode(train, model.inputs), _truth(model, train))
    told, truth = trees.predict(columns.encode(held, model.inputs)), _truth(model, held)
    value = float((truth == told).mean()) if model.labels else scores.rmse(truth, told) * model.std
    name = "accuracy" if model.labels else "root mean square error"
    return {
        "Beside it": f"Gradient boosting with default settings: {name} {value:.4f} on the {len(held)} held-out rows."
    }


# --- Use --------------------------------------------------------------------------------------------------------------


def predict(session: Session, model: Path, table: Table) -> Predictions:
    loaded = mlp.read(model)
    started = clock.monotonic()
    told = _told(session, loaded, table)
    seconds = clock.monotonic() - started
    if not loaded.labels:
        made = told[:, 0] * loaded.std + loaded.mean
        return Predictions(
            numbers.read(table.rows["label"]).tolist(), made.tolist(), others=table.others, seconds=seconds
        )
    targets = _classes(table, loaded)
    return Predictions(targets.tolist(), told.argmax(1).tolist(), told, loaded.labels, table.others, seconds)


def _told(session: Session, model: Model, table: Table) -> np.ndarray:
    """Probabilities of the classes, or one scaled number a row."""
    import torch

    values = torch.from_numpy(columns.encode(table, model.inputs))
    network = model.network.to(session.device).eval()
    with torch.no_grad():
        told = torch.cat([network(part.to(session.device)).float().cpu() for part in values.split(8192)])
    return np.asarray(told.softmax(1) if model.labels else told, dtype="float64")


def score(predictions: Predictions, session: Session) -> list[Measured]:
    return (scores.values if predictions.scores is None else scores.classes)(predictions, session.seed)


def tiny(_folder: Path, seed: int) -> tuple[Path | None, Table, Table, dict[str, Any]]:
    """A class that is a matter of one number and one word; a third column is noise."""
    import pandas as pd

    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"size": random.normal(size=300), "noise": random.normal(size=300)})
    frame["colour"] = random.choice(["red", "green"], 300)
    rows = pd.DataFrame({"label": np.where(frame["size"] + 2 * (frame["colour"] == "red") > 1, "yes", "no")})
    whole = Table(rows, frame, "tiny/table")
    parts = data.part(whole, range(200)), data.part(whole, range(200, 300))
    return None, *parts, {"epochs": 20, "batch_size": 20, "learning_rate": 0.01, "boosting": False}


RECIPE = Recipe(OFFER, finetune, predict, score, tiny, split=split)
