"""Fields that take more reading than the repository itself: asked once for a whole page, never for each of its rows."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors
from hub.catalog.results import fold
from hub.catalog.selectors import Revision
from hub.jobs.selectors.benchmarks import benchmarks_of
from hub.jobs.selectors.results import newest_by_model
from hub.jobs.selectors.verified import verified_of
from hub.jobs.written import entry_of, path_of, task_id
from hub.protocol.configs import brief_config, mask_token, transformers_info

Found = dict[int, Any]
_FROM_CONFIGS: dict[str, Callable[[Revision, dict[str, dict[str, Any]]], Any]] = {
    "config": lambda _, files: brief_config(files),
    "mask_token": lambda _, files: mask_token(files),
    "transformersInfo": lambda at, files: transformers_info(at.repo.card, files),
}


def extras(viewer: Viewer, at: Sequence[Revision], wanted: Iterable[str]) -> dict[int, dict[str, Any]]:
    """The wanted of these fields by the repository's id, where there is something to say."""
    told: dict[int, dict[str, Any]] = {revision.repo.pk: {} for revision in at}
    names = set(wanted)
    sources = [(name, ask(viewer, at)) for name, ask in _ASKED.items() if name in names]
    if from_files := names.intersection(_FROM_CONFIGS):
        files = selectors.configs_of(at)
        sources += [(name, _read(_FROM_CONFIGS[name], at, files)) for name in sorted(from_files)]
    for name, found in sources:
        for repo_id, value in found.items():
            if value is not None:
                told[repo_id][name] = value
    return told


def _read(read: Callable[..., Any], at: Sequence[Revision], files: dict[int, dict[str, dict[str, Any]]]) -> Found:
    return {revision.repo.pk: read(revision, files.get(revision.repo.pk, {})) for revision in at}


def _base_models(viewer: Viewer, at: Sequence[Revision]) -> Found:
    found = selectors.bases_of_models(viewer, [revision.repo for revision in at])
    return {
        repo_id: {"relation": bases.relation, "models": [{"_id": one, "id": name} for one, name in bases.models]}
        for repo_id, bases in found.items()
    }


def _children(viewer: Viewer, at: Sequence[Revision]) -> Found:
    return dict(selectors.count_children(viewer, [revision.repo for revision in at]))


def _evaluations(viewer: Viewer, at: Sequence[Revision]) -> Found:
    """What was measured here, verified; then what files report of other numbers."""
    repos = [revision.repo for revision in at]
    reported, measured = selectors.evaluations_of(repos), newest_by_model(viewer, repos, whole=True)
    found: Found = {}
    verified = verified_of(each for rows in reported.values() for each in rows)
    held = [each.row for rows in measured.values() for each in rows if each.row.dataset and each.row.value is not None]
    benchmarks = benchmarks_of(held)
    for pk in {*reported, *measured}:
        rows = [each.row for each in measured.get(pk, []) if each.row.dataset and each.row.value is not None]
        known = {(row.dataset_name.lower(), fold(name), row.dataset_commit)
                 for row in rows for name in (row.metric, task_id(row, benchmarks))}  # fmt: skip
        others = [each for each in reported.get(pk, []) if _named(each) not in known]
        found[pk] = [
            *(_verified(row, benchmarks) for row in rows),
            *(_evaluation(each, is_verified=each.pk in verified) for each in others),
        ]
    return {pk: entries for pk, entries in found.items() if entries}


def _named(result: Any) -> tuple[str, str, str]:
    return result.dataset.lower(), fold(result.metric), result.revision


def _verified(row: Any, benchmarks: Any) -> dict[str, Any]:
    data = entry_of(row, benchmarks) | {"notes": f"n = {row.n}; model {row.commit}"}
    return {"filename": path_of(row, benchmarks), "verified": True, "data": data}


def _evaluation(result: Any, *, is_verified: bool) -> dict[str, Any]:
    """As the file states it. Clients refuse a source that has a name and no address."""
    dataset = {"id": result.dataset, "task_id": result.task or "default", "revision": result.revision}
    data: dict[str, Any] = {
        "dataset": {name: value for name, value in dataset.items() if value},
        "value": result.text if result.value is None else result.value,
    }
    if result.reported_on:
        data["date"] = result.reported_on
    if result.url:
        data["source"] = {"url": result.url} | ({"name": result.by} if result.by else {})
    if result.verify_token:
        data["verifyToken"] = result.verify_token
    return {"filename": result.path, "verified": is_verified, "data": data}


_ASKED: dict[str, Callable[[Viewer, Sequence[Revision]], Found]] = {
    "baseModels": _base_models,
    "childrenModelCount": _children,
    "evalResults": _evaluations,
}
NAMES = frozenset({*_ASKED, *_FROM_CONFIGS})
