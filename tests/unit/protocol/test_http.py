"""Ranges, conditions, booleans, and files by the kernel."""

import io

import pytest
from django.test import RequestFactory

from hub.core.errors import InvalidInput, TooLarge
from hub.protocol import http
from hub.protocol.http import Span
from hub.storage.backends import LocalFile, Redirect, Stream
from hub.storage.errors import BadRange

ETAG = "a" * 40


def asking(**headers: str):
    return RequestFactory().get("/x", headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=0-", Span(0, 100)),
        ("bytes=10-19", Span(10, 10)),
        ("bytes=90-1000", Span(90, 10)),
        ("bytes=-30", Span(70, 30)),
        ("bytes=-1000", Span(0, 100)),
        ("Bytes= 99-", Span(99, 1)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
    ],
)
def test_a_range_is_cut_to_the_file(header, span):
    assert http.requested_span(asking(range=header), 100, ETAG) == span


@pytest.mark.parametrize(("header", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0), ("bytes=-5", 0)])
def test_a_range_behind_the_end(header, size):
    with pytest.raises(BadRange):
        http.requested_span(asking(range=header), size, ETAG)


def test_if_range_disowns_a_range_of_something_else():
    assert http.requested_span(asking(range="bytes=1-2", if_range=f'"{ETAG}"'), 100, ETAG) == Span(1, 2)
    assert http.requested_span(asking(range="bytes=1-2", if_range='"other"'), 100, ETAG) is None
    assert http.requested_span(asking(range="bytes=1-2", if_range=f'W/"{ETAG}"'), 100, ETAG) is None


@pytest.mark.parametrize("header", [f'"{ETAG}"', f'W/"{ETAG}"', f'"b", "{ETAG}"', "*"])
def test_unchanged(header):
    assert http.is_unchanged(asking(if_none_match=header), ETAG)
    assert not http.is_unchanged(asking(), ETAG)


def test_a_part_of_a_file(db, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(range(100)))
    response = http.deliver_response(asking(), LocalFile(path, 10, 5, 100), {"ETag": "x"}, Span(10, 5))
    assert b"".join(response) == bytes(range(10, 15))
    assert (response.status_code, response["Content-Range"]) == (206, "bytes 10-14/100")
    assert (response["Content-Length"], response["ETag"], response["Accept-Ranges"]) == ("5", "x", "bytes")
    assert response.file_to_stream.tell() == 15
    response.close()
    assert response.file_to_stream.closed


def test_a_stream_and_a_redirect():
    response = http.deliver_response(asking(), Stream(iter([b"ab", b"c"]), 3, 3), {})
    assert (b"".join(response), response["Content-Length"], response.status_code) == (b"abc", "3", 200)
    response = http.deliver_response(asking(), Redirect("https://elsewhere/x"), {})
    assert (response.status_code, response["Location"]) == (302, "https://elsewhere/x")


def test_nginx_is_told_where_the_file_lies(settings, tmp_path):
    settings.STORAGE_DIR, settings.ACCEL_PREFIX = tmp_path, "/files/"
    response = http.deliver_response(asking(), LocalFile(tmp_path / "sha256" / "ab", 0, 5, 5), {"ETag": "x"})
    assert (response["X-Accel-Redirect"], response["ETag"]) == ("/files/sha256/ab", "x")
    assert not response.has_header("Content-Range")


@pytest.mark.parametrize("value", [True, "true", "True", "1", "on"])
def test_true_in_its_spellings(value):
    assert http.is_true(value) and not http.is_true({True: False, "1": "0"}.get(value, "false"))


def test_what_is_no_boolean_or_number():
    with pytest.raises(InvalidInput):
        http.is_true("perhaps")
    for text in ("0", "-1", "x", "9" * 30):
        with pytest.raises(InvalidInput):
            http.number_of(RequestFactory().get("/", {"limit": text}), "limit", default=1, most=10)


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b"\xff"])
def test_bodies_that_are_no_object(body):
    with pytest.raises(InvalidInput):
        http.json_body(RequestFactory().post("/", body, content_type="application/json"))


def test_a_body_over_the_limit_is_not_read():
    request = RequestFactory().post("/", b"", content_type="application/json", CONTENT_LENGTH="2000001")
    request._stream = io.BytesIO(b"")
    with pytest.raises(TooLarge):
        http.json_body(request)


def test_a_client_that_stalls_is_let_go(settings):
    class Socket:
        def settimeout(self, seconds):
            self.seconds = seconds

    request, socket = asking(), Socket()
    request.META["gunicorn.socket"] = socket
    http.free_when_stalled(request)
    assert socket.seconds == settings.STALLED_AFTER


@pytest.mark.parametrize(
    ("target", "old", "new", "location"),
    [
        ("/api/models/a/b?x=%2F", "a/b", "c/d", "/api/models/c/d?x=%2F"),
        ("/A/B/resolve/r%2F1/f%20x", "a/b", "c/d", "/c/d/resolve/r%2F1/f%20x"),
        ("/datasets/a/b.git/info/lfs/objects/batch", "a/b", "c/d", "/datasets/c/d.git/info/lfs/objects/batch"),
        ("/api/models/resnet/tree/main", "resnet", "headstart/resnet", "/api/models/headstart/resnet/tree/main"),
    ],
)
def test_a_renamed_repository_is_found_by_the_same_call(target, old, new, location):
    request = RequestFactory().get("/", RAW_URI=target)
    response = http.renamed(request, old, new)
    assert (response.status_code, response["Location"]) == (307, location)
