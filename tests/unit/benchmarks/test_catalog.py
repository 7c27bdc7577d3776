"""The generator of catalogs writes what the hub itself could have written."""

from collections import Counter

import pytest
from django.db import connection

from benchmarks._catalog import BENCH, Catalog
from hub.accounts.models import User
from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog import selectors
from hub.catalog.models import Ancestor, Card, Commit, Ref, Repo, ReportedResult, RepoTag
from hub.catalog.services.trends import refresh_trends
from tests.factories import make_repo

pytestmark = pytest.mark.django_db(transaction=True)
MODELS = 2_000


@pytest.fixture
def catalog():
    made = Catalog(MODELS, seed=3)
    made.write()
    return made


def test_it_is_as_uneven_as_a_real_one(catalog):
    assert Repo.objects.count() == MODELS + 16 and catalog.rows["Repo"] == MODELS
    counts = Counter(Repo.objects.values_list("owner__name", flat=True))
    assert counts.most_common(1)[0][1] > MODELS / 50 and len(counts) > 50
    unlicensed = Card.objects.filter(license="").count()
    assert 0.25 < unlicensed / MODELS < 0.35
    assert 0.05 < Repo.objects.filter(visibility="private").count() / MODELS < 0.11
    assert 4 < RepoTag.objects.count() / MODELS < 8
    assert Ancestor.objects.filter(kind="model").exists() and ReportedResult.objects.filter(value__gt=50).exists()


def test_its_models_are_whole(catalog):
    repos = list(Repo.objects.select_related("owner", "card", "scope").prefetch_related("tags").order_by("-pk")[:20])
    infos = selectors.repo_infos(repos)
    assert len(infos) == 20
    assert {file.path for file in infos[0].siblings} >= {"README.md", "config.json"}
    named = [repo for repo in repos if repo.card.license]
    assert all(f"license:{repo.card.license}" in {tag.value for tag in repo.tags.all()} for repo in named)
    assert Commit.objects.count() == Ref.objects.count() + 16  # templates have two commits each


def test_no_row_points_nowhere(catalog):
    connection.check_constraints()
    keys = set(Repo.objects.values_list("key", flat=True))
    bases = set(Ancestor.objects.filter(kind="model").values_list("key", flat=True))
    assert bases and bases <= keys


def test_its_user_sees_more_than_strangers(catalog):
    bench = Viewer(user=User.objects.get(username=BENCH))
    mine, public = (Repo.objects.visible_to(viewer).count() for viewer in (bench, ANONYMOUS))
    assert mine > public


def test_what_trends_is_what_was_pulled(catalog):
    assert 0.02 < Repo.objects.filter(trending__gt=0).count() / MODELS < 0.04
    assert refresh_trends() == 0


def test_the_hub_goes_on_from_there(catalog):
    made = make_repo(files={"README.md": b"---\nlicense: mit\n---\n# New\n"})
    assert made.pk > MODELS and Repo.objects.count() == MODELS + 17


def test_the_same_seed_makes_the_same_catalog(catalog):
    again = Catalog(MODELS, seed=3)
    assert again.owners == catalog.owners
    first = Repo.objects.filter(name__contains="-").order_by("pk").values_list("name", flat=True)
    assert list(first.exclude(name__startswith="template"))[:3] == [name.split("/")[1] for name in catalog.names[:3]]
