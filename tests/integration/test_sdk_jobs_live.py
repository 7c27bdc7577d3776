"""Jobs by the SDK and the command line, against the hub itself. No worker runs here: what one would do is written."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sdk
from sdk.cli import main
from tests.live import LiveHub

pytestmark = pytest.mark.stack
SETUP = """
import django
django.setup()
from hub.accounts.models import User
from tests.factories.orders import make_base, make_data, make_offers
make_offers()
make_base("headstart", name="base")
make_data("headstart", name="texts")
"""
END = """
import django
django.setup()
from hub.core import clock
from hub.jobs.models import Job, Metric
result = {"measured": [{"metric": "accuracy", "value": 0.9, "n": 10, "slice": {}}], "notes": ["Done."]}
fields = {"state": "%s", "result": result if "%s" == "succeeded" else None, "ended_at": clock.now(),
          "error": {"message": "The disk is full.", "advice": "Free some space."}}
Job.objects.filter(public_id="%s").update(**fields)
Metric.objects.create(job=Job.objects.get(public_id="%s"), name="loss", split="train", step=3, value=0.25)
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    live = LiveHub(tmp_path_factory.mktemp("hub"), settings={"HEADSTART_WORKER_SILENT_AFTER": "3600"}).start()
    live.run("-c", SETUP)
    yield live
    live.stop()


@pytest.fixture(autouse=True)
def signed_in(hub: LiveHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "HEADSTART_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HEADSTART_URL", hub.url)
    monkeypatch.setenv("HEADSTART_TOKEN", hub.tokens["writer"])
    monkeypatch.setenv("HEADSTART_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HEADSTART_CONFIG", str(tmp_path / "config.toml"))


def finish(hub: LiveHub, job: sdk.Job, state: str) -> None:
    hub.run("-c", END % (state, state, job.id, job.id))


def ordered(**more: object) -> sdk.Job:
    return sdk.finetune("base", dataset="texts", recipe="text-classification", out="ada/tuned", epochs=1, **more)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_order_wait_read(hub: LiveHub) -> None:
    job = ordered(title="Mine")
    assert (job.state, job.out, job.title, job.is_over) == ("queued", "ada/tuned", "Mine", False)
    assert job.refresh().told["spec"]["config"]["epochs"] == 1
    with pytest.raises(TimeoutError):
        job.wait(timeout=0.1)
    with pytest.raises(sdk.JobFailedError):
        job.result()
    finish(hub, job, "succeeded")
    assert job.wait().state == "succeeded" and job.result()["accuracy"] == 0.9
    assert job.metrics() == {"loss/train": [(3, 0.25)]} and job.logs() == ""
    assert [one["kind"] for one in job.events()] == ["state"]
    assert sdk.job(job.id).title == "Mine" and job.repeat().told["parent"] == job.id
    assert job.id in {one.id for one in sdk.jobs(state="ended")}


def test_refusals_say_everything() -> None:
    with pytest.raises(sdk.OrderRefusedError) as refused:
        sdk.finetune("base", dataset="texts", recipe="text-classification", epoch=1, columns={"text": "body"})
    assert {fault["param"] for fault in refused.value.faults} == {"config.epoch", "columns.text"}
    with pytest.raises(sdk.NotFoundError):
        sdk.job("job_0")


def test_a_failure_is_told(hub: LiveHub) -> None:
    job = ordered()
    finish(hub, job, "failed")
    with pytest.raises(sdk.JobFailedError, match=r"The disk is full\. Free some space\."):
        job.wait()
    assert job.retry().state == "queued" and job.cancel().state == "cancelled"


def test_evaluate_and_rank() -> None:
    job = sdk.evaluate("base", suite="calibration", dataset="texts", recipe="text-classification",
                       config={"calibration": {"bins": 5}})  # fmt: skip
    assert job.refresh().told["spec"]["config"]["calibration"] == {"bins": 5}
    assert sdk.rank("texts", candidates=["base"]).told["kind"] == "rank"


def test_the_command_line(hub: LiveHub) -> None:
    done = run(
        "finetune", "base", "--dataset", "texts", "--recipe", "text-classification", "--set", "epochs=2", "--json"
    )
    told = json.loads(done.stdout)
    assert run("jobs", "cancel", told["id"]).stdout == f"{told['id']} is cancelled.\n"
    assert run("jobs", "retry", told["id"]).exit_code == 0
    assert told["id"] in run("jobs", "list", "--state", "open").stdout
    finish(hub, sdk.job(told["id"]), "lost")
    assert run("jobs", "wait", told["id"]).exit_code == 8
    assert "state:" in run("jobs", "show", told["id"]).stdout and run("jobs", "logs", told["id"]).exit_code == 0
    done = run(
        "evaluate", "base", "--suite", "calibration", "--dataset", "texts", "--set", "calibration.bins=4", "--json"
    )
    assert json.loads(done.stdout)["state"] == "queued"
    assert run("evaluate", "base", "--suite", "calibration", "--set", "bins").exit_code == 2
