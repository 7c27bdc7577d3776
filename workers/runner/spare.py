"""A runner that is ready before its job is known: `python -m workers.runner.spare FOLDER`.

It loads the libraries that most jobs want, and waits. A line of JSON on its standard input says that the folder has a
job now, and the limits that hold from here on; an end of the input says that none will come. No device is touched and
no random number drawn before that: a job goes as it does in a process of its own from the start, which this is.
"""

import gc
import json
import resource
import sys
from importlib import import_module

from workers.runner.__main__ import main

_LIBRARIES = (
    *("pandas", "pyarrow.parquet", "scipy.stats", "scipy.ndimage", "torch.profiler"),
    *("workers.lib.trainer", "workers.runner.finetuning", "workers.runner.evaluating", "workers.runner.ranking"),
)
# What transformers looks up only when it is asked for.
_NAMES = ("AutoConfig", "AutoTokenizer", "AutoModel", "AutoModelForSequenceClassification")


def load() -> None:
    """A library that isn't here is one that no job asks for, or that names itself when it is."""
    try:
        for name in _LIBRARIES:
            import_module(name)
        transformers = import_module("transformers")
        for name in _NAMES:
            getattr(transformers, name)
    except ImportError as error:
        sys.stderr.write(f"Not loaded ahead: {error}\n")
    # What was loaded stays: the job's steps don't wait for the collector to look through it again and again.
    gc.collect()
    gc.freeze()


def limit(limits: dict[str, int]) -> None:
    for name, most in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(kind)
        lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (lower, lower))


def wait(arguments: list[str]) -> int:
    load()
    told = sys.stdin.readline()
    if not told:
        return 0
    limit(json.loads(told))
    return main(arguments)


if __name__ == "__main__":
    sys.exit(wait(sys.argv[1:]))
