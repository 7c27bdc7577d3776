"""Evaluations, one file each: `SUITE` in the module is what the others know of it."""

from importlib import import_module

from workers.lib.session import Suite

NAMES: tuple[str, ...] = (
    "calibration",
    "robust-image",
    "robust-text",
    "robust-audio",
    "efficiency",
    "fair-groups",
    "fair-tabular",
    "fair-text-cf",
    "assoc-embed",
    "stereo-lm",
    "contamination",
    "drift",
    "lm-eval",
)


def suite(name: str) -> Suite:
    """By its name. Raises KeyError for one that isn't there."""
    if name not in NAMES:
        raise KeyError(name)
    found: Suite = import_module(f"workers.evaluations.{name.replace('-', '_')}").SUITE
    return found
