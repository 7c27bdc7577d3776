"""Text in columns, cut to a width."""

from collections.abc import Iterable, Sequence

_GAP = 2
_LEAST = 8


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, width: int | None = None) -> str:
    """Columns as wide as their widest cell, two spaces between them. The last rows of columns matter least: in `width`
    characters those that don't fit are left out from the right, and the first column is cut rather than left out."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    if width is not None:
        while len(widths) > 1 and _total(widths) > max(width, _LEAST):
            widths.pop()
        widths[0] = min(widths[0], max(width, _LEAST))
    return "\n".join(_line(line, widths) for line in lines)


def cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def count(number: int | None) -> str:
    """7000000 as 7.0M; a dash for what nobody knows."""
    if number is None:
        return "-"
    for unit, size in (("T", 10**12), ("B", 10**9), ("M", 10**6), ("k", 10**3)):
        if number >= size:
            return f"{number / size:.1f}{unit}" if number < 100 * size else f"{number / size:.0f}{unit}"
    return str(number)


def file_size(number: int | None) -> str:
    """2400000000 as 2.4 GB."""
    if not number:
        return "-"
    for unit, size in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if number >= size:
            return f"{number / size:.1f} {unit}" if number < 100 * size else f"{number / size:.0f} {unit}"
    return f"{number} B"


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    shown = (cut(cell, width).ljust(width) for cell, width in zip(cells, widths, strict=False))
    return (" " * _GAP).join(shown).rstrip()
