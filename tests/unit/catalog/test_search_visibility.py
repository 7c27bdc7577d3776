import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.catalog import services
from hub.catalog.query import SearchQuery
from hub.catalog.selectors import search
from tests.factories import make_org, make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db

CARD = {"README.md": b"---\nlibrary_name: xyzzy\nlicense: mit\n---\n# Plugh\n\nA hollow voice says something here.\n"}


@pytest.fixture
def house():
    ada, bob = make_user("ada"), make_user("bob")
    make_org("acme", admin=ada, read=bob)
    repos = {name: make_repo(name, owner="acme", private=True, files=CARD) for name in ("one", "two")}
    repos["open"] = make_repo("open", owner="acme")
    only = [repos["one"].public_id, repos["open"].public_id]
    return {
        "nobody": ANONYMOUS,
        "stranger": viewer_of(make_user()),
        "member": viewer_of(bob),
        "limited": viewer_of(bob, "read", repositories=only),
        "limited stranger": viewer_of(make_user(), "read", repositories=only),
        "administrator": viewer_of(make_user(is_admin=True)),
        "limited administrator": viewer_of(make_user(is_admin=True), "admin", repositories=only),
    }


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("nobody", set()),
        ("stranger", set()),
        ("member", {"one", "two"}),
        ("limited", {"one"}),
        ("limited stranger", set()),
        ("administrator", {"one", "two"}),
        ("limited administrator", set()),
    ],
)
def test_private_repositories_are_in_hits_and_counts_of_those_who_see_them(house, who: str, names: set[str]) -> None:
    viewer = house[who]
    for query in (
        SearchQuery(text="plugh"),
        SearchQuery(text="xyzzy hollow"),
        SearchQuery(text="xyzzi voice"),
        SearchQuery(tags=("license:mit",)),
        SearchQuery(chosen={"library": ("xyzzy",)}),
        SearchQuery(chosen={"owner": ("acme",), "licence": ("mit",)}),
    ):
        found = search(viewer, query)
        seen = set() if "xyzzi" in query.text else names
        assert {hit.repo.name for hit in found.hits} == seen and found.total == len(seen)
        counts = {item.value: item.count for item in found.facets["library"]}
        assert counts.get("xyzzy", 0) == len(seen)
    everything = search(viewer, SearchQuery())
    assert {hit.repo.name for hit in everything.hits} == names | {"open"}
    assert ("mit" in {item.value for item in everything.facets["licence"]}) == bool(names)


def test_whether_a_word_may_have_typos_depends_on_what_the_viewer_sees() -> None:
    """Else the misspelt hits would tell that somebody has a private repository of exactly that name."""
    ada = make_user("ada")
    make_repo("sacret", owner=ada)
    make_repo("sqcret", owner=ada, private=True)
    assert {hit.repo.name for hit in search(ANONYMOUS, SearchQuery(text="sqcret")).hits} == {"sacret"}
    assert {hit.repo.name for hit in search(viewer_of(ada), SearchQuery(text="sqcret")).hits} == {"sqcret"}


def test_what_became_private_is_gone_at_once_even_before_the_index_knows(settings) -> None:
    ada = make_user("ada")
    repo = make_repo("shy", owner=ada)
    assert search(ANONYMOUS, SearchQuery()).total == 1
    settings.INDEX_WITH_SEARCH = False
    services.update_settings(by=viewer_of(ada), repo=repo, private=True)
    assert search(ANONYMOUS, SearchQuery()).hits == ()
    settings.INDEX_WITH_SEARCH = True
    assert search(ANONYMOUS, SearchQuery()).total == 0 and search(viewer_of(ada), SearchQuery()).total == 1
