"""A second opinion. Its "clean" changes nothing; what it finds makes a clean file suspicious, or worse."""

import logging
from pathlib import PurePosixPath

from picklescan.scanner import SafetyLevel, scan_bytes

from hub.governance.scanning.allowed import is_allowed
from hub.governance.scanning.findings import CLEAN, MALICIOUS, SUSPICIOUS, Findings
from hub.governance.scanning.opened import opened
from hub.governance.scanning.source import Source

logging.getLogger("picklescan").disabled = True
_FORMS = frozenset({"pickle", "torch", "torch-legacy", "torchscript", "zip", "npy", "unknown"})

# It goes by the name; where the content says more, it is told that instead.
_AS = {"npy": ".npy", "torch-legacy": ".pt"}


def is_asked(found: Findings) -> bool:
    return found.is_pickle or found.form in _FORMS


def opinion(path: str, form: str, source: Source) -> tuple[str, str]:
    """(verdict, reason). Names that it doesn't know are no finding where our own list has them."""
    try:
        result = scan_bytes(opened(source), "it", _AS.get(form) or PurePosixPath(path).suffix.lower())
    except Exception as error:  # noqa: BLE001 - whatever it stumbles over, it has not said that it is clean.
        return SUSPICIOUS, f"it fails on this file ({type(error).__name__})"
    names = {(one.module, one.name): one.safety for one in result.globals}
    for name, safety in names.items():
        if safety == SafetyLevel.Dangerous and not is_allowed(name):
            return MALICIOUS, f"names {'.'.join(name)[:120]}"
    unknown = [name for name in names if not is_allowed(name)]
    if unknown:
        return SUSPICIOUS, f"names {'.'.join(unknown[0])[:120]}"
    if result.scan_err:
        return SUSPICIOUS, "it could not read all of it"
    return CLEAN, ""
