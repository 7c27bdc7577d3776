"""What was made of a long text, kept for a while: making it again takes longer than fetching it.

Keys are the content itself and the code that reads it, so nothing here is ever out of date, and nothing is asked of it
but speed: without the cache, pages are made anew.
"""

import hashlib
import json
import logging
import zlib
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

# Shorter texts are made as fast as they are fetched. An hour bounds what a walk through all cards leaves behind.
LONG = 4_000
SECONDS = 3_600
_LIBRARIES = ("markdown-it-py", "mdit-py-plugins", "nh3", "Pygments", "latex2mathml")
_READERS = ("markdown.py", "elsewhere.py", "formulas.py", "pages/links.py")
_log = logging.getLogger(__name__)


def remembered(what: str, text: str, about: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """`make()`, or what it gave before for the same text and circumstances: JSON, so that only plain values come."""
    if len(text) < LONG:
        return make()
    key = _key(what, text, about)
    if (packed := _fetch(key)) is not None:
        return json.loads(zlib.decompress(packed))
    made = make()
    _keep(key, zlib.compress(json.dumps(made).encode(), 1))
    return made


def _key(what: str, text: str, about: tuple[Any, ...]) -> str:
    told = json.dumps([_code(), settings.IMAGE_PROXY, *about, text])
    return f"{what}:{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()}"


@lru_cache(maxsize=1)
def _code() -> str:
    """Changes whenever the same text could come out differently, or less safe, than it did."""
    digest = hashlib.sha256(" ".join(version(name) for name in _LIBRARIES).encode())
    for name in _READERS:
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()


def _fetch(key: str) -> bytes | None:
    try:
        return cache.get(key)
    except RedisError as error:
        _log.warning("The cache can't be asked, so pages are made anew: %s", error)
        return None


def _keep(key: str, packed: bytes) -> None:
    try:
        cache.set(key, packed, SECONDS)
    except RedisError as error:
        _log.warning("The cache takes nothing, so pages are made anew: %s", error)
