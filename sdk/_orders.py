"""Order jobs of a hub: a fine-tune, an evaluation, a ranking of models."""

from collections.abc import Iterable, Mapping
from typing import Any

from sdk import _config
from sdk._client import Client
from sdk._jobs import Job


def finetune(
    base: str | None,
    *,
    dataset: Any,
    recipe: str,
    out: str = "",
    revision: str = "main",
    suites: Iterable[str] = (),
    hub: str | None = None,
    token: str | None = None,
    **more: Any,
) -> Job:
    """Order a fine-tune of `base` on a data set (a name, or {repo, revision, config, split, columns}; or several).

    Options of the recipe go by name (`epochs=3`); so do title, seed, device, gpus, max_seconds, private, licence,
    purpose, columns, compare_scratch. Raises OrderRefusedError, which lists all that is in the way.
    """
    told = {"kind": "finetune", "base": base, "base_revision": revision, "recipe": recipe, "out": out,
            "suites": list(suites)}  # fmt: skip
    return _order({**told, **_data(dataset, more), **_options(more)}, hub, token)


def evaluate(
    model: str,
    *,
    suite: str | Iterable[str] = (),
    dataset: Any = None,
    recipe: str = "",
    revision: str = "main",
    hub: str | None = None,
    token: str | None = None,
    **more: Any,
) -> Job:
    """Order an evaluation of a model by one suite or several; `recipe` is the one that predicts, and measures too.

    `config` is by suite: `config={"calibration": {"bins": 10}}`.
    """
    suites = [suite] if isinstance(suite, str) and suite else list(suite)
    told = {"kind": "evaluate", "base": model, "base_revision": revision, "recipe": recipe, "suites": suites}
    return _order({**told, **_data(dataset, more), **_options(more)}, hub, token)


def rank(
    dataset: Any,
    *,
    candidates: Iterable[str],
    home: Any = None,
    recipe: str = "transfer",
    hub: str | None = None,
    token: str | None = None,
    **more: Any,
) -> Job:
    """Order a ranking: which of these models is the best head start for the data set.

    `home`: a data set such as the models were made with; how far yours lies from it is measured too. The ranking is
    `job.result().ranking`.
    """
    told = {"kind": "rank", "candidates": list(candidates), "recipe": recipe}
    datasets = [{"role": "test", **each} for each in _data(dataset, more)["datasets"]]
    datasets += [{"role": "train", **each} for each in _data(home, {}).get("datasets", ())]
    return _order({**told, "datasets": datasets, **_options(more)}, hub, token)


# Fields of an order; every other word is an option of the recipe.
_FIELDS = frozenset(
    (
        "title",
        "seed",
        "device",
        "gpus",
        "priority",
        "max_seconds",
        "from_scratch",
        "compare_scratch",
        "private",
        "licence",
        "purpose",
    )
)


def _order(told: Mapping[str, Any], hub: str | None, token: str | None) -> Job:
    """By a client of its own: on a fresh connection nothing is sent twice."""
    client = Client(_config.resolve(hub, token))
    sent = {name: value for name, value in told.items() if value not in (None, "", [], {})}
    with client.closing():
        return Job(client.own_post("jobs", sent, asked="the order"), client)


def _options(more: Mapping[str, Any]) -> dict[str, Any]:
    config = dict(more.get("config") or {})
    config |= {name: value for name, value in more.items() if name not in _FIELDS and name not in ("config", "columns")}
    return {**{name: more[name] for name in _FIELDS if name in more}, "config": config}


def _data(dataset: Any, more: Mapping[str, Any]) -> dict[str, Any]:
    if dataset is None:
        return {}
    every = list(dataset) if isinstance(dataset, list | tuple) else [dataset]
    columns = {"columns": dict(more["columns"])} if more.get("columns") else {}
    return {"datasets": [{**({"repo": one} if isinstance(one, str) else one), **columns} for one in every]}
