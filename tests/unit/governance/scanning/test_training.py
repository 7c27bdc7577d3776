"""The settings of a training run are understood as exactly what trainers save; the same with more in it is not."""

from pathlib import Path

import pytest

from hub.governance.scanning.scan import scan
from hub.governance.scanning.source import of_bytes
from tests.unit.governance.scanning.streams import ARG

SAVED = Path(__file__).parents[3] / "data" / "training_args.bin"
_SETTINGS, _CHOICE = b"ctransformers.training_args\nTrainingArguments\n", b"ctransformers.trainer_utils\nHubStrategy\n"
_STATE = b"}" + ARG + b"K\x01s"
FINE = {
    "settings": _SETTINGS + b")\x81" + _STATE + b"b",
    "choice": _CHOICE + ARG + b"\x85R",
    "settings in settings": _SETTINGS + b")\x81}" + ARG + _SETTINGS + b")\x81" + _STATE + b"bsb",
}
ATTACKS = {
    "initialised": _SETTINGS + b")R" + _STATE + b"b",
    "initialised with a folder": _SETTINGS + ARG + b"\x85R",
    "made from something": _SETTINGS + ARG + b"\x85\x81",
    "made with keywords": b"\x80\x04" + _SETTINGS + b")}\x92",
    "in the way of Python 2": b"(" + _SETTINGS + b"o",
    "set one by one": _SETTINGS + b")\x81N" + _STATE + b"\x86b",
    "a state that is settings": _SETTINGS + b")\x81" + _SETTINGS + b")\x81b",
    "its own setter": _SETTINGS + b")\x81}X\x0c\0\0\0__setstate__cos\nsystem\nsb",
    "another class": _SETTINGS + b")\x81}X\x09\0\0\0__class__K\x01sb",
    "a setter that is allowed": _SETTINGS + b")\x81}X\x0c\0\0\0__setstate__cbuiltins\nset\nsb",
    "items": _SETTINGS + b")\x81" + ARG + b"K\x01s",
    "a choice that is changed": _CHOICE + ARG + b"\x85R" + _STATE + b"b",
    "a class that is changed": _CHOICE + _STATE + b"b",
    "settings' class that is changed": _SETTINGS + _STATE + b"b",
    "a choice without its search": _CHOICE + ARG + b"\x85\x81",
    "a choice by nothing": _CHOICE + b")R",
    "a new choice": _CHOICE + ARG + b"}\x86R",
    "a choice by an object": _CHOICE + _SETTINGS + b")\x81\x85R",
    "a choice by a class": _CHOICE + b"cbuiltins\nset\n\x85R",
    "lent": b"ctorch._tensor\n_rebuild_from_type_v2\n(" + _CHOICE + b"ctorch\nTensor\n" + ARG + b"\x85NtR",
    "a neighbour": b"ctransformers.training_args\nos.system\n" + ARG + b"\x85R",
    "a method": b"\x80\x04\x8c\x1atransformers.training_args\x8c\x1bTrainingArguments.to_string\x93)R",
    "another's name": b"ctraining_args\nTrainingArguments\n)\x81",
}


def verdict(body: bytes) -> str:
    data = (b"" if body[:1] == b"\x80" else b"\x80\x02") + body + b"."
    return str(scan("training_args.bin", of_bytes(data))["opinions"][0]["verdict"])


def test_what_a_trainer_saves_is_clean_and_a_pickle() -> None:
    report = scan(SAVED.name, of_bytes(SAVED.read_bytes()))
    assert (report["verdict"], report["coverage"]["is_pickle"]) == ("clean", True), report


@pytest.mark.parametrize("name", FINE)
def test_what_it_is_made_of_is_clean(name: str) -> None:
    assert verdict(FINE[name]) == "clean"


@pytest.mark.parametrize("name", ATTACKS)
def test_what_no_trainer_saves_is_denied(name: str) -> None:
    assert verdict(ATTACKS[name]) in ("unsupported", "malicious")
