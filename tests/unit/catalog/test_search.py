import datetime as dt

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.catalog import services
from hub.catalog.models import Repo
from hub.catalog.query import FACETS, SORTS, SearchQuery
from hub.catalog.selectors import search
from hub.core.errors import InvalidInput
from tests.factories import make_org, make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db


def names(text: str = "", viewer=ANONYMOUS, **fields) -> list[str]:
    found = search(viewer, SearchQuery(text=text, **fields), facets=())
    assert found.total == len(found.hits)
    return [hit.repo.name for hit in found.hits]


def readme(metadata: str, text: str = "") -> dict[str, bytes]:
    return {"README.md": f"---\n{metadata}\n---\n# Title\n\n{text}\n".encode()}


def test_every_word_is_sought_everywhere_in_any_spelling() -> None:
    user = make_user("ada")
    make_repo("Bert-Base", owner=user, files=readme("tags: [legal]", "Understands ÉCOLE and STRASSE well enough."))
    make_repo("other", owner=user)
    for text in ("bert", "BERT base", "ADA/bert", "ecole straße bert", "ber", "legal understands", "base ada legal"):
        assert names(text) == ["Bert-Base"], text
    assert names("bert absent") == names("stras bert") == []


def test_names_forgive_typos_and_are_found_by_their_middle() -> None:
    make_repo("distilbert-classifier")
    make_repo("resnet50")
    assert names("distlbert") == names("clasifier distilbert") == names("ilber") == ["distilbert-classifier"]
    assert names("resnet 50") == names("resnt50") == names("resne") == ["resnet50"]
    assert names("classifrei") == ["distilbert-classifier"] and names("resx") == []


def test_the_very_name_comes_first_then_its_beginning_then_tags_then_prose() -> None:
    said = "A sentence that is long enough, and speaks of bert."
    make_repo("prose", files=readme("license: mit", said))
    make_repo("tagged", files=readme("tags: [bert]"))
    make_repo("bert-large")
    make_repo("bert")
    Repo.objects.filter(name="prose").update(downloads=1_000_000)
    assert names("bert") == ["bert", "bert-large", "tagged", "prose"]


@pytest.mark.parametrize(
    "text", ["!!!", '"', "a:b", "(x OR", "name:*", "\\", "^2", "[a TO b]", "\0", "\ud800", "👋", "-", "* ", "a" * 999]
)
def test_no_text_is_an_error(text: str) -> None:
    make_repo("quiet")
    assert names(text) == []


def test_words_without_spaces_between_them() -> None:
    make_repo("ja", files=readme("language: ja", "これは日本語のモデルです。とても良いモデルだと思います。"))
    assert names("日本") == names("モデル") == ["ja"] and names("中国") == []


def test_choices_are_alternatives_and_filters_must_all_hold() -> None:
    make_repo("a", files=readme("license: MIT\ntags: [Bert, É]\nlanguage: en\npipeline_tag: fill-mask"))
    make_repo("b", files=readme("license: gpl-3.0\nlanguage: de\nlibrary_name: timm\ndatasets: [me/Data]"))
    make_repo("c")
    assert sorted(names(chosen={"licence": ("mit", "GPL-3.0")})) == ["a", "b"]
    assert names(chosen={"licence": ("mit", "gpl-3.0"), "language": ("de",)}) == ["b"]
    assert names(chosen={"licence_class": ("unknown",)}) == ["c"] and names(chosen={"modality": ("text",)}) == ["a"]
    assert names(chosen={"dataset": ("ME/data",)}) == ["b"]
    assert names(tags=("license:MIT", "é")) == ["a"] and names(tags=("license:mi",)) == []


def test_owner_kind_gate_review_and_findings() -> None:
    ada, bob = make_user("Ada"), make_user("axa")
    make_repo("one", owner=ada)
    make_repo("two", owner=bob)
    make_repo("data", owner=ada, kind="dataset")
    services.update_settings(by=viewer_of(bob), repo=Repo.objects.select_related("owner").get(name="two"), gated="auto")
    assert names(chosen={"owner": ("aDA",)}) == ["one"] and names(kind="dataset") == ["data"]
    assert names(chosen={"gated": ("auto", "manual")}) == ["two"] and names(chosen={"gated": ("none",)}) == ["one"]
    assert len(names(chosen={"review": ("unreviewed",), "bias": ("none",)})) == 2


@pytest.mark.parametrize("sort", [*SORTS, ""])
def test_pages_hold_each_repository_once(sort: str) -> None:
    made = [make_repo(f"m{number}") for number in range(7)]
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    Repo.objects.update(updated_at=moment, created_at=moment)
    last = {"updated_at": moment + dt.timedelta(1), "created_at": moment + dt.timedelta(1)}
    Repo.objects.filter(name="m3").update(downloads=5, likes=5, trending=0.5, **last)
    seen, after = [], ""
    while True:
        page = search(ANONYMOUS, SearchQuery(sort=sort, limit=2, after=after))
        assert page.total == 7 and len(page.facets) == len(FACETS)
        seen += [hit.repo.name for hit in page.hits]
        if (after := page.next or "") == "":
            break
    assert sorted(seen) == sorted(repo.name for repo in made)
    assert seen[0] == "m3" or sort in {"size", "parameters"}


@pytest.mark.parametrize("after", ["x", "-1", "from-", "from-x", "from-99999", "9" * 30, "²"])
def test_cursors_that_are_not_ours(after: str) -> None:
    make_repo("bert")
    for text in ("", "bert"):
        if not (text == "" and after.startswith("from-9")):
            with pytest.raises(InvalidInput):
                names(text, after=after)


def test_a_page_takes_three_queries(django_assert_num_queries) -> None:
    user = make_user()
    org = make_org(read=user)
    for private in (True, False):
        make_repo(owner=org.namespace.name, private=private, files=readme("license: mit", "A text of some length."))
    viewer = viewer_of(user)
    with django_assert_num_queries(3):  # memberships, page, tags
        page = search(viewer, SearchQuery(tags=("license:mit",)))
        assert [[tag.value for tag in hit.repo.tags.all()] for hit in page.hits] == [["license:mit"]] * 2
        assert {(hit.repo.full_name, hit.repo.card.license) for hit in page.hits} and page.total == 2
    with django_assert_num_queries(3):  # page, tags, prose
        page = search(viewer, SearchQuery(text="text of"))
        assert page.hits[0].snippet == (
            ("Title\nA ", False),
            ("text", True),
            (" ", False),
            ("of", True),
            (" some length.", False),
        )
