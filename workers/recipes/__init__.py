"""Fine-tune methods, one file each: `RECIPE` in the module is what the others know of it."""

from importlib import import_module

from workers.lib.session import Recipe

NAMES: tuple[str, ...] = (
    "text-classification",
    "token-classification",
    "causal-lm",
    "seq2seq",
    "sentence-embedding",
    "image-classification",
    "object-detection",
    "speech-recognition",
    "audio-classification",
    "recommendation",
    "tabular",
)


def recipe(name: str) -> Recipe:
    """By its name. Raises KeyError for one that isn't there."""
    if name not in NAMES:
        raise KeyError(name)
    found: Recipe = import_module(f"workers.recipes.{name.replace('-', '_')}").RECIPE
    return found
