"""Cancel a job in any state, and try an ended one again."""

from hub.accounts.viewer import Viewer
from hub.jobs.models import Job


def cancel(*, by: Viewer, job: Job) -> Job:
    """A queued job is cancelled at once, a held one as soon as its worker stopped; again changes nothing.
    Raises `NotAllowed`, `StepRefused` for one that is over or whose result was taken."""
    raise NotImplementedError


def retry(*, by: Viewer, job: Job) -> Job:
    """Queue a failed, cancelled or lost job again; it goes on from its newest checkpoint. Raises as `cancel`."""
    raise NotImplementedError
