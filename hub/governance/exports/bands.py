"""Size bands of the training-content summary: by tokens for text, images for images, hours for sound and film."""

from collections.abc import Iterable, Mapping
from typing import Any

from hub.governance.exports.facts import plain

_BANDS: dict[str, tuple[str, float, float, tuple[str, str, str]]] = {
    "text": ("tokens", 1e9, 1e13, ("less than 1 billion tokens", "1 billion to 10 trillion tokens",
                                   "more than 10 trillion tokens")),
    "image": ("records", 1e6, 1e9, ("less than 1 million images", "1 million to 1 billion images",
                                    "more than 1 billion images")),
    "audio": ("hours", 1e4, 1e6, ("less than 10,000 hours", "10,000 to 1 million hours", "more than 1 million hours")),
    "video": ("hours", 1e4, 1e6, ("less than 10,000 hours", "10,000 to 1 million hours", "more than 1 million hours")),
}  # fmt: skip


def band_of(modality: str, sources: Iterable[Mapping[str, Any]]) -> str:
    """The band of all sources of that modality together; it says how many don't tell their size."""
    unit, low, high, words = _BANDS[modality]
    sizes = [plain(source, f"size.{unit}") for source in sources]
    known = [size for size in sizes if isinstance(size, int | float) and not isinstance(size, bool)]
    if not known:
        return ""
    total = sum(known)
    band = words[0] if total < low else words[2] if total > high else words[1]
    silent = len(sizes) - len(known)
    return f"{band}, without {silent} sources that don't tell their {unit}" if silent else band
