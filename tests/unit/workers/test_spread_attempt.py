"""A worker runs a job on two devices: here two processes on a CPU, which no worker offers by itself."""

from dataclasses import dataclass, field, replace

from tests.factories import runs
from tests.workers import COMMIT, FakePorter, fake_hub, make_site
from workers.contract import Lease
from workers.supervisor.attempt import Attempt
from workers.supervisor.site import RUNNER, Pulled


@dataclass
class Porter(FakePorter):
    """Finds every source here."""

    here: dict = field(default_factory=dict)

    def pull(self, source, access_token, over):
        return Pulled(self.here[source.repo], self.here[source.repo])


def test_a_lora_on_two_devices_goes_from_claim_to_finish(tmp_path):
    config = {"method": "lora", "max_steps": 2, "batch_size": 4}
    work = runs.make_work(tmp_path, "causal-lm", config=config, gpus=2, out="me/tuned")
    here = {"me/base": tmp_path / "model", "me/train": tmp_path / "train", "me/test": tmp_path / "test"}
    porter = Porter(tmp_path / "pulled", here=here)
    with fake_hub(seconds=60.0) as hub:
        site = make_site(hub, tmp_path, porter=porter, runner=RUNNER, readable=(), threads=2)
        job = hub.add(replace(work.spec, max_seconds=600))
        Attempt(site, Lease.from_json(hub.claim({}))).run()
    assert job.state == "succeeded", (job.told[-1], [each["data"] for each in job.events if each["kind"] == "log"])
    done = job.last("finish")
    assert (done["commit"], done["environment"]["processes"], done["environment"]["threads"]) == (COMMIT, 2, 1)
    assert [name for name, _ in job.told].count("predictions") <= 1
    (_, files, _) = porter.pushed[0]
    assert {"adapter_model.safetensors", "README.md", "lineage.json"} <= set(files)
    assert b"on 2 devices" in files["README.md"]
