"""What changed since the last approved revision: files, tensors, card, records, results, findings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.card import parse_card
from hub.catalog.results import reported_results
from hub.core.errors import HubError
from hub.governance.binding import PARTS, changed_parts
from hub.governance.selectors.review_evidence import findings_at, stated_of
from hub.governance.selectors.review_screen import Screen
from hub.web.pages import changes, governance_links, links, reading, repo
from hub.web.pages.links import Link

MOST = 60
_LONGEST = 240


@dataclass(frozen=True)
class FieldChange:
    """One statement that reads otherwise now; empty where it isn't made."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Group:
    title: str
    rows: tuple[FieldChange, ...]
    left: int


@dataclass(frozen=True)
class Since:
    """`baseline` is None where nothing of the repository was approved before; then everything is new, and the files
    are listed on their own page."""

    baseline: Link | None
    baseline_state: str
    summary: str
    parts: tuple[str, ...]
    groups: tuple[Group, ...]
    alike: tuple[str, ...]
    files: changes.Changes | None
    files_url: str


def build(viewer: Viewer, place: repo.Place, screen: Screen, *, only: str = "") -> Since:
    revision, baseline = screen.revision, screen.baseline
    before = _revision_at(place, baseline.commit) if baseline else None
    sides = (_card(viewer, before), _card(viewer, place.revision))
    groups = tuple(_groups(viewer, screen, *sides)) if baseline else ()
    here = governance_links.review_url(*place.at[:2], revision.commit)
    return Since(
        baseline=Link(baseline.commit[:12], governance_links.review_url(*place.at[:2], baseline.commit))
        if baseline
        else None,
        baseline_state=baseline.get_state_display() if baseline else "",
        summary=_summary(place, screen),
        parts=_parts(screen),
        groups=tuple(group for group in groups if group.rows),
        alike=tuple(group.title.lower() for group in groups if not group.rows),
        files=changes.build(viewer, place.repo, before, place.revision, here=here, only=only) if before else None,
        files_url=links.tree_url(*place.at[:2], revision.commit),
    )


def changed(title: str, before: Any, after: Any) -> Group:
    """Two JSON values, leaf by leaf."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    rows = tuple(FieldChange(name, old.get(name, ""), new.get(name, "")) for name in names[:MOST])
    return Group(title, rows, len(names) - len(rows))


def _summary(place: repo.Place, screen: Screen) -> str:
    if screen.baseline:
        return ""
    files = len(catalog.changes_between(None, place.revision))
    return f"Nothing of this repository was approved before: all {files:,} files are new to its reviewers."


def _groups(viewer: Viewer, screen: Screen, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Group]:
    bare = ("model-index", "headstart")
    yield changed("Card", *({k: v for k, v in card.items() if k not in bare} for card in (before, after)))
    old, new = stated_of(viewer, screen.baseline), stated_of(viewer, screen.revision)  # type: ignore[arg-type]
    for title, value in new.items():
        yield changed(title, old[title], value)
    yield changed("Results", _results(before), _results(after))
    since = screen.baseline.decided_at if screen.baseline else None
    found = [each for each in findings_at(viewer, screen.revision) if not since or each.row.created_at > since]
    yield changed("Findings", {}, {_number(each): _finding(each) for each in found})


def _number(each: Any) -> str:
    return f"BN-{each.row.number:04}{' (inherited)' if each.is_inherited else ''}"


def _finding(each: Any) -> str:
    row = each.row
    return f"{row.title} ({row.get_severity_display().lower()}, {row.get_status_display().lower()})".strip()


def _parts(screen: Screen) -> tuple[str, ...]:
    """Which parts of what the last approval was bound to differ, beside the commit itself."""
    if screen.baseline is None:
        return ()
    differ = changed_parts(screen.baseline.binding_parts, screen.picture.binding.parts)
    return tuple(PARTS[name] for name in differ if name != "commit")


def _results(card: Mapping[str, Any]) -> dict[str, str]:
    found = reported_results(dict(card), ())
    return {
        f"{each.dataset_name or each.dataset or 'result'}, {each.metric_name or each.metric}": each.text
        or str(each.value)
        for each in found
    }


def _revision_at(place: repo.Place, commit: str) -> Any:
    try:
        return catalog.revision_of(place.repo, commit)
    except HubError:
        return None  # its commit is gone


def _card(viewer: Viewer, at: Any) -> dict[str, Any]:
    if at is None:
        return {}
    try:
        found = reading.words_at(viewer, at, "README.md")
    except HubError:
        return {}
    metadata = parse_card(repo.content_of(found).decode("utf-8", "replace")).metadata
    return metadata if isinstance(metadata, dict) else {}


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each single statement in a JSON value, by where it stands: `sources 2 licence`."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{name} {key}".strip().replace("_", " "))
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for number, item in enumerate(value, 1):
            yield from _leaves(item, f"{name} {number}")
    elif isinstance(value, list):
        yield name, ", ".join(str(item) for item in value)[:_LONGEST]
    elif value not in (None, ""):
        yield name or "all", ("yes" if value is True else "no" if value is False else str(value))[:_LONGEST]
