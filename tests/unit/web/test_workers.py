from typing import Any

import pytest
from django.test import Client

from hub.jobs.models import Worker
from tests.factories import make_user
from tests.factories.jobs import make_running, make_worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(make_user(is_admin=True), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_administrator_sees_a_new_token_once(root: Client) -> None:
    page = root.post("/workers", {"name": "gpu-01"})
    assert "headstart worker --hub" in page.content.decode() and "no-store" in page["Cache-Control"]
    secret = page.context["page"].secret
    assert secret and secret not in root.get("/workers").content.decode()
    assert root.post("/workers", {"name": "gpu-01"}).status_code == 422


def test_others_see_workers_and_change_none(signed_in: Client) -> None:
    worker = make_worker("lab")
    text = signed_in.get("/workers").content.decode()
    assert "lab" in text and "Ready" in text and "Withdraw" not in text
    assert signed_in.post("/workers", {"name": "mine"}).status_code == 422
    assert signed_in.post(f"/workers/{worker.public_id}", {"action": "revoke"}).status_code == 403
    assert Worker.objects.get().revoked_at is None


def test_jobs_of_others_are_only_counted(signed_in: Client, user: Any) -> None:
    make_running(by=make_user(), title="Somebody's own")
    text = signed_in.get("/workers").content.decode()
    assert "1 of other people" in text and "Somebody" not in text


def test_draining_and_withdrawing(root: Client) -> None:
    worker = make_worker("lab")
    root.post(f"/workers/{worker.public_id}", {"action": "drain"})
    assert "Takes no new jobs" in root.get("/workers").content.decode()
    root.post(f"/workers/{worker.public_id}", {"action": "work"})
    assert "Ready" in root.get("/workers").content.decode()
    root.post(f"/workers/{worker.public_id}", {"action": "revoke"})
    assert "No workers" in root.get("/workers").content.decode()
    assert root.post(f"/workers/{worker.public_id}", {"action": "drain"}).status_code == 404
