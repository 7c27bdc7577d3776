"""What http.client lacks: redirects, proxies, dead connections, TLS."""

import base64
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import sdk
from sdk import _http
from sdk._http import Session, Sessions, connect
from tests.unit.sdk.fake_hub import FakeHub, Handler, QuietServer, serving


def test_a_circle_of_redirects_ends(hub: FakeHub) -> None:
    hub.add("ann/net", a__bin=b"x")
    hub.redirect_to = hub.address
    with pytest.raises(sdk.HubUnavailableError, match="circle"):
        sdk.pull("ann/net")


def test_a_connection_is_kept_and_made_anew_when_it_died(hub: FakeHub) -> None:
    session = Session(hub.address, None)
    url = f"{hub.address}/api/headstart/about"
    session.get_json(url, asked="about")
    (first,) = session._kept.values()
    session.get_json(url, asked="about")
    assert list(session._kept.values()) == [first]
    assert first.sock
    first.sock.shutdown(2)
    assert session.get_json(url, asked="about")["curatedOwner"] == "curated"
    session.close()


def test_sessions_are_lent_and_come_back() -> None:
    sessions = Sessions("http://a", None)
    with sessions() as first, sessions() as second:
        assert first is not second
    with sessions() as third:
        assert third in (first, second)


def test_an_answer_that_is_no_json_is_no_hub(hub: FakeHub) -> None:
    hub.add("ann/net", a__bin=b"x")
    session = Session(hub.address, None)
    with pytest.raises(sdk.HubUnavailableError, match="Headstart hub"):
        session.get_json(f"{hub.address}/ann/net/resolve/main/a.bin", asked="about")
    session.close()


class Proxy(BaseHTTPRequestHandler):
    """Answers every request itself, and notes what it was asked."""

    seen: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers.get("Proxy-Authorization")))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_CONNECT(self) -> None:
        self.seen.append((self.path, self.headers.get("Proxy-Authorization")))
        self.send_error(502)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def proxy() -> Iterator[str]:
    Proxy.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://me:pass%20word@127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_proxy_is_used_but_where_no_proxy_says_not(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "Basic " + base64.b64encode(b"me:pass word").decode()
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.setenv("https_proxy", proxy)
    session = Session("http://hub.invalid", None)
    assert session.get_json("http://hub.invalid/x?y", asked="x") == {}
    with pytest.raises(sdk.HubUnavailableError):
        session.get_json("https://hub.invalid/x", asked="x")
    assert Proxy.seen == [("http://hub.invalid/x?y", secret), ("hub.invalid:443", secret)]
    monkeypatch.setenv("no_proxy", "hub.invalid")
    with pytest.raises(sdk.HubUnavailableError):
        Session("http://hub.invalid", None).get_json("http://hub.invalid/x", asked="x")
    session.close()


def test_other_proxies_and_schemes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(sdk.InvalidInputError, match="http and https"):
        connect(urlsplit("file:///etc/passwd"))
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1")
    with pytest.raises(sdk.InvalidInputError, match="socks5"):
        connect(urlsplit("http://hub.invalid"))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", path, "-out", tmp_path / "cert.pem",
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    with path.open("ab") as both:
        both.write((tmp_path / "cert.pem").read_bytes())
    return path


def test_https_is_verified(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeHub()
    server = QuietServer(("127.0.0.1", 0), type("Bound", (Handler,), {"hub": fake}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    address = f"https://localhost:{server.server_port}"
    try:
        _http._tls.cache_clear()
        with pytest.raises(sdk.HubUnavailableError, match="CERTIFICATE_VERIFY_FAILED"):
            Session(address, None).get_json(f"{address}/api/headstart/about", asked="about")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        _http._tls.cache_clear()
        session = Session(address, None)
        assert session.get_json(f"{address}/api/headstart/about", asked="about")["name"] == "Fake"
        session.close()
    finally:
        _http._tls.cache_clear()
        server.shutdown()
        server.server_close()


def test_a_hub_that_is_gone_is_named() -> None:
    with serving(FakeHub()) as address:
        pass
    with pytest.raises(sdk.HubUnavailableError, match=address):
        Session(address, None).get_json(f"{address}/api/headstart/about", asked="about")
