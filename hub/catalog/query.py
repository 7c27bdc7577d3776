"""The one query language of pages, API, SDK and wire: what to search for, as names and values of an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from hub.core.errors import InvalidInput

# Filters by value, in the order of the page. Values of one filter are alternatives; different filters must all hold.
FACETS = (
    "task",
    "library",
    "licence",
    "licence_class",
    "modality",
    "language",
    "format",
    "dataset",
    "base_model",
    "review",
    "bias",
    "gated",
    "owner",
)
# Filters by range: `parameters_min`, `parameters_max`; parameters are a count, size is bytes of a pull.
RANGES = ("parameters", "size")
SORTS = ("relevance", "downloads", "likes", "trending", "updated", "created", "size", "parameters")
MAX_TEXT = 200
MAX_VALUES = 20
MAX_LIMIT = 1000
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "g": 10**9, "t": 10**12}


@dataclass(frozen=True)
class SearchQuery:
    """`sort` empty: by relevance where there is text, else by downloads. `after` is the `next` of the page before.

    `tags` must all be there, as the wire spells them (`license:mit`, `dataset:squad`). `benchmark` is `dataset/metric`;
    `score_min` its least value.
    """

    kind: str = "model"
    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    ranges: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    benchmark: str = ""
    score_min: float | None = None
    sort: str = ""
    limit: int = 20
    after: str = ""

    def without(self, facet: str) -> "SearchQuery":
        return replace(self, chosen={name: values for name, values in self.chosen.items() if name != facet}, after="")


def parse_query(kind: str, given: Mapping[str, Sequence[str]], *, limit: int = 20) -> SearchQuery:
    """Read names and lists of values, as of an address. Names that it doesn't know are left alone.

    Raises `InvalidInput` for an unknown sort, a number that is none, and too many or too long values.
    """
    chosen = {name: _values(given, name) for name in FACETS}
    ranges = {name: (_count(given, f"{name}_min"), _count(given, f"{name}_max")) for name in RANGES}
    sort = _one(given, "sort")
    if sort and sort not in SORTS:
        raise InvalidInput(f"{sort[:40]!r} is not a sort order. Use one of {', '.join(SORTS)}.")
    return SearchQuery(
        kind=kind,
        text=_one(given, "q"),
        chosen={name: values for name, values in chosen.items() if values},
        tags=_values(given, "tag"),
        ranges={name: bounds for name, bounds in ranges.items() if bounds != (None, None)},
        benchmark=_one(given, "benchmark").lower(),
        score_min=_decimal(given, "score_min"),
        sort=sort,
        limit=max(1, min(_count(given, "limit") or limit, MAX_LIMIT)),
        after=_one(given, "after"),
    )


def _values(given: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value.strip() for value in given.get(name, ()) if value.strip()))
    if len(values) > MAX_VALUES or any(len(value) > MAX_TEXT for value in values):
        raise InvalidInput(f"{name} takes at most {MAX_VALUES} values of {MAX_TEXT} characters.")
    return values


def _one(given: Mapping[str, Sequence[str]], name: str) -> str:
    return " ".join(_values(given, name))[: MAX_TEXT * 5]


def _count(given: Mapping[str, Sequence[str]], name: str) -> int | None:
    """A count such as 7000000, 7M, 1.5B or 2GB."""
    text = _one(given, name).lower().removesuffix("b" if name.startswith("size") else "")
    if not text:
        return None
    unit = text[-1] if text[-1] in _UNITS else ""
    try:
        count = float(text.removesuffix(unit)) * _UNITS[unit]
        if not 0 <= count < 2**63:
            raise ValueError
    except ValueError as error:
        raise InvalidInput(f"{name} is a number such as 7000000, 7M or 1.5B, not {text[:40]!r}.") from error
    return int(count)


def _decimal(given: Mapping[str, Sequence[str]], name: str) -> float | None:
    text = _one(given, name)
    try:
        return float(text) if text else None
    except ValueError as error:
        raise InvalidInput(f"{name} is a number, not {text[:40]!r}.") from error
