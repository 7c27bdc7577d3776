"""The administration: every page opens, and no history can be changed there."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from hub.audit.admin import Audited, ReadOnly
from hub.governance.models import LicenceVersion
from hub.governance.services import access
from tests.factories import make_org, make_repo, make_token, make_user, viewer_of
from tests.factories.gated import ANSWERS, LICENCE, make_gated

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model.__module__.startswith("hub.")]
# People and organisations: a few fields, each change recorded.
CHANGEABLE = {"user", "organisation"}


@pytest.fixture
def root(client):
    client.force_login(make_user("root", is_admin=True), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def _something(settings, tmp_path) -> None:
    """A row for many of the tables."""
    settings.STORAGE_DIR = tmp_path / "storage"
    from hub.governance.services import examination
    from hub.governance.services.acceptances import accept_text

    ada, bob = make_user("ada"), make_user("bob")
    make_org("acme", admin=ada)
    make_token(ada)
    gated = make_gated(ada)
    access.request_access(by=viewer_of(bob), repo=gated, fields=ANSWERS)
    access.grant(by=viewer_of(ada), repo=gated, reader=make_user().namespace, days=3)
    accept_text(by=viewer_of(bob), licence="mit", text_sha256="0" * 64)
    made = make_repo(owner=ada, files={"LICENSE": LICENCE})
    examination.made(repo_id=made.pk, commit=made.refs.get().target, by="ada")
    LicenceVersion.objects.create(licence="weld", number=1, properties={}, by="ada", reason="new")


def url(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.usefixtures("_something")
def test_every_page_opens_and_none_of_history_is_changed(root) -> None:
    seen = 0
    for model in OURS:
        assert root.get(url(model, "changelist")).status_code == 200, model
        assert root.get(url(model, "add")).status_code == 403, model
        row = model._default_manager.first()
        if row is None:
            continue
        seen += 1
        change, drop = url(model, "change", row.pk), url(model, "delete", row.pk)
        assert root.get(change).status_code == 200, model
        assert root.post(drop, {"post": "yes"}).status_code == 403, model
        if model._meta.model_name not in CHANGEABLE:
            assert root.post(change, {"state": "approved"}).status_code == 403, model
            assert b'name="_save"' not in root.get(change).content, model
    assert seen > 12


@pytest.mark.usefixtures("_something")
def test_nothing_is_deleted_by_an_action(root) -> None:
    for model in OURS:
        rows = list(model._default_manager.values_list("pk", flat=True)[:3])
        told = {"action": "delete_selected", "_selected_action": rows, "post": "yes"}
        root.post(url(model, "changelist"), told)
        assert len(rows) == model._default_manager.filter(pk__in=rows).count(), model


def test_every_table_of_governance_is_there_to_look_at() -> None:
    for model in apps.get_app_config("governance").get_models():
        assert isinstance(admin.site._registry[model], ReadOnly), model


def test_what_can_be_changed_is_recorded() -> None:
    others = {model for model in OURS if not isinstance(admin.site._registry[model], ReadOnly)}
    assert {model._meta.model_name for model in others} == CHANGEABLE
    assert all(isinstance(admin.site._registry[model], Audited) for model in others)


@pytest.mark.usefixtures("_something")
def test_lists_ask_as_much_for_much_as_for_little(root, django_assert_max_num_queries) -> None:
    for _ in range(5):
        access.grant(by=viewer_of(make_user(is_admin=True)), repo=make_gated(make_user()), reader=make_user().namespace)
    for model in OURS:
        with django_assert_max_num_queries(8):
            root.get(url(model, "changelist"))


def test_licences_lead_to_their_form(root) -> None:
    row = LicenceVersion.objects.create(licence="weld", number=1, properties={}, by="ada", reason="new")
    assert b'href="/governance/licences/weld"' in root.get(url(LicenceVersion, "change", row.pk)).content
