"""A fine-tune beside the same training from random weights, as JSON data."""

from typing import Any


def head_start(found: Any) -> dict[str, Any]:
    return {
        "state": found.state,
        "metric": found.metric,
        "higherIsBetter": found.higher_is_better,
        "tuned": _side(found.tuned),
        "scratch": _side(found.scratch),
        **_worth(found.worth),
        "gap": _gap(found) if found.gap else None,
    }


def _side(one: Any) -> dict[str, Any]:
    seconds = [each.seconds for each in one.looks if each.seconds is not None]
    points = [[each.step, each.value] for each in one.looks]
    return {"job": one.job.public_id, "state": one.job.state, "points": points, "seconds": max(seconds, default=None)}


def _worth(worth: Any) -> dict[str, Any]:
    names = {"scratchBest": "best", "reached": "reached", "tunedBest": "tuned_best", "caughtUp": "caught_up"}
    told = {name: _look(getattr(worth, part)) if worth else None for name, part in names.items()}
    shares = {"savedSteps": worth.saved_steps, "savedSeconds": worth.saved_seconds} if worth else {}
    return {**told, "savedSteps": None, "savedSeconds": None, **shares}


def _look(look: Any) -> dict[str, Any] | None:
    return {"step": look.step, "value": look.value, "seconds": look.seconds} if look else None


def _gap(found: Any) -> dict[str, Any]:
    tuned, _ = found.numbers
    ends = {name: getattr(found.gap, name) for name in ("value", "low", "high")}
    return {**ends, "isSure": found.gap.is_sure, "n": tuned.n, "dataset": tuned.dataset, "split": tuned.split}
