"""Which of the processes of a job this is: alone, or one of several that train together."""

import dataclasses
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workers.contract import Failure
from workers.lib import folder as folders

# Exit code of a process whose others are gone: theirs is the word on why.
LEFT_ALONE = 76


@dataclass(frozen=True)
class Seat:
    rank: int = 0
    ranks: int = 1

    @classmethod
    def of(cls, told: Sequence[str]) -> "Seat":
        """From what stands after the folder on the command line."""
        return cls(*map(int, told))

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    @property
    def is_one_of_several(self) -> bool:
        return self.ranks > 1

    def journal(self, folder: Path) -> Path:
        """The first speaks for all."""
        return folder / folders.EVENTS if self.is_first else Path(os.devnull)

    def device(self, kind: str) -> str:
        """Each has one of its own."""
        return f"{kind}:{self.rank}" if self.is_one_of_several and kind != "cpu" else kind

    def wish(self, folder: Path) -> Callable[[], bool]:
        """Whether an end is asked for. A signal means something else here: another process failed."""
        return (folder / folders.STOP).exists

    def signed(self, failure: Failure) -> Failure:
        """Whose it is, where several could have said it."""
        if not self.is_one_of_several:
            return failure
        message = f"{failure.message} (Process {self.rank + 1} of {self.ranks}.)"
        return dataclasses.replace(failure, message=message)


ALONE = Seat()
