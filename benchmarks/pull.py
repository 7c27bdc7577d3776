"""How long does a verified pull of 500 MiB take, against MLflow and huggingface_hub from nginx, both unverified?

Target: at most 0.6 × MLflow. `python -m benchmarks.pull`
"""

import hashlib
import sys
import tempfile
from pathlib import Path

from benchmarks import _lab as lab
from benchmarks._lab import CLIENTS, SIZE, Comparison, client, hub, mlflow, nginx, random_file, run

ROUNDS = lab.ROUNDS or 7


def main() -> Comparison:
    result = Comparison("Pull of 500 MiB: `sdk.pull`, verified, against unverified clients (target ≤ 0.6)")
    with tempfile.TemporaryDirectory() as folder, hub() as ours, mlflow() as tracking:
        site = Path(folder) / "site"
        path = site / "bench/pull/resolve/main/weights.bin"
        path.parent.mkdir(parents=True)
        random_file(path, seed=2)
        client(sys.executable, "hf_push", "bench/pull", path, path.name,
               env={**ours.environment, "HF_HUB_DISABLE_XET": "1"})  # fmt: skip
        run_id = _log_to_mlflow(tracking, path)
        sha256 = hashlib.file_digest(path.open("rb"), "sha256").hexdigest()
        headers = {"X-Repo-Commit": "0" * 40, "X-Linked-Etag": sha256, "X-Linked-Size": str(SIZE)}
        with nginx(site, headers) as baseline:
            for number in range(ROUNDS):
                _round(result, ours, tracking, run_id, baseline, Path(folder) / str(number))
    against_stock = result.ratio("sdk.pull, verified", "huggingface_hub from nginx")
    result.notes.append(f"`sdk.pull` against huggingface_hub from nginx: {against_stock:.2f}.")
    return result


def _round(result, ours, tracking, run_id, baseline, fresh: Path) -> None:
    """Each contender once, into a fresh folder that is removed before the next."""
    python = CLIENTS / "bench/bin/python"
    from_nginx = {**ours.environment, "HF_ENDPOINT": baseline}
    contenders = {
        "MLflow client, unverified": lambda to: client(python, "mlflow_pull", tracking, run_id, "weights.bin", to),
        "huggingface_hub from nginx": lambda to: client(
            sys.executable, "hf_pull", "bench/pull", "weights.bin", to, env=from_nginx
        ),
        "huggingface_hub from us": lambda to: client(
            sys.executable, "hf_pull", "bench/pull", "weights.bin", to, env=ours.environment
        ),
        "sdk.pull, verified": lambda to: client(
            sys.executable, "sdk_pull", "bench/pull", to, "verify", env=ours.environment
        ),
    }
    for name, pull in contenders.items():
        with tempfile.TemporaryDirectory(dir=fresh.parent) as to:
            result.add(name, pull(to))


def _log_to_mlflow(tracking: str, path: Path) -> str:
    code = (
        "import mlflow,sys; c=mlflow.MlflowClient(sys.argv[1]); r=c.create_run('0');"
        "c.log_artifact(r.info.run_id,sys.argv[2]); print(r.info.run_id)"
    )
    return run([str(CLIENTS / "bench/bin/python"), "-c", code, tracking, str(path)]).split()[-1]


if __name__ == "__main__":
    print(main().table())
