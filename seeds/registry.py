"""Every seed, in the order in which they are made: small first, trained-for-minutes last."""

import difflib
from collections.abc import Iterable

from seeds.datasets import adult, digits, movielens_small
from seeds.errors import UnknownSeed
from seeds.models import adult_income_mlp, fracast, movielens_mf, resnet_tiny_digits
from seeds.seed import Seed

SEEDS: tuple[Seed, ...] = (
    fracast.SEED,
    digits.SEED,
    resnet_tiny_digits.SEED,
    adult.SEED,
    adult_income_mlp.SEED,
    movielens_small.SEED,
    movielens_mf.SEED,
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
