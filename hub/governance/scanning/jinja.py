"""The code of a Jinja template, token by token: names that are put together so that no search for them finds any."""

import re
from collections.abc import Iterator

_BLOCK = re.compile(r"\{#.*?#\}|\{[{%]", re.DOTALL)
_TOKEN = re.compile(
    r"""\s+|(?P<end>[-+]?(\}\}|%\}))|(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?P<word>\w+)|(?P<mark>.)""",
    re.DOTALL,
)
_JOINS = ("~", "+")
# Filters and tests that look up an attribute by a text.
_BY_ATTRIBUTE = ("selectattr", "rejectattr", "groupby")
# What makes another text of one that is written out.
_CHANGES = ("reverse", "replace", "list", "batch", "slice", "first", "last", "random")
_LOADS = ("import", "include", "extends", "from")
_LEAKS = ("get_flashed_messages", "url_for", "lipsum", "cycler", "joiner")
_OBJECTS = ("request",)
_CUT_FORMAT = re.compile(r"%c|\{[^{}]*[.\[]")


def blocks_of(template: str) -> Iterator[list[str]]:
    """The tokens of each expression and statement; texts begin with a quote, and have their escapes undone."""
    at = 0
    while start := _BLOCK.search(template, at):
        at = start.end()
        tokens: list[str] = []
        while start[0][1] != "#" and (token := _TOKEN.match(template, at)):
            at = token.end()
            if token["end"]:
                break
            if token["text"]:
                tokens.append("'" + _unescaped(token["text"][1:-1]))
            elif not token[0].isspace():
                tokens.append(token[0])
        yield tokens


def is_disguise(tokens: list[str]) -> bool:
    """Whether a block loads another template, or makes a name out of parts."""
    padded = ["", *tokens, "", "", ""]
    if any(word in _LOADS for word in [one for one in tokens if one not in "-+"][:1]):
        return True
    return any(_is_odd(padded[at - 1 : at + 4]) for at in range(1, len(tokens) + 1))


def _is_odd(around: list[str]) -> bool:
    """The token before, the token, and three behind it."""
    _, token, after, next_, _ = around
    if (token, after) == ("attribute", "=") or (token in _BY_ATTRIBUTE and after == "("):
        return not next_.startswith("'") or around[4] not in (")", ",")
    is_leak = token in _LEAKS or (token in _OBJECTS and after in (".", "[", "|"))
    return is_leak or (token.startswith("'") and _is_odd_text(around))


def _is_odd_text(around: list[str]) -> bool:
    before, token, after, next_, _ = around
    text = token[1:]
    if after == "[" or (after == "|" and (next_ in _CHANGES or before == "[")):
        return True
    if after in _JOINS and next_.startswith("'") and _is_word(text) and _is_word(next_[1:]):
        return True
    if bool(text) and not text.strip("_") and (before in ("[", *_JOINS) or after in ("]", *_JOINS, "*")):
        return True
    is_in_row = before in ("(", ",") and after == ","
    if after in ("|", "%", "."):
        return bool(_CUT_FORMAT.search(text))
    return is_in_row and (token, next_) == ("'_", "'_")


def _is_word(text: str) -> bool:
    return bool(text) and text.isidentifier()


def _unescaped(text: str) -> str:
    """As Jinja reads it; what it can't read stays as it is."""
    try:
        return text.encode("ascii", "backslashreplace").decode("unicode-escape")
    except UnicodeDecodeError:
        return text
