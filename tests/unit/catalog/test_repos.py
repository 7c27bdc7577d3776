import pytest

from hub.accounts.errors import BadName, NotAllowed
from hub.accounts.services import SYSTEM
from hub.accounts.viewer import ANONYMOUS
from hub.audit.models import AuditEvent
from hub.audit.services import first_broken
from hub.catalog import services
from hub.catalog.errors import RepoExists, RepoMoved, RepoNotFound
from hub.catalog.models import Card, CardText, Repo, RepoRedirect
from hub.catalog.operations import AddInline
from hub.catalog.selectors import find_repo, list_commits, list_tree, repo_info, revision_of
from hub.catalog.services import index
from hub.core.errors import InvalidInput
from hub.storage.models import Scope
from tests.factories import make_org, make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db


def test_a_new_repository_has_one_commit_by_its_maker() -> None:
    user = make_user()
    repo = services.create_repo(by=viewer_of(user), kind="dataset", owner=None, name="Data.1")
    at = revision_of(repo, "main")
    (commit,) = list_commits(at)
    assert (commit.title, commit.authors, commit.parent) == ("initial commit", (user.username,), "")
    assert [entry.path for entry in list_tree(at).entries] == [".gitattributes"]
    assert repo.full_name == f"{user.username}/Data.1" and not repo.is_private
    assert repo_info(find_repo(ANONYMOUS, "dataset", user.username, "data.1")).sha == at.commit


def test_names_are_taken_in_any_case_but_by_kind() -> None:
    user = make_user()
    make_repo("Bert", owner=user)
    with pytest.raises(RepoExists, match=f"A model repository called {user.username}/Bert already exists") as error:
        make_repo("bERT", owner=user)
    assert error.value.detail["repo"] == f"{user.username}/Bert"
    assert make_repo("bert", owner=user, kind="dataset")


@pytest.mark.parametrize("name", ["", "a b", "-a", "a--b", "a..b", "a.git", "a/b", "x" * 97, "a\0", "é"])
def test_bad_names(name: str) -> None:
    with pytest.raises(BadName):
        services.create_repo(by=viewer_of(make_user()), kind="model", owner=None, name=name)


def test_bad_kinds_and_owners() -> None:
    by = viewer_of(make_user())
    with pytest.raises(InvalidInput, match="space"):
        services.create_repo(by=by, kind="space", owner=None, name="a")
    with pytest.raises(NotAllowed, match="doesn't exist"):
        services.create_repo(by=by, kind="model", owner="nobody-here", name="a")
    with pytest.raises(InvalidInput):
        services.create_repo(by=SYSTEM, kind="model", owner=None, name="a")


def test_organisations_say_what_is_the_default() -> None:
    user = make_user()
    org = make_org(private_by_default=True, write=user)
    fields = {"by": viewer_of(user), "kind": "model", "owner": org.namespace.name}
    assert services.create_repo(name="a", **fields).is_private
    assert not services.create_repo(name="b", private=False, **fields).is_private


def test_moved_twice_and_back() -> None:
    user = make_user()
    by, repo, name = viewer_of(user), make_repo("one", owner=user), user.username
    for to in ("two", "three"):
        services.move_repo(by=by, repo=repo, to_owner=name, to_name=to)
    for old in ("one", "two"):
        with pytest.raises(RepoMoved) as error:
            find_repo(ANONYMOUS, "model", name, old)
        assert error.value.detail["to"] == f"{name}/three"
    services.move_repo(by=by, repo=repo, to_owner=name, to_name="one")
    assert find_repo(ANONYMOUS, "model", name, "one") == repo
    services.move_repo(by=by, repo=repo, to_owner=name, to_name="ONE")
    assert find_repo(ANONYMOUS, "model", name, "one").name == "ONE"
    assert set(RepoRedirect.objects.values_list("key", flat=True)) == {f"{name}/two", f"{name}/three"}


def test_a_new_repository_wins_the_old_name() -> None:
    user = make_user()
    repo = make_repo("one", owner=user)
    services.move_repo(by=viewer_of(user), repo=repo, to_owner=user.username, to_name="two")
    new = make_repo("One", owner=user)
    assert find_repo(ANONYMOUS, "model", user.username, "one") == new and not RepoRedirect.objects.exists()


def test_a_taken_name_cannot_be_moved_to() -> None:
    user = make_user()
    make_repo("taken", owner=user)
    with pytest.raises(RepoExists, match=f"A model repository called {user.username}/Taken already exists"):
        services.move_repo(by=viewer_of(user), repo=make_repo(owner=user), to_owner=user.username, to_name="Taken")


def test_deleted_with_all_but_the_record() -> None:
    user = make_user()
    repo = make_repo("gone", owner=user, files={"a": b"x" * 70_000})
    services.delete_repo(by=viewer_of(user), repo=repo)
    assert not Repo.objects.exists() and not Scope.objects.exists()
    assert AuditEvent.objects.filter(subject=f"models/{user.username}/gone").count() == 3 and first_broken() is None
    with pytest.raises(RepoNotFound):
        find_repo(ANONYMOUS, "model", user.username, "gone")
    assert make_repo("gone", owner=user)


def test_settings() -> None:
    repo = make_repo()
    by = viewer_of(repo.created_by)
    services.update_settings(by=by, repo=repo, private=True, gated="manual")
    repo.refresh_from_db()
    assert repo.is_private and repo.gate == "manual"
    services.update_settings(by=by, repo=repo, gated=False)
    repo.refresh_from_db()
    assert repo.is_private and repo.gate == ""
    for gated in ("always", True):
        with pytest.raises(InvalidInput):
            services.update_settings(by=by, repo=repo, gated=gated)


def test_reindex_restores_what_follows_from_the_files() -> None:
    repo = make_repo(files={"README.md": b"---\nlicense: mit\n---\n"})
    repo.tags.all().delete()
    type(repo.card).objects.update(license="", metadata={})
    assert services.reindex() == 1
    assert repo_info(find_repo(ANONYMOUS, "model", repo.owner.name, repo.name)).tags == ("license:mit",)


def test_what_an_earlier_release_read_is_read_anew_once() -> None:
    repo = make_repo(files={"README.md": b"---\nbase_model: a/b\n---\nSome words of prose.\n"})
    make_repo()
    assert services.read_outdated_cards(limit=9) == 0
    CardText.objects.all().delete()
    repo.ancestors.all().delete()
    Card.objects.filter(repo=repo).update(reading=0, size=0)
    assert (services.read_outdated_cards(limit=9), services.read_outdated_cards(limit=9)) == (1, 0)
    repo.card.refresh_from_db()
    assert repo.card.size > 0 and repo.card_text.text == "Some words of prose." and repo.ancestors.count() == 1


def test_reading_anew_writes_nothing_older_than_a_commit_meanwhile(monkeypatch) -> None:
    repo = make_repo(files={"README.md": b"---\nlicense: mit\n---\n"})
    real = index._facts

    def slow(*told):
        facts = real(*told)
        monkeypatch.setattr(index, "_facts", real)
        newer = [AddInline("README.md", b"---\nlicense: bsd\n---\n")]
        services.commit(by=viewer_of(repo.created_by), repo=repo, revision="main", operations=newer, title="Newer")
        return facts

    monkeypatch.setattr(index, "_facts", slow)
    services.reindex()
    assert Card.objects.get(repo=repo).license == "bsd"
