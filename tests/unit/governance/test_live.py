"""The whole way with nothing made up: real commits, the tasks that they bring, and every part's own evidence."""

from typing import Any

import pytest

from hub.accounts.viewer import Viewer
from hub.celery import app
from hub.governance import tasks as background
from hub.governance.models import Revision
from hub.governance.selectors import reviews as selectors
from hub.governance.services import findings, plans, reviews
from tests.factories import make_repo, make_user
from tests.factories.governance import (
    CARD,
    CODE,
    FILES,
    decide,
    make_reviewer,
    push_files,
    state_data,
    state_use,
    weights,
)
from tests.factories.records import COMMIT, measurement, note
from tests.factories.scans import scanned_here

pytestmark = pytest.mark.django_db(transaction=True)
RESULTS = """model-index:
- name: m
  results:
  - task: {type: text-classification}
    dataset: {type: acme/bench, name: Bench}
    metrics: [{type: accuracy, value: %s}]
"""


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Any:
    """Tasks run at once, as they would in a worker; none of them fails."""
    ours = {name for name in app.tasks if name.startswith(("governance.", "community."))}
    assert background.examine.name in ours
    monkeypatch.setattr(app, "send_task", lambda name, kwargs: app.tasks[name](**kwargs) if name in ours else None)
    yield
    assert not [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]


@pytest.fixture
def hub(tasks: None) -> Any:
    with scanned_here():
        yield


def by(user: Any) -> Viewer:
    return Viewer(user=user)


def head(repo: Any) -> Revision:
    target = repo.refs.get(name="refs/heads/main").target
    return selectors.fresh(Revision.objects.get(repo=repo, commit=target).pk)


def states(revision: Any) -> dict[str, str]:
    return {row.domain: str(row.state) for row in revision.domains.all()}


def put_up(repo: Any, tier: int = 1) -> Revision:
    state_data(repo)
    state_use(repo)
    revision = reviews.set_tier(by=by(repo.created_by), revision=head(repo), tier=tier)
    return reviews.submit(by=by(repo.created_by), revision=revision)


def approved(files: dict[str, bytes], **values: Any) -> Revision:
    return decide(put_up(make_repo(files=files, **values)), make_reviewer())


def derived(base: Any) -> dict[str, bytes]:
    card = f"---\nlicense: mit\nbase_model: {base.full_name}\nbase_model_relation: finetune\n---\n# It\n"
    notice = f"Made from {base.full_name}, MIT.\n"
    return {"README.md": card.encode(), "NOTICE": notice.encode(), "model.safetensors": weights(b"tuned")}


def test_two_people_approve_at_tier_three_and_a_configuration_asks_again(tasks: None) -> None:
    """With the scanners in their own process, as a worker runs them."""
    grace, hopper = make_reviewer("security", "licence", "data"), make_reviewer("bias", "use")
    revision = put_up(make_repo(files={**FILES, **CODE, "config.json": b'{"layers": 2}'}), tier=3)
    assert (revision.state, states(revision)["security"]) == ("in-review", "pending")
    assert decide(revision, grace, "security", "licence", "data").state == "in-review"
    revision = decide(revision, hopper, "bias", "use")
    assert revision.state == "approved"
    assert revision.decisions.filter(statement__isnull=False).count() == 5
    push_files(revision.repo, {"config.json": b'{"layers": 3}'})
    second = head(revision.repo)
    assert {domain for domain, state in states(second).items() if state == "pending"} == {"security", "bias"}
    assert second.state == "in-review" and second.repo.review_state == "in-review"
    assert decide(decide(second, grace, "security"), hopper, "bias").state == "approved"
    revision.refresh_from_db()
    assert revision.state == "superseded"


def test_another_licence_upstream_reaches_what_was_made_from_it(hub: None) -> None:
    base = approved(FILES)
    child = approved(derived(base.repo))
    push_files(base.repo, {"README.md": CARD.replace(b"mit", b"gpl-3.0")})
    child = selectors.fresh(child.pk)
    found = states(child)
    assert child.state == "in-review"
    assert {domain for domain, state in found.items() if state in ("stale", "pending")} == {"licence", "data", "bias"}
    assert any(text.startswith("L2: ") for text in child.domains.get(domain="licence").blocking)


def test_a_grave_finding_suspends_and_what_was_made_from_it_too(hub: None) -> None:
    base = approved(FILES)
    child = approved(derived(base.repo))
    body = note(impact=4, exposure=2)
    findings.file(by=by(make_reviewer("bias")), repo=base.repo, kind="reported", body=body)
    for revision in (selectors.fresh(base.pk), selectors.fresh(child.pk)):
        assert revision.state == "suspended" and revision.repo.review_state == "suspended"
        assert states(revision)["bias"] == "stale" and revision.repo.bias_severity == "high"


def test_the_state_is_that_of_the_card_when_a_finding_is_small(hub: None) -> None:
    revision = approved(FILES)
    findings.file(by=by(make_reviewer("bias")), repo=revision.repo, kind="reported", body=note(impact=2, exposure=2))
    revision = selectors.fresh(revision.pk)
    assert revision.state == "approved" and revision.events.filter(kind="note", domain="bias").count() == 1


@pytest.mark.parametrize(
    "accuracy,gap,state", [(0.896, 0.115, "approved"), (0.88, 0.115, "in-review"), (0.896, 0.15, "in-review")]
)
def test_a_change_plan_goes_by_what_was_measured(hub: None, accuracy: float, gap: float, state: str) -> None:
    reviewer, envelope = make_reviewer(), {
        "changes": ["weights", "results"], "suite": "acme/bench", "max_drop": 0.01, "max_gap_growth": 0.02,
    }  # fmt: skip
    repo = make_repo(files={"README.md": with_results(0.9), "model.safetensors": weights()})
    measure(repo, reviewer, 0.1)
    first = decide(put_up(repo), make_reviewer())
    made = plans.propose_plan(by=by(reviewer), revision=first, title="Small steps", envelope=envelope)
    plans.approve_plan(by=by(make_reviewer()), plan=made, reason="Small enough.")
    push_files(repo, {"README.md": with_results(accuracy), "model.safetensors": weights(b"next")})
    assert states(head(repo))["bias"] == "pending"
    measure(repo, reviewer, gap)
    assert head(repo).state == state


def with_results(accuracy: float) -> bytes:
    return CARD.replace(b"license: mit\n", b"license: mit\n" + (RESULTS % accuracy).encode())


def measure(repo: Any, reviewer: Any, gap: float) -> None:
    commit = head(repo).commit
    shown = {
        "gap": gap,
        "gap_ci": [gap - 0.09, gap + 0.09],
        "model_revision": commit,
        "dataset": {"repo": "acme/bench", "revision": COMMIT},
    }
    body = note(f"Gap at {commit[:6]}", evidence=[measurement(**shown)])
    findings.file(by=by(reviewer), repo=repo, kind="measured", body=body)


def test_a_visibility_that_changes_examines_again(hub: None) -> None:
    from hub.catalog import services as catalog

    revision = approved(FILES, owner=make_user())
    catalog.update_settings(by=by(revision.repo.created_by), repo=revision.repo, private=True)
    assert selectors.fresh(revision.pk).state == "approved"
