"""Cards name what they were made from, or give its address on the public hub or on this one: both are a name here."""

import re

from django.conf import settings

from hub.catalog.models import RepoKind

# Under this address too, repositories have the names that their copies have here.
_PUBLIC = ("huggingface.co", "www.huggingface.co", "hf.co")
# What stands first on these hubs and is no owner.
_NO_OWNER = "api|blog|collections|datasets|docs|organizations|papers|search|settings|spaces"
_REST = r"(?P<name>[\w.-]+(?:/[\w.-]+?)?)(?:\.git)?(?:/(?:tree|blob|resolve|commit)/(?P<revision>[^/]+)(?:/.*)?)?/?"
_ADDRESS = re.compile(r"https?://(?P<host>[\w.-]+)(?::\d+)?/(?P<path>[^?#\s]+)(?:[?#]\S*)?", re.I)
_PATHS = {
    str(RepoKind.MODEL): re.compile(rf"(?:models/)?(?!(?:{_NO_OWNER})(?:/|$)){_REST}"),
    str(RepoKind.DATASET): re.compile(rf"datasets/{_REST}"),
}


def split(text: str, kind: str) -> tuple[str, str]:
    """(name, revision) of `name`, `name@revision`, or an address of a repository of that kind; other addresses stay as
    they are."""
    name, _, revision = (part.strip() for part in text.partition("@"))
    found = _ADDRESS.fullmatch(name)
    path = _PATHS[kind].fullmatch(found["path"]) if found and _is_hub(found["host"].lower()) else None
    return (path["name"], revision or path["revision"] or "") if path else (name, revision)


def _is_hub(host: str) -> bool:
    own = (each.lower() for each in settings.ALLOWED_HOSTS)
    return host in _PUBLIC or any(host == each or (each[:1] == "." and host.endswith(each)) for each in own)
