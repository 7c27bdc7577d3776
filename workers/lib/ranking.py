"""What a recommender proposes to the people of a table, and where in it stands what they took."""

from typing import Any

import numpy as np

from workers.lib import data
from workers.lib.recommender import Model, numbers
from workers.lib.session import Table

# Judged by the first TOP; LISTED are kept.
TOP, LISTED = 10, 20
AT_ONCE = 256


def lists_for(model: Model, table: Table) -> list[list[str]]:
    users, items = numbers(model, table)
    keys = table.rows["user"].map(data.label).to_numpy()
    lists: list[list[str]] = [[] for _ in items]
    people = list(dict.fromkeys(keys))
    rows_of = {key: np.flatnonzero(keys == key) for key in people}
    for start in range(0, len(people), AT_ONCE):
        part = people[start : start + AT_ONCE]
        scores = model.scores([None if users[rows_of[key][0]] < 0 else int(users[rows_of[key][0]]) for key in part])
        for key, told in zip(part, scores, strict=True):
            _fill(lists, model, rows_of[key], told, users, items)
    return lists


def _fill(
    lists: list[list[str]], model: Model, rows: np.ndarray, told: np.ndarray, users: np.ndarray, items: np.ndarray
) -> None:
    """The lists of one person's rows."""
    wanted = items[rows]
    told[model.history.get(int(users[rows[0]]), np.zeros(0, dtype="int64"))] = -np.inf
    order = np.argsort(-told, kind="stable")[: LISTED + len(rows)]
    for row, own in zip(rows, wanted, strict=True):
        others = set(wanted.tolist()) - {int(own)}
        lists[row] = [model.items[number] for number in order if number not in others and told[number] > -np.inf][
            :LISTED
        ]


def places(targets: Any, lists: list[list[str]]) -> np.ndarray:
    """Where each target stands in its list, from 1; infinity where it doesn't."""
    pairs = zip(targets, lists, strict=True)
    return np.asarray([told.index(target) + 1 if target in told else np.inf for target, told in pairs], dtype=float)


def ndcg(found: np.ndarray) -> np.ndarray:
    """Of each row, with a single thing that is right: 1 / log2(1 + place) among the first ten, else 0."""
    return np.where(found <= TOP, 1 / np.log2(1 + found), 0.0)
