"""Stock clients order jobs here and follow them; those of 0.36 send orders and ask for logs elsewhere, whatever they
are told, so they only look and cancel."""

import json
from pathlib import Path

import pytest

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]
SCRIPT = Path(__file__).with_name("jobs_script.py")
DJANGO = "import django, json, sys\ndjango.setup()\n"
PREPARE = '''
from hub.accounts.models import User
from hub.jobs.models import Job
from hub.jobs.services.writing_back import write_back
from tests.factories.accounts import viewer_of
from tests.factories.catalog import make_repo
from tests.factories.jobs import make_job
from tests.factories.results import make_model, make_result
from tests.factories.orders import make_base, make_data, make_offers

EVAL = b"""name: B
evaluation_framework: headstart
tasks: [{id: kindness, split: test, metric: accuracy}]
"""
ada = User.objects.get(username="ada")
make_offers()
base, data = make_base(ada), make_data(ada)
model, bench = make_model(owner=ada), make_repo(owner=ada, kind="dataset", files={"eval.yaml": EVAL})
row = make_result(model, bench, split="test", value=0.75)
write_back(by=viewer_of(ada), repo=model, origin="https://hub.example")
jobs = [make_job(ada, base=base, dataset=data) for _ in range(53)]
print(json.dumps({"BASE": base.full_name, "DATA": data.full_name, "MODEL": model.full_name, "BENCH": bench.full_name,
    "JOBS": [job.public_id for job in jobs]}))
'''
DONE = """
from hub.core import clock
from hub.jobs.models import Job, JobEvent
job = Job.objects.get(public_id=sys.argv[1])
JobEvent.objects.create(job=job, seq=7, kind="log", data={"lines": ["epoch 1", "epoch 2"]})
JobEvent.objects.create(job=job, seq=8, kind="message", data={"level": "info", "text": "Saved."})
Job.objects.filter(pk=job.pk).update(state="succeeded", ended_at=clock.now(), last_seq=8)
"""


@pytest.fixture(scope="module")
def given(live_hub):
    return json.loads(live_hub.run("-c", DJANGO + PREPARE).splitlines()[-1])


@pytest.fixture
def told(given):
    """What a script is told: a job that nobody else looks at among them."""
    return {name: value for name, value in given.items() if name != "JOBS"} | {"JOB": given["JOBS"].pop()}


@pytest.mark.parametrize("client", ["hf-0.36.2", "hf-1.33.0", "hf-2.4.0"])
def test_a_client_looks_and_cancels(run_client, client_python, client, told):
    python = client_python(client)
    assert run_client(python, SCRIPT, "look", **told) == "SCHEDULING\n"
    hf = python.with_name("hf")
    as_json = [] if client == "hf-0.36.2" else ["--format", "json"]
    if as_json:  # the list of the other takes a terminal
        assert told["JOB"] in run_client(hf, "jobs", "ps", "-a", "-q", **told)
    assert told["BASE"] in run_client(hf, "jobs", "inspect", told["JOB"], *as_json, **told)
    assert run_client(python, SCRIPT, "cancel", **told) == "CANCELED\n"


@pytest.mark.parametrize("client", ["hf-1.33.0", "hf-2.4.0"])
def test_a_client_orders_a_job_and_follows_it(live_hub, run_client, client_python, client, told):
    python = client_python(client)
    hf = python.with_name("hf")
    assert "recipe/NAME" in run_client(python, SCRIPT, "refused", **told)
    told["JOB"] = run_client(python, SCRIPT, "run", **told).strip()
    run_client(python, SCRIPT, "many", **told)
    live_hub.run("-c", DJANGO + DONE, told["JOB"])
    assert json.loads(run_client(python, SCRIPT, "logs", **told)) == ["epoch 1", "epoch 2", "Saved."]
    assert "epoch 2" in run_client(hf, "jobs", "logs", told["JOB"], **told)
    words = ["evaluate", told["BASE"], "--dataset", told["DATA"]]
    made = run_client(hf, "jobs", "run", "--detach", "recipe/text-classification", *words, **told)
    job = "job_" + made.partition("job_")[2][:24]
    run_client(hf, "jobs", "cancel", job, **told)
    assert run_client(python, SCRIPT, "look", **(told | {"JOB": job})) == "CANCELED\n"


@pytest.mark.parametrize("client", ["hf-1.33.0", "hf-2.4.0"])
def test_a_client_reads_what_was_measured(run_client, client_python, client, told):
    assert run_client(client_python(client), SCRIPT, "results", **told) == "kindness 0.75\n"
