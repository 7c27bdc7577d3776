"""Two texts, and what was added and removed between them.

Myers' greedy search of the shortest edit, as difflib can't be held to a bound: texts that differ in more than
`MAX_EDITS` lines are shown as replaced as a whole.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

MAX_LINES = 4_000
MAX_EDITS = 500
MAX_WIDTH = 1_000
CONTEXT = 3
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_MAX_WORD_EDITS = 40
# (old index or -1, new index or -1)
Step = tuple[int, int]


@dataclass(frozen=True)
class Line:
    """`sort` is same, added or removed; `pieces` are the text cut up, each with whether it is what changed."""

    sort: str
    old: int | None
    new: int | None
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Hunk:
    """Changed lines with a few around them; `skipped` lines stand between it and the one before."""

    lines: tuple[Line, ...]
    skipped: int


def hunks(old: str, new: str) -> tuple[Hunk, ...] | None:
    """The places where the texts differ; None when they are too long to compare."""
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > MAX_LINES:
        return None
    lines = _with_words([_line(step, before, after) for step in steps(before, after, MAX_EDITS)])
    return tuple(_cut(lines))


def steps(old: Sequence[str], new: Sequence[str], most: int) -> list[Step]:
    """How to get from the one to the other: keep (i, j), remove (i, -1), add (-1, j)."""
    start, stop = 0, 0
    shorter = min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    while stop < shorter - start and old[-1 - stop] == new[-1 - stop]:
        stop += 1
    middle = _shortest(old[start : len(old) - stop], new[start : len(new) - stop], most)
    head = [(at, at) for at in range(start)]
    body = [(i + start if i >= 0 else -1, j + start if j >= 0 else -1) for i, j in middle]
    tail = [(len(old) - stop + at, len(new) - stop + at) for at in range(stop)]
    return head + body + tail


def _shortest(old: Sequence[str], new: Sequence[str], most: int) -> list[Step]:
    if not old or not new:
        return _replaced(old, new)
    trace: list[dict[int, int]] = []
    ends = {1: 0}
    for edits in range(min(most, len(old) + len(new)) + 1):
        trace.append(dict(ends))
        for diagonal in range(-edits, edits + 1, 2):
            x = _start(ends, diagonal, edits)
            while x < len(old) and x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            ends[diagonal] = x
            if x >= len(old) and x - diagonal >= len(new):
                return _back(trace, len(old), len(new))
    return _replaced(old, new)


def _replaced(old: Sequence[str], new: Sequence[str]) -> list[Step]:
    return [(at, -1) for at in range(len(old))] + [(-1, at) for at in range(len(new))]


def _start(ends: dict[int, int], diagonal: int, edits: int) -> int:
    """Where the best path with one more edit begins: from the diagonal above (an addition) or below (a removal)."""
    is_down = diagonal == -edits or (diagonal != edits and ends.get(diagonal - 1, -1) < ends.get(diagonal + 1, -1))
    return ends.get(diagonal + 1, 0) if is_down else ends.get(diagonal - 1, -1) + 1


def _back(trace: list[dict[int, int]], x: int, y: int) -> list[Step]:
    path: list[Step] = []
    for edits in range(len(trace) - 1, -1, -1):
        ends, diagonal = trace[edits], x - y
        is_down = diagonal == -edits or (diagonal != edits and ends.get(diagonal - 1, -1) < ends.get(diagonal + 1, -1))
        previous = diagonal + 1 if is_down else diagonal - 1
        old_x = ends.get(previous, 0)
        old_y = old_x - previous
        while x > old_x and y > old_y and x > 0 and y > 0:
            x, y = x - 1, y - 1
            path.append((x, y))
        if edits:
            path.append((-1, old_y) if is_down else (old_x, -1))
            x, y = old_x, old_y
    return path[::-1]


def _line(step: Step, old: Sequence[str], new: Sequence[str]) -> Line:
    before, after = step
    text = old[before] if before >= 0 else new[after]
    if len(text) > MAX_WIDTH:
        text = f"{text[:MAX_WIDTH]}… (and {len(text) - MAX_WIDTH:,} more characters)"
    sort = "same" if before >= 0 and after >= 0 else "removed" if before >= 0 else "added"
    return Line(sort, before + 1 if before >= 0 else None, after + 1 if after >= 0 else None, ((text, False),))


def _with_words(lines: list[Line]) -> list[Line]:
    """Where as many lines were added as were removed just before, pair them and mark the words that differ."""
    runs = [(sort, list(run)) for sort, run in groupby(lines, key=lambda line: line.sort)]
    for (sort, removed), (next_sort, added) in pairwise(runs):
        if (sort, next_sort) == ("removed", "added") and len(removed) == len(added):
            for at, (before, after) in enumerate(zip(removed, added, strict=True)):
                removed[at], added[at] = _words(before, after)
    return [line for _, run in runs for line in run]


def _words(before: Line, after: Line) -> tuple[Line, Line]:
    old, new = (_WORDS.findall(line.pieces[0][0]) for line in (before, after))
    way = steps(old, new, _MAX_WORD_EDITS)
    kept_old, kept_new = {i for i, j in way if j >= 0}, {j for i, j in way if i >= 0}
    if not any(old[i].strip() for i in kept_old if i >= 0):
        return before, after
    return (
        Line(before.sort, before.old, None, _pieces(old, kept_old)),
        Line(after.sort, None, after.new, _pieces(new, kept_new)),
    )


def _pieces(words: list[str], kept: set[int]) -> tuple[tuple[str, bool], ...]:
    marked = groupby(range(len(words)), key=lambda at: at not in kept)
    return tuple(("".join(words[at] for at in run), is_changed) for is_changed, run in marked)


def _cut(lines: list[Line]) -> Iterator[Hunk]:
    changed = [at for at, line in enumerate(lines) if line.sort != "same"]
    end = 0
    while changed:
        start = max(changed[0] - CONTEXT, end)
        stop = changed[0] + CONTEXT + 1
        while changed and changed[0] - CONTEXT <= stop:
            stop = changed.pop(0) + CONTEXT + 1
        yield Hunk(tuple(lines[start:stop]), start - end)
        end = min(stop, len(lines))
