"""What the jobs room refuses, and why."""

from hub.core.errors import Conflict, Forbidden, HubError, Unprocessable


class NoSuchJob(HubError):
    """There is no job with this id, or it isn't yours to see."""

    code = "job_not_found"
    status = 404


class NoSuchResult(HubError):
    """There is no measurement with this id, or it isn't yours to see."""

    code = "result_not_found"
    status = 404


class NoSuchBoard(HubError):
    """Nothing was measured that way on this data set, as far as you may see."""

    code = "leaderboard_not_found"
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
    """What the worker says it brought isn't here, or can't go where it was to."""

    code = "result_refused"


class OrderRefused(Unprocessable):
    """This job can't be ordered. `detail["faults"]`: [{param, code, message, advice}]."""

    code = "order_refused"


class OverBudget(Forbidden):
    """The account's device time of these thirty days is used up."""

    code = "over_budget"


class NothingToFile(Conflict):
    """This job has no findings to be filed: it found none, it isn't done, or what it measured is gone."""

    code = "nothing_to_file"


class NothingToWrite(Conflict):
    """Nothing was measured of this model, on data that whoever sees it may see too."""

    code = "nothing_to_write"
