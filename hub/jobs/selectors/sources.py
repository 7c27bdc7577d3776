"""What a job was given and what it measured, as repositories of this hub."""

from collections.abc import Mapping
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo, RepoKind
from hub.catalog.selectors.shelf import repos_called
from hub.jobs.models import Job, Kind


def measured_model(job: Job) -> tuple[Repo | None, str]:
    """What a job measured: the model that it evaluated, or the one that it made. None: nothing, or it is gone."""
    if job.kind == Kind.EVALUATE:
        return job.base, job.base_commit
    return (job.out_repo, job.result_commit) if job.kind == Kind.FINETUNE and job.result_commit else (None, "")


def sources_of(job: Job) -> dict[str, tuple[Mapping[str, Any], Repo | None]]:
    """The data sets that a job was given, by their names in lower case: as ordered, and the repository if it is there.
    Of several splits of one the last is what was tested on."""
    told = {str(each["repo"]).lower(): each for each in job.spec.get("datasets", [])}
    here = repos_called(Repo.objects.all(), {(RepoKind.DATASET.value, name) for name in told})
    return {name: (each, here.get((RepoKind.DATASET.value, name))) for name, each in told.items()}


def may_see_all(viewer: Viewer, spec: Mapping[str, Any]) -> bool:
    """Whether the viewer may see each repository that an order names."""
    named = [each for each in (spec.get("base"), *spec.get("datasets", []), *spec.get("candidates", [])) if each]
    wanted = {(each.get("kind", "model"), str(each.get("repo", "")).lower()) for each in named}
    found = Repo.objects.visible_to(viewer).filter(key__in={key for _, key in wanted}).values_list("kind", "key")
    return wanted <= set(found)
