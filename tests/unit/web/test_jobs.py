"""Pages of jobs: what stands first, what each may see and do, what a script gets."""

from typing import Any

import pytest
from django.test import Client

from hub.core import clock
from hub.jobs.models import Attempt, Job, JobEvent, Metric
from tests.factories import make_repo, make_user
from tests.factories.jobs import head_of, make_job, make_worker
from workers import contract

pytestmark = pytest.mark.django_db(transaction=True)


def say(job: Job, seq: int, kind: str, **data: Any) -> None:
    JobEvent.objects.create(job=job, seq=seq, kind=kind, data=data)
    Job.objects.filter(pk=job.pk).update(last_seq=seq)


def running(by: Any, **fields: Any) -> Job:
    held = {"lease_token": 1, "lease_ends_at": clock.now(), "started_at": clock.now(), "worker": make_worker()}
    return make_job(by, state="running", step=30, total_steps=120, seconds_left=95.0, attempts=1, **held, **fields)


def ended(by: Any, state: str, **fields: Any) -> Job:
    return make_job(by, state=state, ended_at=clock.now(), device_seconds=61.0, **fields)


def page_of(client: Client, job: Job, part: str = "") -> str:
    answer = client.get(f"/jobs/{job.public_id}{part}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_running_job_says_how_far_it_is(signed_in: Client, user: Any) -> None:
    job = running(user)
    Metric.objects.create(job=job, name="loss", step=30, value=0.25)
    say(job, 1, "log", lines=["step 30 <b>"])
    say(job, 2, "device", cpu_percent=99.0, memory_bytes=2_000_000_000, gpu=[{"utilization": 50.0}])
    page = page_of(signed_in, job)
    assert "step 30 of 120, 1 minute left" in page and f"/jobs/{job.public_id}/live" in page
    assert '"labels": [30]' in page and "step 30 &lt;b&gt;" in page and "50 %" in page
    assert f"/api/headstart/jobs/{job.public_id}/stream?after=2" in page and "Cancel the job" in page


def test_the_script_gets_the_parts_that_change_and_no_frame(signed_in: Client, user: Any) -> None:
    answer = signed_in.get(f"/jobs/{running(user).public_id}/live")
    text = answer.content.decode()
    ids = ("job-state", "job-curves", "job-log", "job-device", "job-history")
    assert all(f'id="{each}"' in text for each in ids) and "<html" not in text
    assert "no-store" in answer["Cache-Control"]


def test_a_failed_job_says_first_what_to_do(signed_in: Client, user: Any) -> None:
    error = {"code": "dataset_empty", "message": "The split has no rows.", "advice": "Choose another split."}
    job = ended(user, "failed", error=error | {"param": "datasets"})
    say(job, 1, "log", lines=["Traceback"])
    page = page_of(signed_in, job)
    assert page.index("The split has no rows.") < page.index("Choose another split.") < page.index("Traceback")
    assert "<code>datasets</code>" in page and "Try it again" not in page and 'data-stream=""' in page
    assert f"/evaluate?revision={job.base_commit}&amp;like={job.public_id}" in page


def test_a_lost_job_says_so_without_words_of_a_worker(signed_in: Client, user: Any) -> None:
    page = page_of(signed_in, ended(user, "lost"))
    assert "attempt after attempt" in page and "Try it again" in page and "Change the order" in page


def test_what_a_job_made_stands_first(signed_in: Client, user: Any) -> None:
    out = make_repo("tuned", owner=user, files={"README.md": b"---\nlicense: mit\n---\n# Tuned\n"})
    number = contract.Measured("f1_macro", 0.91234, 40, 0.85, 0.95, slice={"label": "3"})
    few = contract.Measured("ece", None, 3, note="Fewer than ten.")
    inherited = {"licence": "mit", "obligations": [{"text": "Name the authors."}], "findings": []}
    result = contract.JobResult(measured=(number, few), commit=head_of(out), notes=("Best of step 9.",)).to_json()
    told = {"out_repo": out, "result_commit": head_of(out), "result": result, "spec": {"inherited": inherited}}
    page = page_of(signed_in, ended(user, "succeeded", kind="finetune", **told))
    assert page.index("It made") < page.index("Evaluate it") < page.index("Send to review") < page.index("F1 macro")
    assert "0.85 to 0.95" in page and "too few to say" in page and "Name the authors." in page
    assert f"/{out.full_name}/review/{head_of(out)}" in page
    commit = signed_in.get(f"/{out.full_name}/commit/{head_of(out)}").content.decode()
    assert "Made by" in commit and "A job" in commit


def test_several_attempts_are_told(signed_in: Client, user: Any) -> None:
    job = ended(user, "failed", error={"message": "No."})
    Attempt.objects.create(job=job, token=1, worker_name="w1", outcome="lost", last_step=20)
    Attempt.objects.create(job=job, token=3, worker_name="w2", outcome="failed", first_step=20, last_step=24)
    page = page_of(signed_in, job)
    assert "from the beginning, lost at step 20" in page and "went on from step 20, failed at step 24" in page


def test_others_find_no_job(client: Client, user: Any) -> None:
    job = make_job(user)
    assert client.get(f"/jobs/{job.public_id}").status_code == 302
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    for part in ("", "/live"):
        assert client.get(f"/jobs/{job.public_id}{part}").status_code == 404
    assert client.post(f"/jobs/{job.public_id}/cancel").status_code == 404
    assert "A job" not in client.get("/jobs").content.decode()


def test_cancel_and_try_again(signed_in: Client, user: Any) -> None:
    job = make_job(user)
    assert signed_in.post(f"/jobs/{job.public_id}/cancel").status_code == 302
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert signed_in.post(f"/jobs/{job.public_id}/retry").status_code == 302
    job.refresh_from_db()
    assert job.state == "queued"


def test_a_job_that_waits_for_its_budget_says_so(signed_in: Client, user: Any, settings: Any) -> None:
    settings.JOB_BUDGETS = {"cpu": 1}
    ended(user, "succeeded")
    assert f"{user.username} has used its device time of these thirty days" in page_of(signed_in, make_job(user))


def test_the_list_filters(signed_in: Client, user: Any) -> None:
    make_job(user, title="Still waits")
    ended(user, "failed", title="Went wrong", error={"message": "Because."})
    text = signed_in.get("/jobs?state=failed").content.decode()
    assert "Went wrong" in text and "Because." in text and "Still waits" not in text
    assert "No such job" in signed_in.get("/jobs?repo=nobody/nothing").content.decode()
