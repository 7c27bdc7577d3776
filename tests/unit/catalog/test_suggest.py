import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.catalog.selectors import find_repo, similar, suggest
from tests.factories import make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db


def names(text: str, viewer=ANONYMOUS, **fields) -> list[str]:
    return [found.full_name for found in suggest(viewer, text, **fields)]


@pytest.fixture
def ada():
    ada = make_user("ada")
    make_repo("bert-base", owner=ada)
    make_repo("bert", owner=ada)
    make_repo("distilbert", owner=ada)
    make_repo("berta", owner=ada, kind="dataset")
    make_repo("bert-secret", owner=ada, private=True)
    return ada


def test_names_that_begin_so_come_before_those_with_it_inside(ada) -> None:
    assert names("bert", kind="model") == ["ada/bert", "ada/bert-base", "ada/distilbert"]
    assert names("bas") == names("bert-b")[:1] == ["ada/bert-base"] and names("ada/ber", kind="dataset") == [
        "ada/berta"
    ]
    assert set(names("be")) == {"ada/bert", "ada/bert-base", "ada/berta"} and len(names("b", limit=2)) == 2
    assert names("") == names("/") == names("\0") == names("zzz") == []


def test_typos_and_what_matched(ada) -> None:
    assert names("distlb") == names("ditsilbert") == ["ada/distilbert"]
    (found,) = suggest(ANONYMOUS, "bert bas")
    assert found.pieces == (("ada/", False), ("bert", True), ("-", False), ("bas", True), ("e", False))


def test_private_names_are_suggested_to_those_who_see_them(ada) -> None:
    assert names("secret") == names("secert") == [] and names("secret", viewer_of(make_user())) == []
    assert names("secret", viewer_of(ada)) == names("secert", viewer_of(ada)) == ["ada/bert-secret"]


def test_a_suggestion_takes_one_query_of_the_database(ada, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert len(suggest(ANONYMOUS, "be")) == 3


def card(metadata: str, text: str = "") -> dict[str, bytes]:
    return {"README.md": f"---\n{metadata}\n---\n# A title\n\n{text}\n".encode()}


def test_similar_are_relatives_first_then_the_same_task(django_assert_num_queries) -> None:
    ada = make_user("ada")
    make_repo("base", owner=ada, files=card("pipeline_tag: fill-mask"))
    make_repo("tuned", owner=ada, files=card("base_model: ada/base\npipeline_tag: text-classification"))
    make_repo("twin", owner=ada, files=card("base_model: ada/Base"))
    make_repo("other", owner=ada, files=card("pipeline_tag: text-classification"))
    make_repo("far", owner=ada, files=card("pipeline_tag: image-segmentation"))
    make_repo("hidden", owner=ada, private=True, files=card("base_model: ada/base"))
    tuned = find_repo(ANONYMOUS, "model", "ada", "tuned")
    with django_assert_num_queries(3):  # prose, repositories, tags
        assert [repo.name for repo in similar(ANONYMOUS, tuned)] == ["base", "twin", "other"]
    assert "hidden" in [repo.name for repo in similar(viewer_of(ada), tuned)]


def test_similar_by_what_the_card_says() -> None:
    said = "Detects faulty welding seams on photographs from the shop floor."
    first = make_repo("first", files=card("license: mit", said))
    make_repo("second", files=card("license: mit", said.replace("photographs", "pictures")))
    make_repo("third", files=card("license: mit", "Writes poems about the sea and about nothing else at all."))
    assert [repo.name for repo in similar(ANONYMOUS, first)] == ["second"]
