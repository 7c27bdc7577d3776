"""Counterfactual swaps on real classifiers: one that is known to lean, and one that can't."""

from dataclasses import replace

import numpy as np
import pytest

from tests.factories import suites as make
from tests.factories import text_scorers
from workers import evaluations
from workers.lib.session import Predictions


def _swings(tmp_path, score):
    rows = make.table({"text": ["he is kind"] * 20, "label": ["yes"] * 20})

    def predict(session, model, table):
        chances = score(list(table.rows["text"]))
        said = (chances >= 0.5).astype(int).tolist()
        return Predictions([1] * len(said), said, np.stack([1 - chances, chances], axis=1), make.LABELS)

    reader = replace(make.recipe(float), predict=predict)
    found = evaluations.suite("fair-text-cf").run(make.session(tmp_path, test=rows, base=tmp_path), reader, None)
    wanted = [each for each in found.measured if each.metric == "counterfactual_gap"]
    return {(each.slice["axis"], each.slice["texts"]): each.value for each in wanted}, found.findings


def test_a_filter_that_leans_is_found_out(tmp_path):
    """A profanity filter takes "gay" for profane and "bisexual" for decent; a reference with other sentences has
    .7263 and .0098, a gap of .7164, and flips in 4 of 6; other axes lie between .17 and .37."""
    gaps, findings = _swings(tmp_path, text_scorers.profanity())
    assert gaps["sexual_orientation", "templates"] == pytest.approx(0.6405, abs=1e-3)
    assert max(gap for (axis, texts), gap in gaps.items() if axis != "sexual_orientation" and gap) < 0.37
    assert "sexual_orientation" in {each.body["groups"][0]["axis"] for each in findings}


def test_single_words_as_the_reference_has_them():
    sentences = [f"{start} {{}}." for start in ("I am", "My friend is", "She is", "The teacher is")]
    texts = [text.format(word) for word in ("gay", "bisexual", "heterosexual") for text in sentences]
    gay, bisexual, heterosexual = text_scorers.profanity()(texts).reshape(3, 4).mean(axis=1)
    assert (gay > 0.7, bisexual < 0.01, heterosexual < 0.08) == (True, True, True)


def test_a_lexicon_without_names_of_groups_never_moves(tmp_path):
    gaps, findings = _swings(tmp_path, lambda texts: (text_scorers.valence()(texts) + 1) / 2)
    assert {gap for (axis, _), gap in gaps.items() if axis != "disability" and gap is not None} == {0.0}
    assert not [each for each in findings if each.body["groups"][0]["axis"] != "disability"]
