"""Claim, renew, release, expire."""

import pytest

from hub.jobs.models import Job
from tests.factories.jobs import claim, make_job, make_worker

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_claim_lends_the_job_with_a_lease():
    worker, job = make_worker(), make_job()
    lease = claim(worker, job)
    assert (lease.token, lease.attempt, lease.job.kind, job.state) == (1, 1, "evaluate", "claimed")
    assert Job.objects.fenced(1).get() == job
