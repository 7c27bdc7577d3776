"""Which licences the text of a README says that its own repository is under (L15)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from hub.governance.licences.table import Licence, Table

_OWN = {
    "model": r"model|models|checkpoints?|weights|repository|repo|project|work",
    "dataset": r"data ?sets?|data|corpus|repository|repo|project|work",
}
# "This model and its weights are licensed under …", up to where the sentence turns to something else.
_SAYS = (
    r"(?:^|[.!?>\n*#-]\s*)(?:this|the|our|all)\s+(?:\w+\s+){{0,2}}?(?:{own})\b(?P<between>[^.\n]{{0,40}}?)\b"
    r"(?:licen[cs]ed|released|distributed|published|made available|available)\s+under\s+(?P<named>[^\n;]{{2,160}})"
)
_STRANGE = re.compile(r"\b(?:code|base|original|parent|teacher|source|training|libraries|dependenc\w+|not)\b", re.I)
_TURNS = re.compile(r"[.!?](?:\s|$)|\b(?:but|while|whereas|except|see|from|based on|derived|compatible)\b", re.I)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_WORD = re.compile(r"[a-z]+|\d+")
_EMPTY = frozenset(
    {
        "licence",
        "license",
        "licenses",
        "agreement",
        "community",
        "public",
        "version",
        "v",
        "the",
        "international",
        "only",
    }
)
_MAX_WORDS, _MAX_TEXT = 8, 200_000


def named_in(body: str, kind: str, table: Table) -> tuple[Licence, ...]:
    """Without families and without what the table doesn't know. Sentences on code, bases and data of others don't
    count: they say nothing of this repository's own licence."""
    pattern = re.compile(_SAYS.format(own=_OWN.get(kind, _OWN["model"])), re.I)
    plain = _LINK.sub(r"\1", body[:_MAX_TEXT].replace("**", "").replace("`", ""))
    found: dict[str, Licence] = {}
    for each in pattern.finditer(plain):
        subject = each[0][: each.start("named") - each.start()]
        if not _STRANGE.search(subject):
            found |= {licence.id: licence for licence in _licences(_TURNS.split(each["named"])[0], table)}
    return tuple(found.values())


def _licences(clause: str, table: Table) -> Iterator[Licence]:
    """Each name from the left, the longest that fits."""
    words, names, at = _words(clause), _names(table), 0
    while at < len(words):
        ends = range(min(len(words), at + _MAX_WORDS), at, -1)
        end = next((end for end in ends if "".join(words[at:end]) in names), 0)
        if end:
            yield names["".join(words[at:end])]
        at = end or at + 1


def _words(text: str) -> list[str]:
    plain = re.sub(r"v\.?\s?(?=\d)", " ", text.lower().replace("++", "plusplus"))
    return [word for word in _WORD.findall(plain) if word not in _EMPTY]


@lru_cache(maxsize=4)
def _names_of(rows: tuple[Licence, ...]) -> dict[str, Licence]:
    found: dict[str, Licence] = {}
    for row in rows:
        for name in (row.id, row.spdx_id, row.spdx_id.removeprefix("LicenseRef-"), row.name):
            words = _words(name)
            for each in (words, words[:-1] if words[-1:] == ["0"] else words):
                if len("".join(each)) > 2:
                    found.setdefault("".join(each), row)
    return found


def _names(table: Table) -> dict[str, Licence]:
    return _names_of(tuple(row for row in table if row.is_known))
