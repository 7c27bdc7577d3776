"""Workers: added by administrators, joined by themselves."""

from hub.accounts.viewer import Viewer
from hub.jobs.models import Worker
from workers import contract


def add_worker(*, by: Viewer, name: str) -> tuple[Worker, str]:
    """A worker and the secret of its token, which is told here and never again. Raises `NotAllowed`, `NameTaken`."""
    raise NotImplementedError


def revoke_worker(*, by: Viewer, worker: Worker) -> None:
    """Its token opens nothing any more; what it has goes back to the queue."""
    raise NotImplementedError


def drain(*, by: Viewer, worker: Worker, on: bool) -> None:
    """Take no new jobs and give back what it has; or work again."""
    raise NotImplementedError


def join(*, worker: Worker, told: contract.Join) -> contract.Joined:
    """Note what the worker is and offers."""
    raise NotImplementedError


def heard(*, worker: Worker) -> bool:
    """Note that it lives; whether it is to drain."""
    raise NotImplementedError
