"""Nothing that is one thing to us and another to its loader is clean; what only comes near to that is."""

import io
import pickle
from typing import Any

import pytest

from hub.governance.scanning.scan import scan
from hub.governance.scanning.source import of_bytes
from tests.unit.governance.scanning.containers import zipped
from tests.unit.governance.scanning.disguises import (
    FILES,
    FINE,
    FINE_TEMPLATES,
    NAMES,
    OLD,
    PLAIN,
    TEMPLATES,
    TENSORS,
    WHOLE,
)


def told(name: str, data: bytes) -> dict[str, Any]:
    return dict(scan(name, of_bytes(data))["opinions"][0])


def checkpoint(pickled: bytes, size: int = 16) -> bytes:
    return zipped({"a/data.pkl": pickled, "a/data/0": bytes(size), "a/version": b"3\n"})


@pytest.mark.parametrize("name", OLD)
def test_a_pickle_is_found_behind_every_name(name: str) -> None:
    for path in NAMES:
        assert told(path, OLD[name])["verdict"] in ("malicious", "suspicious", "unsupported"), path


def test_a_text_that_looks_odd_hides_no_pickle() -> None:
    assert told("notes.txt", b"cos\nsystem\n(S'echo hi'\ntR.")["verdict"] == "malicious"


@pytest.mark.parametrize("name", FILES)
def test_files_of_two_kinds_are_denied(name: str) -> None:
    assert told(*FILES[name])["verdict"] not in ("clean", "error")


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_that_put_names_together_are_denied(template: str) -> None:
    assert told("chat_template.jinja", template.encode())["verdict"] == "suspicious"


@pytest.mark.parametrize("name", PLAIN)
def test_pickles_that_break_their_loader_are_denied(name: str) -> None:
    assert told("a.pkl", PLAIN[name])["verdict"] == "unsupported"


@pytest.mark.parametrize("name", TENSORS)
def test_tensors_beyond_their_storage_are_denied(name: str) -> None:
    assert told("a.pt", checkpoint(TENSORS[name]))["verdict"] == "unsupported"


def test_a_storage_has_the_length_that_its_pickle_says() -> None:
    assert told("a.pt", checkpoint(WHOLE))["verdict"] == "clean"
    for size in (0, 15, 17):
        assert told("a.pt", checkpoint(WHOLE, size))["verdict"] == "unsupported"


@pytest.mark.parametrize("name", FINE)
def test_what_comes_near_is_clean(name: str) -> None:
    report = told(*FINE[name])
    assert report["verdict"] == "clean", report


@pytest.mark.parametrize("template", FINE_TEMPLATES)
def test_templates_of_models_are_clean(template: str) -> None:
    report = told("chat_template.jinja", template.encode())
    assert report["verdict"] == "clean", report


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_old_checkpoints_of_every_protocol_are_clean(protocol: int) -> None:
    torch = pytest.importorskip("torch")
    file = io.BytesIO()
    torch.save({"a": torch.ones(2)}, file, pickle_protocol=protocol, _use_new_zipfile_serialization=False)
    assert told("a.bin", file.getvalue())["verdict"] == "clean"


def test_empty_bytes_are_clean() -> None:
    for protocol in range(6):
        assert told("a.pkl", pickle.dumps({"a": b"", "b": bytearray(b"x")}, protocol))["verdict"] == "clean"
