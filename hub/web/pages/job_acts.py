"""What can be done with a job that was ordered."""

from hub.accounts.viewer import Viewer
from hub.jobs.selectors import jobs as selectors
from hub.jobs.services import cancelling


def cancel(viewer: Viewer, public_id: str) -> str:
    """What to tell whoever cancelled it."""
    job = cancelling.cancel(by=viewer, job=selectors.find_job(viewer, public_id))
    return "The job is cancelled." if job.state == "cancelled" else "Its worker will stop it at the next step."


def retry(viewer: Viewer, public_id: str) -> str:
    """The id of the job that waits again; it goes on from its newest checkpoint."""
    return str(cancelling.retry(by=viewer, job=selectors.find_job(viewer, public_id)).public_id)
