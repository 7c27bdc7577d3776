"""What was measured comes into the repository, beside what others wrote there."""

import pytest
import yaml

from hub.accounts.errors import NotAllowed
from hub.catalog.card import parse_card
from hub.catalog.models import ReportedResult
from hub.catalog.selectors import find_file
from hub.jobs.errors import NothingToWrite
from hub.jobs.services.writing_back import write_back
from tests.factories.accounts import make_user, viewer_of
from tests.factories.catalog import make_repo
from tests.factories.results import make_dataset, make_model, make_result

pytestmark = pytest.mark.django_db(transaction=True)
ORIGIN = "https://hub.example"
THEIRS = {"task": {"type": "x"}, "dataset": {"type": "d", "name": "d"}, "metrics": [{"type": "f1", "value": 1}]}
CARD = b"---\nlicense: mit # as agreed\nmodel-index:\n- name: m\n  results:\n  - %s\n---\n# A model\n"


@pytest.fixture
def owner():
    return make_user()


def wrote(model, owner):
    write_back(by=viewer_of(owner), repo=model, origin=ORIGIN)
    return text_of(model, owner, "README.md")


def text_of(model, owner, path):
    return find_file(viewer_of(owner), "model", owner.username, model.name, "main", path).data.decode()


def test_files_and_the_card_say_what_was_measured(owner):
    model = make_repo(owner=owner, files={"README.md": CARD % yaml.safe_dump(THEIRS, default_flow_style=True).encode()})
    row = make_result(model, make_dataset())
    make_result(model, row.dataset, slice_key="sex=f")
    text = wrote(model, owner)
    assert "license: mit # as agreed" in text and text.endswith("# A model\n")
    theirs, ours = parse_card(text).metadata["model-index"][0]["results"]
    assert theirs == THEIRS and ours["metrics"] == [{"type": "accuracy", "name": "accuracy", "value": 0.9}]
    [entry] = yaml.safe_load(
        text_of(model, owner, f".eval_results/{row.dataset_name.replace('/', '__')}__accuracy.yaml")
    )
    assert entry["dataset"] == {"id": row.dataset_name, "task_id": "accuracy", "revision": row.dataset_commit}
    assert entry["source"]["url"] == f"{ORIGIN}/api/headstart/results/{row.public_id}"
    assert entry["notes"].startswith("95 % interval 0.88 to 0.92; n = 1000")


def test_it_is_read_again_as_reported(owner):
    model = make_model(owner=owner)
    row = make_result(model)
    wrote(model, owner)
    found = ReportedResult.objects.filter(repo=model).values_list("source", "dataset", "value")
    assert set(found) == {("model-index", row.dataset_name, 0.9), ("eval-results", row.dataset_name, 0.9)}


def test_written_again_it_replaces_its_own_and_makes_no_commit_for_nothing(owner):
    model, data = make_model(owner=owner), make_dataset()
    make_result(model, data)
    first = write_back(by=viewer_of(owner), repo=model, origin=ORIGIN)
    assert write_back(by=viewer_of(owner), repo=model, origin=ORIGIN) == first
    make_result(model, data, value=0.5)
    results = parse_card(wrote(model, owner)).metadata["model-index"][0]["results"]
    assert [each["metrics"][0]["value"] for each in results] == [0.5]


def test_private_data_is_not_named_in_a_public_model(owner):
    model = make_model(owner=owner)
    make_result(model, make_dataset(owner=owner, private=True))
    with pytest.raises(NothingToWrite):
        write_back(by=viewer_of(owner), repo=model, origin=ORIGIN)


def test_only_who_may_push_writes(owner):
    model = make_model(owner=owner)
    make_result(model)
    with pytest.raises(NotAllowed):
        write_back(by=viewer_of(make_user()), repo=model, origin=ORIGIN)
