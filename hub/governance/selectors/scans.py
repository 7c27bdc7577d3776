"""What the scanners said: of a file, of a revision, and of what nobody may pull."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hub.accounts.viewer import Viewer
from hub.catalog.models import Commit
from hub.catalog.permissions import check_read
from hub.catalog.selectors.revisions import Revision as Place
from hub.catalog.trees import Entry, entry_at, files
from hub.core.prepared import Prepared
from hub.governance.canonical import digest
from hub.governance.models import FileVerdict, Revision, Scan, Verdict
from hub.governance.scanning.kinds import WRAPS, suffix_of
from hub.governance.scanning.rules import RULES

_BATCH = 500
SCANNING, DONE, WAITING = "scanning", "done", "waiting"


@dataclass(frozen=True)
class Opinion:
    scanner: str
    version: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class FileVerdictAt:
    """`read` of `size` bytes were looked at; `reason` is that of the scanner with the worst verdict."""

    path: str
    content: str
    verdict: str
    label: str
    reason: str
    form: str
    read: int
    size: int
    is_pickle: bool
    is_code: bool
    rules: str
    at: dt.datetime
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True)
class ScanPicture:
    """`state` is waiting (no scan began), scanning or done; `worst` is empty until it is done."""

    state: str
    worst: str
    rules: str
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    count: int
    clean: int
    files: tuple[FileVerdictAt, ...]


def scan_of(viewer: Viewer, revision: Revision) -> ScanPicture:
    """The newest scan, with every file. Raises what `check_read` does."""
    check_read(viewer, revision.repo)
    return _picture(_newest(revision), _files(revision))


def scan_at(viewer: Viewer, place: Place) -> ScanPicture:
    """As `scan_of`, for any commit; one that is not under governance waits, though its files may have verdicts."""
    check_read(viewer, place.repo)
    rows = Scan.objects.filter(revision__repo=place.repo, revision__commit=place.commit)
    return _picture(rows.order_by("-started_at", "-pk").first(), dict(files(place.tree)))


def _picture(scan: Scan | None, entries: dict[str, Entry]) -> ScanPicture:
    told = tuple(_told(path, entries[path], row) for path, row in verdicts_of(entries).items())
    return ScanPicture(
        state=WAITING if scan is None else DONE if scan.finished_at else SCANNING,
        worst=scan.worst if scan else "",
        rules=scan.rules if scan else "",
        started_at=scan.started_at if scan else None,
        finished_at=scan.finished_at if scan else None,
        count=len(entries),
        clean=sum(one.verdict == Verdict.CLEAN for one in told),
        files=told,
    )


def scan_facts(revision: Revision) -> dict[str, Any]:
    """What rules may ask: `scan` in their expressions."""
    scan = next(iter(_DONE(revision.pk)), None)
    worst, rules, summary = scan or ("", "", {})
    code = summary.get("code", {})
    return {
        "state": DONE if scan else SCANNING,
        "worst": worst,
        "has_pickle": bool(summary.get("pickle")),
        "executes_code": bool(code),
        "code_hashes": sorted(code.values()),
        "scanner": "headstart",
        "rules": rules,
    }


def scan_digest(revision: Revision) -> str:
    """The sha256 of the scan's result: it changes when a verdict does, not when the same is found by newer rules."""
    scan = next(iter(_newest_done(revision)), None)
    return digest({"worst": scan.worst, "files": scan.files, "summary": scan.summary} if scan else {"worst": ""})


def file_verdicts(viewer: Viewer, place: Place, paths: Iterable[str]) -> dict[str, FileVerdictAt]:
    """Those of some files at any commit, whether it is reviewed or not: one query."""
    check_read(viewer, place.repo)
    entries = {path: entry for path in paths if (entry := entry_at(place.tree, path)) and not entry.is_tree}
    return {path: _told(path, entries[path], row) for path, row in verdicts_of(entries).items()}


def scan_states(viewer: Viewer, place: Place, commits: Iterable[str]) -> dict[str, tuple[str, str]]:
    """(state, worst verdict) of the newest scan by commit, where the commit is under governance: one query."""
    check_read(viewer, place.repo)
    rows = Revision.objects.filter(repo=place.repo, commit__in=list(commits)).order_by("scans__started_at", "scans__pk")
    fields = ("commit", "examined_at", "scans__started_at", "scans__finished_at", "scans__worst")
    found: dict[str, tuple[str, str]] = {}
    for commit, examined_at, started_at, finished_at, worst in rows.values_list(*fields):
        if started_at is not None or examined_at is None:
            found[commit] = (DONE if finished_at else SCANNING, worst or "")
    return found


def verdicts_of(entries: Mapping[str, Entry]) -> dict[str, FileVerdict]:
    """The verdicts by the rules of today, by path; none for what was not scanned by them."""
    contents = list({content_of(entry) for entry in entries.values()})
    rows: dict[tuple[str, str], FileVerdict] = {}
    for start in range(0, len(contents), _BATCH):
        for row in FileVerdict.objects.filter(content__in=contents[start : start + _BATCH], rules=RULES):
            rows[(row.content, row.kind)] = row
    found = {path: rows.get((content_of(entry), kind_of(path))) for path, entry in entries.items()}
    return {path: row for path, row in found.items() if row is not None}


def content_of(entry: Entry) -> str:
    return entry.lfs or entry.stored or entry.oid


def kind_of(path: str) -> str:
    """What of its name decides how it is read: of a packed file, the ending within too."""
    outer = suffix_of(path)
    within = suffix_of(path[: -len(outer)]) if outer in WRAPS else ""
    return f"{within[:16]}{outer}"


def label_of(verdict: str) -> str:
    return str(Verdict(verdict).label)


def reason_of(row: FileVerdict) -> str:
    return next((one["reason"] for one in row.opinions if one["verdict"] == row.verdict and one["reason"]), "")


def _told(path: str, entry: Entry, row: FileVerdict) -> FileVerdictAt:
    coverage = row.coverage
    return FileVerdictAt(
        path=path,
        content=row.content,
        verdict=row.verdict,
        label=Verdict(row.verdict).label,
        reason=reason_of(row),
        form=coverage.get("format", ""),
        read=coverage.get("read", 0),
        size=entry.size,
        is_pickle=bool(coverage.get("is_pickle")),
        is_code=bool(coverage.get("is_code")),
        rules=row.rules,
        at=row.at,
        opinions=tuple(Opinion(**one) for one in row.opinions),
    )


def _newest(revision: Revision) -> Scan | None:
    return Scan.objects.filter(revision=revision).order_by("-started_at", "-pk").first()


def _newest_done(revision: Revision | int) -> QuerySet[Scan]:
    done = Scan.objects.filter(revision=revision, finished_at__isnull=False)
    return done.order_by("-started_at", "-pk")[:1]


_DONE = Prepared(lambda revision: _newest_done(revision).values_list("worst", "rules", "summary"))


def _tree(revision: Revision) -> str:
    return Commit.objects.values_list("tree", flat=True).get(repo_id=revision.repo_id, oid=revision.commit)


def _files(revision: Revision) -> dict[str, Entry]:
    return dict(files(_tree(revision)))
