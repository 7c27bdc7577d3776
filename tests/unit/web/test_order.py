"""The form of an order: made of what is offered, checked while it is filled in, refused with the reason."""

import shlex
from typing import Any
from unittest.mock import MagicMock

import click
import pytest
from django.test import Client

from hub.jobs.models import Job, Worker
from hub.web.pages import order_lines
from sdk.cli._jobs import evaluate, finetune
from tests.factories import make_repo
from tests.factories.jobs import make_worker_with_secret
from workers.contract import ColumnRole, Offer, Option

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = b"text,label\n" + b"".join(b"a film of %d,good\n" % number for number in range(8))
CARD = b"---\nlicense: mit\npipeline_tag: text-classification\n---\n# A\n"


@pytest.fixture
def offers() -> None:
    options = (
        Option("epochs", "float", 3.0, "Epochs", minimum=0.1, maximum=100),
        Option("warmup", "float", 0.1, "Warm-up", is_advanced=True),
        Option("stop", "bool", False, "Stop early"),
        Option("method", "choice", "full", "Method", choices=("full", "lora")),
    )
    columns = (ColumnRole("text", "text", "Text", guesses=("text",)), ColumnRole("label", "label", "Label"))
    recipe = Offer("recipe", "words", "1.0", "Words", "Sorts texts.", ("text-classification",), options, columns)
    other = Offer("recipe", "pictures", "1.0", "Pictures", "Sorts pictures.", ("image-classification",))
    suite = Offer("suite", "sure", "1.0", "Calibration", "Is it sure?", (), (Option("bins", "int", 15, "Bins"),))
    make_worker_with_secret("lab", offers=(recipe, other, suite))


@pytest.fixture
def base(user: Any) -> str:
    return f"/{make_repo('base', owner=user, files={'README.md': CARD, 'model.safetensors': _weights()}).full_name}"


@pytest.fixture
def data(user: Any) -> str:
    files = {"README.md": b"---\nlicense: mit\n---\n# Rows\n", "train.csv": ROWS, "test.csv": ROWS}
    return str(make_repo("rows", owner=user, kind="dataset", files=files).full_name)


def _weights() -> bytes:
    header = b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    return len(header).to_bytes(8, "little") + header + b"\0" * 8


def test_without_workers_it_says_who_can_help(signed_in: Client, base: str) -> None:
    assert "No worker offers anything yet" in signed_in.get(f"{base}/finetune").content.decode()


def test_the_form_is_made_of_the_offer(signed_in: Client, offers: None, base: str) -> None:
    text = signed_in.get(f"{base}/finetune").content.decode()
    assert "Sorts texts." in text and "option-words-epochs" in text and "column-label" in text
    assert "recipe=pictures" in text and "Name a data set" in text
    assert "option-words-epochs" not in signed_in.get(f"{base}/finetune?recipe=pictures").content.decode()


def test_a_named_data_set_is_judged_at_once(signed_in: Client, offers: None, base: str, data: str) -> None:
    text = signed_in.get(f"{base}/finetune?dataset={data}").content.decode()
    assert "a film of 0" in text and "Licence" in text and "Memory" in text and "First in the queue" in text
    assert "sdk.finetune" in text and "headstart finetune" in text


def test_a_look_answers_with_the_parts_alone(signed_in: Client, offers: None, base: str, data: str) -> None:
    told = {"action": "look", "dataset": data, "out": "me/x", "column-text": "nothing"}
    text = signed_in.post(f"{base}/finetune", told).content.decode()
    assert "<html" not in text and "<form" not in text and "its way" in text
    assert text.count("nothing") > 1, "said in the verdict, and beside the field"


def test_an_order_becomes_a_job(signed_in: Client, offers: None, base: str, data: str, user: Any) -> None:
    told = {"action": "order", "dataset": data, "out": f"{user.username}/tuned", "option-words-epochs": "2"}
    answer = signed_in.post(f"{base}/finetune", told)
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.public_id}"
    assert job.spec["config"]["epochs"] == 2.0 and job.spec["out"] == f"{user.username}/tuned"


def test_how_many_devices_is_asked_where_a_worker_gives_several(signed_in: Client, base: str, data: str) -> None:
    options = (Option("batch_size", "int", 8, "Batch"),)
    recipe = Offer("recipe", "words", "1.0", "Words", "Sorts texts.", options=options, spreads=True)
    worker, _ = make_worker_with_secret("lab", offers=(recipe,))
    assert 'name="gpus"' not in signed_in.get(f"{base}/finetune").content.decode()
    Worker.objects.filter(pk=worker.pk).update(spread=4)
    assert 'name="gpus"' in signed_in.get(f"{base}/finetune").content.decode()
    assert 'name="gpus"' not in signed_in.get(f"{base}/evaluate").content.decode()
    told = {"action": "order", "dataset": data, "out": "tuned", "gpus": "2", "option-words-batch_size": "8"}
    page = signed_in.post(f"{base}/finetune", told)["Location"]
    assert Job.objects.get().devices == 2
    assert "Devices at once</dt><dd>2</dd>" in signed_in.get(page).content.decode()


def test_a_refused_order_keeps_what_was_filled_in(signed_in: Client, offers: None, base: str) -> None:
    told = {"action": "order", "dataset": "nobody/nothing", "out": "me/x", "option-words-epochs": "7.25"}
    answer = signed_in.post(f"{base}/finetune", told)
    text = answer.content.decode()
    assert answer.status_code == 422 and "nobody/nothing" in text and "7.25" in text and not Job.objects.exists()
    assert "Not ordered: " in text and '<a href="#id_dataset">' in text


def test_an_evaluation_takes_suites_and_their_options(signed_in: Client, offers: None, base: str, data: str) -> None:
    told = {"action": "order", "dataset": data, "suites": "sure", "option-sure-bins": "9"}
    assert signed_in.post(f"{base}/evaluate", told).status_code == 302
    job = Job.objects.get()
    assert job.kind == "evaluate" and job.spec["suites"] == ["sure"] and job.spec["config"]["sure"] == {"bins": 9}


def test_who_is_not_signed_in_is_asked_to(client: Client, offers: None, base: str) -> None:
    assert client.get(f"{base}/finetune").status_code == 302
    assert "Fine-tune" not in client.get(base).content.decode()


ORDERS = (
    {
        "kind": "finetune",
        "recipe": "words",
        "datasets": [{"repo": "a/b", "split": "train", "columns": {"text": "body"}}],
        "out": "me/x",
        "private": False,
        "compare_scratch": True,
        "seed": 3,
        "gpus": 2,
        "config": {"epochs": 2.0, "stop": True, "method": "lora"},
    },
    {
        "kind": "evaluate",
        "recipe": "words",
        "datasets": [{"repo": "a/b"}],
        "suites": ["sure", "fair"],
        "config": {"sure": {"bins": 9}, "fair": {"axes": "sex, age"}},
    },
)


@pytest.mark.parametrize("told", ORDERS, ids=lambda told: told["kind"])
def test_both_lines_order_what_the_form_says(told: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """They are run, up to where the order would be sent."""
    sent: list[Any] = []
    monkeypatch.setattr("sdk._orders._order", lambda order, *_: sent.append(order) or MagicMock(progress={}))
    lines = order_lines.build(told, base="c/d", revision="v1")
    exec(compile(lines.sdk, "lines", "exec"), {})
    words = shlex.split(lines.cli)
    commands: dict[str, click.Command] = {"finetune": finetune, "evaluate": evaluate}
    commands[words[1]].main(words[2:], standalone_mode=False)
    expected = {**told, "base": "c/d", "base_revision": "v1"}
    for order in sent:
        assert {name: value for name, value in order.items() if value not in ("", [], {})} == expected
    assert len(sent) == 2


def test_an_order_is_changed_from_its_job(signed_in: Client, offers: None, base: str, data: str, user: Any) -> None:
    told = {"action": "order", "dataset": data, "out": f"{user.username}/tuned", "option-words-epochs": "2.5"}
    signed_in.post(f"{base}/finetune", {**told, "column-text": "text", "is_public": "on", "seed": "7"})
    job = Job.objects.get()
    text = signed_in.get(f"{base}/finetune?like={job.public_id}").content.decode()
    assert 'value="2.5"' in text and f'value="{data}"' in text and 'value="7"' in text and "It can be ordered" in text
    assert f'value="{user.username}/tuned"' in text and signed_in.get(f"{base}/finetune?like=none").status_code == 404
    again = signed_in.get(f"{base}/evaluate?like={job.public_id}").content.decode()
    assert f'value="{data}"' in again and 'value="7"' in again and 'name="held_out"' in again
