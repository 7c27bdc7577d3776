"""How long does each page take the server, and how many queries? `python -m benchmarks.pages [--models 20000]`.

Makes a catalog with some repositories that are as hard as they get, and asks for each page as it is asked for first:
from another repository each time. With `HEADSTART_DATA` it asks the hub that is there, and only reads.
"""

import argparse
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks import _lab as lab

QUESTION = "How long does each page take the server (target: < 60 ms)?"
REPOSITORIES = 40
MIGRATE = "import django; django.setup(); from hub.cli.prepare import migrate; migrate()"
MAKE = "import django; django.setup(); from benchmarks import _hard; _hard.make()"
REBUILD = "import django; django.setup(); from hub.catalog import services; services.rebuild_index()"

# Milliseconds, those of the processor, queries, milliseconds of them, status.
Asked = tuple[float, float, int, float, int]


@dataclass(frozen=True)
class Measured:
    page: str
    milliseconds: list[float]
    processor: float
    queries: int
    sql: float
    status: int

    def row(self) -> str:
        ordered = sorted(self.milliseconds)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        median, first = statistics.median(ordered), self.milliseconds[0]
        figures = " | ".join(f"{figure:.1f}" for figure in (median, p95, first, self.processor, self.sql))
        return f"| {self.page} | {figures} | {self.queries} | {self.status} |"


def main(models: int = 20_000, repositories: int = REPOSITORIES) -> str:
    if "HEADSTART_DATA" in os.environ:
        return _report(repositories)
    with tempfile.TemporaryDirectory(prefix="headstart-bench-") as data:
        env = {**os.environ, "HEADSTART_DATA": data, "DJANGO_SETTINGS_MODULE": "hub.settings"}
        for command in ("-c", MIGRATE), ("-m", "benchmarks._catalog", "--models", str(models)), ("-c", MAKE):
            lab.run([sys.executable, *command], env=env)
        lab.run([sys.executable, "-c", REBUILD], env=env)
        return lab.run([sys.executable, "-m", "benchmarks.pages"], env=env)


def _report(repositories: int) -> str:
    """p50 and p95 over addresses of one kind, the first of them, and of all: the median of processor time (which other
    work on the machine doesn't lengthen), the longest in the database, the most queries."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    django.setup()
    columns = ("page", "p50, ms", "p95, ms", "first, ms", "CPU p50, ms", "most in SQL, ms", "most queries", "status")
    rows = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    with _as_in_service():
        for measured in _measure(repositories):
            rows.append(measured.row())
            print(rows[-1], file=sys.stderr, flush=True)
    return "\n".join(rows)


@contextmanager
def _as_in_service() -> Iterator[None]:
    """The hub's own settings, but a cache in this process and sessions that write nothing."""
    from django.conf import settings
    from django.test.utils import override_settings

    logging.disable(logging.WARNING)
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        STORAGES=storages,
        ALLOWED_HOSTS=["*"],
    ):
        yield


def _measure(repositories: int) -> Iterator[Measured]:
    from benchmarks._addresses import addresses

    anonymous, signed_in = _browser(""), _browser("bench")
    for path in ("/glossary", "/ui/", "/models"):
        anonymous(path)
        signed_in(path)
    for page, (is_signed_in, paths) in addresses(repositories).items():
        ask = signed_in if is_signed_in else anonymous
        found = [ask(path) for path in paths]
        if found:
            times, processor, queries, sql, status = zip(*found, strict=True)
            yield Measured(page, list(times), statistics.median(processor), max(queries), max(sql), max(status))


def _browser(name: str) -> Callable[[str], Asked]:
    """Without a name nobody is signed in."""
    from django.db import connection
    from django.test import Client

    client = Client(raise_request_exception=True)
    if name:
        client.cookies["sessionid"] = _session(name)
    took: list[float] = []

    def timed(execute, sql, params, many, context):
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took.append((time.perf_counter() - start) * 1000)

    def ask(path: str) -> Asked:
        took.clear()
        start, processor = time.perf_counter(), time.process_time()
        with connection.execute_wrapper(timed):
            response = client.get(path)
            b"".join(response.streaming_content) if response.streaming else response.content
        worked = (time.process_time() - processor) * 1000
        return (time.perf_counter() - start) * 1000, worked, len(took), sum(took), response.status_code

    return ask


def _session(name: str) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.signed_cookies import SessionStore

    from hub.accounts.models import User

    user = User.objects.get(username=name)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=20_000)
    parser.add_argument("--repositories", type=int, default=REPOSITORIES, help="How many each page is asked of.")
    asked = parser.parse_args()
    print(main(asked.models, asked.repositories))
