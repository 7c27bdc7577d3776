"""How many HEAD resolve and model info requests a second, with 32 connections?

On two quiet cores, shared with the load: 4000 and 2000 were aimed at.
`python -m benchmarks.requests_per_second`. The baseline in the same run is the server's smallest answer,
`/api/headstart/about`.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks import _lab as lab
from benchmarks._lab import Comparison, client, hub

ROUNDS = lab.ROUNDS or 5
CONNECTIONS = 32
SECONDS = 6


def main() -> tuple[Comparison, dict[str, float]]:
    result = Comparison("Requests per second with 32 connections (higher is better)")
    slowest: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, hub() as ours:
        for name in ("config.json", "weights.bin"):
            path = Path(folder) / name
            path.write_bytes(b"{}" if name.endswith("json") else bytes(range(256)) * 4096)
            client(sys.executable, "hf_push", "bench/small", path, name, env=ours.environment)
        targets = {
            "about (smallest answer)": ("/api/headstart/about", "GET"),
            "HEAD resolve": ("/bench/small/resolve/main/weights.bin", "HEAD"),
            "model info": ("/api/models/bench/small", "GET"),
        }
        for _ in range(ROUNDS):
            for name, (address, method) in targets.items():
                rate, p99 = _load(ours.url + address, method)
                result.add(name, rate)
                slowest.setdefault(name, []).append(p99)
    medians = {name: sorted(values)[len(values) // 2] for name, values in slowest.items()}
    result.notes.append("p99 (median of rounds), ms: " + ", ".join(f"{k} {v:.1f}" for k, v in medians.items()))
    return result, medians


def _load(url: str, method: str) -> tuple[float, float]:
    """Requests a second and p99 in ms."""
    command = [sys.executable, str(Path(__file__).with_name("_load.py")), url, method, str(CONNECTIONS), str(SECONDS)]
    rate, p99 = lab.run(command).split()
    return float(rate), float(p99)


if __name__ == "__main__":
    print(main()[0].table("requests/s"))
