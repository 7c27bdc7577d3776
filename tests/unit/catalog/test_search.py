import datetime as dt

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.catalog.models import Repo
from hub.catalog.selectors import search_repos
from hub.core.errors import InvalidInput
from tests.factories import make_org, make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db


def names(**fields) -> list[str]:
    found = search_repos(ANONYMOUS, **({"kind": "model"} | fields))
    assert found.total == len(found.items)
    return [repo.name for repo in found.items]


def readme(metadata: str, text: str = "") -> dict[str, bytes]:
    return {"README.md": f"---\n{metadata}\n---\n# Title\n\n{text}\n".encode()}


def test_words_are_sought_in_name_and_summary_in_any_case() -> None:
    user = make_user("ada")
    make_repo("Bert-Base", owner=user, files=readme("license: mit", "Understands ÉCOLE and STRASSE well enough."))
    make_repo("100_percent", owner=user)
    assert names(search=["bert"]) == names(search=["ADA/bert"]) == names(search=["école straße bert"]) == ["Bert-Base"]
    assert names(search=["0_p"]) == ["100_percent"] and names(search=["0%p"]) == names(search=["bert", "percent"]) == []
    assert names(search=["a\0b"]) == names(search=["\ud800"]) == []


def test_filters_are_anded_in_any_case() -> None:
    make_repo("a", files=readme("license: mit\ntags: [Bert, É]\nlanguage: en\npipeline_tag: fill-mask"))
    make_repo("b", files=readme("license: mit\nlanguage: de\nlibrary_name: timm"))
    assert names(filters=["license:MIT"], sort="createdAt") == ["b", "a"]
    assert names(filters=["license:mit", "bert", "é"]) == ["a"] and names(filters=["license:mit", "timm"]) == ["b"]
    assert names(filters=["EN"]) == names(filters=["fill-mask"]) == names(pipeline_tag="Fill-Mask") == ["a"]
    assert names(filters=["license:mi"]) == []


def test_author_kind_and_gate() -> None:
    ada, bob = make_user("a_a"), make_user("axa")
    make_repo("one", owner=ada)
    make_repo("two", owner=bob)
    make_repo("data", owner=ada, kind="dataset")
    assert names(author="A_A") == ["one"] and names(author="a") == [] and names(kind="dataset") == ["data"]
    Repo.objects.filter(name="two").update(gate="auto")
    assert names(gated=True) == ["two"] and names(gated=False) == ["one"]


@pytest.mark.parametrize("sort", ["lastModified", "createdAt", "downloads", "likes", "trendingScore", None])
def test_pages_hold_each_repository_once(sort: str | None) -> None:
    made = [make_repo(f"m{number}") for number in range(7)]
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    Repo.objects.update(updated_at=moment, created_at=moment)
    Repo.objects.filter(name="m3").update(downloads=5, updated_at=moment + dt.timedelta(1))
    seen, cursor = [], None
    while True:
        page = search_repos(ANONYMOUS, kind="model", sort=sort, limit=2, cursor=cursor)
        assert page.total == 7
        seen += [repo.name for repo in page.items]
        if (cursor := page.next) is None:
            break
    assert sorted(seen) == sorted(repo.name for repo in made)
    if sort in {"lastModified", "downloads", "trendingScore", None}:
        assert seen[0] == "m3"


@pytest.mark.parametrize("cursor", ["x", "!!", "W10", "WyJhIiwgMV0", "WyIyMDI2LTAxLTAxIiwgMV0", "WzEsIDJd"])
def test_cursors_that_are_not_ours(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        names(cursor=cursor)


def test_bad_sorts_and_too_many_words() -> None:
    with pytest.raises(InvalidInput, match="lastModified"):
        names(sort="stars")
    with pytest.raises(InvalidInput):
        names(search=["x"] * 21)


def test_a_page_takes_three_queries(django_assert_num_queries) -> None:
    user = make_user()
    org = make_org(read=user)
    for private in (True, False):
        make_repo(owner=org.namespace.name, private=private, files=readme("license: mit"))
    viewer = viewer_of(user)
    with django_assert_num_queries(4):  # memberships, page, tags, total
        page = search_repos(viewer, kind="model", filters=["license:mit"])
        assert [[tag.value for tag in repo.tags.all()] for repo in page.items] == [["license:mit"]] * 2
        assert {(repo.full_name, repo.card.license) for repo in page.items} and page.total == 2
