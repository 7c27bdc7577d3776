"""Reading from a hub as fast as Python can: `http.client`, straight into the caller's buffer.

Why not the client that huggingface_hub brings: its reader costs about four times the processor time of `readinto`
(1.0 against 4.4 GB/s on one machine), so it, and not the network, bounds a pull. urllib3 reaches 3.4 GB/s, and would
be one more dependency. What http.client lacks stands here: redirects, proxies, a fresh connection when a kept one died.
"""

import base64
import contextlib
import http.client
import json
import os
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from sdk import _config
from sdk._errors import HubUnavailableError, InvalidInputError, OrderRefusedError, from_status, unreachable

TIMEOUT = 30.0
REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 5
_LOST = (http.client.RemoteDisconnected, http.client.BadStatusLine, ConnectionError)


@dataclass(frozen=True)
class FilePart:
    """A body: `length` bytes of a file from `start`, which the kernel sends without a copy (but over TLS)."""

    path: Path
    start: int
    length: int

    def send_to(self, sock: socket.socket, *, asked: str) -> None:
        with self.path.open("rb") as file:
            sent = sock.sendfile(file, self.start, self.length) if self.length else 0
        if sent != self.length:
            raise InvalidInputError(f"{asked}: {self.path} became shorter while it was sent. Push it again.")


Body = bytes | FilePart


class Session:
    """Connections of one thread, kept open between requests. The token goes to the hub's own origin only."""

    def __init__(self, hub: str, token: str | None, purpose: str = "") -> None:
        self.hub = hub
        self._origin = _origin(urlsplit(hub))
        self._token = token
        self._purpose = purpose
        self._kept: dict[tuple[str, str], http.client.HTTPConnection] = {}

    def close(self) -> None:
        for connection in self._kept.values():
            connection.close()
        self._kept.clear()

    @contextmanager
    def get(
        self, url: str, *, asked: str, headers: Mapping[str, str] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        """The answer to a GET, redirects followed; its connection is kept only if the body was read to its end.

        Raises the error for any status from 400 on (but 416, which the caller reads), and `HubUnavailableError` when
        there is no answer. `asked` says in words what this is about.
        """
        for _ in range(MOST_REDIRECTS + 1):
            target = urlsplit(url)
            response = self._send(target, headers or {})
            try:
                if response.status in REDIRECTS and (location := response.getheader("Location")):
                    response.read()
                    url = urljoin(url, location)
                    continue
                if response.status >= 400 and response.status != 416:
                    raise _refusal(response, asked=asked, hub=self.hub)
                yield response
                return
            finally:
                if not response.isclosed():
                    self._drop(target)
        raise HubUnavailableError(f"{asked}: {self.hub} redirects in a circle. Tell its administrator.")

    def get_json(self, url: str, *, asked: str) -> Any:
        with self.get(url, asked=asked, headers={"Accept": "application/json"}) as response:
            return _parsed(_read_all(response), url, asked=asked)

    def post_json(self, url: str, value: Any, *, asked: str, timeout: float = TIMEOUT) -> Any:
        return self.post(url, json.dumps(value).encode(), "application/json", asked=asked, timeout=timeout)

    def post(self, url: str, body: bytes, sort: str, *, asked: str, timeout: float = TIMEOUT) -> Any:
        """The JSON answer to a body of that content type. May be sent twice: the hub's calls bear it."""
        return _parsed(self._deliver("POST", url, body, {"Content-Type": sort}, asked, timeout), url, asked=asked)

    def put(self, url: str, part: Body, *, asked: str) -> None:
        self._deliver("PUT", url, part, {"Content-Type": "application/octet-stream"}, asked, TIMEOUT)

    def put_json(self, url: str, value: Any, *, asked: str) -> Any:
        body, headers = json.dumps(value).encode(), {"Content-Type": "application/json"}
        return _parsed(self._deliver("PUT", url, body, headers, asked, TIMEOUT), url, asked=asked)

    def _deliver(
        self, method: str, url: str, body: Body, headers: Mapping[str, str], asked: str, timeout: float
    ) -> bytes:
        """Send a body, read the whole answer; raises as `get` does, and for a redirect."""
        target = urlsplit(url)
        response = self._send(target, headers, method=method, body=body, asked=asked, timeout=timeout)
        try:
            if response.status >= 300:
                raise _refusal(response, asked=asked, hub=self.hub)
            return _read_all(response)
        finally:
            if not response.isclosed():
                self._drop(target)

    def _send(
        self,
        target: SplitResult,
        headers: Mapping[str, str],
        *,
        method: str = "GET",
        body: Body | None = None,
        asked: str = "",
        timeout: float = TIMEOUT,
    ) -> http.client.HTTPResponse:
        sent = {"Accept-Encoding": "identity", "User-Agent": "headstart-sdk", "X-HF-Download-Counter": "1", **headers}
        if self._token and _origin(target) == self._origin:
            sent["Authorization"] = f"Bearer {self._token}"
        if self._purpose and _origin(target) == self._origin:
            sent["X-Headstart-Purpose"] = self._purpose
        was_kept = _origin(target) in self._kept
        exchange = partial(self._exchange, target, sent, method=method, body=body, asked=asked, timeout=timeout)
        try:
            try:
                return exchange()
            except _LOST:
                self._drop(target)
                if not was_kept:
                    raise
                return exchange()
        except (OSError, http.client.HTTPException) as error:
            self._drop(target)
            raise unreachable(f"{target.scheme}://{target.netloc}", error) from error

    def _exchange(
        self,
        target: SplitResult,
        headers: dict[str, str],
        *,
        method: str,
        body: Body | None,
        asked: str,
        timeout: float,
    ) -> http.client.HTTPResponse:
        connection = self._kept.get(_origin(target))
        if connection is None:
            connection = self._kept[_origin(target)] = connect(target)
        path, more = line_to(target)
        headers = {**headers, **more}
        if isinstance(body, FilePart):
            _put(connection, path, headers, body, asked=asked)
        else:
            connection.request(method, path, body=body, headers=headers)
        if connection.sock:
            connection.sock.settimeout(timeout)
        return connection.getresponse()

    def _drop(self, target: SplitResult) -> None:
        if connection := self._kept.pop(_origin(target), None):
            connection.close()


class Sessions:
    """Idle sessions for whichever thread comes next; call it to borrow one."""

    def __init__(self, hub: str, token: str | None, purpose: str = "") -> None:
        self.hub = hub
        self._make = partial(Session, hub, token, purpose)
        self._idle: list[Session] = []

    @contextmanager
    def __call__(self) -> Iterator[Session]:
        try:
            session = self._idle.pop()
        except IndexError:
            session = self._make()
        try:
            yield session
        finally:
            self._idle.append(session)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


def connect(target: SplitResult) -> http.client.HTTPConnection:
    """An open way to that origin: direct, or through the proxy that the environment names for it."""
    host = target.hostname or ""
    if target.scheme not in ("http", "https") or not host:
        raise InvalidInputError(f"{target.geturl()!r}: only http and https addresses can be fetched.")
    proxy = _proxy_for(target)
    if target.scheme == "http":
        via = proxy or target
        return http.client.HTTPConnection(via.hostname or "", via.port or 80, timeout=TIMEOUT)
    if proxy is None:
        return http.client.HTTPSConnection(host, target.port or 443, timeout=TIMEOUT, context=_tls())
    tunnel = http.client.HTTPSConnection(proxy.hostname or "", proxy.port or 80, timeout=TIMEOUT, context=_tls())
    tunnel.set_tunnel(host, target.port or 443, headers=_proxy_headers(proxy))
    return tunnel


def line_to(target: SplitResult) -> tuple[str, dict[str, str]]:
    """What a request to it asks for, and the headers for a proxy that it goes through."""
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    proxy = _proxy_for(target) if target.scheme == "http" else None
    if proxy is None:
        return path, {}
    return f"http://{target.netloc}{path}", _proxy_headers(proxy)


def _origin(target: SplitResult) -> tuple[str, str]:
    default = 443 if target.scheme == "https" else 80
    return target.scheme, f"{target.hostname}:{target.port or default}"


def _proxy_for(target: SplitResult) -> SplitResult | None:
    found = _config.proxies()
    address = found.get(target.scheme) or found.get("all")
    if not address or _config.bypasses_proxy(target.netloc):
        return None
    proxy = urlsplit(address if "://" in address else f"http://{address}")
    if proxy.scheme != "http":
        raise InvalidInputError(
            f"The proxy {proxy.hostname!r} is of kind {proxy.scheme!r}. Only http proxies are supported."
        )
    return proxy


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """The system's authorities (`SSL_CERT_FILE` and `SSL_CERT_DIR` are honoured), or certifi's if it has none."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not context.get_ca_certs() and not (paths.capath and any(Path(paths.capath).iterdir())):
        with contextlib.suppress(ImportError):
            import certifi

            context.load_verify_locations(os.fspath(certifi.where()))
    return context


def _put(
    connection: http.client.HTTPConnection,
    path: str,
    headers: dict[str, str],
    part: FilePart,
    *,
    asked: str,
) -> None:
    connection.putrequest("PUT", path, skip_accept_encoding=True)
    for name, value in {**headers, "Content-Length": str(part.length)}.items():
        connection.putheader(name, value)
    connection.endheaders()
    # A hub that refuses may close before it has all: then the answer, if there is one, says why.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        part.send_to(connection.sock, asked=asked)


def _parsed(data: bytes, url: str, *, asked: str) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise HubUnavailableError(f"{asked}: {url} doesn't answer as a Headstart hub does.") from error


def _read_all(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read()
    except (OSError, http.client.HTTPException) as error:
        raise HubUnavailableError(f"The connection broke ({error or type(error).__name__}). Try again.") from error


def _refusal(response: http.client.HTTPResponse, *, asked: str, hub: str) -> Exception:
    code, message = response.getheader("X-Error-Code", ""), response.getheader("X-Error-Message", "")
    if not message:
        with contextlib.suppress(ValueError, AttributeError, HubUnavailableError):
            told = json.loads(_read_all(response)[:65536])
            message = str(told.get("error", ""))
            if told.get("code") == "order_refused":
                return OrderRefusedError(f"{asked}: {message}", faults=told.get("faults") or ())
    rules = response.getheader("X-Headstart-Rules", "")
    return from_status(response.status, code, message, asked=asked, hub=hub, rules=rules)
