"""Drafts, results, failures, and what a hub that ended half way left."""

import hashlib
import io

import pytest

from hub.accounts.errors import NotAllowed
from hub.accounts.selectors import viewer_for_token
from hub.audit.models import AuditEvent
from hub.catalog import services as catalog
from hub.catalog.models import Ref, Repo
from hub.catalog.operations import AddInline
from hub.core.errors import Forbidden
from hub.jobs.errors import LeaseLost, ResultRefused, StepRefused
from hub.jobs.models import EvaluationResult, Job
from hub.jobs.orders import Order
from hub.jobs.services import cancelling, drafts, finishing, keeping, leases, orders, tidying
from tests.factories import make_repo, make_user, viewer_of
from tests.factories.jobs import claim, head_of, make_job, make_running, make_worker
from workers.contract import Failure, JobResult, Measured

pytestmark = pytest.mark.django_db(transaction=True)


def told(held):
    job, worker, token = held
    return {"worker": worker, "job_id": job.public_id, "token": token}


def push(draft, path="model.txt", data=b"weights"):
    """As the worker does it: with the access token of the draft, to its branch."""
    viewer = viewer_for_token(draft.access_token)
    repo = Repo.objects.get(key=draft.repo.lower())
    operations = [AddInline(path=path, data=data)]
    return catalog.commit(by=viewer, repo=repo, revision=draft.branch, operations=operations, title="Result").oid


@pytest.fixture
def tuned():
    return make_running("finalizing", kind="finetune")


def test_a_draft_makes_a_private_repository_and_a_branch_of_the_attempts_own(tuned):
    draft = drafts.draft(**told(tuned))
    job = Job.objects.get(pk=tuned[0].pk)
    assert (draft.repo, draft.branch) == (job.spec["out"], f"jobs/{job.public_id}-{tuned[2]}")
    assert (job.out_repo.is_private, job.out_repo.owner, draft.parent) == (True, job.owner, head_of(job.out_repo))
    viewer = viewer_for_token(draft.access_token)
    assert (viewer.only_repositories, viewer.token.scope) == ({job.out_repo.public_id}, "write")


def test_the_token_of_a_job_orders_and_ends_none(tuned):
    viewer = viewer_for_token(drafts.draft(**told(tuned)).access_token)
    with pytest.raises(Forbidden, match="made for a job"):
        orders.check(viewer, Order("evaluate"))
    with pytest.raises(NotAllowed):
        cancelling.cancel(by=viewer, job=tuned[0])


def test_a_draft_asked_for_again_is_the_same_with_another_token(tuned):
    first, second = drafts.draft(**told(tuned)), drafts.draft(**told(tuned))
    assert (first.branch, first.parent) == (second.branch, second.parent)
    assert first.access_token != second.access_token
    assert Repo.objects.filter(key=first.repo.lower()).count() == 1


@pytest.mark.parametrize(
    ("said", "base_private", "expected"), [(None, False, True), (False, False, False), (False, True, True)]
)
def test_a_result_is_public_only_where_the_order_and_its_sources_are(said, base_private, expected):
    ada = make_user()
    base = make_repo(owner=ada, private=base_private)
    spec = {} if said is None else {"inherited": {"private": said}}
    job, worker, token = make_running("finalizing", by=ada, kind="finetune", base=base, spec=spec)
    drafts.draft(worker=worker, job_id=job.public_id, token=token)
    assert Repo.objects.get(key=job.spec["out"].lower()).is_private is expected


def test_a_result_of_what_is_gone_meanwhile_is_private(user):
    base = make_repo(owner=user)
    told = {"inherited": {"private": False}}
    job, worker, token = make_running("finalizing", by=user, kind="finetune", base=base, spec=told)
    base.delete()
    drafts.draft(worker=worker, job_id=job.public_id, token=token)
    assert Repo.objects.get(key=job.spec["out"].lower()).is_private


def test_no_draft_into_what_the_orderer_may_not_write():
    theirs = make_repo(owner=make_user())
    held = make_running("finalizing", kind="finetune", spec={"out": theirs.full_name})
    with pytest.raises(ResultRefused, match=f"go to {theirs.full_name}"):
        drafts.draft(**told(held))


def test_a_result_follows_its_repository_to_a_new_name_and_no_further_than_its_orderer(user):
    out = make_repo(owner=user)
    held = make_running("finalizing", by=user, kind="finetune", spec={"out": out.full_name})
    catalog.move_repo(by=viewer_of(user), repo=out, to_owner=user.username, to_name="renamed")
    assert drafts.draft(**told(held)).repo == f"{user.username}/renamed"
    Repo.objects.filter(pk=out.pk).update(owner=make_user().namespace)
    with pytest.raises(ResultRefused, match="The result can't go to"):
        drafts.draft(**told(held))


def test_no_result_into_a_repository_that_was_closed_meanwhile(user):
    out = make_repo(owner=user)
    held = make_running("finalizing", by=user, kind="finetune", spec={"out": out.full_name})
    Repo.objects.filter(pk=out.pk).update(is_disabled=True)
    with pytest.raises(ResultRefused, match=r"disabled\..* try the job again"):
        drafts.draft(**told(held))


@pytest.mark.parametrize(("kind", "state"), [("evaluate", "finalizing"), ("finetune", "running")])
def test_no_draft_for_what_pushes_nothing_yet(kind, state):
    with pytest.raises(StepRefused):
        drafts.draft(**told(make_running(state, kind=kind)))


def test_a_result_comes_to_main_once_and_leaves_no_branch(tuned, sent):
    commit = push(drafts.draft(**told(tuned)))
    result = JobResult(commit=commit, measured=(Measured("accuracy", 0.9, 10, slice={"sex": "f", "age": "old"}),))
    assert finishing.finish(**told(tuned), result=result) == "succeeded"
    job = Job.objects.get(pk=tuned[0].pk)
    assert (job.result_commit, job.state, job.lease_ends_at) == (commit, "succeeded", None)
    assert head_of(job.out_repo) == commit
    assert (
        "governance.revision_made",
        {"repo": job.out_repo.pk, "commit": commit, "by": job.ordered_by.username},
        "",
    ) in sent
    row = EvaluationResult.objects.get()
    assert (row.repo, row.commit, row.slice_key, row.value) == (job.out_repo, commit, "age=old,sex=f", 0.9)
    assert tidying.tidy(job.public_id) == 1
    assert list(job.out_repo.refs.values_list("name", flat=True)) == ["refs/heads/main"]
    assert AuditEvent.objects.filter(action="job.succeeded").count() == 1


def test_branches_go_too_where_the_task_was_lost_with_the_broker(tuned, settings):
    commit = push(drafts.draft(**told(tuned)))
    finishing.finish(**told(tuned), result=JobResult(commit=commit))
    assert tidying.tidy_left() == 0, "its task may still come"
    settings.JOB_RING_SECONDS = 0
    assert [tidying.tidy_left() for _ in range(2)] == [1, 0]
    assert not Ref.objects.filter(name__startswith="refs/heads/jobs/").exists()


def test_a_result_sent_again_is_answered_the_same(tuned):
    result = JobResult(commit=push(drafts.draft(**told(tuned))))
    assert [finishing.finish(**told(tuned), result=result) for _ in range(2)] == ["succeeded"] * 2
    assert Job.objects.get(pk=tuned[0].pk).events.filter(kind="state").count() == 5


def test_where_main_went_on_the_branch_keeps_the_result_and_the_job_says_so(tuned):
    commit = push(drafts.draft(**told(tuned)))
    job = Job.objects.get(pk=tuned[0].pk)
    by = viewer_of(job.ordered_by)
    catalog.commit(by=by, repo=job.out_repo, revision="main", operations=[AddInline(path="x", data=b"x")], title="X")
    assert finishing.finish(**told(tuned), result=JobResult(commit=commit)) == "succeeded"
    job.refresh_from_db()
    assert "stays on its branch" in job.result["notes"][0]
    assert tidying.tidy(job.public_id) == 0
    assert Ref.objects.filter(repo=job.out_repo, target=commit).count() == 1


@pytest.mark.parametrize("commit", ["", "0" * 40])
def test_a_commit_that_is_not_on_the_branch_is_no_result(tuned, commit):
    push(drafts.draft(**told(tuned)))
    with pytest.raises(ResultRefused):
        finishing.finish(**told(tuned), result=JobResult(commit=commit))


def test_predictions_must_be_brought_before_they_are_named():
    held = make_running("finalizing")
    sha256 = hashlib.sha256(b"PAR1").hexdigest()
    result = JobResult(predictions_sha256=sha256)
    with pytest.raises(ResultRefused):
        finishing.finish(**told(held), result=result)
    keeping.predictions(**told(held), sha256=sha256, size=4, body=io.BytesIO(b"PAR1"))
    assert finishing.finish(**told(held), result=result) == "succeeded"


def test_a_result_before_its_time_is_refused():
    with pytest.raises(StepRefused):
        finishing.finish(**told(make_running("running")), result=JobResult())


@pytest.mark.parametrize("died_after", ["take", "advance"])
def test_a_hub_that_died_half_way_goes_on_by_itself(tuned, died_after, time, monkeypatch):
    commit = push(drafts.draft(**told(tuned)))
    where = {"take": "_publish", "advance": "end"}[died_after]

    def die(*_, **__):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(finishing, where, die)
        with pytest.raises(SystemExit):
            finishing.finish(**told(tuned), result=JobResult(commit=commit))
    time.pass_(61)
    # Its lease is over, but nobody else gets it.
    assert leases.expire_leases() == 0
    assert leases.claim(worker=make_worker()) is None
    assert [finishing.complete_taken() for _ in range(2)] == [1, 0]
    job = Job.objects.get(pk=tuned[0].pk)
    assert (job.state, head_of(job.out_repo)) == ("succeeded", commit)
    assert AuditEvent.objects.filter(action="repo.advance").count() == 1


def test_one_that_can_not_be_completed_stands_in_nobodys_way(time, monkeypatch, caplog):
    held = [make_running("finalizing") for _ in range(2)]
    with monkeypatch.context() as patch:
        patch.setattr(finishing, "end", lambda *_, **__: 1 / 0)
        for each in held:
            with pytest.raises(ZeroDivisionError):
                finishing.finish(**told(each), result=JobResult())
    write = finishing.results.write
    monkeypatch.setattr(
        finishing.results, "write", lambda job, result: 1 / (job.pk != held[0][0].pk) and write(job=job, result=result)
    )
    time.pass_(61)
    assert finishing.complete_taken() == 1
    assert held[0][0].public_id in caplog.text


def test_numbers_that_no_column_holds_are_cut():
    held = make_running("finalizing")
    result = JobResult(measured=(Measured("accuracy", 0.5, 1 << 63, seed=-(1 << 63) - 1),))
    assert finishing.finish(**told(held), result=result) == "succeeded"
    assert EvaluationResult.objects.get().n == (1 << 63) - 1


@pytest.mark.parametrize(("ran", "kept"), [("1.1", "1.1"), ("", "1")])
def test_a_number_is_of_the_version_that_ran(ran, kept):
    held = make_running("finalizing")
    finishing.finish(**told(held), result=JobResult(measured=(Measured("accuracy", 0.5, 9),), recipe_version=ran))
    assert EvaluationResult.objects.get().recipe_version == kept


def nested(levels):
    return {"more": nested(levels - 1)} if levels else {}


@pytest.mark.parametrize(
    ("environment", "is_kept"),
    [({"libraries": {"torch": "2"}}, True), ({"torch": "2" * 8_000}, False), (nested(7), False), (nested(500), False)],
)
def test_surroundings_that_nobody_reads_are_not_kept(environment, is_kept):
    held = make_running("finalizing")
    result = JobResult(measured=(Measured("accuracy", 0.5, 9),), environment=environment)
    assert finishing.finish(**told(held), result=result) == "succeeded"
    job, row = Job.objects.get(), EvaluationResult.objects.get()
    assert (row.environment == environment, job.result["environment"] == environment) == (is_kept, is_kept)
    assert [("surroundings" in note) for note in job.result["notes"]] == [True] * (not is_kept)


def test_a_worker_whose_result_was_taken_may_send_it_again_when_the_hub_is_back(tuned, time, monkeypatch):
    result = JobResult(commit=push(drafts.draft(**told(tuned))))
    with monkeypatch.context() as patch:
        patch.setattr(finishing, "_publish", lambda job: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            finishing.finish(**told(tuned), result=result)
    time.pass_(61)
    assert finishing.finish(**told(tuned), result=result) == "succeeded"


def test_a_result_whose_repository_is_gone_says_so(tuned, monkeypatch):
    commit = push(drafts.draft(**told(tuned)))
    with monkeypatch.context() as patch:
        patch.setattr(finishing, "_publish", lambda job: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            finishing.finish(**told(tuned), result=JobResult(commit=commit))
    job = Job.objects.get(pk=tuned[0].pk)
    catalog.delete_repo(by=viewer_of(job.ordered_by), repo=job.out_repo)
    assert finishing.finish(**told(tuned), result=JobResult(commit=commit)) == "succeeded"
    job.refresh_from_db()
    assert "was deleted" in job.result["notes"][0]


def test_a_stale_attempt_can_push_nothing_into_what_its_successor_publishes(time):
    job, worker, token = make_running("finalizing", kind="finetune")
    old = drafts.draft(worker=worker, job_id=job.public_id, token=token)
    time.pass_(61)
    leases.expire_leases()
    with pytest.raises(Exception, match="Invalid credentials"):
        push(old)
    with pytest.raises(LeaseLost):
        drafts.draft(worker=worker, job_id=job.public_id, token=token)
    assert claim(worker, job).token == token + 2


FAULT = Failure(code="internal", message="It broke.", advice="Look at the log.")


def test_a_fault_is_tried_again_twice_then_final(time):
    job = make_job()
    for expected in ("queued", "queued", "failed"):
        worker = make_worker()
        assert finishing.fail(**told((job, worker, claim(worker, job).token)), failure=FAULT) == expected
        assert leases.claim(worker=make_worker()) is None
        time.pass_(120)
    job.refresh_from_db()
    assert (job.error, job.failures, job.ended_at is not None) == (FAULT.to_json(), 2, True)
    assert list(job.tries.values_list("outcome", flat=True)) == ["failed"] * 3


@pytest.mark.parametrize("code", ["bad_spec", "dataset_column_missing", "timeout", "no such code"])
def test_what_another_try_would_not_mend_fails_at_once(code):
    held = make_running()
    assert finishing.fail(**told(held), failure=Failure(code=code, message="No.")) == "failed"
    assert finishing.fail(**told(held), failure=Failure(code=code, message="No.")) == "failed"


def test_a_worker_that_knows_better_is_believed():
    assert finishing.fail(**told(make_running()), failure=FAULT, retry=False) == "failed"


def test_out_of_memory_halves_the_batch_until_there_is_none(time):
    job, failure = make_job(), Failure(code="out_of_memory", message="No memory.")
    states, halvings = [], []
    for _ in range(finishing.MAX_HALVINGS + 1):
        worker = make_worker()
        lease = claim(worker, job)
        halvings.append(lease.batch_halvings)
        states.append(finishing.fail(**told((job, worker, lease.token)), failure=failure))
    assert halvings == list(range(finishing.MAX_HALVINGS + 1))
    assert states == ["queued"] * finishing.MAX_HALVINGS + ["failed"]


def test_cancel_decides_over_everything_that_comes_after_it():
    for end in ("finish", "fail", "release", "cancelled"):
        held = make_running("finalizing")
        cancelling.cancel(by=viewer_of(held[0].ordered_by), job=held[0])
        calls = {
            "finish": lambda h=held: finishing.finish(**told(h), result=JobResult()),
            "fail": lambda h=held: finishing.fail(**told(h), failure=FAULT),
            "release": lambda h=held: leases.release(**told(h)),
            "cancelled": lambda h=held: finishing.cancelled(**told(h)),
        }
        assert calls[end]() == "cancelled"
        assert Job.objects.get(pk=held[0].pk).result is None


def test_a_worker_cancels_nothing_by_itself():
    with pytest.raises(StepRefused):
        finishing.cancelled(**told(make_running()))
