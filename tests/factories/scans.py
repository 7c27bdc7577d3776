"""Revisions under governance, and scans without a process of their own: for tests of what follows from verdicts."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    pass

_SERVICE = "hub.governance.services.scans"
_READ_RULES = (_SERVICE, "hub.governance.selectors.scans", "hub.governance.selectors.quarantine")
_numbers = count(1)


@contextmanager
def scanned_here() -> Iterator[None]:
    """The same scanners on the same files, in this process: starting one for each revision takes half a second."""
    with patch(f"{_SERVICE}.scan_files", _scan_here):
        yield


@contextmanager
def newer_rules(verdict: str = "", **coverage: object) -> Iterator[None]:
    """As if newer rules had come, by which every file has this verdict ("": the one of today's scanners)."""

    def said(files: Iterable[Any], _limits: Any = None) -> Iterator[dict[str, Any]]:
        for report in _scan_here(files):
            opinion = {**report["opinions"][0], "verdict": verdict or report["verdict"], "reason": "new rules"}
            yield {
                "verdict": opinion["verdict"],
                "opinions": [opinion],
                "coverage": {**report["coverage"], **coverage},
            }

    rules = f"new{next(_numbers)}"
    with ExitStack() as stack:
        stack.enter_context(patch(f"{_SERVICE}.scan_files", said))
        for module in _READ_RULES:
            stack.enter_context(patch(f"{module}.RULES", rules))
        yield


def _scan_here(files: Iterable[Any], _limits: Any = None) -> Iterator[dict[str, Any]]:
    from hub.governance.scanning.scan import scan
    from hub.governance.scanning.source import Source

    for file in files:
        yield scan(file.path, Source(file.size, file.read))
