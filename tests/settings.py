"""Settings for tests: a data folder and a database of their own, no broker unless a test starts one.

SQLite tests use a database file, not memory, so that threads see each other's commits as they do in the real hub.
`HEADSTART_TEST_DATABASE_URL` runs the same tests on PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_data = os.environ.get("HEADSTART_TEST_DATA") or tempfile.mkdtemp(prefix="headstart-test-")


def _clean(owner: int = os.getpid()) -> None:
    """Remove the data folder, but not when a forked child ends."""
    if os.getpid() == owner and "HEADSTART_TEST_DATA" not in os.environ:
        shutil.rmtree(_data, ignore_errors=True)
        shutil.rmtree(INDEX_DIR.parent, ignore_errors=True)


atexit.register(_clean)
for _name in [name for name in os.environ if name.startswith("HEADSTART_") and not name.startswith("HEADSTART_TEST_")]:
    del os.environ[_name]
os.environ["HEADSTART_DATA"] = _data
os.environ["HEADSTART_SECRET_KEY"] = "test-only"
if url := os.environ.get("HEADSTART_TEST_DATABASE_URL"):
    os.environ["HEADSTART_DATABASE_URL"] = url

from hub.settings import *  # noqa: E402, F403
from hub.settings import DATA_DIR, DATABASES, INDEX_DIR, IS_SQLITE  # noqa: E402

for _name in ("HEADSTART_DATA", "HEADSTART_SECRET_KEY", "HEADSTART_DATABASE_URL"):
    os.environ.pop(_name, None)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
CELERY_BROKER_URL = "memory://"
if IS_SQLITE:
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    # A power cut is no concern of a test.
    _options = DATABASES["default"]["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
# No indexer runs beside a test. The index is on a file system that doesn't wait for a disk, where there is one.
INDEX_WITH_SEARCH = True
if os.access("/dev/shm", os.W_OK):
    INDEX_DIR = Path("/dev/shm") / f"headstart-test-{os.getpid()}" / "index"
# WhiteNoise warns of a folder that is not there.
(DATA_DIR / "static").mkdir(exist_ok=True)
