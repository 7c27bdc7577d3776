"""Chat templates: Jinja texts that some loaders render. They may not reach into Python's objects."""

import re
from collections.abc import Iterator

from hub.catalog.errors import BadWeights
from hub.catalog.weights.header import Cursor
from hub.governance.scanning.findings import SUSPICIOUS, UNSUPPORTED, Findings, NotUnderstood
from hub.governance.scanning.jinja import blocks_of, is_disguise
from hub.governance.scanning.limits import MAX_TEMPLATE
from hub.governance.scanning.source import Source

_TEXT, _LIST = 8, 9
_WIDTHS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
# Ways from a value to Python's own objects, and the names of what lies there.
_TRAVERSAL = re.compile(
    r"__\w+__|\\x5f|\\u005f|\|\s*attr\b|\battr\s*\(|\bmro\b|\bsubclasses\b|\b_\w*globals|\bimport_module\b|\bpopen\b"
    r"|\bos\s*\.\s*system|\bsubprocess\b|\bcycler\b|\bjoiner\b|\blipsum\b|self\s*\.\s*_|\bconfig\s*\.\s*from"
)
# With escapes undone, inside of code: names that nothing but Python's objects has.
_HIDDEN = re.compile(r"__[a-z]|[a-z]__|\b(globals|builtins|subclasses|getattr|getattribute)\b")
# Jinja puts texts together with these, and could put one of the above together.
_JOINED = re.compile(r"\[\s*['\"]_|['\"]_+['\"]\s*[~+]|['\"]_\w*['\"]\s*\*")


def check_template(name: str, text: str, found: Findings) -> None:
    """Notes what reaches for objects, and what is too long for anybody to read."""
    if len(text) > MAX_TEMPLATE:
        found.add(UNSUPPORTED, f"{name} is longer than any template")
    elif shown := _reached(text):
        found.add(SUSPICIOUS, f"{name} is a template that reaches for Python's objects ({shown[:40]!r})")


def _reached(text: str) -> str:
    """The part of it that does; empty without one."""
    if match := _TRAVERSAL.search(text) or _JOINED.search(text):
        return match[0]
    for tokens in blocks_of(text):
        told = " ".join(tokens)
        if is_disguise(tokens) or _TRAVERSAL.search(told) or _HIDDEN.search(told):
            return told
    return ""


def metadata_of(source: Source) -> Cursor:
    """A cursor for `templates_of`, which stands behind the metadata afterwards."""
    return Cursor("GGUF", "it", source.size, source.read)


def templates_of(at: Cursor) -> Iterator[tuple[str, str]]:
    """The chat templates in a GGUF file's metadata, whole."""
    try:
        at.seek(16)
        for _ in range(at.uint(8)):
            key = at.text(at.uint(8), 1_000, "a key")
            kind = at.uint(4)
            if kind == _TEXT and "template" in key:
                yield key, at.text(at.uint(8), MAX_TEMPLATE, "a template")
            elif key == "tokenizer.chat_template":
                raise at.bad("its chat template is no text")
            else:
                _skip(at, kind, 0)
    except BadWeights as error:
        raise NotUnderstood(str(error.detail["fault"])) from error


def _skip(at: Cursor, kind: int, depth: int) -> None:
    if kind == _TEXT:
        at.skip_texts(1)
    elif kind == _LIST and depth < 4:
        inner, count = at.uint(4), at.uint(8)
        if inner == _TEXT:
            at.skip_texts(count)
        elif inner in _WIDTHS:
            at.seek(at.at + count * _WIDTHS[inner])
        else:
            for _ in range(count):
                _skip(at, inner, depth + 1)
    elif kind in _WIDTHS:
        at.seek(at.at + _WIDTHS[kind])
    else:
        raise at.bad(f"its metadata has a value of the unknown type {kind:,}")
