"""How much memory does the whole stack take without a job? Target: at most 600 MiB.

`python -m benchmarks.memory_at_rest`. Counted as PSS: shared pages are split among the processes that share them, so
the sum is what the machine gives.
"""

import time
import urllib.request
from pathlib import Path

from benchmarks._lab import hub

SETTLE = 10


def main() -> dict[str, float]:
    """MiB by process name, for every process that `headstart up` started."""
    with hub() as ours:
        for _ in range(200):
            urllib.request.urlopen(f"{ours.url}/").close()
        time.sleep(SETTLE)
        return {f"{_name(pid)} ({pid})": _pss(pid) for pid in _family(ours.process.pid)}


def _family(root: int) -> list[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(after[1])
    family = [root]
    for pid in family:
        family += [child for child, parent in parents.items() if parent == pid]
    return family


def _pss(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1]) / 1024


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    return " ".join(Path(word).name for word in words if word and not word.startswith("-"))[:40]


if __name__ == "__main__":
    processes = main()
    for name, mib in processes.items():
        print(f"{mib:8.1f} MiB  {name}")
    print(f"{sum(processes.values()):8.1f} MiB  in all")
