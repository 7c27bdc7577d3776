"""Settings for tests: a data folder and a database of their own, no broker unless a test starts one."""

import os
import tempfile

_data = tempfile.mkdtemp(prefix="headstart-test-")
os.environ["HEADSTART_DATA"] = os.environ.get("HEADSTART_TEST_DATA", _data)
os.environ.setdefault("HEADSTART_SECRET_KEY", "test-only")
if url := os.environ.get("HEADSTART_TEST_DATABASE_URL"):
    os.environ["HEADSTART_DATABASE_URL"] = url
else:
    os.environ.pop("HEADSTART_DATABASE_URL", None)

from hub.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
CELERY_BROKER_URL = "memory://"
