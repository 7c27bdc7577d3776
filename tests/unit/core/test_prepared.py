"""Queries whose SQL is built once say what the query itself says."""

import pytest

from hub.catalog.models import Card, Repo
from hub.core.prepared import Prepared, instance
from tests.factories import make_repo

pytestmark = pytest.mark.django_db


def test_values_lists_and_constants(django_assert_num_queries) -> None:
    repos = [make_repo(name=name) for name in ("one", "two", "three")]
    named = Prepared(
        lambda keys, pk: (
            Repo.objects.filter(key__in=keys, pk__lt=pk, kind="model").order_by("pk").values_list("key", "pk")
        )
    )
    with django_assert_num_queries(3):
        for last in (repos[2], repos[1], repos[0]):
            keys = [repo.key for repo in repos]
            told = named(keys, last.pk)
            assert told == [(repo.key, repo.pk) for repo in repos if repo.pk < last.pk]
        assert named([], repos[0].pk) == []


def test_columns_come_as_the_model_has_them() -> None:
    repo = make_repo(files={"README.md": b"---\nlicense: mit\n---\n"})
    rows = Prepared(lambda pk: Card.objects.filter(repo=pk).values_list("id", "metadata"))
    [(pk, metadata)] = rows(repo.pk)
    assert metadata == {"license": "mit"}
    named = instance(Repo, ("kind", "public_id", "id"), (repo.kind, repo.public_id, repo.pk))
    assert (named.pk, named.kind, named.public_id) == (repo.pk, repo.kind, repo.public_id), "in whatever order"
    card = instance(Card, ("id",), (pk,))
    assert card.repo_id == repo.pk, "what isn't there is read when asked for"


def test_a_query_that_changes_its_values_is_refused() -> None:
    with pytest.raises(ValueError, match="as they are"):
        Prepared(lambda key: Repo.objects.filter(key__contains=key).values_list("pk"))("x")
