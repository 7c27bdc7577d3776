"""Pull: bring a commit's files here, verified, and hand them back as a model or a data set."""

import os
import shutil
import threading
import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Literal, overload

from sdk import _config, _progress
from sdk._cache import COMMIT, RepoCache, stamp
from sdk._client import Client
from sdk._decision import decision_on
from sdk._errors import (
    HubUnavailableError,
    IntegrityError,
    NotFoundError,
    OfflineError,
    OfflineWarning,
    OutOfSpaceError,
)
from sdk._models import Dataset, Decision, FileInfo, Kind, Model, Signature
from sdk._ranges import OnBytes
from sdk._transfer import fetch

Patterns = str | Sequence[str] | None
WORKERS = 8
CARD = "README.md"


@overload
def pull(
    name: str,
    revision: str | None = ...,
    *,
    allow: Patterns = ...,
    ignore: Patterns = ...,
    verify: bool = ...,
    kind: Literal["model"] = ...,
    purpose: str = ...,
    offline: bool | None = ...,
    hub: str | None = ...,
    token: str | None = ...,
    cache_dir: str | os.PathLike[str] | None = ...,
) -> Model: ...
@overload
def pull(
    name: str,
    revision: str | None = ...,
    *,
    allow: Patterns = ...,
    ignore: Patterns = ...,
    verify: bool = ...,
    kind: Literal["dataset"],
    purpose: str = ...,
    offline: bool | None = ...,
    hub: str | None = ...,
    token: str | None = ...,
    cache_dir: str | os.PathLike[str] | None = ...,
) -> Dataset: ...
def pull(
    name: str,
    revision: str | None = None,
    *,
    allow: Patterns = None,
    ignore: Patterns = None,
    verify: bool = True,
    kind: Kind = "model",
    purpose: str = "",
    offline: bool | None = None,
    hub: str | None = None,
    token: str | None = None,
    cache_dir: str | os.PathLike[str] | None = None,
) -> Model | Dataset:
    """Bring a model (or data set) here and check every byte; what is here already is not fetched again.

    `name` is owner/name, or the name alone of one of the hub's curated models. `revision` is a branch, a tag or a
    commit id (default: main). `allow` and `ignore` are glob patterns for the files; the card always comes along, so
    that the licence is known wherever the model is. With `verify`, each file's sha256 (git's blob id for small ones) is
    compared with the hub's; a file that differs is fetched once more and then refused with IntegrityError. So is what
    a hub that signs didn't sign of this very commit; a key that is not the one known here is a TrustError (see
    `sdk.trust`). `offline` (or HEADSTART_OFFLINE=1) asks nobody: the commit must be on this machine. When the hub can't
    be reached and the revision was pulled before, that is used, with an OfflineWarning.

    `purpose` says what it is for. The hub's rules may deny that (PolicyDeniedError), or let it pass with a
    PolicyWarning; what they said is in `.decision`.
    """
    client = Client(_config.resolve(hub, token, cache_dir, offline), purpose)
    with client.closing():
        name = client.full_name(name)
        commit = _find_commit(client, name, kind, revision or "main")
        wish = Wish(client, commit.name, kind, commit.id, verify=verify)
        wish.decision = decision_on(client, commit.name, kind, commit.id) if commit.is_asked else None
        return wish.bring(lambda file: is_wanted(file.path, allow, ignore))


def is_wanted(path: str, allow: Patterns, ignore: Patterns) -> bool:
    """Whether a path passes the patterns; a pattern that ends in "/" means all below it."""
    if path == CARD:
        return True
    return (allow is None or _matches(path, allow)) and not (ignore is not None and _matches(path, ignore))


def _matches(path: str, patterns: Patterns) -> bool:
    listed: Iterable[str] = [patterns] if isinstance(patterns, str) else patterns or ()
    return any(fnmatch(path, f"{pattern}*" if pattern.endswith("/") else pattern) for pattern in listed)


@dataclass(frozen=True)
class _Commit:
    name: str
    id: str
    # Whether the hub was reached for it.
    is_asked: bool = False


def _find_commit(client: Client, name: str, kind: Kind, revision: str) -> _Commit:
    """The commit behind the revision, and the repository's name as the hub writes it (it may have moved)."""
    cache = RepoCache(client.config.cache, kind, name)
    known = cache.commit_of(revision)
    if known and COMMIT.fullmatch(revision) and cache.files_of(known) is not None:
        return _Commit(name, known)
    try:
        info = client.info(name, kind, revision)
    except OfflineError as error:
        if known and cache.files_of(known) is not None:
            return _Commit(name, known)
        raise OfflineError(
            f"{name} at {revision} was not pulled to this machine from {client.config.hub}. Pull it once while online."
        ) from error
    except HubUnavailableError as error:
        if known is None or cache.files_of(known) is None:
            raise
        warnings.warn(
            f"{error} Using {name} at {revision} as it was when last pulled: commit {known[:12]}.",
            OfflineWarning,
            stacklevel=3,
        )
        return _Commit(name, known)
    if info.commit is None:
        raise NotFoundError(f"{info.name} has no commit at {revision}. Push something to it first.")
    RepoCache(client.config.cache, kind, info.name).remember_ref(revision, info.commit)
    return _Commit(info.name, info.commit, is_asked=True)


class Wish:
    """One commit, wanted on this machine."""

    def __init__(self, client: Client, name: str, kind: Kind, commit: str, *, verify: bool) -> None:
        self.client, self.cache = client, RepoCache(client.config.cache, kind, name)
        self.name, self.kind, self.commit, self.verify = name, kind, commit, verify
        self.decision: Decision | None = None

    def files(self) -> tuple[FileInfo, ...]:
        """All files of the commit: as they were listed before, or as the hub lists them."""
        return self.cache.files_of(self.commit) or self.client.files(self.name, self.kind, self.commit)

    def bring(self, wanted: Callable[[FileInfo], bool]) -> Model | Dataset:
        """Fetch what is wanted and not here yet, and link it into the snapshot."""
        files = self.files()
        chosen = tuple(file for file in files if wanted(file))
        was_here = self._is_here(chosen)
        if not was_here:
            with self.cache.lock():
                if self.cache.files_of(self.commit) is None:
                    self.cache.remember_files(self.commit, files)
                self._fetch_missing(chosen)
        signature = self._check_signature(files, chosen, was_here=was_here) if self.verify else None
        made = Model if self.kind == "model" else Dataset
        return made(
            name=self.name,
            commit=self.commit,
            path=self.cache.snapshot(self.commit),
            files=chosen,
            hub=self.client.config.hub,
            decision=self.decision,
            signature=signature,
        )

    def _check_signature(
        self, files: Sequence[FileInfo], chosen: Sequence[FileInfo], *, was_here: bool
    ) -> Signature | None:
        from sdk._signed import Signed

        signed = Signed(self.client, self.cache, self.name, self.kind, self.commit)
        return signed.check(files, chosen, was_here=was_here)

    def _is_here(self, files: Sequence[FileInfo]) -> bool:
        known = self.cache.verified()
        folder = self.cache.snapshot(self.commit)
        return folder.is_dir() and all(
            known.get(file.digest) == stamp(self.cache.blob(file)) != [] and stamp(folder / file.path) for file in files
        )

    def _fetch_missing(self, files: Sequence[FileInfo]) -> None:
        """Call with the lock held. What was fetched is remembered even if another file fails."""
        self.cache.snapshot(self.commit).mkdir(parents=True, exist_ok=True)
        known = self.cache.verified()
        missing = {file.digest: file for file in files if not self._is_good(file, known)}
        todo = sorted(missing.values(), key=lambda file: -file.size)
        if todo and self.client.config.offline:
            raise OfflineError(f"{todo[0].path} of {self.name} is not on this machine. Pull it once while online.")
        self._check_space(sum(file.size for file in todo))
        done: list[str] = []
        try:
            with _progress.bar(self.name, sum(file.size for file in todo)) as on_bytes:
                _for_each(todo, lambda file, stop: done.append(self._fetch(file, _unless(stop, on_bytes))))
        finally:
            good = [file for file in files if file.digest not in missing or file.digest in done]
            if self.verify:
                self.cache.remember_verified(file.digest for file in good)
            for file in good:
                self.cache.link(file, self.commit)

    def _check_space(self, needed: int) -> None:
        free = shutil.disk_usage(self.cache.folder).free
        if needed > free:
            raise OutOfSpaceError(
                f"{self.name} needs {needed:,} bytes more, {self.cache.folder} has {free:,} left. Free some, or set"
                " HEADSTART_CACHE to a folder on another disk."
            )

    def _is_good(self, file: FileInfo, known: dict[str, list[int]]) -> bool:
        """Whether the cache holds the file; one whose time stamp changed since it was verified is read again."""
        now = stamp(self.cache.blob(file))
        if not now or now[0] != file.size:
            return False
        if known.get(file.digest) == now or not self.verify:
            return True
        return self.cache.is_right(file)

    def _fetch(self, file: FileInfo, on_bytes: OnBytes) -> str:
        asked = f"{file.path} of {self.name}"
        url = self.client.file_url(self.name, self.kind, self.commit, file.path)
        for is_last in (False, True):
            try:
                fetch(
                    file,
                    url,
                    self.cache.blob(file),
                    sessions=self.client.sessions,
                    asked=asked,
                    verify=self.verify,
                    on_bytes=on_bytes,
                )
                break
            except IntegrityError:
                if is_last:
                    self.cache.drop(file, self.commit)
                    raise
        return file.digest


class _Stopped(Exception):
    """Another file failed: this one ends here, and what came of it is kept."""


def _unless(stop: threading.Event, on_bytes: OnBytes) -> OnBytes:
    """`on_bytes`, until `stop` is set."""

    def counted(count: int) -> None:
        if stop.is_set():
            raise _Stopped
        on_bytes(count)

    return counted


def _for_each(files: Sequence[FileInfo], work: Callable[[FileInfo, threading.Event], None]) -> None:
    """Do it for all, several at a time; the first failure stops the rest and is raised."""
    stop = threading.Event()
    if len(files) <= 1:
        for file in files:
            work(file, stop)
        return
    with ThreadPoolExecutor(min(WORKERS, len(files)), thread_name_prefix="headstart-pull") as pool:
        futures = [pool.submit(work, file, stop) for file in files]
        try:
            for future in as_completed(futures):
                future.result()
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
