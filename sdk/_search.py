"""Find models and data sets on a hub, by the filters that its pages have."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, overload
from urllib.parse import urlencode

from sdk import _config
from sdk._client import Client
from sdk._errors import HubUnavailableError, InvalidInputError
from sdk._models import Kind
from sdk._table import count, file_size, table

Values = str | Iterable[str] | None
Range = str | tuple[int | str | None, int | str | None] | None
Sort = Literal["relevance", "downloads", "likes", "trending", "updated", "created", "size", "parameters"]
PAGE = 100
HEAD = ("NAME", "LICENCE", "TASK", "PARAMETERS", "SIZE", "PULLS", "LIBRARY", "REVIEW")
_ASKED = "search"


@dataclass(frozen=True)
class Found:
    """What a search says of one model or data set. `snippet` is its text where the words were found, if they were."""

    name: str
    kind: Kind
    summary: str
    private: bool
    gated: bool
    task: str | None
    library: str | None
    licence: str | None
    licence_class: str
    parameters: int | None
    size: int
    downloads: int
    likes: int
    review: str
    bias: str | None
    created_at: str
    updated_at: str
    tags: tuple[str, ...] = field(default=(), repr=False)
    snippet: str = field(default="", repr=False)

    def row(self) -> tuple[str, ...]:
        """Cells under `HEAD`."""
        figures = (count(self.parameters), file_size(self.size), f"{self.downloads:,}")
        name = self.name + (" (private)" if self.private else " (gated)" if self.gated else "")
        return (name, self.licence or "-", self.task or "-", *figures, self.library or "-", self.review)


class SearchResults(Sequence[Found]):
    """What was found, best first: a sequence whose pages are fetched when they are reached. Prints as a table.

    `total` counts all that match, also those beyond the limit; `facets` says how many have which value, most first.
    """

    def __init__(self, fetch: Callable[[str, int, bool], Mapping[str, Any]], limit: int | None) -> None:
        self._fetch = fetch
        self._limit = limit
        self._items: list[Found] = []
        self._after: str | None = ""
        self.facets: Mapping[str, Mapping[str, int]] = {}
        self.total = 0
        self._more()

    def __len__(self) -> int:
        """How many there are to go through: `total`, or the limit."""
        return self.total if self._limit is None else min(self.total, self._limit)

    def __iter__(self) -> Iterator[Found]:
        position = 0
        while self._reach(position + 1):
            yield self._items[position]
            position += 1

    @overload
    def __getitem__(self, index: int) -> Found: ...
    @overload
    def __getitem__(self, index: slice) -> list[Found]: ...
    def __getitem__(self, index: int | slice) -> Found | list[Found]:
        self._reach(index + 1 if isinstance(index, int) and index >= 0 else len(self))
        return self._items[index]

    def __str__(self) -> str:
        return self.table()

    def __repr__(self) -> str:
        return f"<SearchResults: {self.total:,} found>"

    def table(self, width: int | None = None) -> str:
        """Aligned columns; in `width` characters, those that fit. One line where nothing was found."""
        return table(HEAD, [one.row() for one in self], width=width) if len(self) else "Nothing found."

    def _reach(self, number: int) -> bool:
        """Fetch until there are `number` items; False where there are fewer."""
        while len(self._items) < number and self._after is not None:
            self._more()
        return len(self._items) >= number

    def _more(self) -> None:
        wanted = PAGE if self._limit is None else min(PAGE, self._limit - len(self._items))
        page = self._fetch(self._after or "", wanted, not self._items)
        if not self._items:
            self.total = page["total"]
            self.facets = _facets(page["facets"])
        self._items += [_found(one) for one in page["items"]]
        is_full = self._limit is not None and len(self._items) >= self._limit
        self._after = None if is_full or not page["items"] else page["next"]


def search(
    text: str | None = None,
    *,
    kind: Kind = "model",
    task: Values = None,
    library: Values = None,
    licence: Values = None,
    licence_class: Values = None,
    modality: Values = None,
    language: Values = None,
    format: Values = None,
    dataset: Values = None,
    base_model: Values = None,
    review: Values = None,
    bias: Values = None,
    gated: bool | None = None,
    owner: Values = None,
    tag: Values = None,
    parameters: Range = None,
    size: Range = None,
    benchmark: str | None = None,
    score_min: float | None = None,
    sort: Sort | None = None,
    limit: int | None = 20,
    hub: str | None = None,
    token: str | None = None,
) -> SearchResults:
    """Models (or data sets) that match all that is given; several values of one filter are alternatives, but all
    of `tag` must be there. `parameters` and `size` (bytes of a pull) are ranges: `"1B..7B"`, `"..2GB"`, `(10, None)`.
    `benchmark` is `dataset/metric`, and `score_min` its least value. Best first: by relevance where there is text, else
    by downloads, or by `sort`. No more than `limit` are fetched; None: all.
    """
    if limit is not None and limit < 1:
        raise InvalidInputError(f"limit={limit}: ask for at least one, or for None: all.")
    if isinstance(gated, str):
        raise InvalidInputError(f"gated={gated!r}: True for gated ones, False for others.")
    values = {"task": task, "library": library, "licence": licence, "licence_class": licence_class,
              "modality": modality, "language": language, "format": format, "dataset": dataset,
              "base_model": base_model, "review": review, "bias": bias, "owner": owner, "tag": tag}  # fmt: skip
    asked: list[tuple[str, str]] = [("kind", kind)]
    asked += [("q", text)] if text else []
    asked += [(name, value) for name, given in values.items() for value in _values(name, given)]
    asked += [] if gated is None else [("gated", value) for value in (("auto", "manual") if gated else ("none",))]
    asked += _range("parameters", parameters) + _range("size", size)
    single = {"benchmark": benchmark, "score_min": score_min, "sort": sort}
    asked += [(name, str(value)) for name, value in single.items() if value is not None]
    return _results(asked, limit, Client(_config.resolve(hub, token)))


def _results(asked: list[tuple[str, str]], limit: int | None, client: Client) -> SearchResults:
    def fetch(after: str, wanted: int, with_facets: bool) -> Mapping[str, Any]:
        more = [("limit", str(wanted))] + ([("after", after)] if after else [])
        more += [] if with_facets else [("facets", "none")]
        with client.closing():
            return client.own_json(
                f"search?{urlencode([*asked, *more])}", asked=_ASKED, has=("items", "total", "facets")
            )

    return SearchResults(fetch, limit)


def _values(name: str, given: Values) -> list[str]:
    values = [given] if isinstance(given, str) else list(given or ())
    if not all(isinstance(value, str) for value in values):
        raise InvalidInputError(f"{name}={given!r}: give a text, or several.")
    return values


def _range(name: str, given: Range) -> list[tuple[str, str]]:
    """As two names of an address."""
    if given is None:
        return []
    ends = given.split("..") if isinstance(given, str) else list(given)
    if len(ends) != 2:
        raise InvalidInputError(f'{name}={given!r}: write it as "1B..7B", "..7B", "1B.." or (10**9, 7 * 10**9).')
    pairs = zip(("min", "max"), ends, strict=True)
    return [(f"{name}_{end}", str(value).strip()) for end, value in pairs if value is not None and str(value).strip()]


def _facets(told: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, dict[str, int]]:
    return {name: {one["value"]: one["count"] for one in values} for name, values in told.items()}


def _found(told: Mapping[str, Any]) -> Found:
    names = ("name", "kind", "summary", "private", "gated", "task", "library", "licence", "parameters", "size",
             "downloads", "likes", "review", "bias")  # fmt: skip
    try:
        return Found(
            **{name: told[name] for name in names},
            licence_class=told["licenceClass"],
            created_at=told["createdAt"],
            updated_at=told["updatedAt"],
            tags=tuple(told["tags"]),
            snippet="".join(text for text, _ in told["snippet"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise HubUnavailableError(f"{_ASKED}: the hub's answer can't be read ({error!r}). Is it up to date?") from error
