"""After seeding, the desk lives: a real hub, two small seeds from their package, the demo reviewers as a program."""

import http.client
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.functional.hub_process import ROOT, environment, running_hub

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


def program(*words: str, **extra: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**environment(), "OMP_NUM_THREADS": "1", **extra},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def page(address: str, path: str) -> str:
    with closing(http.client.HTTPConnection(address, timeout=30)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read().decode()


@pytest.mark.timeout(400)
def test_a_measurement_that_a_tier_takes_is_made_by_a_job(tmp_path: Path):
    with running_hub(tmp_path / "data", is_working=True) as hub:
        address = hub.wait_until_up()
        told = {
            "HEADSTART_TOKEN": (hub.data / "seed_token").read_text(),
            "HEADSTART_CACHE": str(tmp_path / "sdk"),
            "HEADSTART_CONFIG": str(tmp_path / "config.toml"),
        }
        cache = os.environ.get("HEADSTART_TEST_PACKAGES", str(tmp_path / "packages"))
        only = ("--only", "adult", "--only", "adult-income-mlp")
        program("sdk.cli", "seed", "--url", f"http://{address}", "--cache", cache, *only, **told)
        said = program("hub.cli.demo_desk", HEADSTART_DATA=str(hub.data), DJANGO_SETTINGS_MODULE="hub.settings")
        assert "adult-income-mlp (approved with conditions)" in said
        shown = page(address, "/headstart/adult-income-mlp/evaluations")
        assert "Measured by this hub" in shown and "Fair tabular" in shown


def test_a_newcomer_sees_reviews_by_the_demo_reviewers(tmp_path: Path):
    with running_hub(tmp_path / "data") as hub:
        address = hub.wait_until_up()
        told = {
            "HEADSTART_TOKEN": (hub.data / "seed_token").read_text(),
            "HEADSTART_CACHE": str(tmp_path / "sdk"),
            "HEADSTART_CONFIG": str(tmp_path / "config.toml"),
        }
        only = ("--only", "digits", "--only", "resnet-tiny-digits")
        cache = os.environ.get("HEADSTART_TEST_PACKAGES", str(tmp_path / "packages"))
        words = ("sdk.cli", "seed", "--url", f"http://{address}", "--cache", cache, *only)
        program(*words, **told)
        here = {"HEADSTART_DATA": str(hub.data), "DJANGO_SETTINGS_MODULE": "hub.settings"}
        said = program("hub.cli.demo_desk", **here)
        assert "digits (approved), resnet-tiny-digits (approved)" in said
        assert program("hub.cli.demo_desk", **here) == said
        shown = page(address, "/headstart/resnet-tiny-digits/review")
        assert "Demo: " in shown
        assert "demo-reviewer-bias" in shown
        assert "unchanged" in program(*words, **told)
