"""How a job ends under its worker's report, and how its result comes into the catalog exactly once."""

from hub.jobs.models import Job, Worker
from workers import contract


def draft(*, worker: Worker, job_id: str, token: int) -> contract.Draft:
    """A branch for the result, and a token that opens it. Raises `LeaseLost`."""
    raise NotImplementedError


def finish(*, worker: Worker, job_id: str, token: int, result: contract.JobResult) -> str:
    """Take the result; the job's state then. Raises `LeaseLost`."""
    raise NotImplementedError


def complete(job: Job) -> str:
    """Go on after a result was taken: main, branches, results, the state; what was done already isn't done again."""
    raise NotImplementedError


def fail(*, worker: Worker, job_id: str, token: int, failure: contract.Failure, retry: bool | None = None) -> str:
    """End the attempt; the job is queued again where that may help, else it failed. Raises `LeaseLost`."""
    raise NotImplementedError


def cancelled(*, worker: Worker, job_id: str, token: int) -> str:
    """The worker stopped, as it was asked to. Raises `LeaseLost`, `StepRefused` where nobody asked."""
    raise NotImplementedError
