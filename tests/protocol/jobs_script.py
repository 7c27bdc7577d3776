"""Order, list, follow, label and cancel jobs with a stock client: one step a run, what came of it on the last line."""

import json
import os
import sys
from pathlib import Path

import huggingface_hub as hub
import yaml

TOKEN = os.environ["HF_TOKEN"]
api = hub.HfApi(token=TOKEN)


def run() -> str:
    command = ["finetune", "--base", os.environ["BASE"], "--dataset", os.environ["DATA"], "--config", "epochs=2"]
    more = {"labels": {"team": "blue"}} if "labels" in hub.HfApi.run_job.__kwdefaults__ else {}
    job = api.run_job(image="recipe/text-classification", command=command, timeout="1h", **more)
    assert job.status.stage == "SCHEDULING" and job.owner.name == "ada" and job.flavor == "cpu"
    return str(job.id)


def refused() -> str:
    try:
        api.run_job(image="python:3.12", command=["python"])
    except hub.errors.HfHubHTTPError as error:
        return str(error).replace("\n", " ")
    return "nothing"


def look() -> str:
    """What all generations have: one, a list, no such."""
    job = api.inspect_job(job_id=os.environ["JOB"])
    assert job.id in {each.id for each in api.list_jobs()}
    try:
        api.inspect_job(job_id=f"job_{'0' * 24}")
    except Exception as error:  # noqa: BLE001 - its kind differs between the generations
        assert "404" in str(error)
    return str(job.status.stage)


def many() -> str:
    """By stage and label, over the pages of the list; devices."""
    blue = [each.id for each in api.list_jobs(labels={"team": "blue"}, status=["SCHEDULING", "RUNNING"])]
    assert blue == [os.environ["JOB"]]
    assert api.update_job_labels(job_id=blue[0], labels={"team": "red"}).labels == {"team": "red"}
    assert [each.name for each in api.list_jobs_hardware()] == ["cpu"]
    listed = [each.id for each in api.list_jobs()]
    assert len(listed) == len(set(listed)) > 50
    return str(len(listed))


def logs() -> str:
    """The whole log, followed to the job's end, and its last line; then the last report on its device."""
    job = os.environ["JOB"]
    told = list(api.fetch_job_logs(job_id=job, follow=True))
    assert list(api.fetch_job_logs(job_id=job)) == told and list(api.fetch_job_logs(job_id=job, tail=1)) == told[-1:]
    assert list(api.fetch_job_metrics(job_id=job)) == []
    return json.dumps(told)


def results() -> str:
    """A model's numbers and a benchmark's ranks; the file itself, by the client's own parser."""
    from huggingface_hub._eval_results import parse_eval_result_entries

    (told,) = api.model_info(os.environ["MODEL"], expand=["evalResults"]).eval_results
    path = f".eval_results/{os.environ['BENCH'].replace('/', '__')}__kindness.yaml"
    text = Path(api.hf_hub_download(os.environ["MODEL"], path)).read_text(encoding="utf-8")
    (read,) = parse_eval_result_entries(yaml.safe_load(text))
    assert read.verify_token == told.verify_token and read.source_url
    if hasattr(api, "get_dataset_leaderboard"):
        (row,) = api.get_dataset_leaderboard(os.environ["BENCH"])
        assert (row.rank, row.model_id, row.value, row.verified) == (1, os.environ["MODEL"], read.value, True)
    return f"{told.task_id} {told.value}"


def cancel() -> str:
    api.cancel_job(job_id=os.environ["JOB"])
    return str(api.inspect_job(job_id=os.environ["JOB"]).status.stage)


print(globals()[sys.argv[1]]())
