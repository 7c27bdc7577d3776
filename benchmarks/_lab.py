"""What the benchmarks share: servers of their own on loopback, random files, interleaved rounds, ratios.

Every benchmark runs the baseline and the hub in the same rounds, one after the other, and reports medians and their
ratio: these figures hold on a noisy machine, single times do not.
"""

import contextlib
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
MIB = 1024 * 1024
SIZE = 500 * MIB
# A number here, for a quick look: `HEADSTART_BENCH_ROUNDS=2 python -m benchmarks push`.
ROUNDS = int(os.environ.get("HEADSTART_BENCH_ROUNDS", "0"))
CLIENTS = Path(os.environ.get("HEADSTART_CLIENTS", ROOT / ".venvs"))


@dataclass
class Hub:
    """A hub started by `headstart up` on a data folder of its own."""

    url: str
    data: Path
    process: subprocess.Popen
    token: str

    @property
    def environment(self) -> dict[str, str]:
        """What a stock client needs to find this hub, with caches of its own."""
        return {
            **os.environ,
            "HF_ENDPOINT": self.url,
            "HF_TOKEN": self.token,
            "HF_HOME": str(self.data / "hf-home"),
            "HEADSTART_URL": self.url,
            "HEADSTART_TOKEN": self.token,
            "HEADSTART_CACHE": str(self.data / "client-cache"),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_UPDATE_CHECK": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HEADSTART_NO_PROGRESS": "1",
            "OMP_NUM_THREADS": "1",
        }


@dataclass
class Comparison:
    """One question: seconds per round, by contender. The first contender is the baseline."""

    question: str
    rounds: dict[str, list[float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, contender: str, seconds: float) -> None:
        self.rounds.setdefault(contender, []).append(seconds)

    def median(self, contender: str) -> float:
        return statistics.median(self.rounds[contender])

    def ratio(self, contender: str, baseline: str | None = None) -> float:
        return self.median(contender) / self.median(baseline or next(iter(self.rounds)))

    def table(self, unit: str = "s") -> str:
        """The comparison as a Markdown table, ratios against the first contender."""
        lines = [f"| contender | median, {unit} | lowest | highest | rounds | ratio |", "|---|---|---|---|---|---|"]
        for name, values in self.rounds.items():
            lines.append(
                f"| {name} | {self.median(name):.3f} | {min(values):.3f} | {max(values):.3f} | {len(values)} "
                f"| {self.ratio(name):.2f} |"
            )
        return "\n".join([*lines, *("\n" + note for note in self.notes)])


@contextlib.contextmanager
def hub(data: Path | None = None, settings: dict[str, str] | None = None, more: Sequence[str] = ()) -> Iterator[Hub]:
    """A running hub with a user `bench` that may write; on `data`, if given, which has that user already and stays.

    `settings` is more environment of the hub, `more` further options of `headstart up`.
    """
    folder = data or Path(tempfile.mkdtemp(prefix="headstart-bench-"))
    port = free_port()
    command, env = [sys.executable, "-m", "sdk.cli"], {**os.environ, **(settings or {})}
    log = (folder / "up.log").open("w")
    process = subprocess.Popen(
        [*command, "up", "--data", str(folder), "--port", str(port), "--no-seed", *more],
        cwd=ROOT,
        env=env,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/api/headstart/about", process, seconds=300)
        if data is None:
            run([*command, "user", "add", "bench", "--data", str(folder)], env=env)
        add = ["token", "add", "bench", "--name", "bench", "--scope", "admin", "--data", str(folder)]
        yield Hub(url, folder, process, run([*command, *add], env=env).strip())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        if data is None:
            shutil.rmtree(folder)


@contextlib.contextmanager
def postgres(kept: Path | None = None) -> Iterator[str]:
    """The address of a PostgreSQL of its own; on the folder `kept`, if given, which stays."""
    folder = kept or Path(tempfile.mkdtemp(prefix="headstart-bench-pg-"))
    script = str(ROOT / ".ci/postgres")
    try:
        yield run([script, "start", str(folder)]).split()[-1]
    finally:
        run([script, "halt" if kept else "stop", str(folder)])


@contextlib.contextmanager
def nginx(folder: Path, headers: dict[str, str] | None = None) -> Iterator[str]:
    """nginx with sendfile over `folder`, adding `headers` to each answer: the ceiling for sending files."""
    port, prefix = free_port(), Path(tempfile.mkdtemp(prefix="headstart-nginx-"))
    added = "".join(f'add_header {name} "{value}";' for name, value in (headers or {}).items())
    (prefix / "nginx.conf").write_text(
        f"daemon off; pid {prefix}/pid; error_log {prefix}/error.log; worker_processes 2;"
        f"{'user root;' if os.getuid() == 0 else ''} events {{}} http {{ access_log off; sendfile on; tcp_nopush on;"
        + "".join(f"{sort}_temp_path {prefix}/{sort};" for sort in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        + f"server {{ listen 127.0.0.1:{port}; root {folder}; {added} }} }}"
    )
    process = subprocess.Popen(
        ["nginx", "-p", str(prefix), "-c", str(prefix / "nginx.conf")], stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(prefix)


@contextlib.contextmanager
def mlflow(models: int = 0) -> Iterator[str]:
    """MLflow's own server with its artifact proxy, local store and SQLite, and so many registered models."""
    folder, port = Path(tempfile.mkdtemp(prefix="headstart-mlflow-")), free_port()
    programs = CLIENTS / "bench/bin"
    command = [programs / "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", folder / "artifacts"]
    env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "MLFLOW_DISABLE_TELEMETRY": "true"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if models:
        client(programs / "python", "mlflow_register", folder / "mlflow.db", models, env=env)
    process = subprocess.Popen(command, cwd=folder, env=env, start_new_session=True, **quiet)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process, seconds=180)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def client(python: Path | str, action: str, *arguments: object, env: dict[str, str] | None = None) -> float:
    """Run one action of `_client.py` under that Python; the seconds it took, imports not counted."""
    script = Path(__file__).with_name("_client.py")
    return float(run([str(python), str(script), action, *map(str, arguments)], env=env).split()[-1])


def run(command: list[str], env: dict[str, str] | None = None) -> str:
    """Standard output of a command; its standard error is shown when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr or done.stdout}")
    return done.stdout


def random_file(path: Path, size: int = SIZE, seed: int | None = None) -> Path:
    """`size` random bytes, different for each seed, so that nothing can be stored once for two rounds."""
    generator = np.random.default_rng(seed)
    with path.open("wb") as file:
        while (left := size - file.tell()) > 0:
            file.write(generator.bytes(min(left, 16 * MIB)))
    return path


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, process: subprocess.Popen, seconds: float = 90) -> None:
    """Until `url` answers anything but a server error; fails when the process ends first."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"The server for {url} ended with {process.returncode} before it answered.")
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{url} did not answer within {seconds} s.")
