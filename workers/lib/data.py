"""Reading data sets from a folder: files of a config and split, columns by role, labels, a split of one's own."""

import fnmatch
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.contract import Code, ColumnRole, Source
from workers.lib.session import Table, Trouble

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from PIL.Image import Image

MEDIA = ("image", "audio")


def table(folder: Path, source: Source, roles: Sequence[ColumnRole]) -> Table:
    """Rows of `source` (whose files lie in `folder`) with one column for each role that it has.

    Columns that `source.columns` doesn't name are guessed from the role's usual names. Rows without a value in a
    required role are left out. Raises `Trouble` when a required column isn't there or no row is left.
    """
    from workers.lib.reading import read

    frame = read(folder, source)
    mapped = columns(list(frame.columns), source.columns, roles)
    rows, others = _by_role(frame, mapped, folder, roles)
    required = [role.name for role in roles if role.is_required]
    # A table of which no column has a role (features only) is whole as it is.
    asked = required or [name for name in mapped if name in rows]
    kept = rows[asked].notna().all(axis=1) if required else rows[asked].notna().any(axis=1) | (not mapped)
    if not kept.any():
        raise Trouble(Code.DATASET_EMPTY, f"{_told(source)} has no row with a value in {', '.join(required)}.",
                      "Choose another split or other columns.", "datasets")  # fmt: skip
    return Table(rows[kept].reset_index(drop=True), others[kept].reset_index(drop=True), source.repo, source.commit,
                 source.config, source.split)  # fmt: skip


def _told(source: Source) -> str:
    return " ".join(part for part in (source.repo or "The data set", source.config, source.split) if part)


def columns(names: list[str], told: dict[str, str], roles: Sequence[ColumnRole]) -> dict[str, list[str]]:
    """Which columns each role has: those told by name or pattern, the rest guessed. Raises `Trouble` for a column that
    was told and isn't there, and for a required role without one."""
    taken: dict[str, list[str]] = {}
    for role in roles:
        pattern = told.get(role.name, "")
        found = matching(names, pattern) if pattern else _guessed(names, role, taken)
        if pattern and not found:
            raise _missing(pattern, role, names)
        if found:
            taken[role.name] = found
        elif role.is_required:
            raise _missing("", role, names)
    return taken


def matching(names: list[str], pattern: str) -> list[str]:
    """Columns by name or by a pattern with `*`, in their order."""
    return (
        [pattern] if pattern in names else [name for name in names if "*" in pattern and fnmatch.fnmatch(name, pattern)]
    )


def _guessed(names: list[str], role: ColumnRole, taken: dict[str, list[str]]) -> list[str]:
    free = [name for name in names if all(name not in used for used in taken.values())]
    by_lower = {name.lower(): name for name in reversed(free)}
    for guess in (role.name, *role.guesses):
        found = (
            matching(free, guess) or [by_lower[guess.lower()]] if guess.lower() in by_lower else matching(free, guess)
        )
        if found:
            return found
    return []


def _missing(column: str, role: ColumnRole, names: list[str]) -> Trouble:
    said = f"There is no column “{column}”" if column else f"No column was named for “{role.title}”"
    return Trouble(Code.DATASET_COLUMN_MISSING, f"{said}; there are: {', '.join(map(str, names[:20]))}.",
                   f"Name the column that holds: {role.title}.", f"columns.{role.name}")  # fmt: skip


def _by_role(
    frame: "pd.DataFrame", mapped: dict[str, list[str]], folder: Path, roles: Sequence[ColumnRole]
) -> "tuple[pd.DataFrame, pd.DataFrame]":
    import pandas as pd

    kinds = {role.name: role.type for role in roles}
    made: dict[str, Any] = {}
    for role, names in mapped.items():
        column = frame[names[0]] if len(names) == 1 else pd.Series(list(frame[names].to_numpy()), index=frame.index)
        made[role] = column.map(lambda value: located(value, folder)) if kinds[role] in MEDIA else column
    for each in roles:
        made.setdefault(each.name, pd.Series([None] * len(frame), index=frame.index, dtype=object))
    used = {name for names in mapped.values() for name in names}
    return pd.DataFrame(made), frame[[name for name in frame.columns if name not in used]]


def located(value: Any, folder: Path) -> Any:
    """A path inside the data set as a `Path`; bytes, arrays and decoded values as they are."""
    if isinstance(value, dict):
        return value["bytes"] if value.get("bytes") is not None else located(value.get("path"), folder)
    if not isinstance(value, str):
        return value
    found = (folder / value).resolve()
    if not found.is_relative_to(folder.resolve()):
        raise Trouble(Code.DATASET_BAD_VALUE, f"The path {value} leads out of the data set.", param="datasets")
    return found


def image(value: Any, top: float = 255.0) -> "Image":
    """A picture in RGB from a file, bytes, or pixels (square if flat; rows, or rows and channels) of 0 to `top`."""
    import io

    import numpy as np
    from PIL import Image as images
    from PIL import UnidentifiedImageError

    if isinstance(value, Path | bytes):
        try:
            return images.open(io.BytesIO(value) if isinstance(value, bytes) else value).convert("RGB")
        except (UnidentifiedImageError, OSError) as error:
            raise Trouble(Code.DATASET_BAD_VALUE, f"A picture can't be read: {error}", param="columns.image") from error
    pixels = np.stack(value) if getattr(value, "dtype", None) == np.dtype(object) else np.asarray(value, dtype=float)
    if pixels.ndim == 1:
        side = round(len(pixels) ** 0.5)
        if side * side != len(pixels):
            raise Trouble(Code.DATASET_BAD_VALUE, f"{len(pixels)} pixels are no square picture.", param="columns.image")
        pixels = pixels.reshape(side, side)
    return images.fromarray(np.clip(pixels.astype(float) / top * 255, 0, 255).round().astype(np.uint8)).convert("RGB")


def top_of(column: "pd.Series") -> float:
    """What white is in a column of pixels, by its largest value: 1, 16 or 255; 255 for files and bytes."""
    import numpy as np

    first = column.iloc[0]
    if isinstance(first, Path | bytes):
        return 255.0
    largest = max(float(np.max(np.asarray(value).tolist())) for value in column)
    return next((top for top in (1.0, 16.0, 255.0) if largest <= top), largest)


def audio(value: Any, rate: int) -> "np.ndarray":
    """Sound as float32 of one channel at `rate` Hz, from a file, bytes, {"array", "sampling_rate"} or samples."""
    mono, own = sound(value, rate)
    return mono if own == rate else resampled(mono, own, rate)


def sound(value: Any, rate: int) -> "tuple[np.ndarray, int]":
    """Sound as float32 of one channel at its own rate; `rate` is that of samples that don't say theirs."""
    import io

    import numpy as np
    import soundfile

    if isinstance(value, Path | bytes):
        try:
            samples, own = soundfile.read(
                io.BytesIO(value) if isinstance(value, bytes) else str(value), dtype="float32"
            )
        except (soundfile.LibsndfileError, OSError) as error:
            raise Trouble(Code.DATASET_BAD_VALUE, f"A sound can't be read: {error}", param="columns.audio") from error
    elif isinstance(value, dict):
        samples, own = np.asarray(value["array"], dtype=np.float32), int(value["sampling_rate"])
    else:
        samples, own = np.asarray(value, dtype=np.float32), rate
    return samples.mean(axis=1) if samples.ndim == 2 else samples, own


def resampled(samples: "np.ndarray", own: int, rate: int) -> "np.ndarray":
    """Polyphase, with a low-pass filter before."""
    import math

    import numpy as np
    from scipy.signal import resample_poly

    common = math.gcd(own, rate)
    made: np.ndarray = resample_poly(samples, rate // common, own // common).astype(np.float32)
    return made


def names_of(values: Iterable[Any]) -> tuple[str, ...]:
    """The classes among `values`, in order: by number where all are numbers, else by letter."""
    told = {label(value) for value in values}
    as_numbers = all(name.removeprefix("-").isdigit() for name in told)
    return tuple(sorted(told, key=int) if as_numbers else sorted(told))


def label(value: Any) -> str:
    """A class's name as text; whole numbers without a point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def numbers(values: Iterable[Any], names: Sequence[str], role: str = "label") -> list[int]:
    """Class numbers of `values`; raises `Trouble` naming those that the model doesn't know."""
    known = {name: number for number, name in enumerate(names)}
    unknown = sorted({label(value) for value in values} - set(known))
    if unknown:
        raise Trouble(Code.LABEL_UNKNOWN, f"Unknown labels: {', '.join(unknown[:10])}; known: {', '.join(names[:20])}.",
                      "Map the column whose labels the model knows, or train on rows that have them all.",
                      f"columns.{role}")  # fmt: skip
    return [known[label(value)] for value in values]


def classes(values: Iterable[Any], names: Sequence[str], role: str = "label") -> list[int]:
    """As `numbers`; class numbers (0, 1 … of a model whose classes have names) are taken too."""
    told = [label(value) for value in values]
    if not set(told) & set(names) and all(each.isdigit() and int(each) < len(names) for each in told):
        return [int(each) for each in told]
    return numbers(values, names, role)


def split(
    whole: Table, share: float = 0.1, by: str = "", group: str = "", seed: int = 0, told_by: Sequence[str] = ()
) -> tuple[Table, Table]:
    """(train, validation): the same rows every time, whatever their order, by a hash of what is in them (in the roles
    `told_by`, where named).

    `by`: a role whose values get the same share each (labels); `group`: a column (role or other) whose rows stay
    together (patients, users). At least one row on each side where there are two.
    """
    import numpy as np

    marks = _marks(whole, group, seed, told_by)
    chosen = np.zeros(len(whole), dtype=bool)
    strata = whole.rows[by].map(str).to_numpy() if by and not group else np.zeros(len(whole), dtype=str)
    for stratum in np.unique(strata):
        rows = np.flatnonzero(strata == stratum)
        chosen[rows] = _lowest(marks[rows], share)
    if not chosen.any():
        chosen = marks == min(marks) if len(set(marks)) > 1 else chosen
    return part(whole, np.flatnonzero(~chosen)), part(whole, np.flatnonzero(chosen))


def _marks(whole: Table, group: str, seed: int, told_by: Sequence[str]) -> "np.ndarray":
    import numpy as np

    keys = whole.rows.get(group, whole.others.get(group)) if group else None
    if group and keys is None:
        text = f"There is no column “{group}” whose equal rows stay on one side of the split."
        raise Trouble(Code.DATASET_COLUMN_MISSING, text, "Name a column of the data set, or none.", "group")
    texts = keys.map(str) if keys is not None else _told_rows(whole, told_by)
    return np.asarray([hashlib.sha256(f"{seed}|{text}".encode()).hexdigest()[:16] for text in texts])


def _told_rows(whole: Table, told_by: Sequence[str]) -> list[str]:
    """Each row as text: equal rows are told alike, and so land on the same side."""
    rows = whole.rows[[name for name in whole.rows if not told_by or name in told_by]]
    return ["|".join(_fingerprint(value) for value in row) for row in rows.itertuples(index=False)]


def _fingerprint(value: Any) -> str:
    if isinstance(value, Path):
        return hashlib.sha256(value.read_bytes()).hexdigest()
    return (
        hashlib.sha256(value).hexdigest()
        if isinstance(value, bytes)
        else str(getattr(value, "tolist", lambda: value)())
    )


def _lowest(marks: "np.ndarray", share: float) -> "np.ndarray":
    """Of the distinct marks, the share that comes first."""
    import numpy as np

    distinct = np.unique(marks)
    count = round(len(distinct) * share)
    return np.isin(marks, distinct[:count])


def part(whole: Table, rows: Any) -> Table:
    """Some rows of a table, by position (whole numbers in any form)."""
    from dataclasses import replace

    import numpy as np

    rows = np.asarray(rows, dtype=int)
    return replace(whole, rows=whole.rows.iloc[rows].reset_index(drop=True),
                   others=whole.others.iloc[rows].reset_index(drop=True))  # fmt: skip
