"""The way to the hub: one request, one answer, and what an answer that is none means."""

import contextlib
import http.client
import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from sdk._config import normalise
from sdk._http import REDIRECTS, connect, line_to

BASE = "/api/headstart/workers/"
SECONDS = 20.0


class LeaseLost(Exception):
    """Another attempt has the job, or it has ended."""


class HubGone(Exception):
    """The hub can't be reached, or it failed; the same call may succeed later."""


class Refused(Exception):
    """The hub won't: `status`, `code`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message or f"The hub answered with status {status}.")
        self.status, self.code = status, code


@dataclass(frozen=True)
class Line:
    """To the hub at `url`, by the worker's own secret. Threads may share one."""

    url: str
    secret: str
    seconds: float = SECONDS

    def say(self, path: str, value: Any, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        return self.call("POST", path, body_of(value), {"Content-Type": "application/json", **(headers or {})})

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The JSON answer; {} for an empty one."""
        with self.open(method, path, body, headers) as response:
            data = response.read()
        try:
            told = json.loads(data) if data else {}
        except ValueError as error:
            raise HubGone(f"{self.url} doesn't answer as a Headstart hub does.") from error
        return told if isinstance(told, dict) else {}

    @contextmanager
    def open(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        """The answer to a request, with its body still to be read. A body may be bytes or an open file. Of a GET one
        redirect is followed (bytes may lie in a store beside the hub), without the secret."""
        url = normalise(self.url) + BASE + path
        sent = {"Authorization": f"Bearer {self.secret}", "Accept": "application/json", **(headers or {})}
        with self._answer(method, urlsplit(url), body, sent) as response:
            elsewhere = response.getheader("Location") if response.status in REDIRECTS and method == "GET" else None
            if elsewhere is None:
                yield _checked(response)
                return
        with self._answer("GET", urlsplit(urljoin(url, elsewhere)), None, {"Accept": "*/*"}) as response:
            yield _checked(response)

    @contextmanager
    def _answer(
        self, method: str, target: SplitResult, body: Any, headers: Mapping[str, str]
    ) -> Iterator[http.client.HTTPResponse]:
        connection = connect(target)
        connection.timeout = self.seconds
        path, more = line_to(target)
        try:
            # A hub that refuses may close before it has all: then the answer, if there is one, says why.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body=body, headers={**headers, **more})
            yield connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise HubGone(f"{self.url} can't be reached ({error or type(error).__name__}).") from error
        finally:
            connection.close()


def body_of(value: Any) -> bytes:
    """As JSON that every hub takes, whatever a job's process said: no NUL, no halves of letters, no NaN."""
    text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False)
    return text.replace("\\u0000", "\\ufffd").encode("utf-8", "replace")


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _checked(response: http.client.HTTPResponse) -> http.client.HTTPResponse:
    """Raises what an answer from 300 on means."""
    if response.status < 300:
        return response
    told: dict[str, Any] = {}
    with contextlib.suppress(ValueError):
        found = json.loads(response.read(1 << 16) or b"{}")
        told = found if isinstance(found, dict) else {}
    code, message = str(told.get("code", "")), str(told.get("message") or told.get("error") or "")
    if code == "lease_lost":
        raise LeaseLost(message)
    if response.status >= 500 or response.status in (408, 429):
        raise HubGone(f"The hub answered with status {response.status}. {message}")
    raise Refused(response.status, code, message)
