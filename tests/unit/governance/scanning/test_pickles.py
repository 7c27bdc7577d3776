"""No pickle that names, calls or hides anything is ever clean. None of these is ever unpickled."""

import pickle
import random

import pytest

from hub.governance.scanning.scan import scan
from hub.governance.scanning.source import of_bytes
from tests.unit.governance.scanning.streams import DIFFERENTIALS, TRICKS, benign, gadgets, protocol_0

GADGETS = dict(gadgets())


def verdict(data: bytes, name: str = "model.pkl") -> str:
    """Our own, whatever the second scanner says."""
    return str(scan(name, of_bytes(data))["opinions"][0]["verdict"])


def test_there_are_enough_of_them() -> None:
    assert len(GADGETS) >= 99
    assert len(TRICKS) >= 24
    assert len(DIFFERENTIALS) >= 20


@pytest.mark.parametrize("name", GADGETS)
def test_gadgets_are_denied(name: str) -> None:
    assert verdict(GADGETS[name]) in ("malicious", "unsupported")


@pytest.mark.parametrize("name", TRICKS)
def test_tricks_are_denied(name: str) -> None:
    assert verdict(TRICKS[name]) in ("malicious", "unsupported")


@pytest.mark.parametrize("name", DIFFERENTIALS)
def test_what_parsers_take_differently_is_denied(name: str) -> None:
    assert verdict(DIFFERENTIALS[name]) != "clean"


@pytest.mark.parametrize(
    "suffix", [".bin", ".pt", ".pth", ".ckpt", ".joblib", ".dat", ".model", "", ".txt", ".md", ".json"]
)
def test_a_name_hides_nothing(suffix: str) -> None:
    for data in (TRICKS["reduce"], GADGETS["os.system protocol_0"], GADGETS["os.popen protocol_2"]):
        assert verdict(data, f"weights{suffix}") != "clean"


def test_plain_values_are_clean() -> None:
    for name, data in benign():
        assert verdict(data) == "clean", name


@pytest.mark.parametrize("seed", range(40))
def test_damaged_streams_never_break_the_scanner(seed: int) -> None:
    chance = random.Random(seed)
    for data in [*TRICKS.values(), pickle.dumps({"a": [1, 2.5, "b"]}, chance.randrange(6))]:
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 4)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        assert verdict(bytes(changed)) != "error"


def test_the_reason_names_what_was_found() -> None:
    report = scan("model.pkl", of_bytes(protocol_0("os", "system")))
    assert report["verdict"] == "malicious"
    assert "os.system" in report["opinions"][0]["reason"]
    assert report["opinions"][1]["scanner"] == "picklescan"
    assert report["coverage"]["is_pickle"]
