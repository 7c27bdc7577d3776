"""Boxes and average precision. The reference values are those of pycocotools 2.0 on the same boxes."""

import json

import numpy as np
import pytest

from workers.lib import boxes
from workers.lib.boxes import Objects
from workers.lib.session import Trouble

# map, map_50, map_75 by seed.
REFERENCE = (
    (0, [0.2872670139808502, 0.577440712342484, 0.26585098444272176]),
    (1, [0.27831717317065474, 0.5275586762559143, 0.30774666563833714]),
)


def drawn(seed: int, pictures: int = 30) -> list[tuple[list, list]]:
    """True boxes of three classes, and boxes near them, elsewhere and of another class, with scores."""
    random, made = np.random.default_rng(seed), []
    for _ in range(pictures):
        count = random.integers(0, 5)
        corner, extent = random.uniform(0, 60, (count, 2)), random.uniform(10, 40, (count, 2))
        true = [[*a, *(a + b), int(random.integers(0, 3))] for a, b in zip(corner, extent, strict=True)]
        near = [[*(np.asarray(box[:4]) + random.normal(0, 2, 4)), box[4]] for box in true if random.uniform() < 0.8]
        far = [[*a, *(a + 20), int(random.integers(0, 3))] for a in random.uniform(0, 70, (random.integers(0, 3), 2))]
        made.append((true, [[*box, float(random.uniform())] for box in near + near[:1] + far]))
    return made


def precision(pictures: list[tuple[list, list]]) -> np.ndarray:
    pairs = [(Objects.from_list(true), Objects.from_list(told)) for true, told in pictures]
    return boxes.precisions([boxes.match(*pair, 3) for pair in pairs])


@pytest.mark.parametrize(("seed", "wanted"), REFERENCE)
def test_average_precision_is_that_of_coco(seed, wanted):
    found = precision(drawn(seed))
    assert [boxes.mean(found), boxes.mean(found[:, 0]), boxes.mean(found[:, 5])] == pytest.approx(wanted, abs=1e-12)


def test_what_is_all_right_is_one_and_what_is_not_told_is_nothing():
    true = [[0, 0, 10, 10, 0], [20, 20, 30, 30, 1]]
    right = [(true, [[*box, 0.9] for box in true])]
    assert boxes.mean(precision(right)) == 1.0
    assert boxes.mean(precision([(true, [])])) == 0.0
    assert np.isnan(precision(right)[2]).all()


def test_a_second_box_on_the_same_thing_is_wrong():
    told = [[0, 0, 10, 10, 0, 0.9], [0, 0, 10, 10, 0, 0.8]]
    one = [[0, 0, 10, 10, 0], [50, 50, 60, 60, 0]]
    # Half of the things are found, at full precision: 51 of the 101 points of recall.
    assert precision([(one, told)])[0, 0] == pytest.approx(51 / 101)


@pytest.mark.parametrize(
    "cell",
    [
        {"bbox": [[1, 2, 3, 4], [1, 1, 0, 5]], "category": ["cat", "dog"]},
        [{"bbox": [1, 2, 3, 4], "category_id": "cat"}],
        json.dumps({"bbox": [[1, 2, 3, 4]], "label": ["cat"]}),
    ],
)
def test_boxes_are_read_as_they_come(cell):
    found = boxes.read(cell)
    assert found.boxes.tolist() == [[1, 2, 4, 6]]
    assert found.labels == ("cat",)


@pytest.mark.parametrize("cell", [{"bbox": [[1, 2]], "category": [1]}, {"bbox": [], "category": [1]}, {"bbox": []}, 7])
def test_what_is_no_box_is_said(cell):
    with pytest.raises(Trouble, match="holds no boxes"):
        boxes.read(cell)
