"""A repository made from another one's files."""

import pytest

from hub.accounts.errors import NotAllowed
from hub.audit.models import AuditEvent
from hub.catalog import selectors
from hub.catalog.errors import GatedRepo, RepoExists, RepoNotFound
from hub.catalog.models import Ancestor, Repo
from hub.core.errors import InvalidInput
from hub.governance.errors import PullDenied
from hub.governance.services.copies import copy_repo
from hub.storage.models import Blob
from tests.factories import make_repo, make_user, viewer_of
from tests.factories.governance import FILES, examined
from tests.factories.policies import make_malicious, pinned

pytestmark = pytest.mark.django_db(transaction=True)
LONG = b"line\n" * 20_000


def _copy(repo, by, **fields):
    source = selectors.revision_of(repo, "main")
    return copy_repo(by=by, source=source, **{"owner": by.name, "name": "copy", "private": None} | fields)


@pytest.fixture
def me():
    return viewer_of(make_user())


def test_files_facts_and_origin_come_along_and_no_byte_twice(me):
    repo = make_repo(owner=make_user(), files={**FILES, "long.txt": LONG})
    blobs = Blob.objects.count()
    made = _copy(repo, me)
    head, before = selectors.revision_of(made, "main"), selectors.revision_of(repo, "main")
    assert head.tree == before.tree and head.commit != before.commit and Blob.objects.count() == blobs
    assert selectors.file_at(me, head, "long.txt").size == len(LONG)
    card = Repo.objects.get(pk=made.pk).card
    assert card.license == "mit" and made.created_by == me.user and not made.is_private
    row = Ancestor.objects.get(repo=made, relation="copy")
    assert (row.name, row.commit, row.revision) == (repo.full_name, before.commit, before.commit)
    detail = AuditEvent.objects.get(action="repo.copy").detail
    assert detail["source"] == f"models/{repo.full_name}@{before.commit}"
    with pytest.raises(RepoExists):
        _copy(repo, me)


def test_its_licence_is_judged_by_what_it_was_copied_from(me):
    repo = make_repo(owner=make_user(), files=FILES)
    examined(repo)
    tree = examined(_copy(repo, me)).licence_record.body["tree"]
    assert [(each["relation"], each["node"]["name"]) for each in tree["edges"]] == [("copy", repo.full_name)]


def test_what_is_private_or_gated_stays_so(me):
    owner = make_user()
    repo = make_repo(owner=owner, private=True, files=FILES)
    with pytest.raises(RepoNotFound):
        _copy(repo, me)
    mine = viewer_of(owner)
    assert _copy(repo, mine).is_private
    with pytest.raises(InvalidInput):
        _copy(repo, mine, name="open", private=False)
    Repo.objects.filter(pk=repo.pk).update(visibility="public", gate="manual")
    repo.refresh_from_db()
    with pytest.raises(GatedRepo):
        _copy(repo, me)
    assert _copy(repo, mine, name="gated").gate == "manual"


def test_what_may_not_be_pulled_or_made_is_not_copied(me):
    repo = make_repo(owner=make_user(), files=FILES)
    with pytest.raises(NotAllowed):
        _copy(repo, me, owner=repo.owner.name)
    make_malicious(pinned(repo), "model.safetensors")
    with pytest.raises(PullDenied):
        _copy(repo, me)
    assert not Repo.objects.filter(name="copy").exists()
