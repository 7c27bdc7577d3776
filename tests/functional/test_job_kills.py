"""Some kills of the campaign (`kill_campaign.py`), one at each kind of moment; the whole of it is a command."""

import pytest

from tests.functional.kill_campaign import Campaign, faults
from tests.functional.kill_stack import running

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1200)]
# Never more than a job outlives: two lost workers without a newer checkpoint, two faults.
PLANS = (
    [("claim", "worker"), ("checkpoint upload", "tree"), ("training", "trainer"), ("push", "errand")],
    [("start", "nest"), ("training", "worker"), ("report", "tree")],
    [("finish", "worker")],
)


def test_each_job_ends_once_whoever_is_killed_and_whenever(tmp_path):
    with running(tmp_path, laborers=2) as stack:
        campaign = Campaign(stack)
        told = campaign.follow(*PLANS)
        assert faults(stack, campaign, told, tmp_path) == []
    assert len(campaign.done) >= 6
    assert ("finish", "worker") in [(kill.moment, kill.victim) for kill in campaign.done]
    tries = [each for seen in told["jobs"].values() for each in seen["tries"]]
    assert any(first for _, _, first, *_ in tries), "no attempt went on from a checkpoint"
