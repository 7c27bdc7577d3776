"""Arrow as `datasets` and pyarrow write it, and as nobody should."""

import io

import numpy as np
import pyarrow as pa
import pytest

from hub.catalog.errors import BadTable
from hub.catalog.tables import Cursor
from hub.catalog.tables.arrow import read_arrow

ROWS = {
    "n": pa.array([1, None, 3, 4, 5], pa.int32()),
    "big": pa.array([2**63, 1, 2, 3, None], pa.uint64()),
    "x": pa.array([0.5, 1.5, None, 2.0, -1.0]),
    "yes": pa.array([True, False, None, True, True]),
    "text": pa.array(["a", "ü", None, "", "long " * 9]),
    "wide": pa.array(["a", "b", "c", "d", "e"], pa.large_string()),
    "raw": pa.array([b"a", b"", None, b"xy", b"z"], pa.binary()),
    "two": pa.array([b"ab", b"cd", None, b"ef", b"gh"], pa.binary(2)),
    "tags": pa.array([["a", "b"], [], None, ["c"], [None]], pa.list_(pa.string())),
    "pair": pa.array([[1, 2], [3, 4], None, [5, 6], [7, 8]], pa.list_(pa.int64(), 2)),
    "image": pa.array([{"bytes": b"1", "path": "a"}, None, {"bytes": None, "path": "b"}, None, None],
                      pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
}  # fmt: skip


def written(table, *, batch=2, is_file=False, **more):
    file = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(**more)
    with (pa.ipc.new_file if is_file else pa.ipc.new_stream)(file, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=batch)
    return file.getvalue()


def read(data, row=0, limit=100):
    return read_arrow("rows.arrow", len(data), lambda at, count: data[at : at + count], at=Cursor(row), limit=limit)


@pytest.mark.parametrize("is_file", [False, True])
@pytest.mark.parametrize("batch", [1, 2, 5])
def test_every_row_is_as_it_was_written(batch, is_file):
    table = pa.table(ROWS)
    found, at, data = [], Cursor(), written(table, batch=batch, is_file=is_file)
    while at is not None:
        page = read(data, at.row, limit=3)
        found, at = [*found, *page.rows], page.next
    names = [column.name for column in page.columns]
    assert page.total == 5
    assert [column.fault for column in page.columns] == [""] * len(ROWS)
    assert [dict(zip(names, row, strict=True)) for row in found] == table.to_pylist()
    types = {column.name: column.type for column in page.columns}
    assert (types["tags"], types["pair"], types["n"]) == ("list of text", "list of int64", "int32")


def test_what_is_not_read_is_said():
    codes = pa.array(["a", "b"]).dictionary_encode()
    table = read(written(pa.table({"n": [1, 2], "code": codes, "behind": [3, 4]})))
    assert [bool(column.fault) for column in table.columns] == [False, True, True]
    assert table.rows == ((1, None, None), (2, None, None))
    packed = read(written(pa.table({"n": list(range(999))}), compression="lz4"), limit=2)
    assert "compressed" in packed.columns[0].fault


@pytest.mark.parametrize("data", [b"", b"PAR1", b"ARROW1\0\0", b"\xff\xff\xff\xff\x10\0\0\0" + b"\xff" * 16])
def test_what_is_no_arrow_is_refused(data):
    with pytest.raises(BadTable):
        read(data)


def test_damaged_files_end_in_a_word_and_never_in_another_error():
    whole, chance = written(pa.table(ROWS)), np.random.default_rng(0)
    for _ in range(300):
        data = bytearray(whole)
        for place in chance.integers(0, len(data), 4):
            data[place] = chance.integers(0, 256)
        try:
            read(bytes(data[: chance.integers(1, len(data))]), limit=5)
        except BadTable as error:
            assert error.message
