"""The checkpoint that an attempt goes on from: the newest that is of use, else the first step."""

import logging
from pathlib import Path

from workers.contract import Checkpoint, Lease
from workers.lib import archive, folder
from workers.lib.held import Held, NotWhole
from workers.lib.hub import Refused
from workers.supervisor.keeper import Keeper

log = logging.getLogger(__name__)
# A transfer may break; bytes that are never those that were promised are damaged where they lie.
_TRIES = 3


def resume(lease: Lease, held: Held, keeper: Keeper, work: Path, own: Path) -> Path | None:
    """Its folder among the checkpoints of the job in `work`. One that is of no use is told of in the job's log. Raises
    what ends an attempt."""
    for checkpoint in (*((lease.checkpoint,) if lease.checkpoint else ()), *lease.older):
        keeper.check()
        try:
            return _brought(checkpoint, held, keeper, work, own / "resume.tar")
        except (archive.NotPlain, NotWhole, Refused) as error:
            log.warning("%s: the checkpoint of step %s is of no use: %s", lease.job.id, checkpoint.step, error)
            with (work / folder.LOG).open("a") as file:
                file.write(f"The checkpoint of step {checkpoint.step} is of no use: {error}.\n")
    return None


def _brought(checkpoint: Checkpoint, held: Held, keeper: Keeper, work: Path, packed: Path) -> Path:
    for tries_left in reversed(range(_TRIES)):
        try:
            keeper.insist(lambda: held.get_checkpoint(checkpoint, packed))
            break
        except NotWhole:
            if not tries_left:
                raise
    found = archive.unpack(packed, work / folder.CHECKPOINTS / f"{folder.CHECKPOINT}{checkpoint.step}")
    packed.unlink()
    return found
