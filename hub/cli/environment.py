"""The one place where the command line sets the environment, for the hub's settings and for its child processes."""

import importlib.util
import os
import socket
from pathlib import Path

import click

# One module of each thing that only the extra `hub` brings.
_NEEDED = (
    "django",
    "celery",
    "gunicorn",
    "rest_framework",
    "axes",
    "dulwich",
    "dj_database_url",
    "tantivy",
    "whitenoise",
)

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The hub's data folder. Default: $HEADSTART_DATA, or headstart-data here.",
)


def configure(data: Path | None) -> Path:
    """Point this process and its children at a data folder; returns its full path."""
    environ = os.environ  # noqa: TID251
    folder = Path(data or environ.get("HEADSTART_DATA") or "headstart-data").expanduser().resolve()
    environ["HEADSTART_DATA"] = str(folder)
    environ["DJANGO_SETTINGS_MODULE"] = "hub.settings"
    return folder


def allow_host(host: str) -> None:
    """Answer under the names that come with listening on `host`, unless the administrator chose the names."""
    usual = ["localhost", "127.0.0.1", "[::1]", ".localhost"]
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104
        extra = [socket.gethostname(), socket.getfqdn(), *_own_addresses()]
    else:
        extra = [f"[{host}]" if ":" in host else host]
    os.environ.setdefault("HEADSTART_ALLOWED_HOSTS", ",".join(dict.fromkeys([*usual, *extra])))  # noqa: TID251


def redis_url() -> str:
    """The broker's address, where the administrator names one; asked before there are settings."""
    return os.environ.get("HEADSTART_REDIS_URL", "")  # noqa: TID251


def child_environment(**extra: str) -> dict[str, str]:
    """This process's environment with `extra` on top."""
    return {**os.environ, **extra}  # noqa: TID251


def stranger_environment(**extra: str) -> dict[str, str]:
    """The same for a program that is to know nothing of the hub but what it is told."""
    own = ("DJANGO_", "HEADSTART_")
    return {name: value for name, value in child_environment(**extra).items() if not name.startswith(own)}


def missing_packages() -> list[str]:
    """Which of the hub's packages are not installed."""
    return [name for name in _NEEDED if importlib.util.find_spec(name) is None]


def _own_addresses() -> list[str]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    addresses = [str(address[0]).partition("%")[0] for *_, address in found]
    return [f"[{address}]" if ":" in address else address for address in addresses]
