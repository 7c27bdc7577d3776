"""Pictures, sounds and speech: what is special to each."""

import numpy as np
import pytest
import torch

from tests.factories.recipes import make_tiny
from workers.formulas.edits import errors
from workers.lib import sounds
from workers.lib.session import Trouble
from workers.recipes import image_classification, object_detection, speech_recognition


def test_a_head_that_knows_the_classes_is_kept(tmp_path):
    tiny = make_tiny("image-classification", tmp_path, max_steps=20)
    session, _ = tiny.tune()
    again, _ = tiny.tune("again", base=session.out, config={**tiny.config, "max_steps": 1, "learning_rate": 1e-8})
    assert tiny.score(again, again.out)["accuracy"].value == tiny.score(session, session.out)["accuracy"].value


def test_labels_that_a_model_does_not_know_are_named(tmp_path):
    tiny = make_tiny("image-classification", tmp_path)
    with pytest.raises(Trouble, match="above, below; known: a, b, c"):
        tiny.recipe.predict(tiny.session("use"), tiny.base, tiny.test)


def test_pictures_are_moved_and_turned_within_bounds():
    pictures = torch.arange(2 * 3 * 4 * 4.0).reshape(2, 3, 4, 4)
    moved = image_classification._shifted(pictures, 1)
    assert moved.shape == pictures.shape
    assert set(moved.unique().tolist()) <= set(pictures.unique().tolist())
    turned = image_classification._flipped(pictures, True)
    assert all(torch.equal(a, b) or torch.equal(a.flip(-1), b) for a, b in zip(pictures, turned, strict=True))


def test_padding_and_turning_take_the_boxes_along():
    labels = {"class_labels": torch.tensor([0]), "boxes": torch.tensor([[0.5, 0.5, 1.0, 1.0]])}
    rows = [{"pixel_values": torch.ones(3, *size), "labels": labels} for size in ((2, 4), (4, 2))]
    batch = object_detection._collate(rows, masked=True)
    assert batch["labels"][0]["boxes"].tolist() == [[0.5, 0.25, 1.0, 0.5]]
    assert batch["pixel_mask"].sum((1, 2)).tolist() == [8, 8]
    assert object_detection._mirrored(batch["labels"][1]["boxes"]).tolist() == [[0.75, 0.5, 0.5, 1.0]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("The cat, sat.", "the cat sat"), ("DON’T  stop", "don't stop"), ("ﬁve – 5", "five 5"), ("Größe", "größe")],
)
def test_texts_are_compared_in_one_form(text, wanted):
    assert speech_recognition.normal(text) == wanted


def test_word_errors_are_those_of_jiwer():
    import jiwer

    texts, told = ["a b c d", "e f", "g"], ["a x c", "e f g", ""]
    wrong, words = errors(texts, told)
    assert wrong.tolist() == [2, 1, 1]
    assert wrong.sum() / words.sum() == pytest.approx(jiwer.wer(texts, told))
    # Neither makes anything alike by itself: the recipe says what it does before.
    pair = ["The cat, sat."], ["the cat sat"]
    assert errors(*pair)[0].sum() / errors(*pair)[1].sum() == jiwer.wer(*pair) == 1
    assert errors(*[list(map(speech_recognition.normal, each)) for each in pair])[0].sum() == 0


@pytest.mark.parametrize("samples", [np.zeros(3, "float32"), np.full(4000, np.nan, "float32")])
def test_broken_sounds_are_named_by_their_row(tmp_path, samples):
    tiny = make_tiny("audio-classification", tmp_path)
    tiny.test.rows.at[1, "audio"] = samples
    rows = sounds.rows(None, tiny.test, 1.0, list(range(len(tiny.test))))
    with pytest.raises(Trouble, match="row 1"):
        rows[1]


def test_an_encoder_without_an_alphabet_gets_one_of_the_texts(tmp_path):
    tiny = make_tiny("speech-recognition", tmp_path, max_steps=1)
    for name in ("vocab.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"):
        (tiny.base / name).unlink(missing_ok=True)
    session, trained = tiny.tune()
    assert trained.card["Alphabet"] == "<pad> <unk> a b c |"
    assert len(tiny.recipe.predict(session, session.out, tiny.test).outputs) == len(tiny.test)
