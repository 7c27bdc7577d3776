"""Every setting of the hub, read from the environment once, here.

Sections: data and secrets, hosts, applications, database, search index, cache and queue, scans, jobs, accounts,
storage, limits, site, logging.
"""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import quote

import dj_database_url


def _env(name: str, default: str = "") -> str:
    return os.environ.get(f"HEADSTART_{name}", default)


def _flag(name: str, default: bool = False) -> bool:
    return _env(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def _list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in _env(name, default).split(",") if item.strip()]


# --- Data and secrets ------------------------------------------------------------------------------------------------

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(_env("DATA", "headstart-data")).expanduser().resolve()


def _secret_key() -> str:
    """The key from the environment, or one made once and kept, readable by its owner only, in the data folder."""
    if key := _env("SECRET_KEY"):
        return key
    path = DATA_DIR / "secret_key"
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = _secret_key()
# The private key that the hub signs with (EC P-256, PEM); made where there is none.
SIGNING_KEY = Path(_env("SIGNING_KEY", str(DATA_DIR / "signing_key.pem"))).expanduser().resolve()
DEBUG = _flag("DEBUG")

# --- Hosts -----------------------------------------------------------------------------------------------------------

ALLOWED_HOSTS = _list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],.localhost")
CSRF_TRUSTED_ORIGINS = _list("TRUSTED_ORIGINS")
BEHIND_PROXY = _flag("BEHIND_PROXY")
USE_X_FORWARDED_HOST = BEHIND_PROXY
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
HTTPS_ONLY = _flag("HTTPS_ONLY")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A redirect to add a slash would turn a client's POST into a GET.
APPEND_SLASH = False

# --- Applications ----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # First: its templates go before the admin's own.
    "hub.web",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "drf_spectacular",
    "template_partials",
    "hub.core",
    "hub.audit",
    "hub.accounts",
    "hub.storage",
    "hub.catalog",
    "hub.community",
    "hub.governance",
    "hub.jobs",
]
MIDDLEWARE = [
    "hub.core.middleware.RequestId",
    "hub.core.middleware.RawPath",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hub.web.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "hub.web.middleware.FormSize",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "hub.web.middleware.PasswordFirst",
]
CSRF_FAILURE_VIEW = "hub.web.views.errors.csrf_failed"
ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hub.web.context.site",
            ],
        },
    },
]

# --- Database --------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(
        _env("DATABASE_URL") or f"sqlite:///{quote(str(DATA_DIR / 'hub.sqlite3'))}",
        conn_max_age=None,
        conn_health_checks=True,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # synchronous=FULL: a commit that was acknowledged outlives a power cut.
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=268435456;"
            "PRAGMA temp_store=MEMORY;PRAGMA cache_size=-4000;"
        ),
    }
# SQLite's own busy handler starves writers; a file lock queues them. None: the database queues them itself.
WRITE_LOCK = DATA_DIR / "write.lock" if IS_SQLITE else None

# --- Search index ----------------------------------------------------------------------------------------------------

INDEX_DIR = Path(_env("INDEX_DIR", str(DATA_DIR / "index"))).expanduser().resolve()
# Where no indexer runs on this host, each search brings the index up to date itself: for tests and small trials.
INDEX_WITH_SEARCH = _flag("INDEX_WITH_SEARCH")

# --- Cache and queue -------------------------------------------------------------------------------------------------


def _broker_socket() -> str:
    """In the data folder, or, when that path is too long for a socket (108 bytes), in a short folder made for it."""
    path = str(DATA_DIR / "run" / "valkey.sock")
    if len(os.fsencode(path)) <= 100:
        return path
    return f"{tempfile.gettempdir()}/headstart-{hashlib.sha256(os.fsencode(path)).hexdigest()[:16]}/valkey.sock"


REDIS_URL = _env("REDIS_URL")
REDIS_SOCKET = _env("REDIS_SOCKET") or _broker_socket()
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL or f"unix://{REDIS_SOCKET}?db=1",
        "KEY_PREFIX": "headstart",
    }
}
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{REDIS_SOCKET}"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_TASK_DEFAULT_QUEUE = "hub"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is away for a day is waited for.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Longer than the longest task, or a slow task is started twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 2 * CELERY_TASK_TIME_LIMIT, "socket_connect_timeout": 2}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "run" / "beat")
CELERY_BEAT_SCHEDULE = {
    "storage.collect_garbage": {"task": "storage.collect_garbage", "schedule": 3600.0},
    "storage.scrub": {"task": "storage.scrub", "schedule": 600.0},
    "community.forget_read": {"task": "community.forget_read", "schedule": 86_400.0},
    "catalog.read_outdated_cards": {"task": "catalog.read_outdated_cards", "schedule": 60.0},
    "catalog.refresh_trends": {"task": "catalog.refresh_trends", "schedule": 900.0},
    "audit.seal_days": {"task": "audit.seal_days", "schedule": 600.0},
    "governance.end_access": {"task": "governance.end_access", "schedule": 600.0},
    "governance.examine_missing": {"task": "governance.examine_missing", "schedule": 60.0},
    "governance.rescan_outdated": {"task": "governance.rescan_outdated", "schedule": 3600.0},
    "jobs.follow_missing": {"task": "jobs.follow_missing", "schedule": 60.0},
    "governance.follow_terms": {"task": "governance.follow_terms", "schedule": 900.0},
    "jobs.tend": {"task": "jobs.tend", "schedule": float(_env("JOB_TEND_SECONDS", "10"))},
}
CELERY_TIMEZONE = "UTC"

# --- Scans -----------------------------------------------------------------------------------------------------------

# What the process that reads files may take: seconds for one file, of processor time in all, bytes of memory.
SCAN_SECONDS = float(_env("SCAN_SECONDS", "120"))
SCAN_CPU_SECONDS = int(_env("SCAN_CPU_SECONDS", "900"))
SCAN_MEMORY = int(_env("SCAN_MEMORY_MB", "1536")) << 20

# --- Jobs ------------------------------------------------------------------------------------------------------------


def _budgets() -> dict[str, int]:
    """HEADSTART_JOB_HOURS=cpu=100,gpu-80=20: device hours that an account may take in thirty days."""
    pairs = (item.partition("=") for item in _list("JOB_HOURS"))
    return {name.strip(): int(float(hours) * 3600) for name, _, hours in pairs}


# By device class, in seconds; a class that isn't there has no limit. An administrator may set an account's own.
JOB_BUDGETS = _budgets()
# The longest that a job may run.
JOB_MAX_SECONDS = int(_env("JOB_MAX_SECONDS", "86400"))
# A worker that was not heard of for so long counts as away.
WORKER_SILENT_AFTER = float(_env("WORKER_SILENT_AFTER", "60"))
# A worker that isn't heard for so many seconds has lost its job; it renews six times in that time.
JOB_LEASE_SECONDS = float(_env("JOB_LEASE_SECONDS", "60"))
# A worker looks for work by itself this often; a job that still waits is rung for again after the other.
JOB_LOOK_SECONDS = float(_env("JOB_LOOK_SECONDS", "15"))
JOB_RING_SECONDS = float(_env("JOB_RING_SECONDS", "30"))
# A job that failed for a reason that may pass is tried again after so long; the second time after twice that.
JOB_PAUSE_SECONDS = float(_env("JOB_PAUSE_SECONDS", "30"))
# Checkpoints of a job that is over are kept so long, so that it can be tried again.
JOB_CHECKPOINT_HOURS = float(_env("JOB_CHECKPOINT_HOURS", "24"))

# --- Accounts --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
# Log-in is throttled per name and address: five wrong passwords, then a pause of fifteen minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "web/locked_out.html"
AXES_VERBOSE = False
# Seconds that a program waits between two questions whether its code was confirmed.
DEVICE_LOGIN_INTERVAL = int(_env("DEVICE_LOGIN_INTERVAL", "5"))
CURATED_OWNER = _env("CURATED_OWNER", "headstart")

# --- Storage ---------------------------------------------------------------------------------------------------------

STORAGE_BACKEND = _env("STORAGE", "local")
STORAGE_DIR = Path(_env("STORAGE_DIR", str(DATA_DIR / "storage"))).expanduser().resolve()
# With nginx before the hub: the internal location whose root is STORAGE_DIR. Empty: the hub sends files itself.
ACCEL_PREFIX = _env("ACCEL_PREFIX")
# Bytes that no commit names are kept this long: an interrupted push finds them again (hf-xet remembers 21 days).
PROTECTION_DAYS = int(_env("PROTECTION_DAYS", "23"))
SCRUB_EVERY_DAYS = int(_env("SCRUB_EVERY_DAYS", "30"))

# --- Limits ----------------------------------------------------------------------------------------------------------

MAX_FILE_SIZE = int(_env("MAX_FILE_SIZE", str(5 * 1024**4)))
MAX_COMMIT_BODY = int(_env("MAX_COMMIT_BODY", str(150 * 1000**2)))
MAX_COMMIT_OPERATIONS = int(_env("MAX_COMMIT_OPERATIONS", "25000"))
MAX_INLINE_FILE = int(_env("MAX_INLINE_FILE", str(100 * 1000**2)))
LFS_THRESHOLD = int(_env("LFS_THRESHOLD", str(10 * 1000**2)))
LFS_PART_SIZE = int(_env("LFS_PART_SIZE", str(64 * 1024**2)))
LFS_MULTIPART_FROM = int(_env("LFS_MULTIPART_FROM", str(1024**3)))
# A client that takes or sends nothing for so many seconds frees its thread.
STALLED_AFTER = float(_env("STALLED_AFTER", "60"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- Site ------------------------------------------------------------------------------------------------------------

SITE_NAME = _env("SITE_NAME", "Headstart")
# Pictures that cards have from other sites come through it: its address, which the picture's, escaped, is put behind.
IMAGE_PROXY = _env("IMAGE_PROXY")
LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
STATIC_URL = "/static/"
STATIC_ROOT = Path(_env("STATIC_ROOT", str(DATA_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["hub.api.auth.BearerAuthentication", "hub.api.auth.SessionAuthentication"],
    "DEFAULT_PARSER_CLASSES": ["hub.api.parsers.JsonParser"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "hub.api.errors.handle",
    "UNAUTHENTICATED_USER": None,
    # `format` is one of our own filters.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {"TITLE": "Headstart", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False}

# --- Logging ---------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": _env("LOG_LEVEL", "INFO")},
    "loggers": {"axes": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
