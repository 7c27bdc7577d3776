"""Routing on the path as it was sent."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from hub.core.converters import Rest, Segment
from hub.core.middleware import RawPath, RequestId


@pytest.mark.parametrize(
    ("sent", "routed"),
    [
        ("/a/b?x=%2F", "/a/b"),
        ("/m/tree/refs%2Fpr%2F1", "/m/tree/refs%2Fpr%2F1"),
        ("/m/tree/a%2fb", "/m/tree/a%2Fb"),
        ("/m/100%25%20sure", "/m/100%25 sure"),
        ("/m/%C3%BC", "/m/ü"),
        ("/m/%252F", "/m/%252F"),
    ],
)
def test_escaped_slashes_stay_escaped(sent, routed):
    request = RequestFactory().get("/", RAW_URI=sent)
    RawPath(lambda _: HttpResponse())(request)
    assert request.path_info == request.path == routed


def test_without_the_raw_target_the_path_stands():
    request = RequestFactory().get("/a%20b")
    RawPath(lambda _: HttpResponse())(request)
    assert request.path_info == "/a b"


def test_converters_decode_and_encode():
    assert Segment().to_python("refs%2Fpr%2F1") == "refs/pr/1"
    assert Segment().to_url("refs/pr/1") == "refs%2Fpr%2F1"
    assert Rest().to_url("a b/c%") == "a%20b/c%25"


@pytest.mark.parametrize("name", ["X-Request-Id", "X-Amzn-Trace-Id"])
def test_a_callers_id_comes_back(name):
    request = RequestFactory().get("/", headers={name: "abc-1"})
    assert RequestId(lambda _: HttpResponse())(request)["X-Request-Id"] == "abc-1"


@pytest.mark.parametrize("sent", ["", "with space", "x" * 201, "bell\x07"])
def test_an_id_that_could_do_harm_is_replaced(sent):
    request = RequestFactory().get("/", headers={"X-Request-Id": sent})
    assert len(RequestId(lambda _: HttpResponse())(request)["X-Request-Id"]) == 32
