"""What a decision costs at a pull: by itself, and as a share of HEAD resolve. `python -m benchmarks policy`.

Runs in one process on a database of its own. HEAD is asked with and without the rules in the same rounds.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

QUESTION = "What the rules cost at a pull (target: a decision < 3 ms at p95)"
REPOS, CALLS, ROUNDS = 50, 400, 7
# Seconds on the clock, and of the processor.
Times = tuple[float, float]


def main() -> str:
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
        return _table(*_measured())


def _measured() -> tuple[list[Times], ...]:
    from hub.governance.models import Revision
    from hub.governance.services import examination, pull_log, pulls
    from tests.factories import make_repo, make_user
    from tests.factories.policies import make_profile, pinned, speaking_for
    from tests.factories.revisions import make_revision

    user = make_user()
    viewer = speaking_for(user, make_profile(environment="development"))
    card = b"---\nlicense: mit\nbase_model: acme/base\ndatasets:\n- acme/data\n---\n# A model\n"
    repos = [make_repo(owner=user, files={"README.md": card, "a.txt": b"a"}) for _ in range(REPOS)]
    for repo in repos:
        examination.examine(make_revision(repo).pk)
    Revision.objects.update(state="approved")
    # Rules and the table of licences are read once by a process; here a revision's own cost is asked.
    warm, *ats = [pinned(repo) for repo in repos]
    pulls.decide(viewer, warm)
    first = [_timed(lambda at=at: pulls.decide(viewer, at)) for at in ats]
    known = [_timed(lambda at=at: pulls.decide(viewer, at)) for _ in range(CALLS // REPOS * ROUNDS) for at in ats]
    # The same, where nothing that was decided before is kept: another client each time.
    others = [_timed(lambda n=n, at=at: pulls.decide(viewer, at, client=f"c{n}")) for n in range(50) for at in ats[:7]]
    heads = _heads(repos[0], viewer)
    pull_log.forget_pulls()
    return first, others, known, *heads


def _heads(repo: object, viewer: object) -> tuple[list[Times], list[Times]]:
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

    with_rules: list[Times] = []
    without: list[Times] = []
    head()
    for _ in range(ROUNDS):
        with_rules += _several(head)
        policy.check = lambda *_args, **_more: {}
        without += _several(head)
        policy.check = asked
    return with_rules, without


def _several(action: Callable[[], object]) -> list[Times]:
    return [_timed(action) for _ in range(CALLS // 4)]


def _timed(action: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor: on a busy machine the second is what the code costs."""
    start, began = time.perf_counter(), time.thread_time()
    action()
    return time.perf_counter() - start, time.thread_time() - began


def _table(
    first: list[Times], others: list[Times], known: list[Times], with_rules: list[Times], without: list[Times]
) -> str:
    ratio = _middle(with_rules, 1) / _middle(without, 1)
    return "\n".join([
        "| | median, ms | p95, ms | median, ms of processor | p95, ms of processor |",
        "|---|---|---|---|---|",
        _row("decision, revision not known to the process", first),
        _row("decision, revision known", others),
        _row("decision, the same as before", known),
        _row("HEAD resolve with rules", with_rules),
        _row("HEAD resolve without", without),
        "",
        f"HEAD with rules takes {ratio:.2f} times the processor time of one without ({ROUNDS} rounds, interleaved).",
    ])  # fmt: skip


def _row(name: str, times: list[Times]) -> str:
    cells = [f"{1000 * value:.2f}" for at in (0, 1) for value in (_middle(times, at), _tail(times, at))]
    return f"| {name} | {' | '.join(cells)} |"


def _middle(times: list[Times], at: int) -> float:
    return statistics.median(one[at] for one in times)


def _tail(times: list[Times], at: int) -> float:
    return statistics.quantiles([one[at] for one in times], n=20)[-1]


if __name__ == "__main__":
    print(main())
