"""What is known of one commit, from which every paper is written. A paper says of what is missing that it is."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class File:
    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Ancestor:
    """Something that it was made from, as it may be named to whoever asks."""

    kind: str
    relation: str
    name: str
    revision: str = ""


@dataclass(frozen=True)
class Result:
    """A value that the repository reports of itself."""

    dataset: str
    metric: str
    value: str
    split: str = ""


@dataclass(frozen=True)
class Finding:
    """`kind` is measured or reported. `origin`: the repository that it is inherited from, as the reader may know it."""

    id: str
    title: str
    severity: str
    status: str
    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)
    origin: str = ""
    is_open: bool = True

    @property
    def label(self) -> str:
        """Such as `BN-0001, inherited from acme/base: worse for some (high, open, measured)`."""
        name = f"{self.id}, inherited from {self.origin}" if self.origin else self.id
        return f"{name}: {self.title or 'without a title'} ({self.severity}, {self.status}, {self.kind})"


@dataclass(frozen=True)
class Decided:
    domain: str
    state: str
    by: str
    at: dt.datetime
    reason: str
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Licence:
    """`declared` as the card has it, `declared_spdx` as an SPDX expression where it is one."""

    declared: str = ""
    concluded: str = ""
    effective: str = ""
    verdict: str = ""
    faults: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    declared_spdx: str = ""
    detected: tuple[str, ...] = ()
    notice: str = ""


@dataclass(frozen=True)
class Scan:
    """`flagged` are the files that are not clean: path, verdict and reason."""

    state: str
    worst: str
    rules: str
    files: int
    clean: int
    flagged: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Review:
    state: str
    tier: int | None
    binding: str
    purposes: tuple[str, ...]
    conditions: tuple[str, ...]
    expires_at: dt.datetime | None
    decisions: tuple[Decided, ...]


@dataclass(frozen=True)
class Facts:
    """`digest` is the one that the hub signs. What nobody recorded is None (or empty); `sources` and `findings` hold
    what the reader may see, `withheld` counts the rest."""

    kind: str
    name: str
    commit: str
    committed_at: dt.datetime
    made_at: dt.datetime
    url: str
    digest: str
    key_id: str
    files: tuple[File, ...]
    metadata: Mapping[str, Any]
    summary: str
    parameters: int | None
    size: int
    architecture: str = ""
    is_private: bool = False
    ancestors: tuple[Ancestor, ...] = ()
    results: tuple[Result, ...] = ()
    licence: Licence | None = None
    sources: tuple[Mapping[str, Any], ...] | None = None
    completeness: float | None = None
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    use: Mapping[str, Any] | None = None
    findings: tuple[Finding, ...] | None = None
    withheld: int = 0
    scan: Scan | None = None
    review: Review | None = None

    @property
    def owner(self) -> str:
        return self.name.partition("/")[0]

    @property
    def short_name(self) -> str:
        return self.name.partition("/")[2]

    def stated(self, key: str) -> list[str]:
        """What the card's metadata states under a key, as texts."""
        value = self.metadata.get(key)
        listed = value if isinstance(value, list) else [value]
        return [str(each) for each in listed if isinstance(each, str | int | float) and str(each).strip()]


def said(value: Any) -> str:
    """A value of a record in words; empty for nothing. An unknown with its reason, and a measurement, say so."""
    if isinstance(value, Mapping):
        if set(value) == {"unknown"}:
            return f"unknown: {value['unknown']}"
        if "measured" in value:
            return f"{said(value.get('value'))} (measured)"
        return ", ".join(f"{key} {text}" for key, each in value.items() if (text := said(each)))
    if isinstance(value, list | tuple):
        return "; ".join(text for each in value if (text := said(each)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()


def at(record: Mapping[str, Any] | None, path: str) -> Any:
    """What stands at a path such as `people.pii` of a record; None for nothing."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def of_all(sources: Iterable[Mapping[str, Any]] | None, path: str) -> str:
    """What the sources state at a path, each once."""
    return "; ".join(dict.fromkeys(text for source in sources or () if (text := said(at(source, path)))))


def plain(source: Mapping[str, Any], path: str) -> Any:
    """The value at a path without the mark of a measurement; None where it is unknown or not stated."""
    value = at(source, path)
    if isinstance(value, Mapping):
        return value.get("value") if "measured" in value else None if set(value) == {"unknown"} else value
    return value


def texts(record: Mapping[str, Any] | None, path: str) -> list[str]:
    """The entries of a list at a path, each in words."""
    value = at(record, path)
    return [text for each in value if (text := said(each))] if isinstance(value, list) else []


def name_of(source: Mapping[str, Any]) -> str:
    """What a source of the data record is called."""
    return said(at(source, "dataset.repo")) or said(at(source, "external.name")) or said(at(source, "id"))
