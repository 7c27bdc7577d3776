"""One pull or push in a process of its own: `python -m workers.supervisor.errand`, a line of JSON in, one out.

So a worker that is idle stays small, and an errand that nobody wants any more can be ended at once. It ends by itself
when its standard input does, that is, with the worker.
"""

import json
import os
import sys
import threading
import warnings
from typing import Any

import click

import sdk

GONE = "gone"


def main() -> None:
    told: dict[str, Any] = json.loads(sys.stdin.readline())
    # Which key the hub signs with is known by this worker's folder: another's hub may have had the same address.
    os.environ.setdefault("HEADSTART_CONFIG", told.pop("config"))  # noqa: TID251
    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    # Decisions of the hub were made when the job was ordered; what it says besides is for people.
    warnings.simplefilter("ignore")
    try:
        answer = _pull(**told) if told.pop("do") == "pull" else _push(**told)
    except sdk.HubUnavailableError as error:
        answer = {"error": GONE, "message": str(error)}
    except (sdk.HeadstartError, OSError) as error:
        answer = {"error": type(error).__name__, "message": str(error)}
    click.echo(json.dumps(answer))


def _pull(*, name: str, commit: str, kind: str, purpose: str, **where: Any) -> dict[str, Any]:
    found = sdk.pull(name, commit, kind=kind, purpose=purpose, **where)  # type: ignore[call-overload]
    return {"path": str(found.path)}


def _push(*, folder: str, name: str, branch: str, message: str, **where: Any) -> dict[str, Any]:
    return {"commit": sdk.push(folder, name, revision=branch, message=message, **where).commit}


def _end_with_the_worker() -> None:
    # Unbuffered: the reader's lock must not be held when the interpreter ends.
    while os.read(sys.stdin.fileno(), 1 << 10):
        continue
    os._exit(1)


if __name__ == "__main__":
    main()
