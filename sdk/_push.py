"""Push: bring a folder, or a model in memory, to the hub in one commit, sending only what it hasn't got."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from sdk import _config
from sdk._card import Card, parse_card, read_card
from sdk._client import Client
from sdk._commit import CARD, Content, commit
from sdk._errors import ConflictError, InvalidInputError, NotFoundError
from sdk._hashes import Digests, HashMemory, digests_of_bytes
from sdk._models import FileInfo, Kind, Pushed
from sdk._save import save_model

NEVER = (".git", ".cache", "__pycache__", ".DS_Store", "*.incomplete")
TRIES = 3


def push(
    folder_or_model: Any,
    name: str,
    *,
    card: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    message: str | None = None,
    private: bool | None = None,
    kind: Kind = "model",
    revision: str | None = None,
    hub: str | None = None,
    token: str | None = None,
    cache_dir: str | os.PathLike[str] | None = None,
) -> Pushed:
    """Bring a model (or data set) to the hub, in one commit; what the hub has already is not sent again.

    `folder_or_model` is a folder, a file, a model with `save_pretrained`, a torch module or a dict of tensors; the
    last two are saved as safetensors. `card` is merged into README.md: a mapping sets metadata fields, a text (or the
    path of one) replaces the words too. `private` makes a new repository private or public, and changes one that
    exists. Files that the hub has and the folder hasn't stay. Raises ConflictError if others push all the while.
    """
    client = Client(_config.resolve(hub, token, cache_dir))
    with client.closing(), _folder_of(folder_or_model) as folder:
        name = client.full_name(name)
        contents = _contents(folder)
        memory = HashMemory(client.config.cache.parent / "hashes.json")
        digests = {path: memory.digests(content) for path, content in contents.items() if isinstance(content, Path)}
        memory.save()
        for attempt in range(1, TRIES + 1):
            head = _ensure(client, name, kind, revision=revision, private=private)
            there = {file.path: file for file in client.files(head.name, kind, head.commit)}
            if card is not None:
                text = str(_merged(_base_card(client, head, contents, there), card)).encode()
                contents[CARD], digests[CARD] = text, digests_of_bytes(text)
            try:
                return _commit(client, head, contents, digests, there, revision=revision, message=message)
            except ConflictError:
                if attempt == TRIES:
                    raise
    raise AssertionError("unreachable")


@dataclass(frozen=True)
class _Head:
    """A repository, by the name that the hub writes, and the commit that its branch is at."""

    name: str
    kind: Kind
    commit: str


@dataclass
class _Plan:
    """By path: what must be sent, what is a copy of another path there (its source), what is there already."""

    add: list[str] = field(default_factory=list)
    copy: dict[str, str] = field(default_factory=dict)
    keep: list[str] = field(default_factory=list)


def _plan(digests: Mapping[str, Digests], there: Mapping[str, FileInfo]) -> _Plan:
    plan = _Plan()
    by_sha256 = {file.sha256: file.path for file in there.values() if file.sha256}
    for path, digest in sorted(digests.items()):
        now = there.get(path)
        if now is not None and now.digest in (digest.sha256, digest.oid):
            plan.keep.append(path)
        elif digest.sha256 in by_sha256:
            plan.copy[path] = by_sha256[digest.sha256]
        else:
            plan.add.append(path)
    return plan


def _commit(
    client: Client,
    head: _Head,
    contents: Mapping[str, Content],
    digests: Mapping[str, Digests],
    there: Mapping[str, FileInfo],
    *,
    revision: str | None,
    message: str | None,
) -> Pushed:
    """Send what is missing as one commit on top of `head`; ConflictError if the branch is elsewhere by now."""
    plan = _plan(digests, there)
    url = client.page_url(head.name, head.kind)
    if not plan.add and not plan.copy:
        return Pushed(head.name, head.commit, url, is_new=False, unchanged=tuple(plan.keep))
    count = len(plan.add) + len(plan.copy)
    made = commit(
        client,
        head.name,
        head.kind,
        revision or "main",
        add={path: contents[path] for path in plan.add},
        copy={path: digests[path] for path in plan.copy},
        digests=digests,
        parent=head.commit,
        message=message or f"Push {count} file{'s' if count > 1 else ''}",
    )
    return Pushed(
        name=head.name,
        commit=made,
        url=url,
        is_new=made != head.commit,
        uploaded=tuple(plan.add),
        copied=tuple(plan.copy),
        unchanged=tuple(plan.keep),
    )


def _ensure(client: Client, name: str, kind: Kind, *, revision: str | None, private: bool | None) -> _Head:
    """The repository, made if need be and as private as asked for, with the branch's head."""
    asked = f"{kind} {name}"
    try:
        info = client.info(name, kind)
    except NotFoundError:
        made = client.ask(
            f"create {asked}", lambda: client.api.create_repo(name, repo_type=kind, private=private, exist_ok=True)
        )
        info = client.info(made.repo_id, kind)
    if private is not None and info.private != private:
        visible = "private" if private else "public"
        client.ask(
            f"make {asked} {visible}",
            lambda: client.api.update_repo_settings(info.name, repo_type=kind, private=private),
        )
    if revision not in (None, "main"):
        try:
            info = client.info(info.name, kind, revision)
        except NotFoundError:
            client.ask(
                f"create branch {revision} of {name}",
                lambda: client.api.create_branch(info.name, repo_type=kind, branch=str(revision), exist_ok=True),
            )
            info = client.info(info.name, kind, revision)
    if info.commit is None:
        raise NotFoundError(f"{asked} has no first commit. Delete it on {client.config.hub}, then push again.")
    return _Head(info.name, kind, info.commit)


@contextmanager
def _folder_of(thing: Any) -> Iterator[Path]:
    """Where its files lie; a model in memory is saved to a temporary folder first."""
    if isinstance(thing, str | os.PathLike):
        path = Path(thing).expanduser()
        if not path.exists():
            raise InvalidInputError(f"{path} doesn't exist. Push a folder, a file, or a model.")
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="headstart-push-") as temporary:
        save_model(thing, Path(temporary))
        yield Path(temporary)


def _contents(folder: Path) -> dict[str, Content]:
    """Every file by its path in the repository; what no repository wants is left out."""
    if folder.is_file():
        return {folder.name: folder}
    found: dict[str, Content] = {}
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not _is_unwanted(one))
        for file in files:
            if not _is_unwanted(file):
                path = Path(place, file)
                found[path.relative_to(folder).as_posix()] = path
    if not found:
        raise InvalidInputError(f"{folder} holds no files. Push a folder with a model in it.")
    return found


def _is_unwanted(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in NEVER)


def _base_card(client: Client, head: _Head, contents: Mapping[str, Content], there: Mapping[str, FileInfo]) -> Card:
    """The card to merge into: the folder's, else the hub's, else a new one."""
    here = contents.get(CARD)
    if isinstance(here, bytes):
        return parse_card(here.decode())
    if here is not None:
        return read_card(here)
    if CARD in there:
        return parse_card(client.read_text(head.name, head.kind, head.commit, CARD))
    return Card({}, f"\n# {head.name.partition('/')[2]}\n")


def _merged(base: Card, card: str | os.PathLike[str] | Mapping[str, Any]) -> Card:
    if isinstance(card, Mapping):
        return base.merged(card)
    if isinstance(card, str) and "\n" in card:
        new = parse_card(card)
    elif Path(card).is_file():
        new = read_card(Path(card))
    else:
        raise InvalidInputError(f"The card {os.fspath(card)!r} is no file, and no text of more than one line.")
    return Card(base.merged(new.metadata).metadata, new.text)
