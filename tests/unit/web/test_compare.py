"""Models side by side: for whom, at what cost, and what is marked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_repo, make_user
from tests.unit.web.conftest import CARD


def _text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def _report(repo, value: float, metric: str = "accuracy") -> None:
    from hub.catalog.models import ReportedResult

    ReportedResult.objects.create(
        repo=repo,
        position=99,
        source="model-index",
        path="README.md",
        dataset_name="welds",
        metric=metric,
        benchmark=f"welds/{metric}",
        value=value,
        text=f"{value:g}",
    )


@pytest.fixture
def other(user):
    return make_repo(name="other", owner=user, files={"README.md": CARD.replace(b"license: mit", b"license: gpl-3.0")})


def _row(text: str, label: str) -> str:
    return next(row for row in text.split("<tr") if f">{label}</a>" in row or f">{label} <" in row)


def test_differences_are_marked_and_sameness_is_not(client, model, other) -> None:
    text = _text(client.get(f"/compare?m={model.full_name}&m={other.full_name}"))
    assert "differs" in _row(text, "Licence class") and "Copyleft" in text
    assert "differs" not in _row(text, "Task")


def test_shared_benchmarks_are_drawn_and_others_not(client, model, other) -> None:
    for repo, value in ((model, 0.9), (other, 0.8)):
        _report(repo, value)
    text = _text(client.get(f"/compare?m={model.full_name}&m={other.full_name}"))
    assert "welds · accuracy" in text and "0.9 (best)" in text and '<progress value="0.8"' in text
    assert "welds · accuracy" not in _text(client.get(f"/compare?m={model.full_name}"))


@pytest.mark.parametrize(("metric", "best"), [("perplexity", "12 (best)"), ("watts", "")])
def test_best_may_be_least_and_is_unknown_for_an_unknown_metric(client, model, other, metric, best) -> None:
    for repo, value in ((model, 12.0), (other, 30.0)):
        _report(repo, value, metric=metric)
    text = _text(client.get(f"/compare?m={model.full_name}&m={other.full_name}"))
    assert f"welds · {metric}" in text
    assert best in text if best else "(best)" not in text


def test_missing_and_private_look_alike(client, model, user) -> None:
    make_repo(name="vault", owner=user, private=True, files={"README.md": CARD})
    private, missing = (
        _text(client.get(f"/compare?m={model.full_name}&m={user.username}/{name}")) for name in ("vault", "absent")
    )
    assert "there is no such model, or you may not see it" in private
    assert private.replace("vault", "absent") == missing
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert "there is no such model" in _text(client.get(f"/compare?m={user.username}/vault"))


def test_private_ancestors_are_not_linked(client, user) -> None:
    from hub.catalog.models import Ancestor

    base = make_repo(name="vault", owner=user, private=True)
    tuned = make_repo(name="tuned", owner=user)
    Ancestor.objects.get_or_create(
        repo=tuned, kind="model", relation="finetune", name=base.full_name.upper(), key=base.key
    )
    text = _text(client.get(f"/compare?m={tuned.full_name}"))
    assert base.full_name.upper() in text and f'href="/{base.full_name}"' not in text


def test_former_names_spaces_and_repetition_are_forgiven(client, user, model) -> None:
    from hub.accounts.viewer import Viewer
    from hub.catalog.services import move_repo

    old = model.full_name
    move_repo(by=Viewer(user=user), repo=model, to_owner=user.username, to_name="seams")
    text = _text(client.get(f"/compare?m=%20{old}/&m={user.username}/SEAMS"))
    assert text.count('<th scope="col"><a') == 1 and "no such model" not in text


def test_no_more_than_four_fit(client, user) -> None:
    for number in range(6):
        make_repo(name=f"m{number}", owner=user)
    names = "&".join(f"m={user.username}/m{number}" for number in range(6))
    text = _text(client.get(f"/compare?{names}"))
    assert text.count('<th scope="col"><a') == 4 and "At most 4 models" in text and "Add a model" not in text


@pytest.mark.parametrize(
    "query", ["", "m=", "m=%00/%00", "m=<script>alert(1)</script>", "m=a/b/c/d", "m=" + "x" * 9000]
)
def test_odd_names_are_harmless(client, db, query) -> None:
    assert "<script>alert" not in _text(client.get(f"/compare?{query}"))


def test_each_model_costs_a_look_at_its_weights_and_no_more(client, user, django_assert_max_num_queries) -> None:
    names = [make_repo(name=f"m{number}", owner=user, files={"README.md": CARD}).full_name for number in range(4)]
    client.get("/compare?m=" + names[0])
    with CaptureQueriesContext(connection) as two:
        client.get("/compare?" + "&".join(f"m={name}" for name in names[:2]))
    with django_assert_max_num_queries(len(two) + 2 * 4):
        client.get("/compare?" + "&".join(f"m={name}" for name in names))
    assert len(two) <= 8 + 2 * 4
