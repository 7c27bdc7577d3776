"""Make one seed's folder: fetch, check, convert, describe."""

import shutil
import tempfile
from pathlib import Path

from seeds import cards, packages
from seeds.errors import BuildFailed, SeedError
from seeds.seed import Measurement, Seed

FINGERPRINT = ".headstart/seed.json"


def make(seed: Seed, *, cache: Path, out: Path, owner: str) -> None:
    """Write everything that the repository of `seed` holds into the empty folder `out`. Raises SeedError."""
    with tempfile.TemporaryDirectory(prefix="headstart-seed-") as temporary:
        source = Path(temporary)
        for package in seed.packages:
            packages.unpack(package, cache=cache, into=source)
        out.mkdir(parents=True, exist_ok=True)
        measured = _build(seed, source, out)
        for package in seed.packages:
            for path, name in package.texts.items():
                (out / name).parent.mkdir(exist_ok=True)
                shutil.copyfile(source / package.name / path, out / name)
    (out / "README.md").write_text(cards.render(seed, measured, owner=owner), encoding="utf-8")
    if seed.notice:
        (out / "NOTICE").write_text(cards.notice(seed, owner=owner), encoding="utf-8")
    fingerprint = out / FINGERPRINT
    fingerprint.parent.mkdir(exist_ok=True)
    fingerprint.write_bytes(seed.fingerprint(owner))


def _build(seed: Seed, source: Path, out: Path) -> list[Measurement]:
    try:
        return seed.build(source, out)
    except SeedError:
        raise
    except ModuleNotFoundError as error:
        raise BuildFailed(f"{error.name} is not installed. Run: pip install 'headstart[worker]'") from error
    except OSError as error:
        raise BuildFailed(f"reading or writing failed: {error}. Is there room in {out}?") from error
    except Exception as error:  # Whatever torch, pandas and the like raise: this seed fails, the others go on.
        raise BuildFailed(f"{type(error).__name__}: {error}") from error
