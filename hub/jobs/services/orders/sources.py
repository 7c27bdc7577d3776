"""The models and data sets of an order, found for who orders, at their commits, and whether they may be used."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.models import Repo
from hub.catalog.permissions import check_read_content
from hub.catalog.selectors import Revision
from hub.catalog.weights.formats import PICKLE, SAFETENSORS, format_of
from hub.catalog.weights.shape import Shape, shape_of_config
from hub.core.errors import HubError
from hub.governance.policy.decision import PullDecision
from hub.governance.selectors.licences import licence_at
from hub.governance.services import pulls
from hub.jobs import splits
from hub.jobs.columns import Mapped, mapped
from hub.jobs.faults import Fault
from hub.jobs.orders import Data, Model
from hub.jobs.selectors.previews import Preview, preview
from hub.jobs.selectors.trusted import is_code_approved
from workers import contract
from workers.contract import Code, ColumnRole, Kind


@dataclass(frozen=True)
class Found:
    """A repository at a commit, which the orderer may read; `faults` say why it can't be used, or what to know."""

    at: Revision
    licence: str = ""
    decision: PullDecision | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def repo(self) -> Repo:
        return self.at.repo

    @property
    def name(self) -> str:
        return self.at.repo.full_name


@dataclass(frozen=True)
class FoundModel(Found):
    """`parameters`: 0 where no header could be read. `trust_code`: a reviewer approved these very files of code."""

    parameters: int = 0
    shape: Shape | None = None
    task: str = ""
    library: str = ""
    trust_code: bool = False

    @property
    def source(self) -> contract.Source:
        return contract.Source(self.name, self.at.commit, licence=self.licence, trust_code=self.trust_code)


@dataclass(frozen=True)
class FoundData(Found):
    """`wanted` with config and split as they will be read."""

    wanted: Data = field(default_factory=lambda: Data(""))
    shown: Preview = field(default_factory=Preview)
    mapped: Mapped = field(default_factory=lambda: Mapped({}))

    @property
    def source(self) -> contract.Source:
        wanted = self.wanted
        return contract.Source(
            self.name,
            self.at.commit,
            kind="dataset",
            role=wanted.role,
            config=wanted.config,
            split=wanted.split,
            columns=self.mapped.columns,
            licence=self.licence,
        )


def find_model(viewer: Viewer, wanted: Model, *, param: str, purpose: str, from_scratch: bool) -> FoundModel | Fault:
    at = _found(viewer, "model", wanted.repo, wanted.revision, param)
    if isinstance(at, Fault):
        return at
    known, decision = _model_facts(viewer, at), pulls.decide(viewer, at, purpose=purpose, client="job")
    faults = (*_of_policy(decision, param, at), *_of_files(viewer, at, known, param, from_scratch=from_scratch))
    licence = licence_at(viewer, at.repo, at.commit)
    return FoundModel(at, licence.declared or _of_card(at), decision, faults, **known)


def find_data(
    viewer: Viewer, wanted: Data, roles: Sequence[ColumnRole], *, param: str, purpose: str
) -> FoundData | Fault:
    at = _found(viewer, "dataset", wanted.repo, wanted.revision, param)
    if isinstance(at, Fault):
        return at
    decision = pulls.decide(viewer, at, purpose=purpose, client="job")
    shown = preview(viewer, at, config=wanted.config, split=wanted.split)
    found = mapped(roles, shown.columns, shown.rows, wanted.columns) if not shown.fault else Mapped(wanted.columns)
    faults = (*_of_policy(decision, param, at), *_of_rows(shown, param), *found.faults)
    licence = licence_at(viewer, at.repo, at.commit)
    return FoundData(at, licence.declared or _of_card(at), decision, faults, wanted=wanted, shown=shown, mapped=found)


def with_splits(viewer: Viewer, wanted: Data, *, kind: str) -> list[Data]:
    """Where the order names neither role nor split: of a training the split to train on and the one to test on, of an
    evaluation the one to test on, of a ranking the one to train on, so that nobody chooses by the test; all of it where
    there are no splits. What can't be found is left for `find_data`."""
    usual = "both" if kind == Kind.FINETUNE else "test"
    is_told = wanted.role not in ("", "both") and kind != Kind.RANK
    if wanted.split or is_told:
        return [replace(wanted, role=wanted.role or usual)]
    at = _found(viewer, "dataset", wanted.repo, wanted.revision, "datasets")
    if isinstance(at, Fault):
        return [replace(wanted, role=wanted.role or usual)]
    configs = preview(viewer, at, config=wanted.config, rows=1).configs
    there = configs.get(wanted.config) or next(iter(configs.values()), ())
    train, test = splits.split_for(there, "train"), splits.split_for(there, "test")
    if kind != Kind.FINETUNE and wanted.role != "both":
        split = train if kind == Kind.RANK and train else test
        return [replace(wanted, role=wanted.role or usual, split=split)]
    if train and test and not wanted.role:
        return [replace(wanted, role="train", split=train), replace(wanted, role="test", split=test)]
    return [replace(wanted, role="both", split=train)]


def _found(viewer: Viewer, kind: str, full_name: str, revision: str, param: str) -> Revision | Fault:
    """At its commit, so that nothing moves between the order and the job."""
    owner, slash, name = full_name.partition("/")
    if not slash:
        owner, name = settings.CURATED_OWNER, full_name
    try:
        at = catalog.find_revision(viewer, kind, owner, name, revision)
        check_read_content(viewer, at.repo)
    except HubError as error:
        return Fault(
            param, error.code, f"{full_name}: {error.message}", "Check the name, the revision and your access."
        )
    return Revision(at.repo, at.commit, at.commit, at.tree)


def _of_policy(decision: PullDecision, param: str, at: Revision) -> list[Fault]:
    what = at.repo.full_name
    denied = [Fault(param, one.code, f"{what}: {one.title}. {one.message}", one.mend) for one in decision.reasons]
    warned = [Fault(param, one.code, f"{what}: {one.brief}", "", is_warning=True) for one in decision.warnings]
    told = [Fault(param, "condition", f"{what}: {one}", "", is_warning=True) for one in decision.conditions]
    return denied + warned + told


def _of_rows(shown: Preview, param: str) -> list[Fault]:
    if shown.fault:
        return [Fault(param, Code.DATASET_EMPTY, shown.fault, "Choose another config or split.")]
    if not shown.rows:
        return [Fault(param, Code.DATASET_EMPTY, "This split has no rows.", "Choose another config or split.")]
    return []


def _of_card(at: Revision) -> str:
    card = getattr(at.repo, "card", None)
    return str(card.license) if card else ""


def _model_facts(viewer: Viewer, at: Revision) -> dict[str, Any]:
    config = catalog.configs_of([at]).get(at.repo.pk, {}).get("config.json", {})
    summary, card = catalog.weights_summary(viewer, at), getattr(at.repo, "card", None)
    return {
        "parameters": sum(summary.parameters.values()) if summary else 0,
        "shape": shape_of_config(config),
        "task": card.pipeline_tag if card else "",
        "library": card.library_name if card else "",
        "trust_code": _needs_code(at) and is_code_approved(viewer, at.repo, at.commit),
    }


def _needs_code(at: Revision) -> bool:
    """Whether its model, its tokenizer or another part of it is a class of the repository's own."""
    named = catalog.configs_of([at], catalog.NAMING_CODE).get(at.repo.pk, {})
    return any("auto_map" in config for config in named.values())


def _of_files(viewer: Viewer, at: Revision, known: dict[str, Any], param: str, *, from_scratch: bool) -> list[Fault]:
    paths = [path for path, _ in catalog.sizes_at(viewer, at)]
    formats = {format_of(path) for path in paths} - {None, ""}
    faults = []
    if SAFETENSORS not in formats and not from_scratch:
        faults.append(_without_weights(at, formats, param))
    if _needs_code(at) and not known["trust_code"]:
        text = f"{at.repo.full_name} needs code of its own to be run, and no reviewer approved these very files."
        faults.append(Fault(param, Code.REMOTE_CODE_REQUIRED, text, "Ask for a review, or use a model without code."))
    return faults


def _without_weights(at: Revision, formats: set[Any], param: str) -> Fault:
    name = at.repo.full_name
    if PICKLE in formats:
        text = f"The weights of {name} are pickles, which can run code when they are read."
        return Fault(param, Code.UNSAFE_WEIGHTS, text, "Convert them to safetensors and push those.")
    return Fault(param, Code.MODEL_NOT_SUPPORTED, f"{name} has no weights in safetensors.", "Use another model.")
