"""How a job's process ended, and what that means for the job."""

import shutil
from pathlib import Path

from workers.contract import Code, Exit, Failure
from workers.lib import folder

_FULL = 16 << 20
_KERNEL_COUNTS = Path("/proc/vmstat")

MORE_MEMORY = "Order it with a smaller batch or shorter texts, or on a larger device."
SEE_LOG = "The log has the details; if it happens again, tell the hub's administrator."
_USUAL = {
    Exit.BAD_SPEC: (Code.BAD_SPEC, "The order can't be carried out.", "Change the order; the log says where."),
    Exit.BAD_DATA: (Code.DATASET_BAD_VALUE, "The data can't be used as ordered.", "See the log for the row or column."),
    Exit.OUT_OF_MEMORY: (Code.OUT_OF_MEMORY, "The device's memory did not suffice.", MORE_MEMORY),
    Exit.BUG: (Code.INTERNAL, "The job's program failed.", SEE_LOG),
}


class Ending(Exception):
    """An attempt is over: `failure`, and whether the same job may do better on another attempt."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure

    @property
    def is_worth_another_try(self) -> bool:
        return Code(self.failure.code).is_worth_another_try


def ending(code: str, message: str, advice: str = "", param: str = "") -> Ending:
    return Ending(Failure(code, message, advice, param))


def of_exit(code: int, place: Path, *, kernel_killed_before: int) -> Ending:
    """What exit code `code` of the job in the folder `place` says, in words for who ordered it."""
    if (told := _told(place)) is not None:
        return Ending(told)
    if shutil.disk_usage(place).free < _FULL:
        return ending(
            Code.DISK_FULL, "The worker's disk is full.", "It is tried again; the administrator should free space."
        )
    if code in _USUAL:
        return ending(*_USUAL[code])
    return _unexpected(code, was_killed_for_memory=code > 128 and kernel_kills() > kernel_killed_before)


def _unexpected(code: int, *, was_killed_for_memory: bool) -> Ending:
    if was_killed_for_memory:
        return ending(Code.OUT_OF_MEMORY, "The machine's memory ran out.", MORE_MEMORY)
    if code == Exit.STOPPED:
        what = "stopped without being asked to"
    elif code > 128:
        what = f"was ended by signal {code - 128}"
    else:
        what = f"ended with exit code {code}"
    return ending(Code.INTERNAL, f"The job's process {what}.", SEE_LOG)


def kernel_kills() -> int:
    """How many processes the kernel has ended for want of memory since the machine started."""
    try:
        lines = _KERNEL_COUNTS.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def _told(place: Path) -> Failure | None:
    """What the process itself says; None where it says nothing that can be read."""
    try:
        found = Failure.from_json(folder.read_json(place / folder.FAILURE))
        Code(found.code)
    except (ValueError, TypeError, OSError):
        return None
    return found
