"""Is a fine-tune worth it? On a real hub with a real worker: rank models for a data set, tune the best, and train the
same from random weights beside it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import sdk
from tests.live import ROOT, LiveHub

pytestmark = pytest.mark.stack
SETUP = """
import json, tempfile
from pathlib import Path
import django
django.setup()
import pandas as pd
from tests.factories import make_repo
from tests.factories.jobs import make_worker_with_secret
from workers.recipes import recipe
card = b"---\\nlicense: mit\\npipeline_tag: text-classification\\nlibrary_name: transformers\\n---\\n# Tiny\\n"
for seed, name in ((0, "tiny"), (1, "other")):
    folder = Path(tempfile.mkdtemp())
    base, train, test, config = recipe("text-classification").tiny(folder, seed)
    files = {str(each.relative_to(base)): each.read_bytes() for each in base.rglob("*") if each.is_file()}
    make_repo(name, owner="headstart", files={**files, "README.md": card})
    if not seed:
        learned, rows = config, {"train": train, "test": test}
tables = {}
for split, table in rows.items():
    frame = pd.concat([table.rows, table.others], axis=1).dropna(axis=1, how="all")
    tables[f"{split}.csv"] = frame.to_csv(index=False).encode()
home = test.rows[["text"]].to_csv(index=False).encode()
licence = b"---\\nlicense: mit\\n---\\n# Rows\\n"
make_repo("rows", owner="headstart", kind="dataset", files={**tables, "README.md": licence})
make_repo("more", owner="headstart", kind="dataset", files={"train.csv": home, "README.md": licence})
print(json.dumps({"secret": make_worker_with_secret("desk", offers=())[1], "config": learned}))
"""
SECONDS = 90


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveHub, dict]]:
    folder = tmp_path_factory.mktemp("hub")
    hub = LiveHub(folder).start()
    made = json.loads(hub.run("-c", SETUP).splitlines()[-1])
    environment = {**os.environ, "HEADSTART_WORKER_TOKEN": made["secret"], "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "workers.cli", "--hub", hub.url, "--name", "desk", "--folder", f"{folder}/jobs"]
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(folder / "worker.log", "Joined")
        yield hub, made
    finally:
        worker.terminate()
        worker.wait(timeout=60)
        hub.kill()


def _wait_for(log: Path, words: str) -> None:
    give_up_at = time.monotonic() + SECONDS
    while words not in log.read_text():
        assert time.monotonic() < give_up_at, log.read_text()
        time.sleep(0.1)


@pytest.fixture(autouse=True)
def signed_in(live: tuple[LiveHub, dict], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "HEADSTART_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HEADSTART_URL", live[0].url)
    monkeypatch.setenv("HEADSTART_TOKEN", live[0].tokens["writer"])
    monkeypatch.setenv("HEADSTART_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HEADSTART_CONFIG", str(tmp_path / "config.toml"))


def test_models_are_ranked_for_a_data_set(live):
    job = sdk.rank("rows", candidates=["tiny", "other"], home="more", rows=60).wait(timeout=SECONDS)
    first, second = job.result().ranking
    assert {first["model"], second["model"]} == {"headstart/tiny", "headstart/other"} and first["rank"] == 1
    assert first["linear_probe"]["low"] <= first["linear_probe"]["value"] <= first["linear_probe"]["high"]
    assert {"knn", "logme", "h_score", "proxy_a_distance", "mmd"} <= set(second)


def test_a_fine_tune_is_compared_with_one_from_random_weights(live):
    job = sdk.finetune("tiny", dataset="rows", recipe="text-classification", out="ada/tuned", compare_scratch=True,
                       **live[1]["config"])  # fmt: skip
    job.wait(timeout=SECONDS)
    scratch = sdk.job(job.refresh().told["children"][0]).wait(timeout=SECONDS)
    assert (scratch.out, scratch.told["spec"]["from_scratch"]) == ("ada/tuned-from-scratch", True)
    worth = job.head_start()
    assert worth == scratch.head_start() and worth["state"] == "ready"
    tuned, other = worth["tuned"], worth["scratch"]
    assert tuned["points"] and other["points"] and tuned["seconds"] > 0
    assert worth["gap"]["low"] <= worth["gap"]["value"] <= worth["gap"]["high"]
