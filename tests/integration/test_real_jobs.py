"""Real seed models tuned by jobs of a hub and a worker, and opened again with the libraries that people have."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sdk
from tests.live import ROOT, LiveHub
from workers.recipes import recipe

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]

SEEDS = ("resnet-tiny-digits", "mnist-5k", "movielens-mf", "movielens-small")
WAIT = 300
OPEN = """
import sys
from transformers import pipeline
from PIL import Image
told = pipeline("image-classification", model=sys.argv[1])(Image.new("RGB", (28, 28)))
assert {each["label"] for each in told} <= set("0123456789"), told
"""
OPEN_ADAPTER = """
import sys
from peft import AutoPeftModelForCausalLM
from transformers import AutoTokenizer
tokens = AutoTokenizer.from_pretrained(sys.argv[1])("word1 word2 word3", return_tensors="pt")["input_ids"]
model = AutoPeftModelForCausalLM.from_pretrained(sys.argv[1])
assert model.peft_config["default"].base_model_name_or_path == "ada/tiny-llama"
print(model(input_ids=tokens).logits.shape)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("jobs")


@pytest.fixture(scope="module")
def environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HEADSTART_"))}
    return {**kept, "HOME": str(place), "OMP_NUM_THREADS": "1", "HEADSTART_CONFIG": str(place / "config.toml")}


@pytest.fixture(scope="module")
def hub(place: Path, environment: dict[str, str]) -> Iterator[LiveHub]:
    """With the seeds, and a worker that looks for jobs by itself."""
    live = LiveHub(place / "hub").start()
    seeding = [part for name in SEEDS for part in ("--only", name)]
    told = {**environment, "HEADSTART_URL": live.url, "HEADSTART_TOKEN": live.tokens["ada"]}
    run("-m", "sdk.cli", "seed", *seeding, "--cache", str(place / "packages"), environment=told)
    (place / "token").write_text(live.run("-m", "sdk.cli", "worker-token", "add", "desk").splitlines()[-1])
    command = ["-m", "sdk.cli", "worker", "--hub", live.url, "--token-file", str(place / "token")]
    with (place / "worker.log").open("wb") as log:
        arguments = [sys.executable, *command, "--folder", str(place / "worker")]
        worker = subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        while "Joined" not in (place / "worker.log").read_text():
            assert worker.poll() is None, (place / "worker.log").read_text()
            time.sleep(0.2)
        yield live
    finally:
        worker.terminate()
        worker.wait(60)
        live.stop()


def run(*arguments: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-W", "ignore", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(autouse=True)
def signed_in(hub: LiveHub, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "HEADSTART_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HEADSTART_URL", hub.url)
    monkeypatch.setenv("HEADSTART_TOKEN", hub.tokens["ada"])
    monkeypatch.setenv("HEADSTART_CACHE", str(place / "cache"))
    monkeypatch.setenv("HEADSTART_CONFIG", str(place / "config.toml"))


def tuned(base: str, place: Path, **order: Any) -> sdk.Job:
    try:
        return sdk.finetune(base, **order).wait(timeout=WAIT)
    except Exception as error:
        raise AssertionError((place / "worker.log").read_text()[-3000:]) from error


def stock(hub: LiveHub, environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "HF_ENDPOINT": hub.url, "HF_TOKEN": hub.tokens["ada"], "HF_HUB_DISABLE_TELEMETRY": "1"}


def test_digits_become_those_of_another_collection(hub: LiveHub, place: Path, environment: dict[str, str]) -> None:
    columns = {"image": "pixel*", "label": "label"}
    options: dict[str, Any] = {"max_steps": 60, "learning_rate": 2e-3, "evaluations": 1.0}
    job = tuned("resnet-tiny-digits", place, dataset="mnist-5k", recipe="image-classification", out="ada/mnist",
                columns=columns, **options)  # fmt: skip
    # The base has 0.28 of the same rows right.
    assert (job.result()["accuracy"] or 0) > 0.6
    pulled = sdk.pull("ada/mnist").path
    card = (pulled / "README.md").read_text()
    assert "base_model: headstart/resnet-tiny-digits@" in card and "cc-by-sa" in card
    assert (pulled / "lineage.json").is_file() and "E. Alpaydin" in (pulled / "NOTICE").read_text()
    run("-c", OPEN, "ada/mnist", environment=stock(hub, environment))


def test_ratings_go_on_from_those_of_the_base(place: Path) -> None:
    columns = {"user": "userId", "item": "movieId", "rating": "rating", "time": "timestamp"}
    options: dict[str, Any] = {"epochs": 1, "learning_rate": 1e-3}
    job = tuned("movielens-mf", place, dataset="movielens-small", recipe="recommendation", out="ada/films",
                columns=columns, **options)  # fmt: skip
    assert (job.result()["rmse"] or 9) < 1.0
    assert (sdk.pull("ada/films").path / "model.safetensors").is_file()


def test_an_adapter_names_its_base_and_opens_with_it(hub: LiveHub, place: Path, environment: dict[str, str]) -> None:
    (place / "llama").mkdir()
    (place / "texts").mkdir()
    _, train, _, _ = recipe("causal-lm").tiny(place / "llama", 0)
    train.rows[["text"]].to_parquet(place / "texts" / "texts.parquet", index=False)
    for folder, kind in (("llama", "model"), ("texts", "dataset")):
        (place / folder / "README.md").write_text("---\nlicense: mit\n---\n# Tiny\n")
        sdk.push(place / folder, f"ada/tiny-{folder}", kind=kind)
    tuned("ada/tiny-llama", place, dataset="ada/tiny-texts", recipe="causal-lm", out="ada/adapter", max_steps=4)
    run("-c", OPEN_ADAPTER, "ada/adapter", environment=stock(hub, environment))
