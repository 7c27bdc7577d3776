"""What the jobs room refuses, and why."""

from hub.core.errors import Conflict, Forbidden, HubError, Unprocessable


class NoSuchJob(HubError):
    """There is no job with this id, or it isn't yours to see."""

    code = "job_not_found"
    status = 404


class NoSuchWorker(HubError):
    """There is no worker with this name."""

    code = "worker_not_found"
    status = 404


class NoSuchCheckpoint(HubError):
    """The hub has no checkpoint of this step (any more)."""

    code = "checkpoint_not_found"
    status = 404


class BadWorkerToken(HubError):
    """This token doesn't open the workers' door: it is unknown or withdrawn. An administrator can make another."""

    code = "bad_worker_token"
    status = 401


class LeaseLost(Conflict):
    """Another attempt has this job, or it has ended: this report came too late and nothing of it was taken. Stop."""

    code = "lease_lost"


class StepRefused(Conflict):
    """The job doesn't stand where this step starts from."""

    code = "step_refused"


class ResultRefused(Unprocessable):
    """What the worker says it brought isn't here."""

    code = "result_refused"


class OrderRefused(Unprocessable):
    """This job can't be ordered. `detail["faults"]`: [{param, code, message, advice}]."""

    code = "order_refused"


class OverBudget(Forbidden):
    """The account's device time of these thirty days is used up."""

    code = "over_budget"
