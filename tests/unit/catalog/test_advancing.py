"""Main brought forward to a commit of a branch."""

import pytest

from hub.accounts.errors import NotAllowed
from hub.audit.models import AuditEvent
from hub.catalog import services
from hub.catalog.errors import RevisionNotFound
from hub.catalog.models import CatalogEvent, Repo
from hub.catalog.operations import AddInline
from tests.concurrency import together
from tests.factories import make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db(transaction=True)
CARD = b"---\nlicense: apache-2.0\npipeline_tag: text-classification\n---\n# Tuned\n"


@pytest.fixture
def repo():
    made = make_repo(owner=make_user(), files={"README.md": b"# Before\n"})
    services.create_branch(by=_by(made), repo=made, name="work")
    return made


def _by(repo):
    return viewer_of(repo.created_by)


def _commit(repo, branch, path="README.md", data=CARD):
    operations = [AddInline(path=path, data=data)]
    return services.commit(by=_by(repo), repo=repo, revision=branch, operations=operations, title=path).oid


def _main(repo):
    return repo.refs.get(name="refs/heads/main").target


def test_it_does_all_that_a_commit_on_main_does(repo, monkeypatch):
    sent = []
    monkeypatch.setattr("hub.celery.app.send_task", lambda name, kwargs: sent.append((name, kwargs)))
    _commit(repo, "work", "a.txt", b"a")
    commit, events = _commit(repo, "work"), CatalogEvent.objects.count()
    assert services.advance(by=_by(repo), repo=repo, commit=commit)
    card = Repo.objects.get(pk=repo.pk).card
    assert (_main(repo), card.license, card.pipeline_tag) == (commit, "apache-2.0", "text-classification")
    assert CatalogEvent.objects.count() == events + 1
    assert AuditEvent.objects.filter(action="repo.advance").count() == 1
    assert [name for name, _ in sent[-2:]] == ["governance.revision_made", "community.repo_changed"]


def test_again_it_changes_nothing_even_after_main_went_further(repo):
    commit = _commit(repo, "work")
    assert services.advance(by=_by(repo), repo=repo, commit=commit)
    later = _commit(repo, "main", "b.txt", b"b")
    assert services.advance(by=_by(repo), repo=repo, commit=commit)
    assert _main(repo) == later


def test_main_that_went_another_way_stays(repo):
    commit, other = _commit(repo, "work"), _commit(repo, "main", "b.txt", b"b")
    assert not services.advance(by=_by(repo), repo=repo, commit=commit)
    assert _main(repo) == other


def test_only_whoever_may_write_and_only_to_a_commit_that_is_there(repo):
    with pytest.raises(NotAllowed):
        services.advance(by=viewer_of(make_user()), repo=repo, commit=_commit(repo, "work"))
    with pytest.raises(RevisionNotFound):
        services.advance(by=_by(repo), repo=repo, commit="0" * 40)


def test_of_a_commit_and_an_advance_at_once_neither_is_lost(repo):
    for number in range(4):
        services.create_branch(by=_by(repo), repo=repo, name=f"work{number}")
        commit, by = _commit(repo, f"work{number}", f"w{number}", b"w"), _by(repo)
        advanced, made = together(
            lambda b=by, c=commit: services.advance(by=b, repo=repo, commit=c),
            lambda n=number: _commit(repo, "main", f"m{n}", b"m"),
        )
        assert services.is_ancestor(repo, made, _main(repo))
        assert advanced == services.is_ancestor(repo, commit, _main(repo))
