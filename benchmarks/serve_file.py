"""How much slower is a raw GET of 500 MiB from the embedded server than from nginx with sendfile?

Target: at most 1.5 × nginx's time. `python -m benchmarks.serve_file`
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import _lab as lab
from benchmarks._lab import Comparison, client, hub, nginx, random_file, timed

ROUNDS = lab.ROUNDS or 9


def main() -> Comparison:
    result = Comparison("Raw GET of 500 MiB to null: embedded server against nginx sendfile (target ≤ 1.5)")
    with tempfile.TemporaryDirectory() as folder, hub() as ours:
        path = random_file(Path(folder) / "weights.bin", seed=1)
        env = {**ours.environment, "HF_HUB_DISABLE_XET": "1"}
        client(sys.executable, "hf_push", "bench/serve", path, path.name, env=env)
        with nginx(Path(folder)) as baseline:
            urls = {
                "nginx sendfile": f"{baseline}/{path.name}",
                "headstart up": f"{ours.url}/bench/serve/resolve/main/{path.name}",
            }
            for _ in range(ROUNDS):
                for name, url in urls.items():
                    result.add(name, timed(lambda url=url: _get(url)))
    return result


def _get(url: str) -> None:
    subprocess.run(["curl", "-sSfL", "-o", "/dev/null", url], check=True)


if __name__ == "__main__":
    print(main().table())
