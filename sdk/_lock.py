"""A lockfile pins names to commits, and commits to digests: what is pulled next year is what was pulled today."""

import json
import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdk import _config
from sdk._client import Client
from sdk._decision import decision_on
from sdk._errors import InvalidInputError, LockError, NotFoundError
from sdk._files import write_whole
from sdk._models import Dataset, FileInfo, Kind, Model
from sdk._pull import Patterns, Wish, is_wanted

VERSION = 1


@dataclass(frozen=True)
class Locked:
    """One line of the lock: `asked` is the name as it was given, `name` the owner/name it means."""

    asked: str
    name: str
    kind: Kind
    hub: str
    revision: str
    commit: str
    files: tuple[FileInfo, ...]


def lock(
    path: str | os.PathLike[str],
    names: str | Iterable[str] = (),
    *,
    revision: str | None = None,
    kind: Kind = "model",
    allow: Patterns = None,
    ignore: Patterns = None,
    hub: str | None = None,
    token: str | None = None,
) -> tuple[Locked, ...]:
    """Pin names in the lockfile to the commits that they are at now, and return all that it pins.

    Names that it pins already are renewed, the others in it stay; without names, each is renewed at the revision that
    it was locked at. Fetches no files but the lists of them.
    """
    target = Path(path)
    held = {(one.kind, one.asked): one for one in read_lock(target)} if target.exists() else {}
    listed = [names] if isinstance(names, str) else list(names)
    if listed:
        for name in listed:
            client = Client(_config.resolve(hub, token))
            with client.closing():
                held[kind, name] = _pin(client, name, kind, revision or "main", allow=allow, ignore=ignore)
    else:
        for key, one in held.items():
            client = Client(_config.resolve(hub or one.hub, token))
            with client.closing():
                held[key] = _pin(client, one.asked, one.kind, one.revision, allow=allow, ignore=ignore)
    if not held:
        raise InvalidInputError(f"Nothing to lock: {target} pins nothing yet. Name at least one model.")
    pinned = tuple(held[key] for key in sorted(held))
    write_whole(target, _written(pinned))
    return pinned


def sync(
    path: str | os.PathLike[str], *, offline: bool | None = None, token: str | None = None, purpose: str = ""
) -> dict[str, Model | Dataset]:
    """Pull exactly what the lockfile pins, by the names it was locked under; `purpose` as for `sdk.pull`.

    Raises LockError when a hub lists anything else for a commit than what was locked, IntegrityError when the bytes
    differ, NotFoundError when the commit is gone.
    """
    return {one.asked: _sync_one(one, offline=offline, token=token, purpose=purpose) for one in read_lock(Path(path))}


def read_lock(path: Path) -> tuple[Locked, ...]:
    """What the lockfile pins."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        if found["version"] != VERSION:
            raise LockError(f"{path} is of version {found['version']}, this SDK reads {VERSION}. Update the SDK.")
        return tuple(_read_entry(entry) for entry in found.get("locked", []))
    except FileNotFoundError as error:
        raise LockError(f"There is no lockfile {path}. Make one with `headstart lock`.") from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise LockError(f"{path} is not a lockfile ({error!r}). Make it anew with `headstart lock`.") from error


def _pin(client: Client, asked: str, kind: Kind, revision: str, *, allow: Patterns, ignore: Patterns) -> Locked:
    info = client.info(client.full_name(asked), kind, revision)
    if info.commit is None:
        raise NotFoundError(f"{info.name} has no commit at {revision}. Push something to it first.")
    files = client.files(info.name, kind, info.commit)
    chosen = tuple(file for file in files if is_wanted(file.path, allow, ignore))
    return Locked(asked, info.name, kind, client.config.hub, revision, info.commit, chosen)


def _sync_one(one: Locked, *, offline: bool | None, token: str | None, purpose: str) -> Model | Dataset:
    client = Client(_config.resolve(one.hub, token, offline=offline), purpose)
    with client.closing():
        wish = Wish(client, one.name, one.kind, one.commit, verify=True)
        listed = {file.path: file for file in wish.files()}
        for file in one.files:
            if listed.get(file.path) != file:
                raise LockError(
                    f"{one.hub} lists {file.path} of {one.name} at {one.commit[:12]} otherwise than it was locked."
                    " A commit never changes: ask the hub's administrator. Nothing was fetched."
                )
        if wish.cache.files_of(one.commit) is None:
            wish.decision = decision_on(client, one.name, one.kind, one.commit)
        wanted = set(one.files)
        return wish.bring(lambda file: file in wanted)


def _read_entry(entry: dict[str, Any]) -> Locked:
    files = tuple(FileInfo(f["path"], f["size"], f["oid"], f.get("sha256")) for f in entry["files"])
    plain = {key: entry[key] for key in ("asked", "name", "kind", "hub", "revision", "commit")}
    return Locked(**plain, files=files)


def _written(pinned: Iterable[Locked]) -> str:
    lines = ["# Written by `headstart lock`. `headstart sync` pulls exactly this.", f"version = {VERSION}"]
    for one in pinned:
        lines += ["", "[[locked]]"]
        lines += [
            f"{key} = {_text(getattr(one, key))}" for key in ("asked", "name", "kind", "hub", "revision", "commit")
        ]
        lines += ["files = [", *(f"  {_file(file)}," for file in one.files), "]"]
    return "\n".join(lines) + "\n"


def _file(file: FileInfo) -> str:
    sha256 = f", sha256 = {_text(file.sha256)}" if file.sha256 else ""
    return f"{{ path = {_text(file.path)}, size = {file.size}, oid = {_text(file.oid)}{sha256} }}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
