"""Browsing without a browser."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from hub.governance.selectors import quarantine
from tests.factories import make_repo
from tests.factories.accounts import PASSWORD

CARD = b"""---
license: mit
library_name: transformers
pipeline_tag: image-classification
base_model: someone/else
headstart:
  training_data: [{statement: Ten thousand photographs of welds., source: lab notes}]
---
# Welds

Tells good welds from bad ones.

## Known biases

- Steel only.
"""


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """What the process of one test kept is not there in the next."""
    cache.clear()
    quarantine.forget()


@pytest.fixture
def signed_in(client: Client, user: Any) -> Client:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def visitor() -> Client:
    """A second browser, in which nobody signed in."""
    return Client()


@pytest.fixture
def model(user: Any) -> Any:
    files = {"README.md": CARD, "train.py": b"print('hi')\n", "data/rows.csv": b"a,b\n1,2\n", "w.bin": b"\0\1" * 300}
    return make_repo(name="welds", owner=user, files=files)


@pytest.fixture
def url(model: Any) -> str:
    return f"/{model.full_name}"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Any:
    """`with told():` runs what the hub would send to its worker, as a worker does."""
    from hub.celery import app

    app.loader.import_default_modules()
    monkeypatch.setattr(app, "send_task", lambda name, kwargs: app.tasks[name](**kwargs))
    return lambda: django_capture_on_commit_callbacks(execute=True)


__all__ = ["CARD", "PASSWORD"]
