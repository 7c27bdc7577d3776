"""Where the SDK's settings come from: the one place that reads the environment and the configuration file.

For the hub's address: the argument, `HEADSTART_URL`, `HF_ENDPOINT` (unless it names the public hub), the file that
`sdk.login` writes, `http://127.0.0.1:8000`. For the token: the argument, `HEADSTART_TOKEN`, `HF_TOKEN`, the same file;
the file's tokens are kept by hub and are never sent to another, and an `HF_TOKEN` that is the public hub's (it begins
with `hf_`) goes only to the hub that `HF_ENDPOINT` names.

Other variables: `HEADSTART_CACHE` (folder), `HEADSTART_CONFIG` (file), `HEADSTART_HUB_KEY` (the key
that the hub must sign with: a PEM file or a fingerprint), `HEADSTART_OFFLINE`, `HEADSTART_NO_PROGRESS`.
"""

import json
import os
import re
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sdk._errors import InvalidInputError
from sdk._files import write_whole

DEFAULT_HUB = "http://127.0.0.1:8000"
PUBLIC_HUBS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})


@dataclass(frozen=True)
class Config:
    """Which hub, as whom, and where what was pulled lies. `cache` is this hub's own folder."""

    hub: str
    token: str | None = field(repr=False)
    cache: Path
    offline: bool = False


def resolve(
    hub: str | None = None,
    token: str | None = None,
    cache_dir: str | os.PathLike[str] | None = None,
    offline: bool | None = None,
) -> Config:
    """The settings that hold now: arguments first, then the environment, then the file, then the defaults."""
    saved = read_file()
    endpoint = _env("HF_ENDPOINT")
    if endpoint and urlsplit(endpoint).hostname in PUBLIC_HUBS:
        endpoint = ""
    address = normalise(hub or _env("HEADSTART_URL") or endpoint or saved.get("hub") or DEFAULT_HUB)
    root = Path(cache_dir or _env("HEADSTART_CACHE") or _user_folder("cache")).expanduser().absolute()
    return Config(
        hub=address,
        token=token or _env("HEADSTART_TOKEN") or _hf_token(address, endpoint) or saved.get("tokens", {}).get(address),
        cache=root / folder_name(address),
        offline=(_flag("HEADSTART_OFFLINE") or _flag("HF_HUB_OFFLINE")) if offline is None else offline,
    )


def normalise(address: str) -> str:
    """The hub's address in one spelling: scheme and host in lower case, no slash at the end."""
    parts = urlsplit(address.strip())
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise InvalidInputError(f"{address!r} is not a hub's address. Write it as http://host:port or https://host.")
    if parts.query or parts.fragment or parts.username:
        raise InvalidInputError(f"{address!r}: a hub's address has no user name, query or fragment.")
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def folder_name(hub: str) -> str:
    """A folder name that only this hub has: the same owner/name on two hubs are two things."""
    return re.sub(r"[^a-z0-9._-]", "_", hub.lower().replace("://", "--").replace(":", "--"))


def config_path() -> Path:
    if path := _env("HEADSTART_CONFIG"):
        return Path(path).expanduser()
    return _user_folder("config") / "config.toml"


def known_hubs_path() -> Path:
    """Where the keys of hubs are kept, beside the configuration."""
    return config_path().with_name("known_hubs.json")


def hub_key() -> str | None:
    """The key that the hub must have, as a fingerprint or a PEM file's path."""
    return _env("HEADSTART_HUB_KEY") or None


def read_file() -> dict[str, Any]:
    """What `sdk.login` saved; empty if nothing is."""
    path = config_path()
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path} is not a TOML file ({error}). Mend or delete it.") from error


def save_login(hub: str, token: str) -> Path:
    """Make `hub` the default and keep its token, in a file that only its owner can read."""
    tokens: dict[str, str] = {**read_file().get("tokens", {}), hub: token}
    lines = [f"hub = {_quoted(hub)}", "", "[tokens]"]
    lines += [f"{_quoted(name)} = {_quoted(value)}" for name, value in sorted(tokens.items())]
    path = config_path()
    write_whole(path, "\n".join(lines) + "\n", mode=0o600)
    return path


def wants_progress() -> bool:
    """Bars are drawn for someone who looks: standard error is a terminal, and they are not switched off."""
    return sys.stderr.isatty() and not _flag("HEADSTART_NO_PROGRESS")


def proxies() -> dict[str, str]:
    """Proxy addresses by scheme, from the environment (or the system's settings, where it has them)."""
    import urllib.request

    return urllib.request.getproxies()


def bypasses_proxy(host: str) -> bool:
    """Whether `no_proxy` (or the system's settings) says to go to that host directly."""
    import urllib.request

    return bool(urllib.request.proxy_bypass(host))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=True)


def _hf_token(hub: str, endpoint: str) -> str:
    token = _env("HF_TOKEN")
    if token.startswith("hf_") and not (endpoint and normalise(endpoint) == hub):
        return ""
    return token


def _user_folder(kind: str) -> Path:
    import platformdirs

    return Path(
        platformdirs.user_cache_dir("headstart") if kind == "cache" else platformdirs.user_config_dir("headstart")
    )


def _env(name: str) -> str:
    return os.environ.get(name, "").strip()


def _flag(name: str) -> bool:
    return _env(name).lower() in {"1", "true", "yes", "on"}
