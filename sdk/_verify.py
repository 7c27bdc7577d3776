"""Read again everything that was pulled, and compare it with the digests that the hub gave."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sdk import _config
from sdk._cache import RepoCache
from sdk._client import Client
from sdk._errors import IntegrityError, NotFoundError, TrustError
from sdk._models import FileInfo, Kind, Signature


@dataclass(frozen=True)
class Verified:
    """What a check found. Files that were never pulled are not its matter; damaged ones are out of the cache by now.

    `signed` are the signatures that hold, one for each commit that has one; `faults` say of the others what is wrong.
    """

    name: str
    commits: tuple[str, ...]
    checked: int
    damaged: tuple[str, ...] = ()
    signed: tuple[Signature, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.damaged and not self.faults


def verify(
    name: str,
    revision: str | None = None,
    *,
    kind: Kind = "model",
    hub: str | None = None,
    cache_dir: str | os.PathLike[str] | None = None,
) -> Verified:
    """Read every byte of what was pulled of `name` (at any commit, or at that revision), whatever its time stamps say.

    Asks nobody. Damaged files are taken out of the cache, so that the next pull brings them anew.
    """
    from sdk._signed import Signed

    client = Client(_config.resolve(hub, None, cache_dir, offline=True))
    name = client.full_name(name)
    cache = RepoCache(client.config.cache, kind, name)
    commits = [cache.commit_of(revision)] if revision else cache.commits()
    held = {commit: files for commit in commits if commit and (files := cache.files_of(commit)) is not None}
    if not held:
        at = f" at {revision}" if revision else ""
        raise NotFoundError(f"{name}{at} was not pulled from {client.config.hub}. Pull it first.")
    with cache.lock():
        checks = [_check(cache, commit, files) for commit, files in held.items()]
    checked = {file for good, bad in checks for file in (*good, *bad)}
    damaged = {file.path for _, bad in checks for file in bad}
    signed, faults = [], []
    for commit, (good, _) in zip(held, checks, strict=True):
        try:
            signed.append(Signed(client, cache, name, kind, commit).check_again(held[commit], good))
        except (IntegrityError, TrustError) as error:
            faults.append(str(error))
    return Verified(name, tuple(held), len(checked), tuple(sorted(damaged)), tuple(filter(None, signed)), tuple(faults))


def _check(cache: RepoCache, commit: str, files: Iterable[FileInfo]) -> tuple[list[FileInfo], list[FileInfo]]:
    """Good and damaged files of one snapshot; the damaged are dropped. Call with the lock held."""
    folder = cache.snapshot(commit)
    good: list[FileInfo] = []
    damaged: list[FileInfo] = []
    for file in files:
        if os.path.lexists(folder / file.path):
            (good if _is_good(cache, file, folder / file.path) else damaged).append(file)
    for file in damaged:
        cache.drop(file, commit)
    cache.remember_verified(file.digest for file in good)
    return good, damaged


def _is_good(cache: RepoCache, file: FileInfo, place: Path) -> bool:
    """The blob, and what stands in the snapshot where it is not a link to the blob."""
    return cache.is_right(file) and (place.samefile(cache.blob(file)) or cache.is_right(file, place))
