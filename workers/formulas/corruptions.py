"""Inputs made worse, in five steps: pictures (after ImageNet-C, Hendrycks 2019) and sounds."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SEVERITIES = (1, 2, 3, 4, 5)
# Widths of gaussian noise that the reference measurement on digits uses.
NOISE = (0.1, 0.2, 0.3, 0.4, 0.5)
Change = Callable[[np.ndarray, int, np.random.Generator], np.ndarray]


# --- Pictures: arrays of shares from 0 to 1, (height, width) or (height, width, colours) ------------------------------


def gaussian_noise(picture: np.ndarray, severity: int, chance: np.random.Generator) -> np.ndarray:
    return _clipped(picture + chance.normal(0, NOISE[severity - 1], picture.shape))


def shot_noise(picture: np.ndarray, severity: int, chance: np.random.Generator) -> np.ndarray:
    """Few photons: each value drawn from a Poisson distribution."""
    photons = (60, 25, 12, 5, 3)[severity - 1]
    return _clipped(chance.poisson(picture * photons) / photons)


def impulse_noise(picture: np.ndarray, severity: int, chance: np.random.Generator) -> np.ndarray:
    """Salt and pepper."""
    share = (0.03, 0.06, 0.09, 0.17, 0.27)[severity - 1]
    drawn = chance.random(picture.shape)
    return np.where(drawn < share / 2, 0.0, np.where(drawn > 1 - share / 2, 1.0, picture))


def blur(picture: np.ndarray, severity: int, chance: np.random.Generator) -> np.ndarray:
    """Gaussian; the width grows with the picture, so that 8 pixels are not wiped out."""
    from scipy.ndimage import gaussian_filter

    width = (0.4, 0.6, 0.8, 1.1, 1.5)[severity - 1] * max(1.0, min(picture.shape[:2]) / 64)
    return _clipped(gaussian_filter(picture, [width, width, *[0] * (picture.ndim - 2)]))


def contrast(picture: np.ndarray, severity: int, chance: np.random.Generator) -> np.ndarray:
    kept = (0.75, 0.5, 0.4, 0.3, 0.15)[severity - 1]
    mean = picture.mean()
    return _clipped((picture - mean) * kept + mean)


def brightness(picture: np.ndarray, severity: int, chance: np.random.Generator) -> np.ndarray:
    return _clipped(picture + severity / 10)


def pixelate(picture: np.ndarray, severity: int, chance: np.random.Generator) -> np.ndarray:
    """Smaller, and back again without smoothing."""
    kept = (0.6, 0.5, 0.4, 0.3, 0.25)[severity - 1]
    height, width = picture.shape[:2]
    rows, columns = (_coarse(size, max(1, round(size * kept))) for size in (height, width))
    return picture[np.ix_(rows, columns)]


def _coarse(size: int, kept: int) -> np.ndarray:
    """For every place the middle of its block."""
    blocks = np.arange(size) * kept // size
    return np.array([int(np.flatnonzero(blocks == block).mean()) for block in blocks])


def jpeg(picture: np.ndarray, severity: int, chance: np.random.Generator) -> np.ndarray:
    from PIL import Image

    quality = (25, 18, 15, 10, 7)[severity - 1]
    file = io.BytesIO()
    Image.fromarray(np.round(picture * 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file), float) / 255


def _clipped(picture: np.ndarray) -> np.ndarray:
    return np.clip(picture, 0.0, 1.0)


PICTURES: dict[str, Change] = {
    "gaussian_noise": gaussian_noise,
    "shot_noise": shot_noise,
    "impulse_noise": impulse_noise,
    "blur": blur,
    "contrast": contrast,
    "brightness": brightness,
    "pixelate": pixelate,
    "jpeg": jpeg,
}


def worse_picture(image: Any, name: str, severity: int, chance: np.random.Generator, top: float = 255.0) -> Any:
    """A picture as a table has it: a file or bytes become PNG bytes, pixels of 0 to `top` stay such (a flat row is
    taken for a square). Raises ValueError for a flat row that is none."""
    if isinstance(image, Path | bytes):
        return _png(_shares(image), name, severity, chance)
    pixels = np.stack(image) if np.asarray(image).dtype.kind == "O" else np.asarray(image)
    shaped = _square(pixels) if pixels.ndim == 1 else pixels
    worse = PICTURES[name](np.clip(shaped / top, 0, 1), severity, chance) * top
    return worse.reshape(pixels.shape)


def _shares(image: "Path | bytes") -> np.ndarray:
    from PIL import Image

    shown = Image.open(io.BytesIO(image) if isinstance(image, bytes) else image)
    return np.asarray(shown.convert("RGB"), float) / 255


def _png(shares: np.ndarray, name: str, severity: int, chance: np.random.Generator) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    changed = PICTURES[name](shares, severity, chance)
    Image.fromarray(np.round(changed * 255).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def _square(pixels: np.ndarray) -> np.ndarray:
    side = round(pixels.size**0.5)
    if side * side != pixels.size:
        raise ValueError(f"{pixels.size} pixels are no square picture")
    return pixels.reshape(side, side)


# --- Sounds -----------------------------------------------------------------------------------------------------------


def noisy(sound: np.ndarray, decibels: float, chance: np.random.Generator) -> np.ndarray:
    """With white noise at this ratio of signal to noise."""
    power = float((np.asarray(sound, float) ** 2).mean())
    return sound + chance.normal(0, (power / 10 ** (decibels / 10)) ** 0.5, np.shape(sound))
