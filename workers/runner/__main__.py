"""Run the job of a folder: `python -m workers.runner FOLDER` (what lies in it: `workers.lib.folder`).

`FOLDER RANK RANKS` is one of several processes that train together, as `workers.runner.spread` starts them.
It knows no hub and no broker. Exit codes are `contract.Exit`; SIGTERM saves a checkpoint and ends with STOPPED.
"""

import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import FrameType

from workers.contract import Code, Exit, Kind
from workers.lib import folder as folders
from workers.lib.events import Journal
from workers.lib.folder import Outcome, Work
from workers.lib.session import Trouble
from workers.runner.faults import end
from workers.runner.seat import Seat

FLOWS = {Kind.FINETUNE: "finetuning", Kind.EVALUATE: "evaluating", Kind.RANK: "ranking"}


class Wish:
    """Whether the supervisor asked for an end."""

    def __init__(self) -> None:
        self.is_there = False
        signal.signal(signal.SIGTERM, self._heard)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self.is_there = True

    def __call__(self) -> bool:
        return self.is_there


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]).absolute()
    seat = Seat.of(arguments[1:])
    wish = seat.wish(folder) if seat.is_one_of_several else Wish()
    journal = Journal(seat.journal(folder))
    try:
        work = Work.from_json(folders.read_json(folder / folders.JOB))
        outcome = _run(folder, work, journal, wish, seat)
        folders.write_json(folder / folders.RESULT, outcome)
        return Exit.DONE
    except Exception as error:  # noqa: BLE001 - whatever it is, the job ends by a code and a sentence.
        return end(folder, error, journal, seat)
    finally:
        journal.close()


def _run(folder: Path, work: Work, journal: Journal, wish: Callable[[], bool], seat: Seat) -> Outcome:
    from workers.runner.sessions import begin
    from workers.runner.signing import signed

    if seat.is_one_of_several and work.spec.kind != Kind.FINETUNE:
        raise Trouble(Code.BAD_SPEC, "Only a fine-tune has several devices.", "Order it with one.", "gpus")
    flow = import_module(f"workers.runner.{FLOWS[Kind(work.spec.kind)]}")
    outcome: Outcome = flow.run(work, begin(folder, work, journal, wish, seat))
    return signed(outcome, work.spec)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
