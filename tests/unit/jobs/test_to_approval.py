"""From an order to an approval: what a fine-tune inherits is in its files, and its tier's measurements gate it."""

from pathlib import Path

import pytest

from hub.accounts.selectors import viewer_for_token
from hub.catalog import services as catalog
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline
from hub.governance.errors import TransitionRefused
from hub.governance.models import Finding
from hub.governance.selectors.licences import licence_facts, lineage_facts
from hub.governance.services import reviews
from hub.jobs.models import Job
from hub.jobs.order_reading import read_order
from hub.jobs.services import drafts, finishing, following, leases, orders, reports
from tests.factories.accounts import make_user, viewer_of
from tests.factories.governance import decide, examined, followed, make_reviewer, state_rest
from tests.factories.orders import OFFERS, finetune_of, make_base, make_data, make_offers, weights
from tests.factories.results import bias, measured
from workers.contract import Finding as Told
from workers.contract import JobResult, Lease, Offer
from workers.lib.folder import Outcome
from workers.supervisor.publish import card, records

pytestmark = pytest.mark.django_db(transaction=True)
SUITE = Offer(kind="suite", name="fair-text-cf", version="1.0", title="Swaps", summary="Words are swapped.")


@pytest.fixture
def worker():
    return make_offers(*OFFERS, SUITE)


def held(worker, job: Job) -> Lease:
    """The worker's lease on it, up to its end."""
    lease = leases.claim(worker=worker)
    assert lease is not None and lease.job.id == job.public_id
    for state in ("preparing", "running", "finalizing"):
        reports.state(worker=worker, job_id=job.public_id, token=lease.token, to=state)
    return lease


def end(worker, lease: Lease, result: JobResult) -> None:
    assert finishing.finish(worker=worker, job_id=lease.job.id, token=lease.token, result=result) == "succeeded"
    following.result_made(job_id=Job.objects.get(public_id=lease.job.id).pk)


def published(worker, lease: Lease, folder: Path) -> str:
    """The worker's own card, notice and records beside new weights, pushed to the draft; the commit."""
    outcome = Outcome(JobResult(), {}, {"pipeline_tag": "text-classification"}, 3)
    (folder / "model.safetensors").write_bytes(weights((8, 8)))
    records.write(folder, lease, outcome, base="")
    (folder / "README.md").write_text(card.render(lease.job, outcome, has_curves=False))
    files = [path for path in folder.rglob("*") if path.is_file()]
    changes = [AddInline(path=str(path.relative_to(folder)), data=path.read_bytes()) for path in files]
    draft = drafts.draft(worker=worker, job_id=lease.job.id, token=lease.token)
    by, repo = viewer_for_token(draft.access_token), Repo.objects.get(key=draft.repo.lower())
    return catalog.commit(by=by, repo=repo, revision=draft.branch, operations=changes, title="Result").oid


def tuned(worker, user, folder: Path) -> tuple[Repo, Job]:
    base, rows = make_base(user), make_data(make_user(), licence="cc-by-4.0")
    told = finetune_of(base, rows, out="tuned", private=False, config={"epochs": 1})
    job = orders.order(by=viewer_of(user), order=read_order(told))
    lease = held(worker, job)
    end(worker, lease, JobResult(commit=published(worker, lease, folder), measured=(measured(rows),)))
    return Repo.objects.get(key=f"{user.username}/tuned".lower()), job


def in_review(model: Repo, user, tier: int = 2):
    """Its revision, submitted with what only people can tell beside what the job did."""
    revision = examined(model, is_stated=False)
    state_rest(revision, by=user)
    revision = reviews.set_tier(by=viewer_of(user), revision=examined(model), tier=tier)
    revision = reviews.submit(by=viewer_of(user), revision=revision)
    followed(revision)
    return revision


def evaluated(worker, user, model: Repo, *found: Told) -> Job:
    told = {"kind": "evaluate", "base": model.full_name, "recipe": "text-classification", "suites": [SUITE.name]}
    rows = make_data(user)
    job = orders.order(by=viewer_of(user), order=read_order({**told, "dataset": rows.full_name}))
    number = measured(rows, metric="flip_rate", value=0.0, suite=SUITE.name, suite_version="1.0")
    end(worker, held(worker, job), JobResult(measured=(number,), findings=found))
    return job


def test_what_is_inherited_is_in_the_files_and_the_rules_take_it(worker, user, tmp_path):
    model, job = tuned(worker, user, tmp_path)
    revision = examined(model, is_stated=False)
    source = job.spec["datasets"][0]["repo"]
    assert source in (tmp_path / "NOTICE").read_text()
    assert lineage_facts(revision)["verdict"] in ("OK", "NEEDS_ATTRIBUTION")
    facts = licence_facts(revision)
    assert facts["notice_complete"] and facts["name_fits"] and not facts["is_more_permissive"]
    [told] = revision.data_record.body["training_data"]
    assert told["dataset"]["revision"] == {"value": job.spec["datasets"][0]["commit"], "measured": job.public_id}


def test_a_derived_model_is_approved_once_its_tier_is_measured(worker, user, tmp_path):
    model, _ = tuned(worker, user, tmp_path)
    revision = in_review(model, user, tier=3)
    with pytest.raises(TransitionRefused, match=rf"P-25: .*{SUITE.name}"):
        decide(revision, make_reviewer("bias"), "bias")
    evaluated(worker, user, model)
    followed(revision)
    first, second = make_reviewer("licence", "security", "data", "use"), make_reviewer("bias")
    revision = decide(revision, second, "bias")
    assert decide(revision, first).state == "approved"


def test_a_measured_bias_reaches_the_desk_and_opens_it_again(worker, user, tmp_path):
    model, _ = tuned(worker, user, tmp_path)
    revision = in_review(model, user)
    revision = decide(revision, make_reviewer("bias"), "bias")
    job = evaluated(worker, user, model, bias(eval={"suite": SUITE.name, "version": "1.0"}))
    assert Finding.objects.get(repo=model).severity == "high"
    assert "bias" in reviews.evidence_changed(revision_id=revision.pk, by="system", what="It was measured.")
    assert job.public_id in str(Finding.objects.get(repo=model).versions.get().body)
