"""Brings whole checkpoints to the hub while the job goes on; the newest counts."""

import logging
import threading
from pathlib import Path

from workers.lib import archive, folder
from workers.lib.hub import Held, HubGone, LeaseLost, Refused

log = logging.getLogger(__name__)
SECONDS = 1.0


class Saver:
    """Looks for a newer checkpoint every second, in a thread of its own; as a context manager it ends that thread.

    `place` is the job's folder, `own` one that the job can't reach: what it finds there it could have put a link for.
    """

    def __init__(self, held: Held, place: Path, own: Path) -> None:
        self._held, self._place, self._own = held, place, own
        # What is there already is what the attempt goes on from.
        self.saved = max((step for step, _ in folder.checkpoints(place)), default=0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"saver of {held.job}", daemon=True)

    def __enter__(self) -> "Saver":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def save_newest(self) -> None:
        """Raises HubGone, LeaseLost, Refused."""
        found = folder.checkpoints(self._place)
        if not found or found[-1][0] <= self.saved:
            return
        step, path = found[-1]
        packed = self._own / f"{path.name}.tar"
        try:
            sha256, _ = archive.pack(path, packed)
        except (archive.NotPlain, OSError) as error:
            # A newer one took its place meanwhile, or the disk is full: the older one on the hub still stands.
            log.warning("%s: checkpoint %s can't be kept: %s", self._held.job, step, error)
            return
        try:
            self._held.put_checkpoint(step, packed, sha256)
            self.saved = step
        finally:
            packed.unlink(missing_ok=True)

    def _watch(self) -> None:
        while not self._over.wait(SECONDS):
            try:
                self.save_newest()
            except (HubGone, Refused) as error:
                log.warning("%s: checkpoint not kept yet: %s", self._held.job, error)
            except LeaseLost:
                return
