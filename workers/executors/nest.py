"""What holds a job's processes, run by its path: `python -I -S nest.py CONFIG`. Standard library only: it starts
quickly.

It lives as long as three things hold: its standard input stays open (a supervisor that is gone closes it), the hold
told there lasts (a line with its seconds begins it anew: a supervisor that stands still can't do that), and the job
runs. At 0.6 of a hold it asks the job to stop, at 0.8 nothing of it is left.

A job that "waits" reads a line from its standard input before it begins. A line of JSON here, {"readable", "told"},
shows those paths to it, then hands it what is told.

way "namespace": own process ids, network (loopback alone), mounts (what is named, to read; its folder, to write). The
kernel ends all when the first process ends. way "group": this process adopts whatever its children leave behind, and
ends them one by one; network and files stay open.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from pathlib import Path
from typing import Any

NAMESPACE, GROUP = "namespace", "group"
NO_NAMESPACE = 71
ASK_AT, KILL_AT = 0.6, 0.8
_NEW_NS, _NEW_USER, _NEW_PID, _NEW_NET = 0x20000, 0x10000000, 0x20000000, 0x40000000
_DEATH_SIGNAL, _SUBREAPER, _DROP_CAPABILITY, _NO_NEW_PRIVILEGES = 1, 36, 24, 38
_BIND, _RECURSIVE, _PRIVATE = 0x1000, 0x4000, 0x40000
_NOSUID_NODEV_NOEXEC = 0xE
_SET_MOUNT_ATTRIBUTES, _ALL_BELOW, _READ_ONLY = 442, 0x8000, 1
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/dev", "/sys", "/opt")
_LIBC = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    config: dict[str, Any] = json.loads(sys.argv[1])
    inside = config["way"] == NAMESPACE
    if inside:
        try:
            _leave_namespaces()
        except OSError as error:
            sys.stderr.write(f"no namespaces here: {error}\n")
            sys.exit(NO_NAMESPACE)
    else:
        _call(_LIBC.prctl(_SUBREAPER, 1, 0, 0, 0))
    door = _Door(config)
    alive, held = os.pipe()
    first = os.fork()
    if first == 0:
        os.close(held)
        _die_with_parent(alive)
        door.enter()
        (_begin_inside if inside else _become)(config)
    os.close(alive)
    door.leave()
    sys.exit(_Guard(first, inside, float(config["hold"]), door).watch())


class _Door:
    """Between the guard and a job that waits: what is to be seen is brought in, then the word to begin."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config
        self._heard, self._said = os.pipe()
        self._seen, self._ready = os.pipe()

    def enter(self) -> None:
        """The job's side: of what we say it gets its input, and we hear when the room stands."""
        os.close(self._said)
        os.close(self._seen)
        self._config["input"], self._config["ready"] = self._heard, self._ready

    def leave(self) -> None:
        os.close(self._heard)
        os.close(self._ready)

    def open(self, told: dict[str, Any]) -> None:
        """Raises OSError where a path can't be shown, or the job is gone."""
        os.read(self._seen, 1)
        if self._config["way"] == NAMESPACE:
            _show_more(Path(self._config["folder"]), told["readable"])
        os.write(self._said, json.dumps(told["told"]).encode() + b"\n")
        os.close(self._said)


class _Guard:
    """Waits for the job's end, or brings it about."""

    def __init__(self, first: int, inside: bool, hold: float, door: _Door) -> None:
        self._first, self._inside, self._hold, self._door = first, inside, hold, door
        self._since, self._asked = time.monotonic(), False
        self._open = True
        self._rest = b""
        self._woken, wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: self._ask())

    def watch(self) -> int:
        while (code := self._ended()) is None:
            ready, _, _ = select.select([self._woken, *([0] if self._open else [])], [], [], self._patience())
            if self._woken in ready:
                os.read(self._woken, 1 << 12)
            if 0 in ready:
                self._listen()
            held = time.monotonic() - self._since
            if not self._open or held > KILL_AT * self._hold:
                return self._kill()
            if held > ASK_AT * self._hold and not self._asked:
                self._ask()
        self._sweep()
        return code

    def _patience(self) -> float:
        at = (KILL_AT if self._asked else ASK_AT) * self._hold
        return min(max(0.01, self._since + at - time.monotonic()), 5.0)

    def _listen(self) -> None:
        data = os.read(0, 1 << 12)
        self._open = bool(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"{"):
                self._begin(json.loads(line))
            else:
                self._hold, self._since = float(line), time.monotonic()

    def _begin(self, told: dict[str, Any]) -> None:
        try:
            self._door.open(told)
        except OSError as error:
            sys.stderr.write(f"the job can't begin: {error}\n")
            self._open = False

    def _ask(self) -> None:
        self._asked = True
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._first, signal.SIGTERM)

    def _ended(self) -> int | None:
        """How the first process ended; what others left behind is buried on the way."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return 128
            if pid == 0:
                return None
            if pid == self._first:
                return _code(status)

    def _kill(self) -> int:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._first, signal.SIGKILL)
        self._sweep()
        return 128 + signal.SIGKILL

    def _sweep(self) -> None:
        """Nothing of the job is left after this: the kernel sees to a namespace, we to all else."""
        while True:
            for pid in () if self._inside else _below(os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    time.sleep(0.01)
            except ChildProcessError:
                return


def _below(top: int) -> list[int]:
    """All processes that descend from `top`."""
    parents: dict[int, int] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                parents[int(each.name)] = int((each / "stat").read_text().rpartition(")")[2].split()[1])
    found = [top]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found[1:]


def _leave_namespaces() -> None:
    """Raises OSError where the kernel, or a container's rules, forbid it."""
    user, group = os.geteuid(), os.getegid()
    _call(_LIBC.unshare(_NEW_USER | _NEW_NS | _NEW_PID | _NEW_NET))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    with socket.socket() as any_socket:
        # SIOCSIFFLAGS, IFF_UP: several processes of one job talk over loopback.
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 1))


def _begin_inside(config: dict[str, Any]) -> None:
    """The first process of the namespace: it makes the room, starts the job, and buries what the job leaves behind."""
    try:
        _make_room(config)
    except OSError as error:
        sys.stderr.write(f"no room of its own here: {error}\n")
        os._exit(NO_NAMESPACE)
    os.write(config["ready"], b".")
    job = os.fork()
    if job == 0:
        _become(config)
    os.close(config["input"])
    signal.signal(signal.SIGTERM, lambda *_: _pass_on(job))
    while True:
        pid, status = os.wait()
        if pid == job:
            os._exit(_code(status))


def _pass_on(job: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(job, signal.SIGTERM)


def _make_room(config: dict[str, Any]) -> None:
    """A root folder of its own with the system's programs, what the job may read, and its folder."""
    folder = Path(config["folder"])
    _mount("none", Path("/"), "", _RECURSIVE | _PRIVATE)
    root = folder / "tmp" / "root"
    root.mkdir(parents=True, exist_ok=True)
    _mount("tmpfs", root, "tmpfs", 0)
    for name in ("proc", "tmp"):
        (root / name).mkdir()
    _mount("tmpfs", root / "tmp", "tmpfs", 0)
    for name in dict.fromkeys([*_SYSTEM, *config["readable"]]):
        _show(root, Path(name))
    below = _below_root(root, folder)
    below.mkdir(parents=True, exist_ok=True)
    _attributes(root, _ALL_BELOW, read_only=True)
    _mount(str(folder), below, "", _BIND)
    for writable in (below, root / "tmp"):
        _attributes(writable, 0, read_only=False)
    _mount("proc", root / "proc", "proc", _NOSUID_NODEV_NOEXEC)
    if (root / "dev/shm").is_dir():
        _mount("tmpfs", root / "dev/shm", "tmpfs", 0)
    os.chroot(root)


def _show(root: Path, path: Path) -> bool:
    """Whether it has a mount of its own now."""
    below = _below_root(root, path)
    if not path.exists() or below.exists():
        return False
    below.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        below.symlink_to(path.readlink())
        return False
    if path.is_dir():
        below.mkdir()
        _mount(str(path), below, "", _BIND | _RECURSIVE)
    else:
        below.touch()
        _mount(str(path), below, "", _BIND)
    return True


def _show_more(folder: Path, readable: list[str]) -> None:
    """Into a room that stands, whose job hasn't begun. Its root can be written meanwhile, to make mount points."""
    root = folder / "tmp" / "root"
    _attributes(root, 0, read_only=False)
    for name in readable:
        if _show(root, Path(name)):
            _attributes(_below_root(root, Path(name)), _ALL_BELOW, read_only=True)
    _attributes(root, 0, read_only=True)


def _below_root(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def _become(config: dict[str, Any]) -> None:
    """Turn into the job, with its limits and nothing of our environment."""
    for name, wanted in config["limits"].items():
        kind = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (most, most))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("900")
    if config["way"] == NAMESPACE:
        for number in range(64):
            _LIBC.prctl(_DROP_CAPABILITY, number, 0, 0, 0)
    _call(_LIBC.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    os.chdir(config["folder"])
    os.dup2(config["input"] if config["waits"] else os.open(os.devnull, os.O_RDONLY), 0)
    os.closerange(3, 256)
    try:
        os.execve(config["command"][0], config["command"], config["environment"])  # noqa: S606
    except OSError as error:
        sys.stderr.write(f"{config['command'][0]}: {error}\n")
        os._exit(70)


def _die_with_parent(alive: int) -> None:
    """From here on the kernel ends this process when its parent ends, and it is ended already if that was before."""
    _call(_LIBC.prctl(_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0))
    if select.select([alive], [], [], 0)[0]:
        os._exit(128)


def _code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _mount(what: str, where: Path, kind: str, flags: int) -> None:
    _call(_LIBC.mount(what.encode(), os.fsencode(where), kind.encode(), ctypes.c_ulong(flags), None))


def _attributes(where: Path, flags: int, *, read_only: bool) -> None:
    change = (0, _READ_ONLY) if not read_only else (_READ_ONLY, 0)
    packed = struct.pack("QQQQ", *change, 0, 0)
    _call(_LIBC.syscall(_SET_MOUNT_ATTRIBUTES, -100, os.fsencode(where), flags, packed, len(packed)))


def _call(answer: int) -> None:
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main()
