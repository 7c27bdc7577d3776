"""Fixtures for every test: accounts, a repository, and no way out to the network."""

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest

# Time judges nothing here: a busy machine is no fault of the code.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in the main thread


class OutsideNetwork(AssertionError):
    """A test reached for a machine other than this one."""


def _is_local(address: Any) -> bool:
    """Whether a socket address stays on this machine (unix sockets do)."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).partition("%")[0]
    if host in {"", "localhost"} or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_outside_network() -> Iterator[None]:
    """Refuse connections to anything but this machine, at once and by name."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(real: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if not _is_local(address):
            raise OutsideNetwork(f"Tests stay on this machine; this one wants {address!r}.")
        return real(self, address)

    return connect


@pytest.fixture(autouse=True, scope="session")
def template_of_live_hubs(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The database of a hub in processes of its own is made once in a run, for all that test side by side."""
    from tests import live

    base = tmp_path_factory.getbasetemp()
    live.template = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "live-hub"


@pytest.fixture(autouse=True)
def no_downloads_left() -> Iterator[None]:
    """What a test pulled is not counted into the database of the next one, or of none."""
    yield
    if downloads := sys.modules.get("hub.catalog.services.downloads"):
        downloads.forget_downloads()
    if pulls := sys.modules.get("hub.governance.services.pulls"):
        pulls.forget()
        pulls.pull_log.forget_pulls()


@pytest.fixture(autouse=True)
def fresh_index() -> Iterator[None]:
    """The next test's database is another one, though its events have the same numbers."""
    yield
    if engine := sys.modules.get("hub.catalog.search.engine"):
        from django.conf import settings

        engine.forget()
        shutil.rmtree(settings.INDEX_DIR, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def uncounted_indexing() -> Iterator[None]:
    """The indexer works in another process; tests that count the queries of a search don't count its."""
    from hub.catalog.search import engine

    real = engine.catch_up

    def uncounted() -> None:
        from django.db import connection

        was, connection.force_debug_cursor = connection.force_debug_cursor, False
        try:
            real()
        finally:
            connection.force_debug_cursor = was

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "catch_up", uncounted)
        yield


@pytest.fixture(autouse=True, scope="session")
def audit_log_is_emptied() -> Iterator[None]:
    """Between tests, and only there."""
    from django.test import TransactionTestCase

    from tests.ledger import flush_unguarded

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_unguarded(TransactionTestCase._fixture_teardown))
        yield


@pytest.fixture
def user(db: None) -> Any:
    from tests.factories import make_user

    return make_user()


@pytest.fixture
def admin(db: None) -> Any:
    from tests.factories import make_user

    return make_user(is_admin=True)


@pytest.fixture
def org(user: Any) -> Any:
    """An organisation whose admin is `user`."""
    from tests.factories import make_org

    return make_org(admin=user)


@pytest.fixture
def token(user: Any) -> str:
    """The secret of a token of `user` with write scope."""
    from tests.factories import make_token

    return make_token(user)


@pytest.fixture
def viewer(user: Any) -> Any:
    from tests.factories import viewer_of

    return viewer_of(user)


@pytest.fixture
def repo(user: Any) -> Any:
    """A public model of `user` with a README."""
    from tests.factories import make_repo

    return make_repo(owner=user, files={"README.md": b"---\nlicense: mit\n---\n# A model\n"})


@pytest.fixture
def postgres(db: None) -> None:
    """For tests of what PostgreSQL alone does; `make test` runs them in its second round."""
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("runs on PostgreSQL only")
