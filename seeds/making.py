"""Make one seed's folder: fetch, check, convert, describe."""

import shutil
import tempfile
from pathlib import Path

from seeds import cards, packages
from seeds.seed import Seed

FINGERPRINT = ".headstart/seed.json"


def make(seed: Seed, *, cache: Path, out: Path, owner: str) -> None:
    """Write everything that the repository of `seed` holds into the empty folder `out`. Raises SeedError."""
    with tempfile.TemporaryDirectory(prefix="headstart-seed-") as temporary:
        source = Path(temporary)
        for package in seed.packages:
            packages.unpack(package, cache=cache, into=source)
        out.mkdir(parents=True, exist_ok=True)
        measured = seed.build(source, out)
        for package in seed.packages:
            for path, name in package.texts.items():
                shutil.copyfile(source / package.name / path, out / name)
    (out / "README.md").write_text(cards.render(seed, measured, owner=owner), encoding="utf-8")
    fingerprint = out / FINGERPRINT
    fingerprint.parent.mkdir(exist_ok=True)
    fingerprint.write_bytes(seed.fingerprint())
