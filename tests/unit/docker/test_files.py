"""Images and compose files, held against a linter, the compose specification and the rules of this house."""

import json
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

ROOT = Path(__file__).resolve().parents[3]
DOCKER = ROOT / "docker"
DOCKERFILES = sorted(DOCKER.glob("Dockerfile.*"))
COMPOSE = ("compose.yaml", "compose.gpu.yaml")
HADOLINT = Path(sysconfig.get_path("scripts")) / "hadolint"
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::([-?])([^}]*))?\}")
EXAMPLE = dict(
    line.split("=", 1) for line in (DOCKER / ".env.example").read_text().splitlines() if "=" in line and line[0] != "#"
)


def lint(path):
    done = subprocess.run([HADOLINT, "--format", "json", str(path)], capture_output=True, text=True, check=False)
    return [(each["code"], each["line"]) for each in json.loads(done.stdout)]


def resolved(value, known):
    """As compose reads it: merged keys, variables from the file beside it, numbers where numbers stand."""
    if isinstance(value, dict):
        return {name: resolved(item, known) for name, item in value.items() if not str(name).startswith("x-")}
    if isinstance(value, list):
        return [resolved(item, known) for item in value]
    if not isinstance(value, str) or not VARIABLE.search(value):
        return value
    text = VARIABLE.sub(lambda found: known.get(found[1]) or (found[3] if found[2] == "-" else ""), value)
    return int(text) if text.isdigit() and value.startswith("${") else text


def compose(name):
    return resolved(yaml.safe_load((DOCKER / name).read_text()), EXAMPLE)


def services():
    return {name: each for file in COMPOSE for name, each in compose(file)["services"].items()}


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_the_linter_finds_nothing(path):
    assert lint(path) == []


def test_the_linter_would_find_something(tmp_path):
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM python:latest\nRUN cd /tmp && sudo pip install x\n")
    assert {"DL3007", "DL3004"} <= {code for code, _ in lint(bad)}


@pytest.mark.parametrize("name", COMPOSE)
def test_a_compose_file_fits_the_specification(name):
    PyCompose.from_json(json.dumps(compose(name)))


def test_the_specification_would_refuse_something():
    with pytest.raises(ValueError, match="helthcheck"):
        PyCompose.from_json(json.dumps({"services": {"hub": {"image": "x:1", "helthcheck": {}}}}))


def test_both_files_together_name_nothing_that_is_not_there():
    whole = [compose(name) for name in COMPOSE]
    there = {
        part: {name for each in whole for name in each.get(part, {})} for part in ("networks", "volumes", "secrets")
    }
    for service in services().values():
        named = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert {name for name in named if name[0] not in "./"} <= there["volumes"]
        assert set(service["networks"]) <= there["networks"] and set(service.get("secrets", [])) <= there["secrets"]
        assert set(service.get("depends_on", {})) <= set(services())


def test_every_variable_is_explained_and_used():
    used = {found[0] for name in COMPOSE for found in VARIABLE.findall((DOCKER / name).read_text())}
    assert used == set(EXAMPLE)


def test_secrets_have_no_default():
    text = "".join((DOCKER / name).read_text() for name in COMPOSE)
    assert {kind for name, kind, _ in VARIABLE.findall(text) if name.endswith("PASSWORD")} == {"?"}
    assert {value for name, value in EXAMPLE.items() if name.endswith("PASSWORD")} == {"CHANGE"}


def test_what_the_hub_is_told_is_something_it_reads():
    read = set(re.findall(r'_(?:env|flag|list)\("([A-Z_]+)"', (ROOT / "hub/settings.py").read_text()))
    told = {name.removeprefix("HEADSTART_") for name in compose("compose.yaml")["services"]["hub"]["environment"]}
    assert told <= read


@pytest.mark.parametrize("name", sorted(services()))
def test_a_service_is_restrained(name):
    service = services()[name]
    assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service and service["restart"] == "unless-stopped"
    dockerfile = service.get("build", {}).get("dockerfile")
    text = (ROOT / dockerfile).read_text() if dockerfile else ""
    user = service.get("user") or re.findall(r"^USER (\S+)$", text, re.MULTILINE)[-1]
    assert re.fullmatch(r"[1-9]\d*:\d+", user)
    assert "healthcheck" in service or "HEALTHCHECK" in text


def test_bases_are_pinned():
    named = [each["image"] for each in services().values() if "build" not in each]
    for path in DOCKERFILES:
        named += re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", path.read_text(), re.MULTILINE)
    assert len(named) == 5 and all(re.search(r":\d+\.\d+(\.\d+)?-", image) for image in named)


def test_nothing_but_nginx_is_reached_from_outside():
    assert [name for name, each in services().items() if "ports" in each] == ["nginx"]
    assert compose("compose.yaml")["networks"]["inside"] == {"internal": True}
    assert EXAMPLE["HEADSTART_LISTEN"].startswith("127.0.0.1:")


def test_what_an_image_copies_is_not_left_out():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for path in DOCKERFILES:
        copied = [
            source
            for line in re.findall(r"^COPY (?!--from)(?:--\S+ )*(.+)$", path.read_text(), re.MULTILINE)
            for source in line.split()[:-1]
        ]
        for source in copied:
            assert (ROOT / source.removeprefix("./")).exists()
            assert any(source == each or source.startswith(f"{each}/") for each in kept)


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed here")
def test_nginx_takes_its_file(tmp_path):
    text = (DOCKER / "nginx.conf").read_text().replace("hub:8000", "127.0.0.1:8000").replace("/tmp/", f"{tmp_path}/")
    (tmp_path / "nginx.conf").write_text(text)
    done = subprocess.run(
        ["nginx", "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr.replace('the "user" directive', "")
