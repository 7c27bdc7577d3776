"""How many HEAD resolve and model info requests a second, with 32 connections?

`python -m benchmarks.requests_per_second`. The baseline in the same run is the server's smallest answer,
`/api/headstart/about`.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks._lab import Comparison, client, hub

ROUNDS = 5
HEAD = 'wrk.method = "HEAD"'
SECONDS = 6


def main() -> tuple[Comparison, dict[str, float]]:
    result = Comparison("Requests per second with 32 connections (higher is better)")
    slowest: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, hub() as ours:
        for name in ("config.json", "weights.bin"):
            path = Path(folder) / name
            path.write_bytes(b"{}" if name.endswith("json") else bytes(range(256)) * 4096)
            client(sys.executable, "hf_push", "bench/small", path, name, env=ours.environment)
        script = Path(folder) / "head.lua"
        script.write_text(HEAD)
        targets = {
            "about (smallest answer)": ("/api/headstart/about", []),
            "HEAD resolve": ("/bench/small/resolve/main/weights.bin", ["-s", str(script)]),
            "model info": ("/api/models/bench/small", []),
        }
        for _ in range(ROUNDS):
            for name, (address, options) in targets.items():
                rate, p99 = _wrk(ours.url + address, options)
                result.add(name, rate)
                slowest.setdefault(name, []).append(p99)
    medians = {name: sorted(values)[len(values) // 2] for name, values in slowest.items()}
    result.notes.append("p99 (median of rounds), ms: " + ", ".join(f"{k} {v:.1f}" for k, v in medians.items()))
    return result, medians


def _wrk(url: str, options: list[str]) -> tuple[float, float]:
    """Requests a second and p99 in ms, by wrk."""
    command = ["wrk", "-t1", "-c32", f"-d{SECONDS}s", "--latency", *options, url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text:
        raise SystemExit(f"{url} answered with errors:\n{text}")
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    return rate, float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


if __name__ == "__main__":
    print(main()[0].table("requests/s"))
