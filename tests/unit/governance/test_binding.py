"""The digest that an approval is bound to."""

import hashlib

import pytest
import rfc8785

from hub.accounts.services import SYSTEM
from hub.core.errors import InvalidInput
from hub.governance.binding import PARTS, bind, changed_parts, in_words
from hub.governance.errors import NotAReviewer
from hub.governance.models import Reviewer
from hub.governance.permissions import domains_of
from hub.governance.selectors import reviews as selectors
from hub.governance.services import people
from tests.factories import make_user, viewer_of
from tests.factories.governance import make_revision, push_files


def test_it_is_the_sha256_of_the_canonical_parts():
    parts = dict.fromkeys(PARTS) | {"repo": "r", "commit": "a" * 40, "tier": 2, "eval_result_ids": []}
    assert bind(parts).sha256 == hashlib.sha256(rfc8785.dumps(parts)).hexdigest()
    assert bind(parts).short == bind(parts).sha256[:12]
    with pytest.raises(ValueError, match="exactly"):
        bind({"repo": "r"})


def test_a_change_names_its_parts():
    parts = dict.fromkeys(PARTS, "")
    assert changed_parts(parts, {**parts, "tier": 2, "policy_version": 1}) == ("policy_version", "tier")
    assert changed_parts({}, parts) == () and in_words(("policy_version", "tier")) == "the policy and the tier"


@pytest.mark.django_db
def test_files_and_results_are_in_it_and_a_new_name_is_not():
    revision = make_revision()
    before = selectors.binding_of(revision)
    revision.repo.name = "renamed"
    assert selectors.binding_of(revision) == before
    revision.commit = push_files(
        revision.repo, {".eval_results/a.yaml": b"- dataset: {id: a/b, task_id: t}\n  value: 1\n"}
    )
    after = selectors.binding_of(revision)
    assert {"commit", "tree_manifest_sha256"} <= set(changed_parts(before.parts, after.parts))


@pytest.mark.django_db
def test_administrators_choose_reviewers():
    user, admin = make_user(), viewer_of(make_user(is_admin=True))
    people.grant_reviewer(by=admin, user=user, domain="bias")
    people.grant_reviewer(by=SYSTEM, user=user, domain="bias")
    assert Reviewer.objects.count() == 1 and domains_of(viewer_of(user)) == {"bias"}
    assert people.revoke_reviewer(by=admin, user=user, domain="bias")
    assert not people.revoke_reviewer(by=admin, user=user, domain="bias")
    with pytest.raises(NotAReviewer):
        people.grant_reviewer(by=viewer_of(user), user=user, domain="bias")
    with pytest.raises(InvalidInput):
        people.grant_reviewer(by=admin, user=user, domain="mood")
