"""Label a job."""

from typing import Any

from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.core.transactions import write_transaction
from hub.jobs.labels import check_labels
from hub.jobs.models import Job
from hub.jobs.services.cancelling import check_change


def set_labels(*, by: Viewer, job: Job, labels: Any) -> Job:
    """After: the job has these labels and no others. Raises `InvalidInput`, `NoSuchJob`, `NotAllowed`."""
    check_change(by, job)
    checked = check_labels(labels)
    with write_transaction():
        Job.objects.filter(pk=job.pk).update(labels=checked)
        record(by=by.name or "system", action="job.label", subject=f"job:{job.public_id}", labels=checked)
    job.labels = checked
    return job
