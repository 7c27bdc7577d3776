from pathlib import Path

import pytest

from hub.storage import services
from hub.storage.models import Scope


@pytest.fixture(autouse=True)
def storage_dir(settings, tmp_path: Path) -> Path:
    settings.STORAGE_DIR = tmp_path / "storage"
    settings.WRITE_LOCK = tmp_path / "write.lock"
    return settings.STORAGE_DIR


@pytest.fixture
def scope(db) -> Scope:
    return services.new_scope()


@pytest.fixture
def small_parts(settings) -> int:
    """Uploads from 100 bytes on come in parts of 10."""
    settings.LFS_MULTIPART_FROM = 100
    settings.LFS_PART_SIZE = 10
    return 10
