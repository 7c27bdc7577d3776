"""How a job that can't go on ends: an exit code, and a sentence in failure.json."""

import errno
import sys
import traceback
from pathlib import Path

from workers.contract import Code, Exit, Failure
from workers.lib import folder as folders
from workers.lib.events import Journal
from workers.lib.session import Stopped, Trouble
from workers.runner.seat import ALONE, LEFT_ALONE, Seat

EXITS = {
    Code.BAD_SPEC: Exit.BAD_SPEC,
    Code.MODEL_NOT_SUPPORTED: Exit.BAD_SPEC,
    Code.UNSAFE_WEIGHTS: Exit.BAD_SPEC,
    Code.REMOTE_CODE_REQUIRED: Exit.BAD_SPEC,
    Code.WONT_FIT: Exit.BAD_SPEC,
    Code.DATASET_COLUMN_MISSING: Exit.BAD_DATA,
    Code.DATASET_EMPTY: Exit.BAD_DATA,
    Code.DATASET_BAD_VALUE: Exit.BAD_DATA,
    Code.LABEL_UNKNOWN: Exit.BAD_DATA,
    Code.LOSS_NOT_FINITE: Exit.BAD_DATA,
    Code.OUT_OF_MEMORY: Exit.OUT_OF_MEMORY,
}
# What torch says on a CPU; on a GPU it has an exception of its own.
NO_MEMORY = ("can't allocate memory", "not enough memory", "CUDA out of memory")

# What gloo and NCCL say when another process of the job is gone.
GONE = ("gloo/transport", "by peer", "NCCL", "Broken pipe")
# What torch and safetensors say of a full disk, without an errno.
NO_SPACE = ("No space left on device", "PytorchStreamWriter failed writing", "iostream error")


def end(folder: Path, error: Exception, journal: Journal, seat: Seat = ALONE) -> int:
    """Write down why, and say with what code the process ends."""
    if isinstance(error, Stopped):
        journal.say(str(error) or "Stopped.")
        return Exit.STOPPED if seat.is_first else Exit.DONE
    traceback.print_exception(error, file=sys.stderr)
    if seat.is_one_of_several and is_of_others(error):
        return LEFT_ALONE
    failure = seat.signed(told(error))
    journal.say(failure.message, "error")
    try:
        folders.write_first(folder / folders.FAILURE, failure)
    except OSError as full:
        sys.stderr.write(f"failure.json can't be written: {full}\n")
    return EXITS.get(Code(failure.code), Exit.BUG)


def told(error: Exception) -> Failure:
    """Any exception as what is wrong and what to do."""
    if isinstance(error, Trouble):
        return Failure(error.code, str(error), error.advice, error.param)
    if is_memory(error):
        return Failure(Code.OUT_OF_MEMORY, "The device has too little memory for this batch.",
                       "Take a smaller batch, shorter inputs or a smaller model.", "config.batch_size")  # fmt: skip
    if is_disk(error):
        return Failure(Code.DISK_FULL, "The worker's disk is full.", "Try again later, or on another worker.")
    said = f"{type(error).__name__}: {error}"[:300]
    return Failure(Code.INTERNAL, f"The recipe failed: {said}", "The log says where; report it with the job's number.")


def is_memory(error: Exception) -> bool:
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in NO_MEMORY)


def is_of_others(error: Exception) -> bool:
    """Whether a process that it trained with is gone: that one has said why, or was killed."""
    return isinstance(error, RuntimeError) and not is_memory(error) and any(words in str(error) for words in GONE)


def is_disk(error: BaseException | None) -> bool:
    """Whether it, or what it came of, is a disk without room: what is raised last is often a mere consequence."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if any(words in str(error) for words in NO_SPACE):
            return True
        error = error.__cause__ or error.__context__
    return False
