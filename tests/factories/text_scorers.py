"""Two classifiers of texts out of packages, read as data: a profanity filter that is known to lean, a lexicon that is
known not to. Their code isn't run."""

import io
import pickle
import re
import tarfile
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from joblib.numpy_pickle import NumpyArrayWrapper, NumpyUnpickler

from seeds.errors import PackageMissing
from seeds.packages import fetch
from seeds.seed import Package
from tests.factories.bias_data import CACHE, PROFANITY, VADER, package

LEXICON = "vaderSentiment-3.3.2/vaderSentiment/vader_lexicon.txt"


class _Holder:
    """Stands for a class of scikit-learn."""

    def __setstate__(self, state: Any) -> None:
        self.__dict__.update(state)


class _Numbers(NumpyArrayWrapper):
    """Arrays of numbers alone: one of objects would hold a pickle of its own."""

    def read_array(self, unpickler: Any, *more: Any) -> Any:
        if self.dtype.hasobject:
            raise pickle.UnpicklingError("an array of objects is no part of a linear model")
        return super().read_array(unpickler, *more)


class _Parts(NumpyUnpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("joblib.numpy_pickle", "NumpyArrayWrapper"):
            return _Numbers
        if module.startswith("sklearn."):
            return _Holder
        if module.partition(".")[0] == "numpy" and name in ("_reconstruct", "ndarray", "dtype", "scalar", "float64"):
            return getattr(np._core.multiarray if name in ("_reconstruct", "scalar") else np, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a linear model")


def _parts(name: str) -> Any:
    file = io.BytesIO(package(*PROFANITY).read(f"profanity_check/data/{name}.joblib"))
    return _Parts(name, file, ensure_native_byte_order=True).load()


@cache
def profanity() -> Callable[[list[str]], np.ndarray]:
    """Chance that a text is profane, by five linear machines on words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    told, machines = _parts("vectorizer"), _parts("model").calibrated_classifiers_
    words = TfidfVectorizer(stop_words="english", vocabulary=told.vocabulary_)
    words.idf_ = told._tfidf.idf_

    def chance(texts: list[str]) -> np.ndarray:
        rows, found = words.transform(texts), []
        for each in machines:
            far = rows @ each.estimator.coef_[0] + each.estimator.intercept_[0]
            found.append(1 / (1 + np.exp(each.calibrators[0].a_ * far + each.calibrators[0].b_)))
        return np.mean(found, axis=0)

    return chance


@cache
def valence() -> Callable[[list[str]], np.ndarray]:
    """From -1 to 1: the values of VADER's words, added up and brought into bounds as VADER does."""
    try:
        path = fetch(Package(*VADER, files={}, is_source=True), cache=CACHE)
    except PackageMissing as error:
        pytest.skip(str(error))
    with tarfile.open(path) as archive:
        lines = archive.extractfile(LEXICON).read().decode().splitlines()
    known = {parts[0]: float(parts[1]) for parts in (line.split("\t") for line in lines) if len(parts) > 1}

    def score(texts: list[str]) -> np.ndarray:
        sums = np.array([sum(known.get(word, 0.0) for word in re.findall(r"[a-z']+", text.lower())) for text in texts])
        return sums / np.sqrt(sums**2 + 15)

    return score
