"""What a stranger measured waits for the model's own people and for the reviewers, and tells nobody else anything."""

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.governance.models import Finding
from hub.jobs.errors import NoSuchJob
from hub.jobs.selectors.proposals import find_job_to_file, proposals_of
from hub.jobs.services import following
from tests.factories.accounts import make_user, viewer_of
from tests.factories.governance import make_reviewer
from tests.factories.results import bias, make_dataset, make_evaluated, make_model, succeed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner():
    return make_user()


@pytest.fixture
def model(owner):
    return make_model(owner=owner)


def strangers(model, dataset=None, *findings):
    job = make_evaluated(base=model, dataset=dataset or make_dataset())
    succeed(job, findings=findings or (bias(),))
    following.result_made(job_id=job.pk)
    return job


def test_a_strangers_findings_are_proposed_until_they_are_filed(owner, model):
    job = strangers(model)
    for viewer in (viewer_of(owner), viewer_of(make_reviewer("bias"))):
        [found] = proposals_of(viewer, model)
        assert (found.job, found.titles) == (job, ("Fewer women are recognised",))
    following.file_findings(by=viewer, job=find_job_to_file(viewer, job.public_id))
    assert Finding.objects.get().kind == "measured" and proposals_of(viewer, model) == ()


def test_others_are_told_nothing(model):
    job = strangers(model)
    for viewer in (ANONYMOUS, viewer_of(make_user()), viewer_of(make_reviewer("licence"))):
        assert proposals_of(viewer, model) == ()
        with pytest.raises(NoSuchJob):
            find_job_to_file(viewer, job.public_id)
    assert find_job_to_file(viewer_of(job.ordered_by), job.public_id) == job


def test_what_was_measured_on_anothers_private_data_is_not_shown(owner, model):
    job = strangers(model, make_dataset(private=True))
    assert proposals_of(viewer_of(owner), model) == ()
    with pytest.raises(NoSuchJob):
        find_job_to_file(viewer_of(owner), job.public_id)


@pytest.mark.parametrize("name", ["", "absent", "job_\0", "x" * 5_000])
def test_odd_names_find_nothing(owner, name):
    with pytest.raises(NoSuchJob):
        find_job_to_file(viewer_of(owner), name)
