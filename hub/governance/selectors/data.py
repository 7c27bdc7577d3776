"""What is recorded of the training data of a revision."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.permissions import check_read, may_administer
from hub.governance.canonical import digest
from hub.governance.models import Domain, Record, Revision
from hub.governance.permissions import domains_of
from hub.governance.records.completeness import Completeness, completeness
from hub.governance.records.schema import get, plain, unknown_reason

_WORST_FIRST = ("direct", "unknown", "indirect", "removed", "none")


@dataclass(frozen=True)
class DataPicture:
    """`body` has the sources that the viewer may read, `hidden` counts the others; completeness is over all."""

    record: Record | None
    body: Mapping[str, Any]
    completeness: Completeness
    hidden: int = 0


def data_of(viewer: Viewer, revision: Revision | None) -> DataPicture:
    """The record that holds for it. Raises `RepoNotFound`."""
    if revision is None:
        return DataPicture(None, {}, completeness({}, kind="model"))
    check_read(viewer, revision.repo)
    record = revision.data_record
    body: Mapping[str, Any] = record.body if record else {}
    sources = body.get("training_data", [])
    shown = [source for source in sources if may_see(viewer, revision, source)]
    return DataPicture(
        record,
        {**body, "training_data": shown} if record else {},
        completeness(body, kind=revision.repo.kind),
        len(sources) - len(shown),
    )


def may_see(viewer: Viewer, revision: Revision, source: Mapping[str, Any]) -> bool:
    """Whether a source of the record is for this viewer."""
    visibility = source.get("visibility", "public")
    if visibility == "public" or may_administer(viewer, revision.repo):
        return True
    if visibility == "org":
        return revision.repo.role_of(viewer) is not None
    return visibility == "reviewers" and Domain.DATA in domains_of(viewer)


def data_facts(revision: Revision) -> dict[str, Any]:
    """For rules: `pii` is the worst of all sources, and unknown where one doesn't say."""
    body = revision.data_record.body if revision.data_record else {}
    found = completeness(body, kind=revision.repo.kind)
    return {
        "completeness": round(found.share, 4),
        "pii": _worst_pii(body),
        "unknown": [each.path for each in found.unknown],
        "missing": list(found.missing),
    }


def _worst_pii(body: Mapping[str, Any]) -> str:
    stated = [get(source, "people.pii") for source in body.get("training_data", [])] or [None]
    said = {"unknown" if unknown_reason(value) is not None else plain(value) or "unknown" for value in stated}
    return next(word for word in _WORST_FIRST if word in said)


def data_digest(revision: Revision) -> str:
    """The record's share of the binding."""
    return revision.data_record.sha256 if revision.data_record else digest({})
