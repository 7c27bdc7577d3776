"""The administration shows every table of the room, and changes none."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from hub.audit.admin import ReadOnly
from hub.jobs.models import Worker
from tests.factories import make_user
from tests.factories.jobs import make_running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def root(client):
    client.force_login(make_user("root", is_admin=True), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_every_table_is_there_to_look_at(root):
    make_running()
    for model in apps.get_app_config("jobs").get_models():
        assert isinstance(admin.site._registry[model], ReadOnly), model
        listing = f"admin:jobs_{model._meta.model_name}_changelist"
        assert root.get(reverse(listing)).status_code == 200, model


def test_the_digest_of_a_workers_secret_is_not_shown(root):
    make_running()
    worker = Worker.objects.get()
    page = root.get(reverse("admin:jobs_worker_change", args=[worker.pk])).content.decode()
    assert worker.name in page
    assert worker.sha256 not in page
