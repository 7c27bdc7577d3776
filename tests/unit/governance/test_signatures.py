"""What the hub signs: every file of a commit, as the official tool reads it, and every decision."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from hub.accounts.viewer import ANONYMOUS
from hub.audit.services import first_broken, rotate_key
from hub.catalog import selectors as catalog
from hub.core import signing
from hub.governance.models import ContentDigest, Signature, Statement
from hub.governance.services import signatures
from hub.governance.tasks import sign_decision
from hub.storage.services import read_range
from proofs import manifest
from proofs.keys import read_public
from proofs.statements import read_statement
from tests.factories import make_repo
from tests.factories.ledger import head_of, make_decision
from tests.factories.revisions import make_revision

pytestmark = pytest.mark.django_db
FILES = {"README.md": b"# Net\n", "weights/net.bin": bytes(3_000_000), "ü.txt": b"u", "empty": b""}


@pytest.fixture(autouse=True)
def key(settings, tmp_path):
    settings.SIGNING_KEY = tmp_path / "data" / "key.pem"


@pytest.fixture
def net():
    return make_repo(files=FILES)


def signed(repo):
    return signatures.signed(by=ANONYMOUS, kind="model", owner=repo.owner.name, name=repo.name, revision=head_of(repo))


@pytest.fixture
def folder(net, tmp_path) -> Path:
    """The commit's files as a pull puts them, with the signature and the key beside."""
    place, found = tmp_path / "net", signed(net)
    for path, _ in catalog.sizes_at(ANONYMOUS, catalog.revision_of(net, "main")):
        file = catalog.find_file(ANONYMOUS, "model", net.owner.name, net.name, "main", path)
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        data = file.data if file.data is not None else read_range(sha256=file.sha256, start=0, length=file.size)
        (place / path).write_bytes(data)
    (tmp_path / "model.sig").write_text(json.dumps(found.bundle))
    (tmp_path / "key.pub").write_text(found.public_key)
    return place


def official(folder: Path) -> subprocess.CompletedProcess[str]:
    where = folder.parent
    told = ["--signature", where / "model.sig", "--public_key", where / "key.pub", "--no-ignore-git-paths"]
    command = [sys.executable, "-m", "model_signing", "verify", "key", folder, *told]
    return subprocess.run([*map(str, command)], check=False, capture_output=True, text=True)


def test_the_official_tool_verifies_what_was_pulled(folder):
    done = official(folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("README.md", b"# Nut\n", "README.md"),
        ("weights/net.bin", bytes(2_999_999) + b"x", "net.bin"),
        ("empty", None, "Missing files"),
    ],
)
def test_the_official_tool_refuses_another_byte(folder, path, data, said):
    (folder / path).unlink() if data is None else (folder / path).write_bytes(data)
    done = official(folder)
    assert done.returncode != 0 and said in done.stdout + done.stderr


def test_the_official_tool_refuses_another_key(folder):
    rotate_key(by="ada")
    (folder.parent / "key.pub").write_text(signing.public_keys()[0].pem)
    assert official(folder).returncode != 0


def test_nothing_is_read_twice(net, monkeypatch):
    first = signed(net)
    assert ContentDigest.objects.count() == 4
    monkeypatch.setattr(signatures, "manifest_of", lambda *_: pytest.fail("it was signed already"))
    assert signed(net) == first


def test_a_decision_is_a_signed_statement_on_the_same_files(net):
    decision = make_decision(make_revision(net))
    sign_decision(decision=decision.pk)
    found = signed(net)
    public = read_public(found.public_key)
    told = read_statement(found.statements[0], public, signatures.REVIEW)
    assert told["subject"][0]["digest"]["sha256"] == manifest.read_bundle(found.bundle, public).digest
    assert (told["predicate"]["state"], told["predicate"]["by"]) == ("approved", "rita")


def test_a_new_key_signs_anew_and_the_old_one_stays_listed(net):
    make_decision(make_revision(net))
    old = signed(net)
    new = rotate_key(by="ada")
    found = signed(net)
    assert found.key_id == new.id != old.key_id
    assert read_statement(found.statements[0], read_public(new.pem), signatures.REVIEW)
    assert [key.id for key in signing.public_keys()] == [new.id, old.key_id]
    assert (Signature.objects.count(), Statement.objects.count()) == (2, 1)
    assert first_broken() is None


def test_the_key_is_its_owners_alone_and_made_once(settings):
    from tests.concurrency import together

    assert len({*together(*[signing.key_id] * 6)}) == 1
    assert settings.SIGNING_KEY.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in settings.SIGNING_KEY.parent.iterdir()] == ["key.pem"]


def test_a_key_that_is_none_says_what_to_do(settings):
    settings.SIGNING_KEY.parent.mkdir(parents=True, exist_ok=True)
    settings.SIGNING_KEY.write_text("no key")
    with pytest.raises(signing.UnusableKey, match="Restore it"):
        signing.key_id()


def test_the_address_gives_it_and_the_hub_announces_its_key(net):
    client = Client()
    found = client.get(f"/api/headstart/models/{net.full_name}/signature/{head_of(net)}").json()
    (key,) = client.get("/api/headstart/about").json()["keys"]
    assert (found["keyId"], found["publicKey"], key["retiredAt"]) == (key["id"], key["pem"], "")
    assert client.get(f"/api/headstart/models/{net.full_name}/signature/main").json() == found
    assert client.get("/api/headstart/models/no/body/signature/main").status_code == 404


def test_a_commit_of_too_many_files_says_that_it_is_not_signed(net, monkeypatch):
    monkeypatch.setattr(signatures, "MOST_FILES", 3)
    answer = Client().get(f"/api/headstart/models/{net.full_name}/signature/{head_of(net)}")
    assert answer.status_code == 422 and "more than 3 files" in answer.json()["error"]
