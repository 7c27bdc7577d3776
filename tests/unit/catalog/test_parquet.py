"""The reader of Parquet files against the one that everybody uses, and against damaged files."""

import datetime as dt
import decimal
import io

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hub.catalog.errors import BadTable
from hub.catalog.tables import Cursor, Table
from hub.catalog.tables.parquet import read_parquet

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

ROWS = [
    {"n": at, "x": at / 3, "t": f"row {at % 7} ünï", "b": at % 2 == 0, "l": list(range(at % 4)) if at % 5 else None}
    | {"s": {"bytes": b"\0" * (at % 3), "path": None if at % 2 else "p"}, "m": [{"k": [at, None]}, {"k": []}]}
    | {"day": dt.date(2024, 1, 1) + dt.timedelta(days=at), "d": decimal.Decimal(f"{at}.25")}
    | {"at": dt.datetime.fromisoformat(f"2024-01-01T12:{at % 60:02}"), "nn": None if at % 3 else at, "u": at % 256}
    for at in range(1500)
]
TYPES = {"n": pa.int64(), "x": pa.float64(), "t": pa.string(), "b": pa.bool_(), "l": pa.list_(pa.int32())}
TYPES |= {"s": pa.struct([("bytes", pa.binary()), ("path", pa.string())]), "day": pa.date32(), "nn": pa.int32()}
TYPES |= {"m": pa.list_(pa.struct([("k", pa.list_(pa.int64()))])), "d": pa.decimal128(10, 2), "at": pa.timestamp("us")}
TYPES |= {"u": pa.uint8()}


def made(**options: object) -> bytes:
    table = pa.Table.from_pylist(ROWS, schema=pa.schema([(name, TYPES[name]) for name in ROWS[0]]))
    file = io.BytesIO()
    pq.write_table(table, file, **options)
    return file.getvalue()


def page(data: bytes, row: int = 0, limit: int = 100) -> Table:
    return read_parquet("a.parquet", len(data), lambda at, n: data[at : at + n], at=Cursor(row), limit=limit)


def plain(row: dict) -> tuple:
    moments = {"day": row["day"].isoformat(), "d": str(row["d"]), "at": row["at"].isoformat(" ")}
    return tuple({**row, **moments}.values())


@pytest.mark.parametrize(
    "options",
    [
        {"compression": "snappy"},
        {"compression": "zstd", "use_dictionary": False},
        {"compression": "gzip", "data_page_version": "2.0"},
        {"compression": "brotli"},
        {"compression": "lz4", "data_page_version": "2.0"},
        {"compression": "none", "row_group_size": 300},
        {"data_page_size": 512, "write_batch_size": 50},
        {"use_dictionary": False, "column_encoding": {"n": "DELTA_BINARY_PACKED", "t": "DELTA_BYTE_ARRAY"}},
        {"use_dictionary": False, "column_encoding": {"x": "BYTE_STREAM_SPLIT", "t": "DELTA_LENGTH_BYTE_ARRAY"}},
        {"use_deprecated_int96_timestamps": True},
    ],
)
@pytest.mark.parametrize("row", [0, 250, 1450])
def test_rows_are_those_that_were_written(options: dict, row: int) -> None:
    table = page(made(**options), row)
    assert [column.fault for column in table.columns] == [""] * len(table.columns)
    assert table.rows == tuple(plain(each) for each in ROWS[row : row + len(table.rows)])
    assert (len(table.rows), table.total) == (
        50 if row == 1450 or (row == 250 and "row_group_size" in options) else 100,
        1500,
    )
    assert table.next == (None if row == 1450 else Cursor(row + len(table.rows)))


def test_types_in_words() -> None:
    words = {column.name: column.type for column in page(made(), limit=1).columns}
    assert words["s"] == "struct" and words["l"] == "list of int32" and words["m"] == "list of struct"
    assert (words["t"], words["day"], words["at"], words["u"]) == ("text", "date", "timestamp", "uint8")


def test_a_file_without_rows() -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({"a": pa.array([], pa.int64())}), file)
    table = page(file.getvalue())
    assert (table.rows, table.total, [column.name for column in table.columns]) == ((), 0, ["a"])


def test_a_column_too_large_says_so_and_leaves_the_others() -> None:
    file = io.BytesIO()
    rows = {"big": [bytes(40_000_000)], "small": [1]}
    pq.write_table(pa.table(rows), file, compression="zstd", use_dictionary=False)
    table = page(file.getvalue())
    assert "more than is read for a preview" in table.columns[0].fault
    assert table.rows == ((None, 1),)


SMALL = made(row_group_size=200)[:]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example([(4669, 128)], False)
@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=40), st.booleans())
def test_a_damaged_file_gives_rows_or_a_fault(changes: list[tuple[int, int]], is_footer: bool) -> None:
    data = bytearray(SMALL)
    for at, byte in changes:
        data[len(data) - 9 - at % 4000 if is_footer else at] = byte
    try:
        table = page(bytes(data), limit=20)
    except BadTable:
        return
    assert all(len(row) == len(table.columns) for row in table.rows) and len(table.rows) <= 20


@given(st.binary(max_size=300))
def test_bytes_that_are_no_file(data: bytes) -> None:
    for each in (data, b"PAR1" + data + len(data).to_bytes(4, "little") + b"PAR1"):
        with pytest.raises(BadTable):
            page(each)


def test_the_label_behind_a_picture_of_784_pixels_is_seen() -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({**{f"pixel_{number}": [0, 255] for number in range(784)}, "label": [3, 7]}), file)
    found = page(file.getvalue())
    assert [found.columns[-1].name, *(row[-1] for row in found.rows)] == ["label", 3, 7]
