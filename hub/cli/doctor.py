"""`headstart doctor`: is this hub well, and if not, what to do."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from hub.cli import checks, valkey
from hub.cli.base import fail, open_hub, require
from hub.cli.checks import Check
from hub.cli.environment import configure, data_option, redis_url

# More are written within seconds where an indexer runs.
_MOST_BEHIND = 10_000


@click.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the hub listens, or shall.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def doctor(data: Path | None, host: str, port: int) -> None:
    """Check everything that a start checks, and what the hub has stored. Changes nothing."""
    require(checks.packages())
    folder = configure(data)
    looks = _all(folder, host, port) if folder.exists() else _before_the_first_start(folder, host, port)
    problems = 0
    for check in looks:
        mark = "FAIL" if check.problem else "note" if check.is_note else "ok"
        click.echo(f"{mark:5}{check.name}: {check.problem or check.fact}")
        if check.problem:
            problems += 1
            click.echo(f"     → {check.remedy}")
    if problems:
        fail()


def _before_the_first_start(folder: Path, host: str, port: int) -> Iterator[Check]:
    """What can be said without making the folder."""
    yield checks.python()
    yield checks.packages()
    yield Check("data folder", f"{folder} does not exist; the first start makes it and fills it", is_note=True)
    yield checks.disk(next(parent for parent in folder.parents if parent.exists()))
    yield checks.port(host, port)
    yield checks.broker(redis_url())


def _all(folder: Path, host: str, port: int) -> Iterator[Check]:
    open_hub(folder)
    from django.conf import settings

    runs = checks.DataLock(folder).is_held()
    yield checks.python()
    yield checks.packages()
    yield checks.folder(folder)
    yield checks.disk(folder)
    if runs:
        yield Check("hub", "runs")
        yield _guard("broker", _broker_answers, settings, remedy=f"See {folder / 'logs' / 'broker.log'}")
    else:
        yield Check("hub", "does not run; headstart up starts it", is_note=True)
        yield checks.port(host, port)
        yield checks.broker(settings.REDIS_URL)
    yield _guard("storage", _storage_writable, settings, remedy=f"Give the hub's user the right to write {folder}.")
    database = _guard("database", _database, remedy="Check HEADSTART_DATABASE_URL, and that the server runs.")
    yield database
    if not database.problem:
        yield from _contents()


def _contents() -> Iterator[Check]:
    """What needs a database that answers."""
    from django.db import connection

    from hub.cli.prepare import pending_migrations

    pending = pending_migrations()
    if pending and connection.introspection.table_names():
        yield Check("migrations", problem=f"{len(pending)} are missing.", remedy="headstart up applies them.")
        return
    if pending:
        yield Check("migrations", "the database is empty; the first start fills it", is_note=True)
        return
    yield Check("migrations", "all applied")
    yield _search_index()
    yield _guard("audit", _audit, remedy="Someone changed the log. Compare it with a backup before you trust it.")


def _search_index() -> Check:
    """A missing index is built by the next start; one that stays behind means that nobody follows the events."""
    from hub.catalog import services

    state = services.index_state()
    if state.lag is None:
        return Check("search index", "is not built yet; headstart up builds it", is_note=True)
    fact = f"{state.documents:,} repositories, {state.lag:,} changes behind"
    if state.lag <= _MOST_BEHIND:
        return Check("search index", fact)
    return Check("search index", problem=f"{fact}.", remedy="headstart up follows the changes; or: headstart index")


def _guard(name: str, look: Callable[..., str], *given: Any, remedy: str) -> Check:
    """A check whose failure, of whatever kind, is the answer."""
    try:
        return Check(name, look(*given))
    except Exception as error:  # noqa: BLE001
        return Check(name, problem=str(error) or type(error).__name__, remedy=remedy)


def _database() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return f"{connection.vendor} answers"


def _broker_answers(settings: Any) -> str:
    if settings.REDIS_URL:
        import redis

        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3).ping()
    elif not valkey.answers(Path(settings.REDIS_SOCKET)):
        raise ConnectionError(f"Nothing answers at {settings.REDIS_SOCKET}.")
    return "answers"


def _storage_writable(settings: Any) -> str:
    path = Path(settings.STORAGE_DIR)
    path.mkdir(parents=True, exist_ok=True)
    checks.try_writing(path)
    return f"{path} can be written"


def _audit() -> str:
    from hub.audit import services

    broken = services.first_broken()
    if broken is not None:
        raise ValueError(f"Event {broken} is not as it was written.")
    if problems := services.broken_roots():
        raise ValueError(problems[0])
    return "the chain and its signed days hold"
