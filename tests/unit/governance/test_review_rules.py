"""Rules that speak before a pull does: on who approves, on the licence that is published, and what the hub signs."""

import datetime as dt

import pytest

from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.celery import app
from hub.core import clock
from hub.governance import tasks as background
from hub.governance.errors import SeparationOfDuties, TransitionRefused
from hub.governance.models import Statement, Waiver
from hub.governance.selectors import reviews as selectors
from hub.governance.selectors.policies import policies
from hub.governance.services import licences, reviews
from hub.governance.services import rules as policy
from tests.factories import make_repo, make_user
from tests.factories.governance import (
    CARD,
    approved,
    decide,
    examined,
    followed,
    make_reviewer,
    make_revision,
    push_files,
    submitted,
    weights,
)
from tests.factories.licences import MIT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def tasks(monkeypatch):
    """What was enqueued, as (name, fields): nothing runs."""
    sent = []
    monkeypatch.setattr(app, "send_task", lambda name, kwargs: sent.append((name, kwargs)))
    return sent


def by(user):
    return Viewer(user=user)


def tile(revision):
    return selectors.fresh(revision.pk).domains.get(domain="licence").blocking


def enforce(code, mode):
    admin = by(make_user(is_admin=True))
    policy.set_mode(by=admin, rule=policies().rules[code], mode=mode, environment="production", reason="Agreed.")


def followed_up(revision):
    followed(revision)
    return selectors.fresh(revision.pk)


def put_up(repo, tier=1):
    """In review as its owner can put it, whatever its licence says."""
    revision = reviews.set_tier(by=by(repo.created_by), revision=examined(repo), tier=tier)
    return reviews.submit(by=by(repo.created_by), revision=revision)


def derived(base, card="mit", name="", **files):
    text = f"---\nlicense: {card}\nbase_model: {base.full_name}\nbase_model_relation: finetune\n---\n# It\n"
    return make_repo(name, files={"README.md": text.encode(), "model.safetensors": weights(b"tuned"), **files})


def make_base(licence, name="base"):
    base = make_repo(name, files={"README.md": CARD.replace(b"mit", licence), "model.safetensors": weights()})
    examined(base)
    return base


def test_each_decision_is_signed_soon(tasks):
    revision = approved()
    wanted = {fields["decision"] for name, fields in tasks if name == "governance.sign_decision"}
    assert wanted == set(revision.decisions.values_list("pk", flat=True)) and len(wanted) == 4
    background.sign_decision(decision=min(wanted))
    assert Statement.objects.get().decision_id == min(wanted)


def test_rules_on_approvals_are_asked():
    """P-18 as it ships repeats the guards; an administrator's own rule of that stage counts once it is enforced."""
    admin = by(make_user(is_admin=True))
    said = {"message": "{approval.approver} decides nothing here.", "mend": "Ask another.", "reason": "Agreed."}
    expression = 'approval.approver == "root"'
    policy.save_rule(by=admin, code="A-90", title="Not root", expression=expression, stage="approve", **said)
    revision, root = submitted(), make_reviewer(name="root")
    assert decide(revision, root, "use").domains.get(domain="use").state == "approved"
    enforce("A-90", "enforce")
    with pytest.raises(SeparationOfDuties, match="A-90: root decides nothing here"):
        decide(followed_up(revision), root, "data")
    assert decide(revision, make_reviewer(), "data").domains.get(domain="data").state == "approved"


def test_who_asked_for_the_waiver_does_not_decide():
    revision, asker, other = submitted(), make_reviewer(), make_reviewer()
    ends = clock.now() + dt.timedelta(days=9)
    Waiver.objects.create(
        rule="P-14", repo=revision.repo, reason="x", requested_by=asker.username, approved_by="bob",
        approved_at=clock.now(), expires_at=ends,
    )  # fmt: skip
    with pytest.raises(SeparationOfDuties, match="P-18"):
        decide(revision, asker, "bias")
    assert decide(revision, other, "bias", state="waived").domains.get(domain="bias").state == "waived"


def test_a_notice_that_is_missing_blocks_and_one_that_is_there_does_not():
    base = make_base(b"apache-2.0")
    revision = put_up(derived(base, card="apache-2.0"))
    assert any(text.startswith("P-19: ") for text in tile(revision))
    with pytest.raises(TransitionRefused, match="P-19"):
        decide(revision, make_reviewer(), "licence")
    push_files(revision.repo, {"NOTICE": f"Made from {base.full_name}, Apache License 2.0. It was changed.\n".encode()})
    second = examined(revision.repo)
    assert not any(text.startswith("P-19: ") for text in tile(second))
    assert decide(second, make_reviewer(), "licence").domains.get(domain="licence").state == "approved"


def test_a_licence_that_breaks_blocks_and_its_mode_does_not_matter():
    revision = put_up(derived(make_base(b"gpl-3.0")))
    assert any(text.startswith("L2: ") for text in tile(revision))
    assert any(text.startswith("P-20: ") for text in tile(revision))
    for code in ("P-19", "P-20"):
        enforce(code, "warn")
    revision = followed_up(revision)
    with pytest.raises(TransitionRefused, match="L2: "):
        decide(revision, make_reviewer(), "licence")
    assert decide(revision, make_reviewer(), "data").domains.get(domain="data").state == "approved"


def test_a_contradiction_is_settled_by_a_conclusion():
    repo = make_repo(files={"README.md": CARD.replace(b"mit", b"apache-2.0"), "LICENSE": MIT})
    revision, reviewer = examined(repo), make_reviewer()
    assert any(text.startswith("L15: ") for text in tile(revision))
    assert any("another licence" in text for text in reviews.not_ready(revision))
    licences.conclude(by=by(reviewer), revision=revision, expression="MIT", reason="The file is the publisher's.")
    followed(revision)
    revision = put_up(repo)
    assert tile(revision) == []
    assert decide(revision, reviewer, "licence").domains.get(domain="licence").state == "approved"


def test_an_unknown_licence_upstream_is_a_question_for_the_reviewer():
    repo = derived(make_repo(files={"README.md": b"# Bare\n"}), card="mit")
    revision = examined(repo)
    assert any(text.startswith("L0: ") for text in tile(revision))


def test_a_new_name_is_judged_and_told(tasks):
    base = make_base(b"llama3.1")
    repo = derived(base, card="llama3.1", name="Llama-tuned")
    revision = examined(repo)
    assert not any("L6" in text for text in tile(revision))
    moved = catalog.move_repo(by=by(repo.created_by), repo=repo, to_owner=repo.owner.name, to_name="tuned")
    assert ("governance.repo_changed", {"repo": repo.pk}) in tasks
    background.repo_changed(repo=repo.pk)
    assert any(text.startswith("L6: ") for text in tile(revision)) and moved.name == "tuned"
    tasks.clear()
    catalog.update_settings(by=by(repo.created_by), repo=moved, private=True)
    assert ("governance.repo_changed", {"repo": repo.pk}) in tasks


def test_several_commits_of_one_push_keep_the_records():
    first = make_revision()
    push_files(first.repo, {"a.md": b"a"})
    push_files(first.repo, {"b.md": b"b"})
    second = examined(first.repo)
    assert second.previous_id == first.pk and second.data_record_id == first.data_record_id


def test_confirming_a_licence_leaves_what_was_made_from_it(tasks):
    first, owner = approved(), make_user()
    tasks.clear()
    licences.conclude(by=by(make_reviewer()), revision=first, expression="MIT", reason="Read it.")
    followed(first)
    assert "governance.upstream_changed" not in dict(tasks)
    push_files(first.repo, {"README.md": CARD.replace(b"mit", b"gpl-3.0")})
    examined(first.repo, by=owner.username)
    assert "governance.upstream_changed" in dict(tasks)
