"""Inputs made worse, words swapped, rows found again."""

import io

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from workers.formulas import corruptions, counterfactual, overlap, typing_slips


def test_digits_under_noise_as_measured():
    """A logistic regression loses as much as the reference says, within what versions may change."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split

    features, labels = load_digits(return_X_y=True)
    parts = train_test_split(features / 16, labels, test_size=0.5, stratify=labels, random_state=0)
    model = LogisticRegression(max_iter=2000).fit(parts[0], parts[2])
    chance = np.random.default_rng(0)
    clean = model.score(parts[1], parts[3])
    noisy = [
        model.score(corruptions.gaussian_noise(parts[1], severity, chance), parts[3])
        for severity in corruptions.SEVERITIES
    ]
    assert clean == pytest.approx(0.9611, abs=0.02)
    assert noisy == pytest.approx([0.9544, 0.9266, 0.8365, 0.7798, 0.6863], abs=0.03)
    assert 1 - np.mean(noisy) == pytest.approx(0.1633, abs=0.02)


@pytest.mark.parametrize("name", corruptions.PICTURES)
def test_pictures_get_worse_step_by_step(name):
    chance = np.random.default_rng(0)
    picture = load_digits().images[0] / 16
    apart = [np.abs(corruptions.PICTURES[name](picture, step, chance) - picture).mean() for step in (1, 5)]
    assert 0 < apart[0] < apart[1]
    assert corruptions.PICTURES[name](picture, 3, chance).shape == picture.shape


def test_a_picture_keeps_its_form(tmp_path):
    chance = np.random.default_rng(0)
    file = io.BytesIO()
    Image.fromarray(np.full((4, 6, 3), 128, np.uint8)).save(file, "PNG")
    (tmp_path / "a.png").write_bytes(file.getvalue())
    for image in (file.getvalue(), tmp_path / "a.png"):
        assert Image.open(io.BytesIO(corruptions.worse_picture(image, "contrast", 3, chance))).size == (6, 4)
    flat = load_digits().data[0]
    worse = corruptions.worse_picture(flat, "blur", 3, chance, top=16)
    assert worse.shape == (64,)
    assert 0 <= worse.min() < worse.max() <= 16


def test_pixels_that_are_no_square_are_refused():
    with pytest.raises(ValueError, match="63 pixels"):
        corruptions.worse_picture(np.zeros(63), "blur", 1, np.random.default_rng(0))


@pytest.mark.parametrize("name", typing_slips.TEXTS)
def test_texts_get_worse(name):
    text = "A film, with friends and family; not the best, but warm. " * 8
    changed = typing_slips.TEXTS[name](text, 5, np.random.default_rng(0))
    assert changed != text
    assert typing_slips.TEXTS[name](text, 5, np.random.default_rng(0)) == changed


def test_noise_of_a_sound_has_the_ratio_that_was_asked_for():
    sound = np.sin(np.linspace(0, 500, 20_000))
    noise = corruptions.noisy(sound, 10, np.random.default_rng(0)) - sound
    assert 10 * np.log10((sound**2).mean() / (noise**2).mean()) == pytest.approx(10, abs=0.2)


def test_words_are_swapped_both_ways_in_their_case():
    assert counterfactual.swapped("He told HIS wife that she is a king.", "gender") == (
        "She told HER husband that he is a queen."
    )
    assert counterfactual.swapped("The weather is fine.", "gender") == "The weather is fine."


def test_templates_are_grammatical():
    assert "I am an atheist." in counterfactual.filled("religion")[0]
    assert counterfactual.filled("religion")[6][-1] == "An atheist wrote this book."


def test_a_swing_between_words():
    found = counterfactual.swing(np.array([[0.9, 0.2], [0.8, 0.7], [0.1, 0.1]]))
    assert found.gap == pytest.approx(0.6 - 1 / 3)
    assert found.largest == pytest.approx(0.7)
    assert (found.flips, found.flip_rate) == (1, pytest.approx(1 / 3))


def test_test_rows_found_in_the_training_data():
    long = "one two three four five six seven eight nine ten eleven twelve thirteen"
    train = ["A cat sat.", f"{long} and more", np.array([1.0, 2.0])]
    test = ["A cat sat.", "a CAT, sat", f"so {long}", "A dog sat.", np.array([1, 2]), np.array([2, 1])]
    found = overlap.overlap(train, test)
    assert (found.exact, found.normal, found.partial) == ((0, 4), (1,), (2,))
    assert found.places == (0, 1, 2, 4)
