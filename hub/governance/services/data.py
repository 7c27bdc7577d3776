"""Record what a model or data set was made from."""

import copy
from collections.abc import Mapping
from typing import Any

from hub.accounts.viewer import Viewer
from hub.audit.services import record as log
from hub.catalog.models import Repo
from hub.catalog.permissions import check_write
from hub.catalog.services.records import subject_of
from hub.core.transactions import write_transaction
from hub.governance.errors import InvalidRecord
from hub.governance.models import DataUse, Record, Revision
from hub.governance.records import card, data
from hub.governance.records.schema import Problem, get, put
from hub.governance.selectors.cards import metadata_at
from hub.governance.selectors.data import may_see
from hub.governance.selectors.records import inherited_record, is_head
from hub.governance.services import evidence, records

_DATA = Record.Kind.DATA
# What rests on the data: see the table of what a change invalidates.
_RESTS_ON_IT = ("data", "licence", "bias")


def record(*, by: Viewer, repo: Repo, body: Any, source: str = "form", base: int | None = None) -> Record:
    """Before: who may push states the data of main's head. After: a new version holds for it, and the reverse index
    names what it was made from.

    `base` is the number of the version that was changed. Raises `InvalidRecord` with each fault by its path, also
    where a measured value would be overwritten, and `Conflict`.
    """
    check_write(by, repo)
    revision = records.head(repo, by=by.name or "system")
    value, problems = data.checked(body, kind=repo.kind, taken=_ids(_unseen(by, revision)))
    records.check(problems)
    with write_transaction():
        revision = Revision.objects.select_for_update(of=("self",)).select_related("data_record").get(pk=revision.pk)
        records.check_base(revision.data_record, base)
        held = revision.data_record.body if revision.data_record else {}
        value = _with_unseen(_unseen(by, revision), value)
        records.check(data.overwritten(held, value))
        made = records.hold(revision, _DATA, value, by=by.name or "system", source=source)
        if made is not None:
            _follow(revision, made, by=by.name or "system")
            log(by=by.name or "system", action="data.record", subject=subject_of(repo, revision.commit),
                number=made.number, sha256=made.sha256, source=source)  # fmt: skip
    return made or revision.data_record  # type: ignore[return-value]


def _unseen(by: Viewer, revision: Revision) -> list[dict[str, Any]]:
    """Sources of the record that the author of another one may not read."""
    held = revision.data_record.body if revision.data_record else {}
    return [each for each in held.get("training_data", []) if not may_see(by, revision, each)]


def _ids(sources: list[dict[str, Any]]) -> frozenset[str]:
    return frozenset(source.get("id", "") for source in sources)


def _with_unseen(unseen: list[dict[str, Any]], value: dict[str, Any]) -> dict[str, Any]:
    """They stay as they are, at the end."""
    for taken in sorted(_ids(unseen) & _ids(value["training_data"])):
        records.check([Problem(f"training_data.{taken}", "is an id of a source that you may not read. Use another.")])
    return {**value, "training_data": [*value["training_data"], *unseen]}


def measured(*, revision: Revision, source: str, path: str, value: Any, job: str) -> Record:
    """Before: a job measured a value of a source. After: it stands in the record, marked, whatever people said."""
    with write_transaction():
        held = Revision.objects.select_for_update(of=("self",)).select_related("data_record").get(pk=revision.pk)
        body = held.data_record.body if held.data_record else {"training_data": [], "quotes": []}
        if all(each.get("id") != source for each in body["training_data"]):
            raise InvalidRecord(f"The record of {revision.commit[:12]} has no source {source!r} to measure.")
        body, problems = data.checked(_with_measured(body, source, path, value, job), kind=revision.repo.kind)
        records.check(problems)
        made = records.hold(held, _DATA, body, by="system", source="system")
        if made is not None:
            evidence.changed(held, _RESTS_ON_IT, by="system", what=f"{path} of {source} was measured")
            log(
                by="system",
                action="data.measure",
                subject=subject_of(held.repo, held.commit),
                source=source,
                path=path,
                job=job,
            )
    return made or held.data_record  # type: ignore[return-value]


def used_by_job(*, revision: Revision, sources: list[dict[str, Any]], job: str) -> Record | None:
    """Before: a job made this revision from data sets at commits. After: its record names each, marked with the job,
    beside what is stated already; None where it says so before.

    `sources` as the schema has them, each with `dataset.repo`. Raises `InvalidRecord`.
    """
    with write_transaction():
        held = Revision.objects.select_for_update(of=("self",)).select_related("data_record").get(pk=revision.pk)
        body = held.data_record.body if held.data_record else {"training_data": [], "quotes": []}
        body, problems = data.checked(_with_used(body, sources), kind=revision.repo.kind)
        records.check(problems)
        made = records.hold(held, _DATA, body, by="system", source="system")
        if made is not None:
            _follow(held, made, by="system")
            log(by="system", action="data.record", subject=subject_of(held.repo, held.commit),
                number=made.number, sha256=made.sha256, source="system", job=job)  # fmt: skip
    return made


def _with_used(body: Mapping[str, Any], sources: list[dict[str, Any]]) -> dict[str, Any]:
    """What is stated of a source stays; the job says which commit it was, and how it was used."""
    changed = copy.deepcopy(dict(body))
    listed = changed.setdefault("training_data", [])
    for source in sources:
        name = source["dataset"]["repo"].lower()
        same = next((each for each in listed if str(get(each, "dataset.repo")).lower() == name), None)
        if same is None:
            listed.append(copy.deepcopy(source))
            continue
        for group, fields in source.items():
            known = same.get(group)
            same[group] = {**known, **fields} if isinstance(known, dict) and isinstance(fields, dict) else fields
    return changed


def _with_measured(body: Mapping[str, Any], source: str, path: str, value: Any, job: str) -> dict[str, Any]:
    changed = copy.deepcopy(dict(body))
    for each in changed["training_data"]:
        if each.get("id") == source:
            put(each, path, {"value": value, "measured": job})
    return changed


def _follow(revision: Revision, made: Record, *, by: str) -> None:
    if is_head(revision):
        write_index(revision.repo_id, made.body, own=revision.repo.key)
    evidence.changed(revision, _RESTS_ON_IT, by=by, what=f"data record {made.number}")


def write_index(repo_id: int, body: Mapping[str, Any], *, own: str) -> None:
    """The reverse index says what this record names, and no more. Inside the caller's transaction."""
    named = {(key, stage) for key, stage in data.names_of(body) if key != own}
    known = set(DataUse.objects.filter(repo=repo_id).values_list("key", "stage"))
    for key, stage in known - named:
        DataUse.objects.filter(repo=repo_id, key=key, stage=stage).delete()
    DataUse.objects.bulk_create(DataUse(repo_id=repo_id, key=key, stage=stage) for key, stage in sorted(named - known))


def examine(revision: Revision) -> None:
    """Before: a commit. After: it has the record of the one before, or what its card states."""
    stated = card.data_record(revision.repo.kind, revision.repo.full_name, metadata_at(revision))
    body, problems = data.checked(stated, kind=revision.repo.kind) if stated else ({}, list[Problem]())
    records.check(problems)
    with write_transaction():
        before = records.held_now(revision, _DATA) or inherited_record(revision, _DATA)
        held = records.take_over(revision, _DATA, before, body)
        if is_head(revision):
            write_index(revision.repo_id, held.body if held else {}, own=revision.repo.key)
