"""All tables of the jobs room."""

from hub.jobs.models.attempts import Attempt, Budget
from hub.jobs.models.jobs import Job
from hub.jobs.models.reports import Checkpoint, JobEvent, Metric
from hub.jobs.models.results import EvaluationResult
from hub.jobs.models.words import FINAL, HELD, Kind, State, new_job_id
from hub.jobs.models.workers import DEVICE_CLASSES, Offer, Worker

__all__ = [
    "DEVICE_CLASSES",
    "FINAL",
    "HELD",
    "Attempt",
    "Budget",
    "Checkpoint",
    "EvaluationResult",
    "Job",
    "JobEvent",
    "Kind",
    "Metric",
    "Offer",
    "State",
    "Worker",
    "new_job_id",
]
