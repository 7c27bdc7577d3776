"""A job as somebody follows it who may lose the right to."""

import time

from hub.accounts.errors import BadToken
from hub.accounts.selectors import viewer_again
from hub.accounts.viewer import Viewer
from hub.jobs.errors import NoSuchJob
from hub.jobs.models import Job
from hub.jobs.selectors.jobs import standing_of

# Seconds between two looks at who follows.
_SURE = 2.0


class Follower:
    """`viewer` saw the job a moment ago."""

    def __init__(self, viewer: Viewer, job: Job) -> None:
        self._viewer, self._job = viewer, job
        self._sure_until = time.monotonic() + _SURE

    def standing(self) -> tuple[str, bool] | None:
        """Its state, and whether it is over; None where it is gone, or soon after they may see it no more."""
        try:
            if time.monotonic() >= self._sure_until:
                self._check()
            return standing_of(self._job)
        except (NoSuchJob, BadToken):
            return None

    def _check(self) -> None:
        user, token = self._viewer.user, self._viewer.token
        again = viewer_again(user.public_id if user else "", token.public_id if token else "")
        if not Job.objects.visible_to(again).filter(pk=self._job.pk).exists():
            raise NoSuchJob
        self._sure_until = time.monotonic() + _SURE
