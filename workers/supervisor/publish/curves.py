"""Learning curves as a picture, drawn in a process of its own: the worker stays small without a plotting library."""

import json
import logging
import math
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from workers.supervisor.tail import Tail

log = logging.getLogger(__name__)
SECONDS = 60.0
_MOST_BYTES = 64 << 20
Curve = list[tuple[int, float]]


def read(events: Path) -> dict[str, dict[str, Curve]]:
    """By metric, by split: points in the order of their steps. A step that was told again counts once."""
    points: dict[str, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for line in Tail(events).lines(_MOST_BYTES):
        if told := _metric(line):
            name, split, step, value = told
            points[name][split][step] = value
    return {name: {split: sorted(found.items()) for split, found in splits.items()} for name, splits in points.items()}


def draw(events: Path, to: Path, *, own: Path) -> bool:
    """Whether there is a picture now: there is none without curves of two points, or without a plotting library."""
    curves = read(events)
    if not any(len(curve) > 1 for splits in curves.values() for curve in splits.values()):
        return False
    (own / "curves.json").write_text(json.dumps(curves))
    command = [sys.executable, "-m", "workers.supervisor.publish.picture", str(own / "curves.json"), str(to)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("no picture of the learning curves: %s", error)
        return False
    if done.returncode:
        log.warning("no picture of the learning curves: %s", done.stderr[-500:])
    return done.returncode == 0


def _metric(line: str) -> tuple[str, str, int, float] | None:
    try:
        told: dict[str, Any] = json.loads(line)
        if told["kind"] != "metric":
            return None
        data = told["data"]
        name, split, step = str(data["name"]), str(data.get("split") or ""), int(data["step"])
        value = float(data["value"])
    except (ValueError, KeyError, TypeError):
        return None
    return (name, split, step, value) if math.isfinite(value) else None
