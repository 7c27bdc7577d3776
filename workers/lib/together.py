"""Processes that train one model together, each on a device of its own: what they agree on, and when they part.

Imports torch. They speak through the CPU (gloo), so that nobody waits for a device. Alone, nothing is sent.
"""

import datetime as dt
from typing import Any

import torch
from torch import distributed

from workers.lib.session import Session


class Together:
    """This process among the others; the Trainer has brought them together before."""

    def __init__(self, session: Session) -> None:
        self.rank, self.ranks = session.rank, session.ranks
        self._group: Any = None
        if self.ranks > 1:
            self._group = distributed.new_group(backend="gloo", timeout=dt.timedelta(seconds=session.spec.max_seconds))

    @property
    def is_first(self) -> bool:
        """Whether this is the one that writes, judges and reports."""
        return self.rank == 0

    def told(self, *wishes: bool) -> tuple[bool, ...]:
        """What the first process says; what the others bring along doesn't count."""
        if self._group is None:
            return wishes
        said = torch.tensor(wishes, dtype=torch.uint8)
        distributed.broadcast(said, src=0, group=self._group)
        return tuple(bool(each) for each in said)

    def mean(self, value: float) -> float:
        if self._group is None:
            return value
        total = torch.tensor(value, dtype=torch.float64)
        distributed.all_reduce(total, group=self._group)
        return float(total) / self.ranks

    def wait(self) -> None:
        """Until all are here."""
        if self._group is not None:
            distributed.barrier(group=self._group)

    def part(self) -> None:
        """From here on each is on its own."""
        self.wait()
        if self._group is not None:
            distributed.destroy_process_group()
            self._group = None
