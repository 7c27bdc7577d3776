"""Home, lists and owners: what stands there, for whom, and at what cost."""

import re
from dataclasses import replace

import pytest
from django.test.utils import CaptureQueriesContext

from hub.catalog.errors import IndexNotReady
from hub.governance.services import recalls
from hub.web.pages import gallery, rows
from hub.web.pages.lists import PER_PAGE
from tests.factories import make_org, make_repo, make_user
from tests.factories.accounts import viewer_of
from tests.unit.web.conftest import CARD


def _text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_home_counts_and_lists(client, model) -> None:
    text = _text(client.get("/"))
    assert "1 model" in text and "0 data sets" not in text
    assert "Tells good welds from bad ones." in text


def test_a_recall_is_said_before_the_review(client, model) -> None:
    boss = viewer_of(make_user(is_admin=True))
    recalls.recall(by=boss, repo=model, reason="It leaks.", derived=True)
    for page in ("/models", f"/{model.full_name}/tree/main"):
        assert 'data-tone="bad"' in _text(client.get(page)) and "recalled</" in _text(client.get(page))


def test_what_is_found_is_not_said_twice() -> None:
    purpose = "Tells good welds from bad ones."
    assert rows._purpose(purpose, ()) == purpose
    assert rows._purpose(purpose, (("… in ", False), ("steel", True))) == purpose
    assert rows._purpose(purpose, (("Tells good ", False), ("welds", True), (" from bad ones. It …", False))) == ""


def test_an_index_that_is_not_there_yet_offers_to_try_again(client, user, monkeypatch) -> None:
    def unready(*_: object, **__: object) -> None:
        raise IndexNotReady

    monkeypatch.setattr("hub.web.pages.owner.catalog.search", unready)
    response = client.get(f"/{user.username}")
    assert response.status_code == 503
    assert b"Not just now" in response.content and b"Try again" in response.content


def test_an_empty_hub_says_how_to_begin(client, db) -> None:
    assert "sdk.push" in _text(client.get("/"))


def test_a_row_says_what_helps_to_choose(client, model) -> None:
    text = _text(client.get("/models"))
    for fact in ("image classification", "mit", "someone/else", "1 model"):
        assert fact in text


def test_search_and_filters_narrow_the_list(client, model, user) -> None:
    make_repo(name="other", owner=user, files={"README.md": b"---\nlicense: apache-2.0\n---\n# Other\n"})
    assert "1 model matches “welds”" in _text(client.get("/models?q=welds"))
    assert "1 model fits these filters" in _text(client.get("/models?licence=mit"))
    assert "1 model fits these filters" in _text(client.get("/models?task=image-classification"))


def test_nothing_found_offers_what_exists(client, model) -> None:
    text = _text(client.get("/models?q=unfindable"))
    assert "Nothing fits" in text and "/models?task=image-classification" in text
    for url in re.findall(
        r'<li><a class="badge" data-tone="accent" href="([^"]+)">', text.partition("Nothing fits")[2]
    ):
        assert "1 model fits" in _text(client.get(url))


ODD = (
    *("sort=nonsense", "after=nonsense", "task=" + "x" * 5000, "q=%00", "q=" + "a+" * 300, "limit=99999999"),
    *(
        "parameters_min=many",
        "size_max=-1",
        "score_min=x",
        "&".join(["task=a"] * 30),
        "q=%22%28%2A~",
        "task=%00&tag=%00",
    ),
    "q=<script>alert(1)</script>&task=<script>alert(1)</script>&parameters_min=<script>alert(1)</script>",
)


@pytest.mark.parametrize("query", ODD)
@pytest.mark.parametrize("headers", [{}, {"hx-request-type": "partial", "hx-current-url": "http://[bad"}])
def test_odd_filters_are_answered_in_words(client, model, query, headers) -> None:
    response = client.get(f"/models?{query}", headers=headers)
    text = response.content.decode()
    assert response.status_code in {200, 400} and "<script>alert" not in text
    assert ("could not be read" in text) == (response.status_code == 400)


def test_what_could_not_be_read_stands_there_again(client, model) -> None:
    text = client.get("/models?parameters_min=many&task=image-classification&q=welds").content.decode()
    assert 'value="many"' in text and 'value="welds"' in text
    assert 'value="image-classification" checked' in text


def test_a_script_gets_the_form_alone_and_the_address_to_show(client, model) -> None:
    ask = {"hx-request-type": "partial", "hx-current-url": "http://testserver/models?q=wel"}
    response = client.get("/models?q=welds&task=&sort=", headers=ask)
    text = response.content.decode()
    assert text.lstrip().startswith("<form") and "1 model matches “welds”" in text
    assert response["HX-Replace-Url"] == "/models?q=welds" and "HX-Request-Type" in response["Vary"]
    filtered = client.get("/models?q=welds&licence=mit", headers=ask)
    assert filtered["HX-Push-Url"] == "/models?q=welds&licence=mit" and "HX-Replace-Url" not in filtered


def test_a_review_is_named_when_it_says_something(client, model) -> None:
    from hub.catalog.models import Repo

    assert "not reviewed" not in _text(client.get("/models")).partition('class="rows"')[2]
    Repo.objects.filter(pk=model.pk).update(review_state="quarantined")
    assert '<span class="badge" data-tone="bad">quarantined</span>' in _text(client.get("/models"))


def test_what_a_search_found_is_marked_and_escaped() -> None:
    from django.template.loader import render_to_string

    row = replace(gallery.build().rows[0], snippet=(("<b>", False), ("<i>", True)))
    text = render_to_string("web/rows.html", {"rows": [row]})
    assert "&lt;b&gt;<mark>&lt;i&gt;</mark>" in text


def test_a_long_list_has_pages(client, user) -> None:
    for number in range(PER_PAGE + 1):
        make_repo(name=f"m{number:02}", owner=user)
    text = _text(client.get("/models"))
    assert f"{PER_PAGE + 1} models" in text and "Next page" in text
    following = text.partition('class="pager"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert _text(client.get(following)).count('class="row-name"') == 1


def test_private_models_show_to_their_people_alone(client, user) -> None:
    make_repo(name="vault", owner=user, private=True, files={"README.md": CARD})
    for path in ("/", "/models", f"/{user.username}"):
        assert "vault" not in _text(client.get(path))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for path in ("/", "/models", f"/{user.username}"):
        assert "vault" in _text(client.get(path))


@pytest.mark.parametrize("path", ["/", "/models", "/models?q=m&licence=mit", "/datasets"])
def test_lists_cost_the_same_for_one_row_and_for_many(signed_in, user, path, django_assert_max_num_queries) -> None:
    from django.db import connection

    make_repo(name="m0", owner=user, files={"README.md": CARD})
    signed_in.get(path)
    with CaptureQueriesContext(connection) as one:
        signed_in.get(path)
    most = len(one)
    for number in range(1, 6):
        make_repo(name=f"m{number}", owner=user, files={"README.md": CARD})
    signed_in.get(path)  # the index follows
    with django_assert_max_num_queries(most):
        signed_in.get(path)
    # The home page asks four times.
    assert most <= (20 if path == "/" else 13)


def test_an_organisation_shows_its_members_to_them_and_what_roles_mean(signed_in, user) -> None:
    make_org("lab", admin=user, read=make_user("grace"))
    text = _text(signed_in.get("/lab"))
    for part in ("Organisation", user.username, "grace", "Also push to every repository"):
        assert part in text


def test_strangers_dont_learn_who_belongs_to_an_organisation(client, user) -> None:
    make_org("lab", admin=user, read=make_user("grace"))
    text = _text(client.get("/lab"))
    assert "Organisation" in text and "grace" not in text


def test_an_unknown_owner_is_a_page_with_a_way_on(client, db) -> None:
    response = client.get("/nobody")
    assert response.status_code == 404 and b"Look through the models" in response.content


@pytest.mark.parametrize("path", ["/", "/models", "/guide", "/search/suggestions?q=w", "URL"])
def test_pages_stand_while_the_index_is_being_built(client, url, monkeypatch, path) -> None:
    from hub.catalog import selectors
    from hub.catalog.errors import IndexNotReady

    def absent(*_: object, **__: object) -> None:
        raise IndexNotReady

    for name in ("search", "suggest", "similar"):
        monkeypatch.setattr(selectors, name, absent)
    response = client.get(url if path == "URL" else path)
    assert response.status_code == (503 if path == "/models" else 200)
    assert (b"search index is being built" in response.content) == (path in {"/", "/models"})


def test_what_is_like_a_model_stands_below_its_card(client, url, user) -> None:
    make_repo(name="seams", owner=user, files={"README.md": CARD})
    make_repo(name="vault", owner=make_user(), private=True, files={"README.md": CARD})
    text = _text(client.get(url)).partition("Like this one")[2]
    assert f'href="/{user.username}/seams"' in text and "vault" not in text
