"""States and kinds of jobs, with words for the screen."""

from django.db import models

from hub.core.ids import new_object_id
from workers import contract


class State(models.TextChoices):
    """The states of `contract.State`, with words for the screen."""

    QUEUED = contract.State.QUEUED.value, "Queued"
    CLAIMED = contract.State.CLAIMED.value, "Claimed"
    PREPARING = contract.State.PREPARING.value, "Preparing"
    RUNNING = contract.State.RUNNING.value, "Running"
    FINALIZING = contract.State.FINALIZING.value, "Finalizing"
    SUCCEEDED = contract.State.SUCCEEDED.value, "Succeeded"
    FAILED = contract.State.FAILED.value, "Failed"
    CANCELLED = contract.State.CANCELLED.value, "Cancelled"
    LOST = contract.State.LOST.value, "Lost"


HELD = tuple(State(each.value) for each in contract.State if each.is_held)


FINAL = tuple(State(each.value) for each in contract.State if each.is_final)


class Kind(models.TextChoices):
    FINETUNE = contract.Kind.FINETUNE.value, "Fine-tune"
    EVALUATE = contract.Kind.EVALUATE.value, "Evaluation"
    RANK = contract.Kind.RANK.value, "Ranking of models"


def new_job_id() -> str:
    return f"job_{new_object_id()}"
