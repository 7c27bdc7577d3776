"""What the ledger costs at a million events: to append, to check, and to look things up. `python -m benchmarks ledger`.

Runs in one process on a database of its own, at the speed of SQLite with the hub's own settings.
"""

import argparse
import datetime as dt
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

EVENTS = 1_000_000
QUESTION = f"The ledger at {EVENTS:,} events (target: a page < 100 ms)"
BATCH, SINGLE, ROUNDS = 1_000, 500, 15
YEAR = dt.timedelta(days=365)
# What pages are asked for. The rare ones are those that a scan from the end would read everything for.
ASKED: dict[str, dict[str, str]] = {
    "newest": {},
    "one person (a thousandth)": {"actor": "person-7"},
    "a person who did nothing": {"actor": "nobody"},
    "action pull. (two thirds)": {"action": "pull."},
    "action key.rotate (once)": {"action": "key.rotate"},
    "action that never was": {"action": "nothing."},
    "one repository": {"subject": "models/org-3/net-41"},
    "repositories of an organisation": {"subject": "models/org-3/"},
    "denials of a person": {"actor": "person-7", "action": "pull.deny"},
    "last day": {"since": "TODAY"},
    "denials until half a year ago": {"action": "pull.deny", "until": "HALF_A_YEAR_AGO"},
}


def main(events: int = EVENTS) -> str:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "hub.settings",
            "HEADSTART_DATA": folder,
            "HEADSTART_SECRET_KEY": "benchmark-only",
            "HEADSTART_REDIS_URL": "memory://",
            "HEADSTART_ALLOWED_HOSTS": "*",
        }
        (Path(folder) / "static").mkdir()
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        return _table(events)


def _table(events: int) -> str:
    many, one = _append(events), _one_by_one()
    checked = _check(events)
    rows = [_row(name, _page(asked)) for name, asked in ASKED.items()]
    rows.append(_row("newest, for an organisation's administrator", _page({}, organisation="org-3")))
    return "\n".join([
        "| | events/s |",
        "|---|---|",
        f"| append, {BATCH:,} in a transaction | {many:,.0f} |",
        f"| append, one in a transaction (durable) | {one:,.0f} |",
        f"| `headstart audit verify` | {checked:,.0f} |",
        "",
        "| page of 50 | median, ms | highest, ms |",
        "|---|---|---|",
        *rows,
    ])  # fmt: skip


def _append(events: int) -> float:
    """Spread over the last year, every day of it signed."""
    from hub.audit import services
    from hub.core import clock
    from hub.core.transactions import write_transaction

    spent, real = 0.0, clock.now
    opening, step = real() - YEAR, YEAR / events
    for start in range(0, events, BATCH):
        batch = [_entry(number) for number in range(start, min(start + BATCH, events))]
        clock.now = lambda at=opening + start * step: at
        began = time.perf_counter()
        with write_transaction():
            services.record_many(batch)
        spent += time.perf_counter() - began
    clock.now = real
    services.seal_days()
    return events / spent


def _entry(number: int) -> Any:
    from hub.audit.services import Entry

    if number == 1_000:
        return Entry("ada", "key.rotate", "hub", {"old": "0" * 64, "new": "1" * 64})
    actions = ("pull.allow", "pull.allow", "commit", "pull.warn", "review.decide", "pull.deny")
    by = f"person-{number * 7919 % 1_000}"
    subject = f"models/org-{number * 31 % 50}/net-{number * 17 % 400}@{number % 997:040x}"
    return Entry(
        by, actions[number % 6], subject, {"purpose": "triage", "profile": "org/production", "rules": ["P-01"]}
    )


def _one_by_one() -> float:
    from hub.audit.services import record
    from hub.core.transactions import write_transaction

    began = time.perf_counter()
    for number in range(SINGLE):
        with write_transaction():
            record(by="ada", action="repo.settings", subject="models/ada/net", number=number)
    return SINGLE / (time.perf_counter() - began)


def _check(events: int) -> float:
    from hub.audit.services import broken_roots, first_broken

    began = time.perf_counter()
    if first_broken() is not None or broken_roots():
        raise AssertionError("The ledger doesn't hold.")
    return (events + SINGLE) / (time.perf_counter() - began)


def _page(asked: Mapping[str, str], organisation: str = "") -> list[float]:
    from hub.core import clock
    from hub.web.pages import ledger
    from tests.factories import make_org, make_user, viewer_of

    today = clock.now().date()
    named = {"TODAY": today.isoformat(), "HALF_A_YEAR_AGO": (today - YEAR / 2).isoformat()}
    told = {name: named.get(value, value) for name, value in asked.items()}
    user = make_user(is_admin=not organisation)
    if organisation:
        make_org(organisation, admin=user)
    viewer = viewer_of(user)
    return [_timed(lambda: ledger.build(viewer, told, offset=0)) for _ in range(ROUNDS)]


def _timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _row(name: str, times: list[float]) -> str:
    return f"| {name} | {1000 * statistics.median(times):.1f} | {1000 * max(times):.1f} |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    print(main(parser.parse_args().events))
