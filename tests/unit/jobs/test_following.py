"""What a job measured is kept once, and governance hears of it: suites, findings, data, overlap."""

import pytest

from hub.accounts.errors import NotAllowed
from hub.accounts.viewer import ANONYMOUS
from hub.core.errors import NotSignedIn
from hub.core.transactions import write_transaction
from hub.governance.models import Finding, Revision, SuiteRun
from hub.governance.selectors.findings import bias_facts, find_finding
from hub.governance.services import findings
from hub.jobs.errors import NothingToFile
from hub.jobs.models import EvaluationResult, Job
from hub.jobs.services import following, results
from tests.factories.accounts import make_user, viewer_of
from tests.factories.catalog import make_repo
from tests.factories.governance import examined, make_reviewer, push_files, state_data, weights
from tests.factories.results import bias, heads_of, make_dataset, make_evaluated, measured, succeed
from workers.contract import JobResult

pytestmark = pytest.mark.django_db(transaction=True)
CARD = b"---\npipeline_tag: tabular-classification\n---\n# A model\n"


@pytest.fixture
def owner():
    return make_user()


@pytest.fixture
def model(owner):
    return make_repo(owner=owner, files={"README.md": CARD, "model.safetensors": weights()})


@pytest.fixture
def data(owner):
    return make_dataset(owner=owner)


@pytest.fixture
def job(owner, model, data):
    return make_evaluated(by=owner, base=model, dataset=data)


def suite(data, name="fair-tabular", **fields):
    return measured(data, suite=name, suite_version="1.2", **fields)


def test_numbers_are_kept_once_with_all_that_pins_them(job, model, data):
    told = suite(data, slice={"sex": "f", "age": "30"}, method="bootstrap", seed=7)
    result = succeed(job, told, predictions_sha256="a" * 64, environment={"torch": "2"})
    results.write(job=job, result=result)
    row = EvaluationResult.objects.get()
    assert (row.repo, row.commit, row.dataset, row.dataset_commit) == (
        model,
        heads_of({model.pk})[model.pk],
        data,
        heads_of({data.pk})[data.pk],
    )
    assert (row.slice_key, row.seed, row.method) == ("age=30,sex=f", 7, "bootstrap")
    assert (row.environment, row.predictions_sha256, row.job_id_text) == ({"torch": "2"}, "a" * 64, job.public_id)


def test_what_is_no_number_is_none(job, data):
    """Nothing of that kind comes in by JSON; the rows don't count on it."""
    succeed(job)
    odd = (measured(data, value=float("nan")), measured(data, low=float("inf"), metric="f1"))
    with write_transaction():
        results.write(job=job, result=JobResult(measured=odd))
    assert list(EvaluationResult.objects.order_by("pk").values_list("value", "low", "high")) == [
        (None, None, None),
        (0.9, None, 0.95),
    ]


def test_a_number_of_data_that_the_job_was_not_given_is_of_none(job, data):
    succeed(job, measured(make_dataset()), measured(data, dataset_commit="f" * 40))
    rows = EvaluationResult.objects.values_list("dataset", "dataset_name", "note")
    assert all((key, name) == (None, "") and "not given" in note for key, name, note in rows)


def test_long_slices_never_look_alike():
    keys = {results.slice_key({"text": "x" * 400 + end}) for end in "ab"}
    assert len(keys) == 2 and all(len(key) <= 300 for key in keys)


def test_a_suite_that_found_nothing_counts_too(job, model, data):
    assert bias_facts(examined(model))["suites_missing"] == ["fair-tabular"]
    succeed(job, suite(data))
    following.result_made(job_id=job.pk)
    facts = bias_facts(examined(model))
    assert (facts["suites"], facts["suites_missing"]) == (["fair-tabular"], [])
    assert SuiteRun.objects.get().version == "1.2"


def test_a_suite_without_a_number_did_not_run(job, model, data):
    succeed(job, suite(data, value=None))
    following.result_made(job_id=job.pk)
    assert bias_facts(examined(model))["suites"] == []


def test_a_run_counts_until_what_was_measured_changes(job, model, data):
    succeed(job, suite(data))
    following.result_made(job_id=job.pk)
    push_files(model, {"README.md": CARD + b"More words.\n", ".eval_results/a.yaml": b"[]"})
    assert bias_facts(examined(model))["suites"] == ["fair-tabular"]
    push_files(model, {"model.safetensors": weights(b"others")})
    assert bias_facts(examined(model))["suites"] == []


def test_findings_of_the_models_own_people_are_filed_as_measured(job, model, data):
    succeed(job, suite(data), findings=(bias(),))
    following.result_made(job_id=job.pk)
    following.result_made(job_id=job.pk)
    found = Finding.objects.get()
    assert (found.kind, found.severity, found.status) == ("measured", "high", "open")
    item = find_finding(ANONYMOUS, model, found.number).body["evidence"][0]
    assert item["job"] == job.public_id and item["dataset"]["revision"] == heads_of({data.pk})[data.pk]
    assert item["model_revision"] == found.commit == heads_of({model.pk})[model.pk]


def test_the_same_measured_again_is_added_to_the_finding(owner, job, model, data):
    again = make_evaluated(by=owner, base=model, dataset=data)
    for each in (job, again):
        succeed(each, suite(data), findings=(bias(),))
        following.result_made(job_id=each.pk)
    found = Finding.objects.get()
    assert [item["job"] for item in find_finding(ANONYMOUS, model, found.number).body["evidence"]] == [
        job.public_id,
        again.public_id,
    ]


def test_a_strangers_findings_wait_for_somebody_who_may_file_them(owner, model):
    stranger, data = make_user(), make_dataset()
    job = make_evaluated(by=stranger, base=model, dataset=data)
    succeed(job, suite(data), findings=(bias(),))
    following.result_made(job_id=job.pk)
    assert not Finding.objects.exists() and SuiteRun.objects.count() == 1
    with pytest.raises(NotAllowed):
        following.file_findings(by=viewer_of(stranger), job=job)
    with pytest.raises(NotSignedIn):
        following.file_findings(by=ANONYMOUS, job=job)
    assert following.file_findings(by=viewer_of(make_reviewer("bias")), job=job) == 1
    assert following.file_findings(by=viewer_of(owner), job=job) == 1
    assert Finding.objects.count() == 1


def test_a_job_without_findings_has_nothing_to_file(owner, job, data):
    succeed(job, suite(data))
    with pytest.raises(NothingToFile):
        following.file_findings(by=viewer_of(owner), job=job)


def test_private_data_is_not_named_to_everyone(owner, model):
    data = make_dataset(owner=owner, private=True)
    job = make_evaluated(by=owner, base=model, dataset=data)
    succeed(job, suite(data), findings=(bias(),))
    following.result_made(job_id=job.pk)
    assert findings.find_finding(viewer_of(owner), model, 1).body["visibility"] == "org"


def trained(data, **fields):
    return {
        "repo": data.full_name,
        "commit": heads_of({data.pk})[data.pk],
        "kind": "dataset",
        "role": "train",
        **fields,
    }


def test_a_fine_tune_states_what_it_was_made_from(owner, model, data):
    spec = {"kind": "finetune", "datasets": [trained(data, split="train", licence="mit")], "config": {"epochs": 3}}
    head = heads_of({model.pk})[model.pk]
    job = make_evaluated(
        by=owner, base=model, dataset=data, kind="finetune", spec=spec, out_repo=model, result_commit=head
    )
    succeed(job, measured(data))
    following.result_made(job_id=job.pk)
    following.result_made(job_id=job.pk)
    record = Revision.objects.get(repo=model).data_record
    [source] = record.body["training_data"]
    assert source["dataset"]["revision"] == {"value": trained(data)["commit"], "measured": job.public_id}
    assert (source["usage"], source["licence"]) == ({"stage": "finetune", "epochs": 3}, {"declared": "mit"})
    assert record.number == 1


def test_what_was_stated_of_the_data_stays(owner, model, data):
    state_data(model, by=owner, external=None, dataset={"repo": data.full_name})
    job = make_evaluated(
        by=owner, base=model, dataset=data, kind="finetune", spec={"datasets": [trained(data)]}, out_repo=model,
        result_commit=heads_of({model.pk})[model.pk],
    )  # fmt: skip
    succeed(job)
    following.result_made(job_id=job.pk)
    [source] = Revision.objects.get(repo=model).data_record.body["training_data"]
    assert source["consent"]["basis"] == "contract" and source["dataset"]["revision"]["measured"] == job.public_id


def test_overlap_with_a_test_is_said_of_the_training_data(owner, model, data):
    tests = make_dataset(owner=owner)
    state_data(model, by=owner, external=None, dataset={"repo": data.full_name})
    spec = {"datasets": [trained(data), trained(tests) | {"role": "test"}]}
    job = make_evaluated(by=owner, base=model, dataset=tests, spec=spec)
    told = {"contaminated": 0.375, "contaminated_exact": 0.125, "contaminated_5gram": 0.25}
    succeed(job, *(measured(tests, suite="contamination", metric=name, value=share) for name, share in told.items()))
    following.result_made(job_id=job.pk)
    [source] = Revision.objects.get(repo=model).data_record.body["training_data"]
    assert source["contamination"]["value"] == [
        {"eval": tests.full_name, "method": method, "overlap_pct": share, "job": job.public_id}
        for method, share in (("exact", 12.5), ("ngram", 25.0))
    ]


def test_what_no_task_followed_is_found(job, data, monkeypatch):
    succeed(job, suite(data))
    sent = []
    monkeypatch.setattr(following, "enqueue", lambda name, **fields: sent.append((name, fields)))
    monkeypatch.setattr(following, "_PATIENCE", -following._PATIENCE)
    assert following.follow_missing(limit=10) == 1 and sent == [("jobs.result_made", {"job": job.pk})]
    following.result_made(job_id=job.pk)
    assert following.follow_missing(limit=10) == 0 and Job.objects.get().followed_at
