"""A client that sends paths as real clients do: escaped, with the raw target at hand."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.test import Client
from django.test.client import FakePayload


class WireClient(Client):
    """`call("GET", "/api/models/a/b/tree/feature%2Fx", token=…, json=…)`."""

    def call(self, method: str, target: str, *, token: str = "", body: bytes = b"", **extra: Any) -> Any:
        path, _, query = target.partition("?")
        if token:
            extra["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        extra.setdefault("CONTENT_TYPE", "application/json")
        return self.request(
            **{
                "REQUEST_METHOD": method,
                "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
                "QUERY_STRING": query,
                "RAW_URI": target,
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": FakePayload(body),
                **extra,
            }
        )


@pytest.fixture
def call() -> Callable[..., Any]:
    return WireClient(raise_request_exception=True).call


@pytest.fixture(autouse=True)
def storage_dir(settings: Any, tmp_path: Any) -> Any:
    settings.STORAGE_DIR = tmp_path / "storage"
    return settings.STORAGE_DIR


@pytest.fixture(autouse=True)
def uncounted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts are written by a thread, seconds later: after the test's database is gone."""
    monkeypatch.setattr("hub.catalog.services.count_download", lambda _repo, **_: None)
