"""Where a result goes, and whose job it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hub.accounts.models import Namespace
from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.errors import RepoNotFound
from hub.catalog.models import Repo
from hub.catalog.permissions import check_write
from hub.catalog.services import repos
from hub.core.errors import HubError
from hub.jobs.faults import Fault
from hub.jobs.orders import Order
from hub.jobs.services.orders.sources import Found

_ODD = re.compile(r"[^A-Za-z0-9_.-]+|[-.]{2,}")


@dataclass(frozen=True)
class Outcome:
    """`out` is owner/name of a fine-tune's result, `repo` that one where it is there already."""

    owner: Namespace
    out: str = ""
    repo: Repo | None = None
    is_private: bool = True
    faults: tuple[Fault, ...] = ()


def outcome_of(viewer: Viewer, order: Order, sources: Sequence[Found]) -> Outcome:
    """Raises nothing: what is in the way stands in `faults`. The viewer is signed in."""
    own = viewer.user.namespace if viewer.user else Namespace()
    if not order.is_finetune:
        return Outcome(own, faults=tuple(_of_readers(own, sources)))
    out = _full_name(order.out or _name_from(sources), own)
    try:
        owner, repo = _place(viewer, out)
    except HubError as error:
        fault = Fault("out", error.code, f"{out}: {error.message}", "Name another place for the result.")
        return Outcome(own, out, faults=(fault,))
    is_private = repo.is_private if repo else order.private
    faults = (*_of_readers(owner, sources), *_of_publicity(out, sources, is_private=is_private, is_new=repo is None))
    return Outcome(owner, repo.full_name if repo else out, repo, is_private, faults)


def _place(viewer: Viewer, out: str) -> tuple[Namespace, Repo | None]:
    """Whose it is or will be, and the repository if it is there. Raises what pushing or making one would."""
    owner, _, name = out.partition("/")
    try:
        repo = catalog.find_repo(viewer, "model", owner, name)
    except RepoNotFound:
        return repos.check_new(by=viewer, kind="model", owner=owner, name=name), None
    check_write(viewer, repo)
    return repo.owner, repo


def _full_name(name: str, own: Namespace) -> str:
    return name if "/" in name else f"{own.name}/{name}"


def _name_from(sources: Sequence[Found]) -> str:
    """base-dataset, as far as names may be so long."""
    parts = [each.repo.name for each in sources[:2]]
    return _ODD.sub("-", "-".join(parts))[:90].strip("-.") or "model"


def _of_readers(owner: Namespace, sources: Sequence[Found]) -> list[Fault]:
    """A job is seen by all members of its owner: so must be what it is made from."""
    hidden = [each for each in sources if each.repo.is_private and each.repo.owner_id != owner.pk]
    if owner.kind != Namespace.Kind.ORGANISATION or not hidden:
        return []
    text = f"{hidden[0].name} is private, and members of {owner.name} who may not see it would see this job."
    return [Fault("out", "private_source", text, "Order it under your own name.")]


def _of_publicity(out: str, sources: Sequence[Found], *, is_private: bool, is_new: bool) -> list[Fault]:
    hidden = [each for each in sources if each.repo.is_private]
    if is_private or not hidden:
        return []
    text = f"{hidden[0].name} is private, and {out} {'would be' if is_new else 'is'} public."
    return [Fault("private", "private_source", text, "Let the result be private, in a repository of its own.")]
