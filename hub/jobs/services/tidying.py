"""What is left of jobs that are over."""

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from hub.catalog.models import Ref
from hub.core import clock
from hub.jobs.models import FINAL, Job
from hub.jobs.services.drafts import delete_branches
from hub.jobs.services.keeping import drop_checkpoints

_AT_ONCE = 50
# So long branches are looked for that a lost task left.
_LOOKED_FOR = dt.timedelta(days=7)


def tidy(job_id: str) -> int:
    """Delete the branches of the attempts of a job that is over; how many."""
    job = Job.objects.filter(public_id=job_id, state__in=FINAL).select_related("out_repo__owner").first()
    return delete_branches(job) if job else 0


def tidy_left() -> int:
    """The same for jobs whose task was lost with the broker; how many branches."""
    now, wait = clock.now(), dt.timedelta(seconds=settings.JOB_RING_SECONDS)
    over = Job.objects.filter(state__in=FINAL, ended_at__gt=now - _LOOKED_FOR, ended_at__lte=now - wait)
    prefix = Concat(Value("refs/heads/jobs/"), OuterRef("public_id"), Value("-"))
    own = Ref.objects.filter(repo=OuterRef("out_repo"), name__startswith=prefix)
    left = over.filter(Exists(own)).select_related("out_repo__owner").order_by("-ended_at")
    return sum(delete_branches(job) for job in left[:_AT_ONCE])


def drop_old_checkpoints() -> int:
    """Of jobs that have been over for some time, with what `tidy` may have left; how many checkpoints went."""
    before = clock.now() - dt.timedelta(hours=settings.JOB_CHECKPOINT_HOURS)
    over = Job.objects.filter(state__in=FINAL, ended_at__lte=before, checkpoints__isnull=False).distinct()
    return sum(_drop(job) for job in over.select_related("scope", "out_repo__owner")[:_AT_ONCE])


def _drop(job: Job) -> int:
    delete_branches(job)
    return drop_checkpoints(job)
