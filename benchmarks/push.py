"""How long does a push of 500 MiB take, verified by sha256, against MLflow's unverified upload?

Targets: `sdk.push` (LFS in parts) at most 1.15 × MLflow; the second push of the same bytes at most 0.1 × the first,
with 0 bytes stored.
`python -m benchmarks.push`
"""

import sys
import tempfile
from pathlib import Path

from benchmarks import _lab as lab
from benchmarks._lab import CLIENTS, Comparison, Hub, client, hub, mlflow, random_file

ROUNDS = lab.ROUNDS or 5


def main() -> Comparison:
    result = Comparison("Push of 500 MiB: verified by sha256 here, unverified at MLflow (target ≤ 1.15 for `sdk.push`)")
    stored_twice = 0
    with tempfile.TemporaryDirectory() as folder, hub() as ours, mlflow() as tracking:
        for number in range(ROUNDS):
            source = Path(folder) / str(number)
            source.mkdir()
            path = random_file(source / "weights.bin", seed=number)
            result.add("MLflow client, unverified", client(CLIENTS / "bench/bin/python", "mlflow_push", tracking, path))
            stored_twice += _push_ours(result, ours, path, number)
            path.unlink()
    first, second = "sdk.push", "sdk.push, same bytes again"
    result.notes += [
        f"Second push of the same bytes against the first: {result.ratio(second, first):.3f} (target ≤ 0.1).",
        f"Bytes stored by the second pushes of all rounds: {stored_twice} (target 0).",
    ]
    return result


def _push_ours(result: Comparison, ours: Hub, path: Path, number: int) -> int:
    """Push over each way into repositories of their own; the bytes that the second push stored."""
    lfs = {**ours.environment, "HF_HUB_DISABLE_XET": "1"}
    python, folder = sys.executable, path.parent
    result.add("huggingface_hub over LFS", client(python, "hf_push", f"bench/hf{number}", path, path.name, env=lfs))
    path = random_file(path, seed=1000 + number)
    result.add("sdk.push", client(python, "sdk_push", folder, f"bench/sdk{number}", env=lfs))
    before = _stored(ours)
    result.add("sdk.push, same bytes again", client(python, "sdk_push", folder, f"bench/sdk{number}", env=lfs))
    grown = _stored(ours) - before
    path = random_file(path, seed=2000 + number)
    result.add("huggingface_hub over Xet",
               client(python, "hf_push", f"bench/xet{number}", path, path.name, env=ours.environment))  # fmt: skip
    return grown


def _stored(ours: Hub) -> int:
    return sum(file.stat().st_size for file in (ours.data / "storage").rglob("*") if file.is_file())


if __name__ == "__main__":
    print(main().table())
