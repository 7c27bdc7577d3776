"""Suites of measurements, and which tasks ask for them."""

# Suites of measurements that a use of tier 3 or 4 asks for, by the task that the card names.
SUITES = {
    "fair-tabular": ("tabular-classification", "tabular-regression"),
    "fair-text-cf": ("text-classification", "token-classification", "zero-shot-classification"),
    "assoc-embed": ("sentence-similarity", "feature-extraction"),
    "stereo-lm": ("text-generation", "fill-mask"),
    "robust-image": (
        "image-classification",
        "object-detection",
        "image-segmentation",
        "zero-shot-image-classification",
    ),
}


def suites_for(task: str) -> tuple[str, ...]:
    """Those that a task asks for; none where the task is not stated or nothing measures it."""
    return tuple(name for name, tasks in SUITES.items() if task in tasks)
