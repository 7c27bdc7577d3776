"""People around a repository, and tasks that run at once."""

from collections.abc import Iterator
from typing import Any

import pytest

from hub.celery import app


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Any:
    """`with told():` runs what the hub would send to its worker, as a worker does."""
    app.loader.import_default_modules()
    monkeypatch.setattr(app, "send_task", lambda name, kwargs: app.tasks[name](**kwargs))
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def ada(db: None) -> Any:
    from tests.factories import make_user

    return make_user("ada")


@pytest.fixture
def bob(db: None) -> Any:
    from tests.factories import make_user

    return make_user("bob")


@pytest.fixture(autouse=True)
def storage_dir(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.STORAGE_DIR = tmp_path / "storage"
    yield
