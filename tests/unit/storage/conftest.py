import datetime as dt
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.core import clock
from hub.storage import services
from hub.storage.models import Blob, Holding, Scope, Upload

LONG_AGO = dt.timedelta(days=100)


@pytest.fixture(autouse=True)
def storage_dir(settings, tmp_path: Path) -> Path:
    settings.STORAGE_DIR = tmp_path / "storage"
    return settings.STORAGE_DIR


@pytest.fixture
def scope(db) -> Scope:
    return services.new_scope()


@pytest.fixture
def in_parts(settings) -> None:
    """Uploads from 100 bytes on come in parts of 10."""
    settings.LFS_MULTIPART_FROM = 100
    settings.LFS_PART_SIZE = 10


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def begin(scope: Scope, data: bytes) -> services.UploadPlan:
    return services.begin_upload(scope=scope, sha256=digest(data), size=len(data))


def send(plan: services.UploadPlan, number: int, data: bytes) -> str:
    """Send part `number` of the content `data`."""
    part = data[(number - 1) * plan.part_size : number * plan.part_size]
    return services.receive_part(upload_id=plan.upload_id, number=number, body=io.BytesIO(part), length=len(part))


def upload(scope: Scope, data: bytes) -> Blob:
    plan = begin(scope, data)
    for number in range(1, plan.part_count + 1):
        send(plan, number, data)
    return services.finish_upload(upload_id=plan.upload_id)


def make_old(*, by: dt.timedelta = LONG_AGO) -> None:
    """Move everything that is stored into the past."""
    then = clock.now() - by
    Blob.objects.update(created_at=then)
    Holding.objects.update(uploaded_at=then)
    Upload.objects.update(active_at=then)


@pytest.fixture
def stored_path(storage_dir: Path) -> Callable[[str], Path]:
    """Where the whole file of a sha256 lies."""
    return lambda sha256: storage_dir / "sha256" / sha256[:2] / sha256[2:4] / sha256


@pytest.fixture
def incoming(storage_dir: Path) -> Callable[[], list[Path]]:
    """The files on their way in."""
    return lambda: list((storage_dir / "incoming").glob("*"))
