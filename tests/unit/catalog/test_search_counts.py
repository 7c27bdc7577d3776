"""Counts of facets and totals against a count by hand, over catalogs made by chance."""

import random
from collections import Counter

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.catalog.models import Card, Repo
from hub.catalog.query import FACETS, SearchQuery
from hub.catalog.search.documents import facets_of
from hub.catalog.selectors import search
from tests.factories import make_org, make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db

CHOICES = {
    "license": ["mit", "apache-2.0", "gpl-3.0", "cc-by-nc-4.0", "my-own", ["mit", "gpl-3.0"], None],
    "pipeline_tag": ["fill-mask", "image-classification", "text-generation", None],
    "library_name": ["timm", "transformers", None],
    "language": ["en", ["en", "de"], ["fr"], None],
    "datasets": [["me/a"], ["me/a", "me/b"], None],
    "base_model": ["Ada/Base", ["ada/base", "b/c"], None],
}


@pytest.fixture
def house():
    """Forty models of three owners, some private, some gated, described by chance."""
    chance = random.Random(7)
    ada, bob = make_user("ada"), make_user("bob")
    make_org("acme", read=bob)
    for number in range(40):
        owner = chance.choice([ada, bob, "acme"])
        repo = make_repo(f"m{number}", owner=owner, private=chance.random() < 0.4)
        stated = {name: value for name, values in CHOICES.items() if (value := chance.choice(values))}
        Card.objects.filter(repo=repo).update(metadata=stated, size=chance.randrange(5), parameter_count=number % 4)
        Repo.objects.filter(pk=repo.pk).update(
            gate=chance.choice(["", "auto", "manual"]),
            review_state=chance.choice(["unreviewed", "approved"]),
            bias_severity=chance.choice(["", "low", "high"]),
        )
    return {
        "nobody": ANONYMOUS,
        "ada": viewer_of(ada),
        "bob": viewer_of(bob),
        "root": viewer_of(make_user(is_admin=True)),
    }


def fits(repo: Repo, chosen: dict[str, tuple[str, ...]]) -> bool:
    values = facets_of(repo, [])
    return all(set(wanted) & {value.lower() for value in values[name]} for name, wanted in chosen.items())


def counted(repos: list[Repo], name: str) -> Counter:
    return Counter(value for repo in repos for value in set(facets_of(repo, [])[name]))


@pytest.mark.parametrize("who", ["nobody", "ada", "bob", "root"])
def test_counts_are_those_of_a_count_by_hand(house, who: str) -> None:
    viewer, chance = house[who], random.Random(who)
    seen = list(Repo.objects.visible_to(viewer).select_related("owner", "card"))
    for _ in range(12):
        names = chance.sample(FACETS, chance.randrange(4))
        chosen = {
            name: tuple(chance.sample(sorted(v.lower() for v in counted(seen, name)) or ["x"], 1)) for name in names
        }
        found = search(viewer, SearchQuery(chosen=chosen, limit=100))
        assert {hit.repo for hit in found.hits} == {repo for repo in seen if fits(repo, chosen)}
        assert found.total == len(found.hits)
        for name in FACETS:
            others = {other: wanted for other, wanted in chosen.items() if other != name}
            by_hand = counted([repo for repo in seen if fits(repo, others)], name)
            by_hand |= Counter()
            got = {item.value: item.count for item in found.facets[name]}
            assert {value: count for value, count in got.items() if count} == dict(by_hand), name
            assert {item.value.lower() for item in found.facets[name] if item.is_chosen} == set(chosen.get(name, ()))


def test_most_frequent_values_come_first_and_a_chosen_rare_one_too() -> None:
    for number in range(70):
        repo = make_repo()
        Card.objects.filter(repo=repo).update(metadata={"library_name": f"lib{number:02}"})
    found = search(ANONYMOUS, SearchQuery(chosen={"library": ("lib69", "Nowhere")}))
    values = {item.value: item for item in found.facets["library"]}
    assert len(values) == 62 and values["lib00"].count == 1 and not values["lib00"].is_chosen
    assert (values["lib69"].count, values["Nowhere"].count) == (1, 0) and values["lib69"].is_chosen


def test_ranges_take_both_ends_and_pass_over_what_is_unknown() -> None:
    for size in (None, 1, 5, 10):
        repo = make_repo(f"m{size}")
        Card.objects.filter(repo=repo).update(parameter_count=size, size=size or 0)

    def names(**ranges) -> set[str]:
        return {hit.repo.name for hit in search(ANONYMOUS, SearchQuery(ranges=ranges)).hits}

    assert names(parameters=(1, 5)) == {"m1", "m5"} and names(parameters=(None, 5)) == {"m1", "m5"}
    assert names(size=(0, 0)) == {"mNone"} and names(size=(6, None)) == {"m10"}
    assert names(parameters=(2**62, None), size=(None, 2**63 - 1)) == set()
