import re
from pathlib import Path

import pytest
from django.test import override_settings
from rest_framework.test import APIRequestFactory

from hub.api import views, workers
from hub.api.urls import urlpatterns


@override_settings(SITE_NAME="Ours", CURATED_OWNER="curators", MAX_FILE_SIZE=7)
def test_about_says_whose_models_are_curated() -> None:
    answer = views.About.as_view()(APIRequestFactory().get("/about", HTTP_AUTHORIZATION="Bearer nonsense"))
    assert answer.status_code == 200
    assert answer.data["name"] == "Ours"
    assert answer.data["curatedOwner"] == "curators"
    assert answer.data["limits"]["fileSize"] == 7
    assert answer.data["version"]


@pytest.mark.urls("hub.api.urls")
def test_the_schema_lists_it() -> None:
    (schema,) = [one for one in urlpatterns if one.name == "api-schema"]
    answer = schema.callback(APIRequestFactory().get("/schema"))
    assert answer.status_code == 200
    assert "curatedOwner" in answer.data["components"]["schemas"]["About"]["required"]


def test_every_address_is_documented():
    docs = "".join(path.read_text() for path in (Path(__file__).resolve().parents[3] / "docs").glob("*.md"))
    told = {part for each in urlpatterns for part in str(each.pattern).split("/") if part and "<" not in part}
    of_workers = {str(each.pattern).split("/")[-1] for each in workers.urls()}
    assert {part for part in told - of_workers if not re.search(rf"[`/ ]{part}[`/?, ]", docs)} == set()
