"""The administrative commands, each on a data folder of its own, as a person runs them."""

import json
import re
import shutil
import stat
import subprocess
import sys

import pytest

from tests.functional.hub_process import ROOT, environment, run


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("hub") / "data"


def test_a_user_an_organisation_a_role_and_a_token_on_a_new_folder(data):
    added = run("user", "add", "_ada", "--full-name", "Ada L", "--email", "a@example.org", "--admin", "--data", data)
    assert re.fullmatch(r"Added _ada\. One-time password: \w{5}-\w{5}-\w{5}\n", added.stdout)
    assert run("org", "add", "lab", "--private-by-default", "--data", data).stdout.startswith("Added lab.")
    member = run("org", "member", "LAB", "_ADA", "--role", "write", "--data", data)
    assert member.stdout == "_ada in lab: Write: also push to every repository of the organisation\n"
    token = run("token", "add", "_ada", "--name", "ci", "--scope", "read", "--expires", "30", "--data", data)
    assert re.fullmatch(r"hs_[\w-]{43}\n", token.stdout)


def test_a_reviewer_comes_and_goes(data):
    run("user", "add", "rea", "--data", data)
    assert run("reviewer", "add", "rea", "bias", "--data", data).stdout == "rea reviews: bias\n"
    assert run("reviewer", "remove", "rea", "bias", "--data", data).stdout == "rea no longer reviews: bias\n"


def test_a_budget_is_set_and_taken_back(data):
    run("user", "add", "bud", "--data", data)
    assert run("budget", "set", "bud", "cpu", "3600", "--data", data).stdout == "cpu\t0 s used\tof 3600 s\n"
    assert "cpu\t0 s used\tof 3600 s\n" in run("budget", "show", "bud", "--data", data).stdout
    assert run("budget", "set", "bud", "cpu", "default", "--data", data).stdout == "cpu\t0 s used\tno limit\n"
    assert "A budget takes a device class" in run("budget", "set", "bud", "toaster", "5", "--data", data).stderr
    assert "is no number of seconds" in run("budget", "set", "bud", "cpu", "much", "--data", data).stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("user", "add", "a--b"), "'a--b' can't be a name."),
        (("org", "member", "nowhere", "nobody", "--role", "read"), "There is no organisation called 'nowhere'."),
        (("token", "add", "nobody", "--name", "x", "--scope", "read"), "There is no user called 'nobody'."),
    ],
)
def test_what_goes_wrong_is_one_line(data, arguments, message):
    failed = run(*arguments, "--data", data)
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert failed.stderr.startswith(f"Error: {message}")
    assert failed.stderr.count("\n") == 1


def test_doctor_on_a_new_folder_finds_nothing_wrong(tmp_path):
    doctor = run("doctor", "--data", tmp_path / "new", "--port", "65000")
    assert doctor.returncode == 0, doctor.stdout
    assert f"note data folder: {tmp_path / 'new'} does not exist; the first start makes it" in doctor.stdout
    assert not (tmp_path / "new").exists()


def test_doctor_says_that_nothing_runs_as_a_note(data):
    doctor = run("doctor", "--data", data, "--port", "65000")
    assert doctor.returncode == 0, doctor.stdout
    assert "note hub: does not run; headstart up starts it\n" in doctor.stdout
    assert "FAIL" not in doctor.stdout


def test_doctor_on_a_folder_that_nobody_started_on_yet(tmp_path):
    doctor = run("doctor", "--data", tmp_path, "--port", "65000")
    assert doctor.returncode == 0, doctor.stdout
    assert "note migrations: the database is empty; the first start fills it" in doctor.stdout


def test_doctor_says_what_to_do(data):
    run("org", "add", "watched", "--data", data)
    change = "from tests.ledger import unguarded; from hub.audit.models import AuditEvent\nwith unguarded():"
    change += " AuditEvent.objects.filter(number=1).update(actor='eve')"
    django(data, change)
    doctor = run("doctor", "--data", data, "--port", "65000")
    assert doctor.returncode == 1
    assert "FAIL audit: Event 1" in doctor.stdout
    assert "→ " in doctor.stdout


def test_gc_shows_first_and_frees_on_yes(data):
    old = "import datetime as dt; from hub.storage import services as s; from hub.storage.models import *;"
    old += "scope = s.new_scope(); s.store_bytes(scope=scope, data=b'x' * 5000);"
    old += "then = dt.datetime(2020, 1, 1, tzinfo=dt.UTC); Holding.objects.update(uploaded_at=then);"
    old += "Blob.objects.update(created_at=then)"
    django(data, old)
    shown = run("gc", "--data", data)
    assert "1 files: 4.9 KiB" in shown.stdout
    assert "--yes" in shown.stderr
    assert "1 files" in run("gc", "--dry-run", "--data", data).stdout
    assert "Freed 1 things, 4.9 KiB." in run("gc", "--yes", "--data", data).stdout
    assert run("gc", "--data", data).stdout == "There is nothing to free.\n"


def test_scrub_finds_a_flipped_byte(data):
    django(data, "from hub.storage import services as s; s.store_bytes(scope=s.new_scope(), data=b'y' * 9000)")
    assert run("scrub", "--data", data).returncode == 0
    (stored,) = [path for path in (data / "storage/sha256").glob("*/*/*") if path.stat().st_size == 9000]
    stored.chmod(0o600)
    stored.write_bytes(b"z" + stored.read_bytes()[1:])
    scrub = run("scrub", "--data", data)
    assert scrub.returncode == 1
    assert f"can't be served: sha256 {stored.name}" in scrub.stdout


def test_prepare_makes_accounts_once(tmp_path):
    first, second = prepare(tmp_path), prepare(tmp_path)
    assert first["admin"]["name"] == "root"
    assert second["admin"] is None
    token = tmp_path / "seed_token"
    assert token.read_text().startswith("hs_")
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert list((tmp_path / "static/admin/css").glob("base.*.css"))


def test_preparing_again_writes_no_static_file_anew(tmp_path):
    def written() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in (tmp_path / "static").rglob("*") if path.is_file()}

    prepare(tmp_path)
    first = written()
    prepare(tmp_path)
    assert first and written() == first


def prepare(data) -> dict:
    variables = {**environment(), "HEADSTART_DATA": str(data), "DJANGO_SETTINGS_MODULE": "hub.settings"}
    command = [sys.executable, "-m", "hub.cli.prepare"]
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def django(data, code: str) -> None:
    """Run code as the hub's own, on that folder."""
    variables = {**environment(), "HEADSTART_DATA": str(data), "DJANGO_SETTINGS_MODULE": "hub.settings"}
    command = [sys.executable, "-c", f"import django; django.setup(); {code}"]
    subprocess.run(command, cwd=ROOT, env=variables, check=True)


def test_the_index_is_made_followed_and_built_anew(data):
    shutil.rmtree(data / "index", ignore_errors=True)
    assert "note search index: is not built yet" in run("doctor", "--data", data, "--port", "65000").stdout
    make = "from tests.factories import make_repo; make_repo('one', owner='lab')"
    django(data, make)
    assert run("index", "--data", data).stdout == "1 repositories are in the index, 0 changes are not.\n"
    django(data, make.replace("one", "two"))
    assert (
        "ok   search index: 1 repositories, 1 changes behind" in run("doctor", "--data", data, "--port", "65000").stdout
    )
    done = run("reindex", "--data", data)
    assert done.stdout == "2 repositories indexed anew.\nThe search index was built.\n", done.stderr
    assert run("index", "--data", data).stdout.startswith("2 repositories are in the index, 0 ")
