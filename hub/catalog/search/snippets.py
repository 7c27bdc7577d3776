"""Where words stand in a text."""

import re

from hub.catalog.search.folding import fold_in_place

Pieces = tuple[tuple[str, bool], ...]
_BEFORE, _LENGTH = 60, 200


def snippet(text: str, words: tuple[str, ...]) -> Pieces:
    """About 200 characters around the first of the words, as (text, is it a match); nothing where there is none."""
    folded = fold_in_place(text)
    pattern = _pattern(words)
    first = pattern.search(folded) if pattern else None
    if first is None:
        return ()
    start = _word_start(text, max(first.start() - _BEFORE, 0))
    end = _word_end(text, min(start + _LENGTH, len(text)))
    pieces = marked(text[start:end], words)
    return (*((("…", False),) if start else ()), *pieces, *((("…", False),) if end < len(text) else ()))


def marked(text: str, words: tuple[str, ...]) -> Pieces:
    """The whole text, cut where one of the words begins a word of it."""
    pattern, pieces, at = _pattern(words), [], 0
    for found in pattern.finditer(fold_in_place(text)) if pattern else ():
        pieces += [(text[at : found.start()], False), (text[found.start() : found.end()], True)]
        at = found.end()
    return tuple(piece for piece in (*pieces, (text[at:], False)) if piece[0])


def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Whole words, but the last may be a beginning."""
    if not words:
        return None
    *whole, last = (re.escape(word) for word in words)
    ends = [rf"{word}(?![^\W_])" for word in whole]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join([*ends, last])})")


def _word_start(text: str, at: int) -> int:
    """The beginning of a word, from there on; there, when it is far."""
    found = text.find(" ", at, at + 30) if at else -1
    return found + 1 if found >= 0 else at


def _word_end(text: str, at: int) -> int:
    found = text.rfind(" ", at - 30, at) if at < len(text) else -1
    return found if found > 0 else at
