"""Rows of text files: pages that fit together, and hostile text."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.catalog.errors import BadTable
from hub.catalog.selectors import main_data_file
from hub.catalog.tables import Cursor, Table
from hub.catalog.tables.delimited import guessed_type, read_delimited
from hub.catalog.tables.jsonrows import read_json_lines, read_json_list


def read(reader, data: bytes, at: Cursor = Cursor(), limit: int = 10, path: str = "a.csv") -> Table:  # noqa: B008
    return reader(path, len(data), lambda start, length: data[start : start + length], at=at, limit=limit)


def all_rows(reader, data: bytes, limit: int) -> list[tuple]:
    table = read(reader, data, limit=limit)
    found = [*table.rows]
    while table.next:
        assert table.next.byte > table.start.byte
        table = read(reader, data, table.next, limit)
        assert len(table.rows) <= limit
        found += table.rows
    return found


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=8)


@given(st.lists(st.tuples(cells, cells), max_size=30), st.integers(1, 7))
def test_pages_of_a_table_make_the_whole(rows: list[tuple[str, str]], limit: int) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("a", "b"), *rows])
    assert all_rows(read_delimited, file.getvalue().encode(), limit) == rows


@given(st.lists(st.dictionaries(st.just("a"), cells, min_size=1), max_size=30), st.integers(1, 7))
def test_pages_of_json_lines_make_the_whole(rows: list[dict], limit: int) -> None:
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    assert all_rows(read_json_lines, data, limit) == [(row["a"],) for row in rows]


@given(st.binary(max_size=400), st.integers(0, 400))
def test_any_bytes_give_rows_or_a_fault(data: bytes, byte: int) -> None:
    for reader in (read_delimited, read_json_lines, read_json_list):
        try:
            table = read(reader, data, Cursor(3, min(byte, len(data))))
        except BadTable:
            continue
        assert len(table.rows) <= 10


def test_types_are_guessed_from_all_cells() -> None:
    table = read(read_delimited, b"a,b,c,d,e\n1,1.5,x,,true\n2,3,4,,false\n")
    kinds = ["whole number", "number", "text", "empty", "true or false"]
    assert [column.type for column in table.columns] == kinds
    assert guessed_type(["2024-01-01", "2024-01-01T10:00:00Z"]) == "date"


def test_tabs_and_a_byte_order_mark() -> None:
    table = read(read_delimited, b"\xef\xbb\xbfa\tb\n1\t2\n", path="x.TSV")
    assert ([column.name for column in table.columns], table.rows) == (["a", "b"], (("1", "2"),))


def test_a_row_longer_than_a_page_is_refused() -> None:
    for reader, data in ((read_delimited, b"a\n" + b"x" * 3_000_000), (read_json_lines, b'"' + b"x" * 3_000_000)):
        with pytest.raises(BadTable):
            read(reader, data)


def test_a_list_of_objects_has_columns_of_all_of_them() -> None:
    table = read(read_json_list, b'[{"a": 1}, {"b": [2], "a": 1.5}]', path="a.json")
    assert [(column.name, column.type) for column in table.columns] == [("a", "number"), ("b", "list")]
    assert table.rows == ((1, None), (1.5, [2])) and table.total == 2


@pytest.mark.parametrize(
    ("metadata", "chosen"),
    [
        ({}, "data/train-1.parquet"),
        ({"configs": [{"config_name": "x", "data_files": "data/test.csv"}]}, "data/test.csv"),
        (
            {
                "configs": [
                    {
                        "data_files": [
                            {"split": "test", "path": "data/test.csv"},
                            {"split": "train", "path": "**/*.json"},
                        ]
                    }
                ]
            },
            "a.json",
        ),
        (
            {"configs": [{"data_files": "x"}, {"default": True, "data_files": ["data/train-*.parquet"]}]},
            "data/train-0.parquet",
        ),
        ({"configs": [3, {"data_files": {"path": [4]}}]}, "data/train-1.parquet"),
    ],
)
def test_the_file_that_shows_what_a_data_set_holds(metadata: dict, chosen: str) -> None:
    sizes = [
        ("a.json", 900),
        ("data/train-0.parquet", 5),
        ("data/train-1.parquet", 6),
        ("data/test.csv", 99),
        ("x.bin", 1),
    ]
    assert main_data_file(metadata, sizes) == chosen


def test_no_file_with_rows() -> None:
    assert main_data_file({}, [("model.bin", 4)]) == ""
