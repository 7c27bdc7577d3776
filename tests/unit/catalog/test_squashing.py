"""A branch's history begun anew, and what that does to what was decided."""

import pytest

from hub.audit.models import AuditEvent
from hub.catalog import selectors, services
from hub.catalog.errors import BadCommit, RevisionNotFound
from hub.governance.models import DomainReview, State
from hub.governance.selectors import reviews
from tests.factories import make_repo, make_user, viewer_of
from tests.factories.governance import approved, examined

pytestmark = pytest.mark.django_db(transaction=True)


def _squash(repo, branch="main", by=None):
    return services.squash(by=by or viewer_of(repo.created_by), repo=repo, branch=branch, title="One")


def test_the_files_stay_and_the_commits_of_before_can_be_pulled():
    repo = make_repo(owner=make_user(), files={"a.txt": b"a"})
    before = selectors.revision_of(repo, "main")
    services.create_tag(by=viewer_of(repo.created_by), repo=repo, name="v1")
    made = _squash(repo)
    head = selectors.revision_of(repo, "main")
    assert (head.commit, head.tree) == (made.oid, before.tree) and made.oid != before.commit
    assert [item.oid for item in selectors.list_commits(head, 0, 10)] == [made.oid]
    assert selectors.revision_of(repo, before.commit).tree == selectors.revision_of(repo, "v1").tree == before.tree
    assert AuditEvent.objects.get(action="repo.squash").detail["before"] == before.commit
    again = _squash(repo)
    assert (again.oid, again.is_new) == (made.oid, False)


def test_only_a_branch_has_a_history():
    repo = make_repo(owner=make_user(), files={"a.txt": b"a"})
    services.create_tag(by=viewer_of(repo.created_by), repo=repo, name="v1")
    with pytest.raises(BadCommit):
        _squash(repo, "v1")
    with pytest.raises(RevisionNotFound):
        _squash(repo, "nowhere")


def test_approvals_of_the_head_are_carried_as_nothing_changed():
    first = approved()
    _squash(first.repo)
    second = examined(first.repo)
    assert (second.previous_id, second.state) == (first.pk, State.APPROVED)
    assert second.binding_parts["commit"] == second.commit != first.commit
    parts = [part for part in reviews.fresh(first.pk).binding_parts if part != "commit"]
    assert all(second.binding_parts[part] == first.binding_parts[part] for part in parts)


def test_a_reviewer_who_squashes_decides_nothing_by_it():
    first = approved(tier=2)
    reviewer = next(row.by for row in reviews.holding_decisions(first))
    _squash(first.repo)
    second = examined(first.repo, by=reviewer)
    assert second.state == State.IN_REVIEW
    assert DomainReview.objects.filter(revision=second, state="pending").exists()
