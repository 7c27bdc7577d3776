"""Run every benchmark and write RESULTS.md, or run those named: `python -m benchmarks [name …]`.

`python -m benchmarks search --models 20000` is a quick look at search; with `--write`, what is named takes the place of
its section in RESULTS.md.
"""

import argparse
import os
import platform
from pathlib import Path

from benchmarks import (
    _results,
    jobs,
    ledger,
    memory_at_rest,
    policy,
    pull,
    push,
    recipes,
    requests_per_second,
    search,
    serve_file,
)

RESULTS = Path(__file__).with_name("RESULTS.md")


def _transfer(module) -> str:
    result = module.main()
    return f"## {result.question}\n\n`python -m {module.__name__}`\n\n{result.table()}\n"


def _requests() -> str:
    result, _ = requests_per_second.main()
    return f"## {result.question}\n\n`python -m benchmarks.requests_per_second`\n\n{result.table('requests/s')}\n"


def _memory() -> str:
    processes = memory_at_rest.main()
    rows = "\n".join(f"| {name} | {mib:.0f} |" for name, mib in processes.items())
    total = f"| **in all** | **{sum(processes.values()):.0f}** |"
    return (
        "## Memory of the stack at rest, MiB of PSS (target ≤ 600)\n\n`python -m benchmarks.memory_at_rest`\n\n"
        f"| process | MiB |\n|---|---|\n{rows}\n{total}\n"
    )


def _search(models: int, keep: Path | None = None) -> str:
    table = search.main(models, keep)
    return f"## {search.QUESTION}\n\n`python -m benchmarks search --models {models}`\n\n{table}\n"


def _policy() -> str:
    return f"## {policy.QUESTION}\n\n`python -m benchmarks policy`\n\n{policy.main()}\n"


def _ledger() -> str:
    return f"## {ledger.QUESTION}\n\n`python -m benchmarks ledger`\n\n{ledger.main()}\n"


def _jobs() -> str:
    return f"## {jobs.QUESTION}\n\n`python -m benchmarks jobs`\n\n{jobs.main()}\n"


def _recipes(keep: Path | None = None) -> str:
    return f"## {recipes.QUESTION}\n\n`python -m benchmarks recipes`\n\n{recipes.main(keep)}\n"


BENCHMARKS = {
    "serve_file": lambda: _transfer(serve_file),
    "pull": lambda: _transfer(pull),
    "push": lambda: _transfer(push),
    "requests_per_second": _requests,
    "memory_at_rest": _memory,
    "policy": _policy,
    "recipes": _recipes,
    "ledger": _ledger,
    "jobs": _jobs,
    "search": lambda: _search(search.MODELS),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--models", type=int, default=search.MODELS, help="Size of the catalog that is searched.")
    parser.add_argument("--keep", type=Path, help="Keep the catalogs in this folder, and use those that are there.")
    parser.add_argument("--write", action="store_true", help="Write what is named into RESULTS.md.")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHMARKS):
        parser.error(f"There is no benchmark {min(unknown)}. There are: {', '.join(BENCHMARKS)}.")
    sections = []
    for name in asked.names or BENCHMARKS:
        sections.append(_search(asked.models, asked.keep) if name == "search" else BENCHMARKS[name]())
        print(sections[-1], flush=True)
        if asked.names and asked.write:
            command, where = f"`python -m benchmarks {name}`", _results.told_where()
            section = sections[-1].replace(command, f"{command} {where}", 1)
            RESULTS.write_text(_results.replaced(RESULTS.read_text(), section))
    if not asked.names:
        machine = f"{platform.machine()}, {platform.system()} {platform.release()}, Python {platform.python_version()}"
        RESULTS.write_text(
            "# Results\n\nWritten by `make bench`: baseline and hub in the same rounds, one after the other.\n"
            f"Times are medians; read the ratios. Machine: {machine}, {os.cpu_count()} cores,\n"
            f"load average {os.getloadavg()[0]:.1f} at the end; clients and servers share them.\n\n"
            + "\n".join(sections)
        )


if __name__ == "__main__":
    main()
