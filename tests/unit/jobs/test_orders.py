"""What an order means, what is refused before it costs anything, and the job that it becomes."""

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.core.errors import Forbidden, NotSignedIn
from hub.jobs.errors import OrderRefused, StepRefused
from hub.jobs.models import Job, JobEvent
from hub.jobs.order_reading import read_order
from hub.jobs.services import orders
from tests.factories import make_org, make_user, viewer_of
from tests.factories.orders import RECIPE, finetune_of, make_base, make_data, make_offers, weights

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def parts(user):
    """A worker, a base and a data set."""
    make_offers()
    return make_base(user), make_data(user)


def check(user, told):
    return orders.check(viewer_of(user), read_order(told))


def codes(user, told):
    return {(fault.param, fault.code) for fault in check(user, told).faults}


def test_a_fine_tune_is_ordered(user, parts):
    told = finetune_of(*parts, out="tuned", config={"epochs": 1})
    job = orders.order(by=viewer_of(user), order=read_order(told))
    assert (job.state, job.owner, job.recipe, job.device_class) == ("queued", user.namespace, RECIPE.name, "cpu")
    spec = job.spec
    assert spec["out"] == f"{user.username}/tuned" and spec["config"]["epochs"] == 1
    assert spec["config"]["learning_rate"] == 5e-5 and spec["recipe_version"] == "1.0"
    assert spec["base"]["commit"] == job.base_commit and len(job.base_commit) == 40
    assert spec["datasets"][0]["columns"] == {"text": "sentence", "label": "label"}
    assert spec["datasets"][0]["role"] == "both" and "id" not in spec
    assert list(JobEvent.objects.filter(job=job).values_list("seq", "data")) == [(1, {"state": "queued"})]


def test_what_it_inherits_goes_into_the_order(user, parts):
    picture = check(user, finetune_of(*parts))
    assert picture.faults == () and picture.terms.licence == "mit"
    inherited = picture.terms.inherited
    assert {each["repo"] for each in inherited["licences"]} == {parts[0].full_name, parts[1].full_name}
    assert any(parts[1].full_name in each["text"] for each in inherited["obligations"])
    assert parts[1].full_name in inherited["notice"]


def test_the_picture_shows_rows_and_what_it_takes(user, parts):
    picture = check(user, finetune_of(*parts))
    assert picture.data[0].mapped.rows[0] == {"text": "text 0", "label": "0"}
    assert len(picture.data[0].mapped.rows) == 5 and picture.data[0].shown.total == 10
    assert picture.needs.estimate.memory > 2**30 and picture.needs.estimate.seconds
    assert [each.name for each in picture.needs.workers] and picture.needs.place.ahead == 0
    assert "64 numbers × 16 bytes" in picture.needs.estimate.memory_terms[0].formula


def test_everything_that_is_wrong_is_said_at_once(user, parts):
    told = finetune_of(
        *parts, config={"epochs": 0, "lr": 1}, dataset={"repo": parts[1].full_name, "columns": {"text": "body"}}
    )
    with pytest.raises(OrderRefused) as refused:
        orders.order(by=viewer_of(user), order=read_order(told))
    params = {fault["param"] for fault in refused.value.detail["faults"]}
    assert params == {"config.epochs", "config.lr", "columns.text"}
    assert not Job.objects.exists()


def test_nobody_and_readers_order_nothing(user, parts):
    order = read_order(finetune_of(*parts))
    with pytest.raises(NotSignedIn):
        orders.order(by=ANONYMOUS, order=order)
    with pytest.raises(Forbidden):
        orders.order(by=viewer_of(user, "read"), order=order)


def test_what_may_not_be_seen_looks_as_if_it_were_not_there(parts):
    other = make_user()
    hidden = make_base(other, private=True)
    hidden_data = make_data(other, private=True)
    told = finetune_of(hidden, hidden_data)
    found = {fault.code for fault in check(make_user(), told).faults}
    missing = check(make_user(), {**told, "base": "nobody/nothing", "dataset": "nobody/nothing"})
    assert found == {"repo_not_found"} == {fault.code for fault in missing.faults}


def test_no_worker_no_recipe(user):
    told = finetune_of(make_base(user), make_data(user))
    assert ("recipe", "not_offered") in codes(user, told)


def test_a_model_that_fits_no_worker_is_refused_with_advice(user):
    make_offers(memory=1 << 30)
    picture = check(user, finetune_of(make_base(user), make_data(user)))
    (fault,) = picture.faults
    assert (fault.param, fault.code) == ("device", "wont_fit") and "batch" in fault.advice


def test_a_silent_worker_is_a_warning(user, parts):
    from hub.jobs.models import Worker

    Worker.objects.update(heard_at=None)
    picture = check(user, finetune_of(*parts))
    assert picture.faults == () and [fault.code for fault in picture.warnings] == ["worker_silent"]


def test_pickles_and_strange_code_are_refused(user, parts):
    pickled = make_base(user, files={"pytorch_model.bin": b"x"})
    assert ("base", "unsafe_weights") in codes(user, finetune_of(pickled, parts[1]))
    config = b'{"auto_map": {"AutoModel": "modeling.Mine"}}'
    coded = make_base(user, files={"model.safetensors": weights(), "config.json": config, "modeling.py": b"x = 1\n"})
    assert ("base", "remote_code_required") in codes(user, finetune_of(coded, parts[1]))
    for name in ("tokenizer_config.json", "processor_config.json", "preprocessor_config.json"):
        hidden = make_base(user, files={"model.safetensors": weights(), "config.json": b"{}", name: config})
        assert ("base", "remote_code_required") in codes(user, finetune_of(hidden, parts[1])), name
    assert ("base", "model_not_supported") in codes(user, finetune_of(make_base(user, files={}), parts[1]))


def test_a_licence_that_forbids_it_stops_it(user, parts):
    kept = make_base(user, licence="cc-by-nd-4.0")
    faults = check(user, finetune_of(kept, parts[1])).faults
    assert {fault.code for fault in faults} >= {"licence.L4"} and all(fault.advice for fault in faults)


def test_private_sources_stay_private(user, parts):
    hidden = make_data(user, private=True)
    assert codes(user, finetune_of(parts[0], hidden)) == set()
    assert codes(user, finetune_of(parts[0], hidden, private=False)) == {("private", "private_source")}
    org = make_org(write=user, contribute=make_user())
    assert codes(user, finetune_of(parts[0], hidden, out=f"{org.namespace.name}/tuned")) == {("out", "private_source")}


def test_a_result_goes_only_where_one_may_push(user, parts):
    other = make_user()
    theirs = make_base(other)
    assert codes(user, finetune_of(*parts, out=theirs.full_name)) == {("out", "not_allowed")}
    assert codes(user, finetune_of(*parts, out=f"{other.username}/mine")) == {("out", "not_allowed")}
    assert check(user, finetune_of(*parts, out=parts[0].full_name)).outcome.repo == parts[0]


def test_an_evaluation_takes_the_config_of_each_suite(user, parts):
    told = {"kind": "evaluate", "base": parts[0].full_name, "dataset": parts[1].full_name,
            "recipe": RECIPE.name, "suites": ["calibration"], "config": {"calibration": {"bins": 5}}}  # fmt: skip
    picture = check(user, told)
    assert picture.faults == () and picture.config["calibration"] == {"bins": 5}
    assert picture.data[0].wanted.role == "test" and picture.terms is None
    assert ("config.calm", "bad_spec") in codes(user, {**told, "config": {"calm": {}}})


def test_a_ranking_takes_candidates(user, parts):
    told = {"kind": "rank", "dataset": parts[1].full_name, "recipe": "transfer", "candidates": [parts[0].full_name]}
    assert codes(user, told) == set()
    assert ("candidates", "bad_spec") in codes(user, {**told, "candidates": []})


def test_splits_are_taken_apart(user, parts):
    from tests.factories.orders import ROWS

    data = make_data(user, files={"train.csv": ROWS, "test.csv": ROWS})
    found = [(each.wanted.role, each.wanted.split) for each in check(user, finetune_of(parts[0], data)).data]
    assert found == [("train", "train"), ("test", "test")]


def test_the_other_half_of_a_comparison_is_a_job_too(user, parts):
    told = read_order(finetune_of(*parts, out="tuned", compare_scratch=True))
    job = orders.order(by=viewer_of(user), order=told)
    (other,) = job.children.all()
    assert other.spec["from_scratch"] and not job.spec["from_scratch"]
    assert other.spec["out"] == f"{user.username}/tuned-from-scratch"


def test_what_is_over_is_ordered_again(user, parts):
    from hub.core import clock

    by = viewer_of(user)
    job = orders.order(by=by, order=read_order(finetune_of(*parts, seed=7)))
    with pytest.raises(StepRefused):
        orders.repeat(by=by, job=job)
    Job.objects.filter(pk=job.pk).update(state="failed", ended_at=clock.now())
    job.refresh_from_db()
    again = orders.repeat(by=by, job=job)
    assert again.parent == job and {**again.spec, "ordered_at": ""} == {**job.spec, "ordered_at": ""}


def test_what_the_policy_denies_is_refused(user, parts):
    from hub.governance.models import Revision

    Revision.objects.update_or_create(
        repo=parts[0],
        commit=parts[0].refs.get(name="refs/heads/main").target,
        defaults={"state": "revoked", "uploader": user.username},
    )
    picture = check(user, finetune_of(*parts))
    assert picture.faults and all(fault.param == "base" for fault in picture.faults)
