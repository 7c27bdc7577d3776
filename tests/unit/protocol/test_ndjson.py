"""Lines of a commit: parsed as they come, whatever way they are cut."""

import base64
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.catalog.errors import BadCommit, CommitTooLarge
from hub.protocol import ndjson
from hub.protocol.ndjson import read_lines

MOST = 10_000_000


def body_of(*lines: dict) -> bytes:
    return b"\n".join(json.dumps(line).encode() for line in lines)


def file_line(data: bytes, path: str = "a", order: int = 0) -> dict:
    value = {"content": base64.b64encode(data).decode(), "path": path, "encoding": "base64"}
    return {"key": "file", "value": dict(sorted(value.items(), reverse=bool(order)))}


class Dribble(io.BytesIO):
    """Gives a few bytes at a time, as a network does."""

    def __init__(self, data: bytes, step: int) -> None:
        super().__init__(data)
        self.step = step

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(self.step, size or self.step))


def contents(body: bytes, step: int = 65_537) -> list[bytes]:
    found = []
    for line in read_lines(Dribble(body, step).read, most_content=MOST):
        if line.content:
            with line.content as content:
                found.append(content.read())
            assert line.value["value"]["content"] == ""
        else:
            found.append(base64.b64decode(line.value["value"]["content"]))
    return found


def test_long_and_short_lines_in_any_order():
    blobs = [b"short", bytes(range(256)) * 9000, b"", b"x" * 2_000_001, b"end"]
    assert contents(body_of(*[file_line(blob, order=at % 2) for at, blob in enumerate(blobs)])) == blobs


def test_blank_lines_and_line_ends_count_but_say_nothing():
    lines = list(read_lines(io.BytesIO(b'\n{"a":1}\r\n\n{"b":2}\n').read, most_content=MOST))
    assert [(line.number, line.value) for line in lines] == [(2, {"a": 1}), (4, {"b": 2})]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=4000), max_size=6), st.integers(1, 3000), st.integers(100, 2000))
def test_however_the_body_is_cut(blobs, step, limit):
    old = ndjson.LINE_LIMIT, ndjson.CHUNK
    ndjson.LINE_LIMIT, ndjson.CHUNK = limit, step
    try:
        assert contents(body_of(*[file_line(blob) for blob in blobs]), step) == blobs
    finally:
        ndjson.LINE_LIMIT, ndjson.CHUNK = old


def test_a_path_that_looks_like_a_content_key():
    big = bytes(2_000_000)
    line = file_line(big, path='"content": "AAAA')
    [found] = read_lines(io.BytesIO(body_of(line)).read, most_content=MOST)
    with found.content as content:
        assert content.read() == big
    assert found.value["value"]["path"] == '"content": "AAAA'


@pytest.mark.parametrize(
    "content",
    [b"A" * 1_500_000, b"A" * 1_500_001 + b'"}}', b"AA==" + b"A" * 1_500_000 + b'"}}', b"%" * 1_500_000 + b'"}}'],
)
def test_a_long_content_that_is_not_base64(content):
    with pytest.raises(BadCommit, match="ine 1"):
        list(read_lines(io.BytesIO(b'{"key":"file","value":{"content":"' + content).read, most_content=MOST))


def test_a_content_over_the_limit():
    with pytest.raises(CommitTooLarge):
        list(read_lines(io.BytesIO(body_of(file_line(bytes(2_000_000)))).read, most_content=1_000_000))
