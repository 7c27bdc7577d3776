"""Read again everything that was pulled, and compare it with the digests that the hub gave."""

import os
from dataclasses import dataclass

from sdk import _config
from sdk._cache import RepoCache
from sdk._client import Client
from sdk._errors import NotFoundError
from sdk._models import FileInfo, Kind


@dataclass(frozen=True)
class Verified:
    """What a check found. Files that were never pulled are not its matter; damaged ones are out of the cache by now."""

    name: str
    commit: str
    checked: int
    damaged: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.damaged


def verify(
    name: str,
    revision: str | None = None,
    *,
    kind: Kind = "model",
    hub: str | None = None,
    cache_dir: str | os.PathLike[str] | None = None,
) -> Verified:
    """Read every byte of what was pulled of `name`, whatever its time stamps say. Asks nobody.

    Damaged files are taken out of the cache, so that the next pull brings them anew.
    """
    client = Client(_config.resolve(hub, None, cache_dir, offline=True))
    name = client.full_name(name)
    cache = RepoCache(client.config.cache, kind, name)
    commit = cache.commit_of(revision or "main")
    files = cache.files_of(commit) if commit else None
    if commit is None or files is None:
        raise NotFoundError(f"{name} at {revision or 'main'} was not pulled from {client.config.hub}. Pull it first.")
    folder = cache.snapshot(commit)
    with cache.lock():
        here = [file for file in files if os.path.lexists(folder / file.path)]
        damaged = [file for file in here if not _is_good(cache, file, commit)]
        for file in damaged:
            cache.drop(file, commit)
        cache.remember_verified(file.digest for file in here if file not in damaged)
    return Verified(name, commit, len(here), tuple(file.path for file in damaged))


def _is_good(cache: RepoCache, file: FileInfo, commit: str) -> bool:
    """The blob, and what stands in the snapshot where it is not a link to the blob."""
    place = cache.snapshot(commit) / file.path
    if not cache.is_right(file):
        return False
    return place.samefile(cache.blob(file)) or cache.is_right(file, place)
