"""What a decision costs at a pull: by itself, and as a share of HEAD resolve. `python -m benchmarks policy`.

Runs in one process on a database of its own. HEAD is asked with and without the rules in the same rounds.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable

QUESTION = "What the rules cost at a pull (target: a decision < 3 ms at p95)"
REPOS, REVISIONS, CALLS, ROUNDS = 50, 5, 400, 7


def main() -> str:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "hub.settings",
            "HEADSTART_DATA": folder,
            "HEADSTART_SECRET_KEY": "benchmark-only",
            "HEADSTART_REDIS_URL": "memory://",
            "HEADSTART_ALLOWED_HOSTS": "*",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        return _table(*_measured())


def _measured() -> tuple[list[float], list[float], list[float], list[float]]:
    from hub.governance.services import pull_log, pulls
    from tests.factories import make_repo, make_user
    from tests.factories.governance import make_profile, make_revision, pinned, speaking_for

    user = make_user()
    viewer = speaking_for(user, make_profile(environment="development"))
    repos = [make_repo(owner=user, files={"a.txt": b"a"}) for _ in range(REPOS)]
    for repo in repos:
        make_revision(repo, state="approved")
    ats = [pinned(repo) for repo in repos]
    first = [_timed(lambda at=at: pulls.decide(viewer, at)) for at in ats]
    known = [_timed(lambda at=at: pulls.decide(viewer, at)) for _ in range(CALLS // REPOS * ROUNDS) for at in ats]
    heads = _heads(repos[0], viewer)
    pull_log.forget_pulls()
    return first, known, *heads


def _heads(repo: object, viewer: object) -> tuple[list[float], list[float]]:
    """Seconds of HEAD resolve with and without the rules, round by round."""
    from django.test import Client

    from hub.protocol import policy
    from tests.factories import make_token

    token = make_token(viewer.user, "read")  # type: ignore[attr-defined]
    client, asked = Client(), policy.check
    headers = {"authorization": f"Bearer {token}"}

    def head() -> None:
        answer = client.head(f"/{repo}/resolve/main/a.txt", headers=headers)
        assert answer.status_code == 200, answer.headers

    with_rules, without = [], []
    head()
    for _ in range(ROUNDS):
        with_rules.append(_median(head))
        policy.check = lambda *_args, **_more: {}
        without.append(_median(head))
        policy.check = asked
    return with_rules, without


def _median(action: Callable[[], object]) -> float:
    return statistics.median(_timed(action) for _ in range(CALLS // 4))


def _timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _table(first: list[float], known: list[float], with_rules: list[float], without: list[float]) -> str:
    def row(name: str, values: list[float]) -> str:
        p95 = statistics.quantiles(values, n=20)[-1]
        return f"| {name} | {1000 * statistics.median(values):.2f} | {1000 * p95:.2f} |"

    ratio = statistics.median(a / b for a, b in zip(with_rules, without, strict=True))
    return "\n".join([
        "| | median, ms | p95, ms |",
        "|---|---|---|",
        row("decision, revision not known to the process", first),
        row("decision, revision known", known),
        row("HEAD resolve with rules", with_rules),
        row("HEAD resolve without", without),
        "",
        f"HEAD with rules takes {ratio:.2f} times as long as without (median of {ROUNDS} rounds).",
    ])  # fmt: skip


if __name__ == "__main__":
    print(main())
