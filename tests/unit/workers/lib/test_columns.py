"""Columns of a table as numbers."""

import numpy as np
import pandas as pd
import pytest

from workers.lib import columns
from workers.lib.columns import Column
from workers.lib.session import Table, Trouble

FRAME = pd.DataFrame(
    {
        "size": [1.0, 3.0, None, 2.0],
        "colour": ["red", None, "red", "blue"],
        "same": [7, 7, 7, 7],
        "cells": [[1], [2], [3], [4]],
        "day": pd.to_datetime(["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04"]),
    }
)


def table(frame: pd.DataFrame) -> Table:
    return Table(pd.DataFrame({"label": [0] * len(frame)}), frame, "me/table")


def test_each_kind_of_column_is_fitted_or_left_out_with_a_word():
    made, notes = columns.fit(FRAME)
    assert [(column.name, column.kind, column.width) for column in made] == [
        ("size", "number", 2),
        ("colour", "category", 3),
        ("day", "number", 1),
    ]
    assert len(notes) == 2
    assert notes[0].startswith("`same`")
    assert notes[1].startswith("`cells`")


def test_missing_and_unknown_cells_are_told_apart_from_known_ones():
    made, _ = columns.fit(FRAME[["size", "colour"]])
    told = columns.encode(table(pd.DataFrame({"size": [2.0, None], "colour": ["green", "red"]})), made)
    assert told.tolist() == [[0, 0, 0, 0, 0], [0, 1, 0, 0, 1]]


def test_a_column_comes_back_from_json():
    column = Column("colour", "category", values=("red", "blue"))
    assert Column.from_json(column.to_json()) == column


def test_a_column_that_is_the_label_under_another_name_gives_it_away():
    label = pd.Series(["yes", "no", "yes", "no"])
    frame = pd.DataFrame({"flag": [1, 0, 1, 0], "half": [1, 1, 1, 0], "id": [1, 2, 3, 4]})
    assert columns.giveaways(frame, label) == ["flag"]


def test_ids_are_left_out():
    made, notes = columns.fit(pd.DataFrame({"name": [f"n{number}" for number in range(300)]}))
    assert made == ()
    assert "a value of its own" in notes[0]


def test_names_are_chosen_by_patterns():
    assert columns.chosen(["age", "sex_F", "sex_M", "id"], "age, sex_*", "*_M") == ["age", "sex_F"]
    assert columns.chosen(["a", "b"], "", "") == ["a", "b"]


def test_a_data_set_without_the_column_is_refused_by_name():
    with pytest.raises(Trouble, match="`size`"):
        columns.encode(table(pd.DataFrame({"other": [1.0]})), (Column("size"),))


def test_a_number_is_scaled_as_in_training():
    assert columns.encode(table(pd.DataFrame({"x": [4.0]})), (Column("x", "number", 2.0, 4.0),)) == np.float32(0.5)
