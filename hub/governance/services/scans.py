"""Scan the files of a revision. A content that was scanned once under names of its kind is not scanned again."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q

from hub.catalog.git import INLINE_LIMIT, blob_oid
from hub.catalog.models import Commit
from hub.catalog.selectors.headers import reader_of
from hub.catalog.trees import Entry, files
from hub.core import clock
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction
from hub.governance.models import Domain, FileVerdict, Revision, Scan, Verdict
from hub.governance.scanning.findings import ORDER
from hub.governance.scanning.process import File, Limits, scan_files
from hub.governance.scanning.rules import RULES
from hub.governance.selectors.scans import content_of, kind_of, reason_of, verdicts_of
from hub.governance.services import evidence

_SAVED_AT_ONCE = 50
_TRY_AGAIN_AFTER = dt.timedelta(days=1)


def examine(revision: Revision) -> None:
    """Every file of the commit has a verdict by the rules of today afterwards; a scan row says so.

    A scan that is finished by these rules stays, unless a file failed then: those are tried again.
    """
    last = Scan.objects.filter(revision=revision).order_by("-started_at", "-pk").first()
    if last and last.finished_at and last.rules == RULES and last.worst != Verdict.ERROR:
        return
    entries = _files(revision)
    with write_transaction():
        Scan.objects.filter(revision=revision, finished_at=None).delete()
        scan = Scan.objects.create(revision=revision, rules=RULES)
    _scan_new(entries)
    _finish(revision, scan, last, entries)


def rescan_outdated(*, limit: int) -> int:
    """Enqueue the revisions that were scanned by older rules, or failed a day ago; the newest first. How many."""
    failed = Q(worst=Verdict.ERROR, finished_at__lt=clock.now() - _TRY_AGAIN_AFTER)
    done = Scan.objects.filter(rules=RULES, finished_at__isnull=False).exclude(failed).values("revision")
    waiting = Revision.objects.filter(scans__isnull=False).exclude(pk__in=done).order_by("-pk").distinct()
    pks = list(waiting.values_list("pk", flat=True)[:limit])
    for pk in pks:
        enqueue("governance.scan", revision=pk)
    return len(pks)


def _files(revision: Revision) -> dict[str, Entry]:
    tree = Commit.objects.values_list("tree", flat=True).get(repo_id=revision.repo_id, oid=revision.commit)
    return dict(files(tree))


def _scan_new(entries: dict[str, Entry]) -> None:
    known = verdicts_of(entries)
    waiting: dict[tuple[str, str], tuple[str, Entry]] = {}
    for path, entry in entries.items():
        row = known.get(path)
        if row is None or row.verdict == Verdict.ERROR:
            waiting.setdefault((content_of(entry), kind_of(path)), (path, entry))
    rows: list[FileVerdict] = []
    for (key, (_, entry)), report in zip(waiting.items(), _reports(list(waiting.values())), strict=True):
        rows.append(_row(*key, report, entry))
        if len(rows) == _SAVED_AT_ONCE:
            _save(rows)
            rows = []
    _save(rows)


def _reports(waiting: list[tuple[str, Entry]]) -> Iterator[dict[str, Any]]:
    limits = Limits(seconds=settings.SCAN_SECONDS, cpu_seconds=settings.SCAN_CPU_SECONDS, memory=settings.SCAN_MEMORY)
    return scan_files((_file(path, entry) for path, entry in waiting), limits)


def _file(path: str, entry: Entry) -> File:
    """Its bytes are looked up when they are asked for: what is gone fails in the scan of this file alone."""
    found: list[Any] = []

    def read(start: int, length: int) -> bytes:
        if not found:
            found.append(reader_of(entry))
        return bytes(found[0](start, length))

    return File(path, entry.size, read)


def _row(content: str, kind: str, report: dict[str, Any], entry: Entry) -> FileVerdict:
    return FileVerdict(
        content=content,
        kind=kind,
        rules=RULES,
        verdict=Verdict(report["verdict"]),
        opinions=report["opinions"],
        coverage=report["coverage"] | (_also(entry) if report["verdict"] == Verdict.MALICIOUS else {}),
        at=clock.now(),
    )


def _also(entry: Entry) -> dict[str, str]:
    """The id of the same small bytes where they are kept the other way: by git-lfs, or as they are."""
    if entry.size > INLINE_LIMIT:
        return {}
    data = reader_of(entry)(0, entry.size)
    return {"also": blob_oid(data) if entry.lfs or entry.stored else hashlib.sha256(data).hexdigest()}


def _save(rows: list[FileVerdict]) -> None:
    if not rows:
        return
    with write_transaction():
        FileVerdict.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["content", "kind", "rules"],
            update_fields=["verdict", "opinions", "coverage", "at"],
        )


def _finish(revision: Revision, scan: Scan, last: Scan | None, entries: dict[str, Entry]) -> None:
    found = verdicts_of(entries)
    told = {
        path: [row.verdict, row.content, reason_of(row)] for path, row in found.items() if row.verdict != Verdict.CLEAN
    }
    worst = max((row.verdict for row in found.values()), key=ORDER.index, default=Verdict.CLEAN)
    summary = {
        "files": len(entries),
        "clean": len(entries) - len(told),
        "pickle": sum(bool(row.coverage.get("is_pickle")) for row in found.values()),
        "code": {path: content_of(entries[path]) for path, row in found.items() if row.coverage.get("is_code")},
    }
    with write_transaction():
        Scan.objects.filter(pk=scan.pk).update(worst=worst, files=told, summary=summary, finished_at=clock.now())
        if last is not None and last.finished_at and (last.worst, last.files) != (worst, told):
            evidence.changed(revision, [Domain.SECURITY], by="system", what=f"scanned again by the rules {RULES}")
