"""Somebody who is signed in, and asks one thing after the other over one connection; how long each answer took."""

import http.client
import http.cookiejar
import json
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Times:
    """Milliseconds, sorted."""

    values: tuple[float, ...]

    def at(self, share: float) -> float:
        return self.values[min(len(self.values) - 1, int(len(self.values) * share))]


@dataclass
class Browser:
    """Requests with these headers; an answer other than `200` ends the program."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        target = urllib.parse.urlsplit(self.url)
        self.connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=120)

    def get(self, path: str) -> bytes:
        return self.send("GET", path)

    def get_json(self, path: str) -> Any:
        return json.loads(self.get(path))

    def send(self, method: str, path: str, body: bytes | None = None) -> bytes:
        try:
            answer = self._exchange(method, path, body)
        except http.client.RemoteDisconnected:  # a server may close a kept connection at any time
            self.connection.close()
            answer = self._exchange(method, path, body)
        data = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{method} {self.url}{path}: {answer.status} {data[:400]!r}")
        return data

    def _exchange(self, method: str, path: str, body: bytes | None) -> http.client.HTTPResponse:
        self.connection.request(method, path, body=body, headers=self.headers)
        return self.connection.getresponse()

    def milliseconds(self, path: str) -> float:
        """Until the whole answer is here."""
        start = time.perf_counter()
        self.get(path)
        return (time.perf_counter() - start) * 1000


def by_token(url: str, token: str) -> Browser:
    return Browser(url, {"Authorization": f"Bearer {token}"})


def by_session(url: str, name: str, password: str) -> Browser:
    """Signed in on the site's own page."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{url}/login").read().decode()
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    fields = {"csrfmiddlewaretoken": secret[1] if secret else "", "username": name, "password": password}
    opener.open(f"{url}/login", urllib.parse.urlencode(fields).encode()).read()
    if "sessionid" not in (cookies := {cookie.name: cookie.value for cookie in jar}):
        raise SystemExit(f"{name} could not sign in at {url}.")
    return Browser(url, {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())})


def measure(asked: Mapping[str, tuple[Browser, Sequence[str]]], warm_up: int = 10) -> dict[str, Times]:
    """By name, of each of its addresses, once; in turns, so that all have the same noise. The first few of them are
    asked once before, unmeasured."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for at in (*range(-warm_up, 0), *range(max(len(paths) for _, paths in asked.values()))):
        for name, (browser, paths) in asked.items():
            if at < len(paths):
                milliseconds = browser.milliseconds(paths[at if at >= 0 else at + warm_up])
                taken[name] += [milliseconds] if at >= 0 else []
    return {name: Times(tuple(sorted(values))) for name, values in taken.items()}
