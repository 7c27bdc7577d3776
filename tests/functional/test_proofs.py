"""What a running hub vouches for: ledger, bill of materials and signature, each checked by those who don't trust it."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import sdk
from proofs.keys import key_id
from tests.functional.hub_process import ROOT, HubProcess, environment, eventually, run, running_hub
from tests.functional.wire import Wire

pytestmark = [
    pytest.mark.stack,
    pytest.mark.timeout(400),
    # The rules warn of what nobody recorded of this little model.
    pytest.mark.filterwarnings("ignore::sdk.PolicyWarning"),
]
PEOPLE = """
import django; django.setup()
from tests.factories import make_token, make_user
from tests.factories.governance import make_reviewer
make_reviewer(name="rita")
print(make_token(make_user("ada", is_admin=True), "admin"), make_token(make_user("bob"), "read"))
"""
EXAMINED = """
import django; django.setup()
from hub.governance.models import Revision
print(Revision.objects.filter(repo__name="net", examined_at__isnull=False).exists())
"""
DECIDE = """
import django; django.setup()
from hub.accounts.models import User
from hub.catalog.models import Repo
from hub.governance.models import Revision
from tests.factories.ledger import make_decision, head_of
repo = Repo.objects.get(name="net")
make_decision(Revision.objects.get(repo=repo, commit=head_of(repo)))
"""
# Somebody with the database in their hands: another card, under its right git id, in the very same commit.
CHANGE_CARD = """
import django; django.setup()
import hashlib
from hub.catalog.models import GitObject
card = GitObject.objects.get(data=b"---\\nlicense: mit\\n---\\n# Net\\n")
data = bytes(card.data).replace(b"mit", b"MIT")
oid = hashlib.sha1(b"blob %d" % len(data) + bytes(1) + data).hexdigest()
GitObject.objects.create(oid=oid, kind=card.kind, data=data, size=len(data))
for tree in GitObject.objects.filter(kind="tree"):
    told = bytes(tree.data).replace(bytes.fromhex(card.oid), bytes.fromhex(oid))
    GitObject.objects.filter(pk=tree.pk).update(data=told)
"""
CHANGE_EVENT = """
import django; django.setup()
from django.db import connection
from hub.audit.models import AuditEvent
event = AuditEvent.objects.get(action="repo.create")
with connection.cursor() as cursor:
    cursor.execute("DROP TRIGGER audit_auditevent_no_update")
    cursor.execute("UPDATE audit_auditevent SET actor = 'nobody' WHERE number = %s", [event.number])
print(event.number)
"""
CARD = b"---\nlicense: mit\n---\n# Net\n"


def django(running: HubProcess, code: str) -> str:
    """What some lines print, on the running hub's data."""
    variables = {"HEADSTART_DATA": str(running.data), "DJANGO_SETTINGS_MODULE": "hub.settings"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment() | variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def hub(tmp_path_factory) -> Iterator[HubProcess]:
    """A hub with ada's model `ada/net`, examined; `hub.wire` is hers, `hub.reader` is bob's token."""
    with running_hub(tmp_path_factory.mktemp("proofs")) as running:
        running.address = f"http://{running.wait_until_up()}"
        token, running.reader = django(running, PEOPLE).split()
        running.wire = Wire(running.address, token)
        running.wire.create("ada/net")
        running.commit = running.wire.commit("ada/net", "A model", {"README.md": CARD, "config.json": b"{}"}, {})
        yield running


@pytest.fixture(autouse=True)
def own_place(tmp_path, monkeypatch, hub):
    for name, value in (("CACHE", tmp_path / "cache"), ("CONFIG", tmp_path / "config.toml"), ("URL", hub.address)):
        monkeypatch.setenv(f"HEADSTART_{name}", str(value))
    monkeypatch.setenv("HEADSTART_TOKEN", hub.reader)
    monkeypatch.delenv("HEADSTART_HUB_KEY", raising=False)


def official(folder, signature, key) -> subprocess.CompletedProcess[str]:
    options = ["--signature", signature, "--public_key", key, "--no-ignore-git-paths", "--allow_symlinks"]
    command = [sys.executable, "-m", "model_signing", "verify", "key", folder, *options]
    return subprocess.run([*map(str, command)], check=False, capture_output=True, text=True)


def of_hub(hub, path: str) -> dict:
    return json.loads(hub.wire.call("GET", f"/api/headstart/{path}"))


def test_everything_that_a_hub_vouches_for_holds_and_a_change_is_found(hub, tmp_path, monkeypatch):
    eventually(lambda: django(hub, EXAMINED).strip() == "True", seconds=60)
    django(hub, DECIDE)

    # The signature, by the SDK and by the official tool; what reviewers said comes with it.
    model = sdk.pull("ada/net")
    assert [(each.by, each.domain, each.state) for each in model.signature.reviews] == [("rita", "licence", "approved")]
    assert sdk.pull("ada/net", offline=True).signature == model.signature
    assert sdk.verify("ada/net").signed == (model.signature,)
    (tmp_path / "net.sig").write_text(json.dumps(of_hub(hub, f"models/ada/net/signature/{model.commit}")["bundle"]))
    (tmp_path / "hub.pem").write_text(of_hub(hub, "about")["keys"][0]["pem"])
    done = official(model.path, tmp_path / "net.sig", tmp_path / "hub.pem")
    assert done.returncode == 0, done.stdout + done.stderr

    # The bill of materials, by the official schema.
    bill = hub.wire.call("GET", f"/api/headstart/models/ada/net/export/{model.commit}/cyclonedx").decode()
    assert JsonStrictValidator(SchemaVersion.V1_7).validate_str(bill) is None
    assert json.loads(bill)["metadata"]["component"]["hashes"][0]["content"] == model.signature.digest

    # The ledger, live and from an export; the pull is in it, with its person's name.
    eventually(lambda: "bob" in exported(hub, tmp_path, "pull."))
    assert "ada" in exported(hub, tmp_path, "paper.read")
    checked = run("audit", "verify", "--data", hub.data)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert run("audit", "verify", tmp_path / "ledger.jsonl", "--key", tmp_path / "hub.pem").returncode == 0
    changed = (tmp_path / "ledger.jsonl").read_text().replace('"actor":"bob"', '"actor":"eve"', 1)
    (tmp_path / "forged.jsonl").write_text(changed)
    assert "is not as it was written" in run("audit", "verify", tmp_path / "forged.jsonl").stdout

    # A hub that pretends to be this one has another key.
    monkeypatch.setenv("HEADSTART_CACHE", str(tmp_path / "new"))
    with monkeypatch.context() as other:
        other.setenv("HEADSTART_HUB_KEY", key_id(ec.generate_private_key(ec.SECP256R1()).public_key()))
        with pytest.raises(sdk.TrustError, match="knows it by"):
            sdk.pull("ada/net", model.commit)

    # Another card in the same commit, under its right git id: only the signature tells. Processes keep trees they have
    # read, so the hub starts anew.
    hub.stop()
    django(hub, CHANGE_CARD)
    with running_hub(hub.data) as again:
        monkeypatch.setenv("HEADSTART_URL", f"http://{again.wait_until_up()}")
        monkeypatch.setenv("HEADSTART_CACHE", str(tmp_path / "newest"))
        with pytest.raises(sdk.IntegrityError, match="is not what the hub signed") as refused:
            sdk.pull("ada/net", model.commit)
        assert refused.value.file == "README.md"

    # One row that somebody changed behind the hub's back, by its number.
    number = django(hub, CHANGE_EVENT).strip()
    found = run("audit", "verify", "--data", hub.data)
    assert found.returncode != 0 and f"Event {number} is not as it was written." in found.stdout


def exported(hub, folder, action: str) -> set[str]:
    """Who did such things, by an export of the ledger."""
    done = run("audit", "export", folder / "ledger.jsonl", "--data", hub.data)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line).get("event", {}) for line in (folder / "ledger.jsonl").read_text().splitlines()]
    return {event["actor"] for event in events if event.get("action", "").startswith(action)}
