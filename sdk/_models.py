"""What the SDK hands back: frozen values that know where their files lie."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Literal

from sdk._card import Card, read_card
from sdk._errors import NotFoundError

Kind = Literal["model", "dataset"]


@dataclass(frozen=True)
class FileInfo:
    """One file of a revision. `sha256` is that of its bytes where the hub tells it (large files); `oid` is git's id."""

    path: str
    size: int
    oid: str
    sha256: str | None = None

    @property
    def digest(self) -> str:
        """What the bytes are checked against, and what they are called in the cache."""
        return self.sha256 or self.oid


@dataclass(frozen=True)
class Reason:
    """A rule of the hub that spoke: its code, the fact that it rests on, what would mend it, who decided."""

    rule: str
    title: str
    message: str
    mend: str = ""
    decided_by: str = ""


@dataclass(frozen=True)
class Decision:
    """What the hub's rules said of a pull: `outcome` is allow, conditions or deny."""

    outcome: str
    profile: str = ""
    environment: str = ""
    purpose: str = ""
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    conditions: tuple[str, ...] = ()
    replacement: str = ""


@dataclass(frozen=True)
class Review:
    """A reviewer's decision on the very files that were pulled, as the hub signed it. `domain` is owner for the
    owner's sign-off."""

    domain: str
    state: str
    by: str
    at: str
    reason: str
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signature:
    """A hub's signature that holds: by the key with this fingerprint, over files with this digest. `reviews` are those
    that were signed when the signature was fetched, at the first pull of the commit."""

    key: str
    digest: str
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """Files of one commit, on this machine. It is a path: hand it to whatever takes a folder."""

    name: str
    commit: str
    path: Path
    files: tuple[FileInfo, ...] = field(repr=False)
    hub: str = field(repr=False)
    # None where nobody was asked: offline, or a hub without rules.
    decision: Decision | None = field(default=None, repr=False, compare=False)
    # None where nothing is signed, or nobody checked (verify=False).
    signature: Signature | None = field(default=None, repr=False, compare=False)

    def __fspath__(self) -> str:
        return os.fspath(self.path)

    def open(self, name: str, mode: Literal["r", "rb"] = "rb") -> IO[Any]:
        """Open one of the files to read: bytes, or with mode "r" text in UTF-8."""
        if all(file.path != name for file in self.files):
            raise NotFoundError(f"{self.name} was pulled without {name!r}. It has: {_listed(self.files)}.")
        return (self.path / name).open(mode, encoding="utf-8" if mode == "r" else None)

    @cached_property
    def card(self) -> Card:
        """The card: README.md's metadata and text; empty if there is none."""
        return read_card(self.path / "README.md")

    @property
    def license(self) -> str | None:
        """The licence as the card names it (its own name, where the card says "other"); None if it names none."""
        return self.card.license


@dataclass(frozen=True)
class Model(Snapshot):
    """A model on this machine."""

    def load(self, *, device: Any = None, trust_remote_code: bool = False, **options: Any) -> Any:
        """The model, loaded by the library that its card or its files name: a sentence-transformers or transformers
        model, or else its tensors by name. Pickles are refused, and code that came along runs only if you say so."""
        from sdk._load import load_model

        return load_model(self, device=device, trust_remote_code=trust_remote_code, options=options)


@dataclass(frozen=True)
class Dataset(Snapshot):
    """A data set on this machine."""

    def load(self, **options: Any) -> Any:
        """The data set, as `datasets.load_dataset` gives it; `options` are passed on."""
        from sdk._load import load_dataset

        return load_dataset(self, options=options)


@dataclass(frozen=True)
class Info:
    """What the hub says of one model or data set, without its files."""

    name: str
    kind: Kind
    commit: str | None
    private: bool
    license: str | None
    task: str | None
    library: str | None
    tags: tuple[str, ...]
    downloads: int
    updated_at: str | None
    card: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Pushed:
    """What a push did. `is_new` is False when the hub had all of it already, and no commit was made."""

    name: str
    commit: str
    url: str
    is_new: bool
    uploaded: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Identity:
    """Whom a token speaks for."""

    name: str
    hub: str
    full_name: str = ""
    organisations: tuple[str, ...] = ()


def _listed(files: tuple[FileInfo, ...], most: int = 12) -> str:
    names = [file.path for file in files]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "") or "no files"
