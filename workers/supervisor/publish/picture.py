"""Draw curves: `python -m workers.supervisor.publish.picture CURVES.json OUT.png`."""

import json
import sys
from pathlib import Path
from typing import Any

_MOST = 6


def main() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    curves: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
    # Loss first, then by name; what has one point is no curve.
    shown = sorted((name for name in curves if _is_curve(curves[name])), key=lambda name: (name != "loss", name))[
        :_MOST
    ]
    figure = Figure(figsize=(4.5 * min(len(shown), 3), 3.2 * -(-len(shown) // 3)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(-(-len(shown) // 3), min(len(shown), 3), squeeze=False).flat
    for name, plot in zip(shown, axes, strict=False):
        for split, points in sorted(curves[name].items()):
            plot.plot(*zip(*points, strict=True), label=split or "train", marker="." if len(points) < 20 else "")
        plot.set_xlabel("step")
        plot.set_title(name)
        plot.grid(alpha=0.3)
        plot.legend()
    figure.savefig(sys.argv[2], dpi=110)


def _is_curve(splits: dict[str, list[Any]]) -> bool:
    return any(len(points) > 1 for points in splits.values())


if __name__ == "__main__":
    main()
