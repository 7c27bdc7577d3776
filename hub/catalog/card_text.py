"""Edit a card's text: change fields of its metadata block and leave every other line of it as it was written."""

from collections.abc import Mapping
from typing import Any

import yaml

from hub.catalog.card import BLOCK, parse_card

_WIDTH = 1000


def split(text: str) -> tuple[str, str]:
    """(the metadata block without its marks, the text below it). The block is empty when there is none."""
    found = BLOCK.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def join(block: str, body: str) -> str:
    """The card made of both; a block of nothing is left out."""
    if not block.strip():
        return body
    end = "" if block.endswith("\n") else "\n"
    return f"---\n{block}{end}---\n{body}"


def set_fields(block: str, changes: Mapping[str, Any]) -> str:
    """The block with these fields set, or taken out where the value is None. Order, comments and the fields that
    aren't named stay as they are, unless the block is written in a way that can't be cut in lines: then it is written
    anew, and only its comments are lost.

    The block must be readable: `parse_card` finds no error in it.
    """
    before = parse_card(join(block, "")).metadata
    wanted = {**before, **changes}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    if wanted == before:
        return block
    edited = _edited(block, changes)
    return edited if parse_card(join(edited, "")).metadata == wanted else _written(wanted)


def _edited(block: str, changes: Mapping[str, Any]) -> str:
    lines = block.splitlines(keepends=True)
    spans = _spans(block, lines)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    # From the end, so that the lines above keep their numbers.
    for name, (start, end) in sorted(spans.items(), key=lambda item: -item[1][0]):
        if name in changes:
            lines[start:end] = [] if changes[name] is None else [_written({name: changes[name]})]
    new = {name: value for name, value in changes.items() if name not in spans and value is not None}
    return "".join(lines) + (_written(new) if new else "")


def _spans(block: str, lines: list[str]) -> dict[str, tuple[int, int]]:
    """The lines of each field, [start, end); comments and empty lines before the next field belong to that."""
    top = yaml.compose(block, Loader=yaml.CSafeLoader)
    if not isinstance(top, yaml.MappingNode):
        return {}
    starts = [(str(key.value), key.start_mark.line) for key, _ in top.value]
    ends = [start for _, start in starts[1:]] + [len(lines)]
    return {name: (start, _end(lines, start, end)) for (name, start), end in zip(starts, ends, strict=True)}


def _end(lines: list[str], start: int, end: int) -> int:
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return end


def _written(fields: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(dict(fields), sort_keys=False, allow_unicode=True, width=_WIDTH))
