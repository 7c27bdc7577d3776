"""Keras describes its models in JSON: which class of which module makes each part of one (CVE-2025-1550)."""

import builtins
from typing import Any

from hub.governance.scanning.findings import SUSPICIOUS, Findings

_OWN = ("keras", "tf_keras", "keras_hub", "keras_nlp", "keras_cv", "tensorflow", "builtins")


def check_made(value: dict[str, Any], found: Findings) -> None:
    """One object of the JSON."""
    module, what, called = value.get("module"), value.get("class_name"), value.get("config")
    if what in ("Lambda", "__lambda__"):
        _note("it describes a Keras model with a Lambda layer, which is code", found)
    if not isinstance(module, str) or not isinstance(what, str):
        return
    root = module.partition(".")[0]
    is_called = root == "builtins" and isinstance(called, str) and hasattr(builtins, called)
    if is_called or root not in _OWN:
        _note(f"it describes a Keras model that calls {f'{module}.{what}'[:80]}", found)


def _note(reason: str, found: Findings) -> None:
    found.is_code = True
    found.add(SUSPICIOUS, reason)
