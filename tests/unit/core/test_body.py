"""Bodies read from gunicorn's own socket."""

import io
import socket

import pytest
from django.test import RequestFactory
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.unreader import SocketUnreader

from hub.core.body import body_stream
from hub.storage.services.pieces import pieces_of


@pytest.fixture
def line():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def request_on(ours, held: bytes, length: int):
    unreader = SocketUnreader(ours)
    unreader.unread(held)
    body = Body(LengthReader(unreader, length))
    request = RequestFactory().put("/")
    request.META |= {"wsgi.input": body, "gunicorn.socket": ours}
    return request, body, unreader


def test_what_was_read_ahead_comes_first(line):
    ours, theirs = line
    data = bytes(range(256)) * 8000
    request, body, _ = request_on(ours, data[:1000], len(data))
    theirs.sendall(data[1000:50_000])
    stream = body_stream(request)
    assert stream.read(49_000) == data[:1000]
    assert body.reader.length == len(data) - 1000
    buffer = memoryview(bytearray(49_000))
    assert bytes(buffer[: stream.readinto(buffer)]) == data[1000:50_000]


def test_the_next_request_is_left_alone(line):
    ours, _ = line
    request, body, unreader = request_on(ours, b"bodyGET /", 4)
    assert b"".join(bytes(piece) for piece in pieces_of(body_stream(request), 4)) == b"body"
    assert unreader.take_buffered() == b"GET /" and body.read() == b""


def test_a_connection_that_fails_is_not_used_again(line):
    ours, _ = line
    request, body, _ = request_on(ours, b"", 10)
    stream = body_stream(request)
    ours.settimeout(0.01)
    with pytest.raises(TimeoutError):
        stream.read(10)
    assert body.failed


def test_other_servers_give_the_request_itself():
    request = RequestFactory().put("/", b"abc")
    request.META["wsgi.input"] = io.BytesIO(b"abc")
    assert body_stream(request) is request
