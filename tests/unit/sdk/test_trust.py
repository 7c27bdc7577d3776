"""A hub that signs: its key is kept at first sight, and what it didn't sign is refused."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec

import sdk
from proofs import dsse, keys
from proofs.statements import statement
from sdk import _config
from sdk.cli import main
from tests.unit.sdk.fake_hub import REVIEW, FakeHub

CARD, WEIGHTS = b"---\nlicense: mit\n---\n# Net\n", b"w" * 5000


@pytest.fixture(autouse=True)
def signing(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> FakeHub:
    monkeypatch.delenv("HEADSTART_HUB_KEY", raising=False)
    hub.key = ec.generate_private_key(ec.SECP256R1())
    hub.add("ann/net", README__md=CARD, model__bin=WEIGHTS, config__json=b"{}")
    return hub


def fingerprint(hub: FakeHub) -> str:
    return keys.key_id(hub.key.public_key())


def test_the_key_is_kept_at_first_sight_and_asked_for_once(hub: FakeHub) -> None:
    first = sdk.pull("ann/net")
    assert json.loads(_config.known_hubs_path().read_text())[hub.address]["id"] == fingerprint(hub)
    hub.asked.clear()
    assert sdk.pull("ann/net") == first
    assert hub.count("/api/headstart/about") == hub.count("/signature/") == 0
    assert sdk.pull("ann/net", offline=True) == first


@pytest.mark.parametrize("path", ["README.md", "config.json", "model.bin"])
def test_a_byte_that_the_hub_did_not_sign_is_refused(hub: FakeHub, path: str) -> None:
    hub.signed[path] = hub.repos["ann/net"][path] + b"!"
    with pytest.raises(sdk.IntegrityError, match="is not what the hub signed") as refused:
        sdk.pull("ann/net")
    assert refused.value.file == path
    assert not list(Path(_config.resolve().cache).glob(f"**/snapshots/*/{path}"))


@pytest.mark.parametrize(
    ("path", "data", "how"),
    [("extra.bin", b"x", "is signed but not listed"), ("config.json", b"", "is listed but not signed")],
)
def test_a_file_that_is_missing_on_either_side_is_refused(hub: FakeHub, path: str, data: bytes, how: str) -> None:
    hub.signed[path] = data
    with pytest.raises(sdk.IntegrityError, match=how) as refused:
        sdk.pull("ann/net")
    assert refused.value.file == path


def test_part_of_a_commit_is_checked_as_far_as_it_was_pulled(hub: FakeHub) -> None:
    hub.signed["model.bin"] = b"other"
    assert [file.path for file in sdk.pull("ann/net", allow="*.json").files] == ["README.md", "config.json"]
    with pytest.raises(sdk.IntegrityError) as refused:
        sdk.pull("ann/net")
    assert refused.value.file == "model.bin"


def test_another_key_is_refused_until_somebody_trusts_it(hub: FakeHub) -> None:
    sdk.pull("ann/net", allow="*.json")
    hub.key = ec.generate_private_key(ec.SECP256R1())
    hub.add("ann/net", config__json=b"[]")
    with pytest.raises(sdk.TrustError, match=f"headstart trust --hub {hub.address} --key {fingerprint(hub)}"):
        sdk.pull("ann/net")
    with pytest.raises(sdk.TrustError, match="Nothing was changed"):
        sdk.trust(key="0" * 64)
    done = CliRunner().invoke(main, ["trust", "--key", fingerprint(hub)])
    assert (done.exit_code, fingerprint(hub) in done.output) == (0, True)
    assert sdk.pull("ann/net").path.is_dir()


def test_a_hub_that_stops_signing_is_refused(hub: FakeHub) -> None:
    sdk.pull("ann/net")
    hub.add("ann/net", config__json=b"[]")
    hub.gives_signatures = False
    with pytest.raises(sdk.TrustError, match="gives no signature"):
        sdk.pull("ann/net")
    hub.key = None
    with pytest.raises(sdk.TrustError, match="announces none now"):
        sdk.pull("ann/net")
    assert sdk.pull("ann/net", verify=False).path.is_dir()


@pytest.mark.parametrize("form", ["fingerprint", "file"])
def test_the_environment_says_which_key(
    hub: FakeHub, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = tmp_path / "key.pem"
    pem.write_text(keys.pem_of(hub.key.public_key()))
    monkeypatch.setenv("HEADSTART_HUB_KEY", fingerprint(hub) if form == "fingerprint" else str(pem))
    assert sdk.pull("ann/net").path.is_dir()
    hub.key = ec.generate_private_key(ec.SECP256R1())
    hub.add("ann/net", config__json=b"[]")
    with pytest.raises(sdk.TrustError):
        sdk.pull("ann/net")


def test_a_key_in_the_environment_that_is_none_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADSTART_HUB_KEY", "nowhere.pem")
    with pytest.raises(sdk.TrustError, match="neither a fingerprint"):
        sdk.pull("ann/net")


def test_a_kept_signature_that_was_changed_is_refused() -> None:
    pulled = sdk.pull("ann/net")
    note = _config.resolve().cache / "models--ann--net/.headstart" / f"{pulled.commit}.signature.json"
    told = json.loads(note.read_text())
    told["bundle"]["dsseEnvelope"]["payload"] = "e30="
    note.write_text(json.dumps(told))
    with pytest.raises(sdk.TrustError, match="doesn't hold"):
        sdk.pull("ann/net", offline=True)


def test_the_signature_of_another_commit_is_refused(hub: FakeHub) -> None:
    commit = hub.commit("ann/net")
    hub.signed_commit = "f" * 40
    with pytest.raises(sdk.TrustError, match=f"at {commit[:12]} doesn't hold: It is of 'models/ann/net@fff"):
        sdk.pull("ann/net")


def test_large_files_are_not_read_again(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    from sdk import _signed

    real = _signed.Signed._read_again
    monkeypatch.setattr(_signed.Signed, "_read_again", lambda self, file: read.append(file.path) or real(self, file))
    sdk.pull("ann/net")
    assert sorted(read) == ["README.md", "config.json"]
    sdk.pull("ann/net")
    assert len(read) == 2


SAID = {
    "domain": "licence",
    "state": "approved",
    "by": "rita",
    "at": "2026-11-21T09:00:00Z",
    "reason": "It fits.",
    "conditions": ["inside only"],
}


def test_what_reviewers_decided_comes_along_signed_and_stays(hub: FakeHub) -> None:
    hub.reviews = [SAID]
    found = sdk.pull("ann/net").signature
    assert found is not None and found.key == fingerprint(hub)
    assert found.reviews == (sdk.Review(**{**SAID, "conditions": ("inside only",)}),)
    assert sdk.pull("ann/net", offline=True).signature == found
    assert sdk.pull("ann/net", verify=False).signature is None
    assert sdk.verify("ann/net").signed == (found,)


@pytest.mark.parametrize(
    ("said", "fault"), [({"domain": "licence"}, "doesn't say what it should"), (None, "is of other files")]
)
def test_a_statement_that_says_nothing_or_of_other_files_is_refused(hub: FakeHub, said: object, fault: str) -> None:
    subject = {"name": "models/ann/other@" + "f" * 40, "digest": {"sha256": "0" * 64}}
    if said is None:
        hub.statements = [dsse.sign(hub.key, statement(subject, REVIEW, SAID))]
    else:
        hub.reviews = [said]
    with pytest.raises(sdk.TrustError, match=fault):
        sdk.pull("ann/net")


def test_a_hub_that_signs_nothing_is_pulled_from_without_a_signature(hub: FakeHub) -> None:
    hub.key = None
    assert sdk.pull("ann/net").signature is None
    assert (sdk.verify("ann/net").signed, sdk.verify("ann/net").is_good) == ((), True)


def test_verify_says_whose_signature_was_kept_and_that_one_was_changed(hub: FakeHub) -> None:
    pulled = sdk.pull("ann/net")
    told = CliRunner().invoke(main, ["verify", "ann/net"])
    assert told.exit_code == 0 and f"signed by key {fingerprint(hub)[:16]}" in told.output
    note = _config.resolve().cache / "models--ann--net/.headstart" / f"{pulled.commit}.signature.json"
    note.write_text(note.read_text().replace('"payload": "', '"payload": "e30'))
    told = CliRunner().invoke(main, ["verify", "ann/net"])
    assert told.exit_code == 5 and "doesn't hold" in told.output
