"""Leaderboards: what jobs of this hub measured of models on one data set at one commit, ranked no finer than the
intervals allow."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, fields

from django.db.models import Exists, OuterRef

from hub.accounts.viewer import Viewer
from hub.catalog.models import Ancestor, Repo, RepoKind
from hub.catalog.permissions import check_read
from hub.core.text import storable
from hub.jobs.errors import NoSuchBoard
from hub.jobs.models import EvaluationResult
from hub.jobs.selectors.results import MeasuredAt, as_seen, heads_of, measured_by, visible

MAX_ROWS = 5000
# What recipes judge a model of their task by; the rest of what they measure comes behind it.
JUDGED_BY = frozenset(
    {
        *("accuracy", "chrf", "entity_f1", "f1_macro", "map", "mrr", "ndcg_at_10", "perplexity"),
        *("r2", "rmse", "spearman", "wer"),
    }
)


@dataclass(frozen=True)
class BoardKey:
    """What must be the same for two numbers to be compared. `by`: the suite or recipe with its major version;
    `slice_key` is empty for all of the data."""

    commit: str
    metric: str
    by: str
    config: str = ""
    split: str = ""
    task: str = ""
    slice_key: str = ""


@dataclass(frozen=True)
class Board:
    """A leaderboard that could be shown. `is_current`: it is on the commit that the data set's main is at."""

    key: BoardKey
    models: int
    higher_is_better: bool
    is_current: bool


@dataclass(frozen=True)
class Row:
    """A model on a board. It is somewhere from `rank` to `last_rank`: those that are surely better stand before it,
    those that are surely worse behind it, and with the rest its interval overlaps. None where there is no number.

    `number` counts the rows from 1.
    """

    number: int
    rank: int | None
    last_rank: int | None
    measured: MeasuredAt

    @property
    def is_tied(self) -> bool:
        return self.rank != self.last_rank

    @property
    def row(self) -> EvaluationResult:
        return self.measured.row


@dataclass(frozen=True)
class Leaderboard:
    """One board with its rows, best first, and all the boards of the data set. `stale`: models that were measured
    alike on another commit of the data set, and on this one not yet; their numbers are not comparable with the rows'.
    `board` is None where nothing was measured on this data set."""

    dataset: Repo
    board: Board | None = None
    rows: tuple[Row, ...] = ()
    stale: tuple[MeasuredAt, ...] = ()
    boards: tuple[Board, ...] = ()


def leaderboard(viewer: Viewer, dataset: Repo, **wanted: str) -> Leaderboard:
    """The first of the boards that fit what is `wanted` by the names of `BoardKey`'s fields. A model's newest
    measurement counts, never its best. Raises `RepoNotFound`, and `NoSuchBoard` where none fits."""
    check_read(viewer, dataset)
    rows = list(visible(viewer).filter(dataset=dataset).order_by("-measured_at", "pk")[:MAX_ROWS])
    boards = _boards(rows, heads_of({dataset.pk}).get(dataset.pk, ""))
    if not boards and not any(wanted.values()):
        return Leaderboard(dataset)
    board = next((each for each in boards if _fits(each.key, wanted)), None)
    if board is None:
        raise NoSuchBoard
    return _filled(viewer, dataset, board, rows, boards)


def current_boards(
    viewer: Viewer, dataset: Repo, *, base_only: bool = False
) -> tuple[tuple[Board, tuple[Row, ...]], ...]:
    """All boards on the data set's main, of all its data, each with its rows; a few queries, however many they are.

    `base_only` leaves out models that were made from another one. Raises `RepoNotFound`.
    """
    check_read(viewer, dataset)
    head = heads_of({dataset.pk}).get(dataset.pk, "")
    rows = visible(viewer).filter(dataset=dataset, dataset_commit=head, slice_key="").order_by("-measured_at", "pk")
    if base_only:
        rows = rows.exclude(Exists(Ancestor.objects.filter(repo=OuterRef("repo"), kind=RepoKind.MODEL)))
    held: dict[BoardKey, dict[int, MeasuredAt]] = {}
    for each in as_seen(viewer, list(rows[:MAX_ROWS])):
        held.setdefault(key_of(each.row), {}).setdefault(each.row.repo_id, each)
    boards = _boards([each.row for models in held.values() for each in models.values()], head)
    return tuple(
        (board, _ranked(held[board.key].values(), higher_is_better=board.higher_is_better)) for board in boards
    )


def key_of(row: EvaluationResult) -> BoardKey:
    return BoardKey(
        commit=row.dataset_commit,
        metric=row.metric,
        by=measured_by(row),
        config=row.dataset_config,
        split=row.split,
        task=row.task,
        slice_key=row.slice_key,
    )


def _boards(rows: Sequence[EvaluationResult], head: str) -> tuple[Board, ...]:
    """`rows`: the newest first."""
    found: dict[BoardKey, set[int]] = {}
    better: dict[BoardKey, bool] = {}
    newest: dict[str, int] = {}
    for place, row in enumerate(rows):
        key = key_of(row)
        found.setdefault(key, set()).add(row.repo_id)
        better.setdefault(key, row.higher_is_better)
        newest.setdefault(row.dataset_commit, place)
    boards = [Board(key, len(models), better[key], key.commit == head) for key, models in found.items()]
    return tuple(sorted(boards, key=_order(newest, {key_of(row) for row in rows if row.suite})))


def _order(newest: dict[str, int], of_suites: Container[BoardKey]) -> Callable[[Board], tuple[object, ...]]:
    def order(board: Board) -> tuple[object, ...]:
        key = board.key
        named = (key.slice_key, key.by, key.metric, key.config, key.split, key.task)
        kind = (bool(key.slice_key), key in of_suites, key.metric not in JUDGED_BY)
        return not board.is_current, newest[key.commit], kind, -board.models, not board.higher_is_better, named

    return order


_NAMES = tuple(field.name for field in fields(BoardKey))


def _fits(key: BoardKey, wanted: dict[str, str]) -> bool:
    """What isn't wanted by name may be anything, and an empty value is as none. A commit may be given by its start."""
    told = {name: storable(value) for name, value in wanted.items() if name in _NAMES and value}
    commit = told.pop("commit", "")
    return key.commit.startswith(commit) and all(getattr(key, name) == value for name, value in told.items())


def _filled(
    viewer: Viewer, dataset: Repo, board: Board, rows: Iterable[EvaluationResult], boards: tuple[Board, ...]
) -> Leaderboard:
    held, stale = dict[int, EvaluationResult](), dict[int, EvaluationResult]()
    for row in rows:
        key = key_of(row)
        if key == board.key:
            held.setdefault(row.repo_id, row)
        elif _without_commit(key) == _without_commit(board.key):
            stale.setdefault(row.repo_id, row)
    old = [row for repo, row in stale.items() if repo not in held]
    seen = as_seen(viewer, [*held.values(), *old])
    ranked = _ranked(seen[: len(held)], higher_is_better=board.higher_is_better)
    return Leaderboard(dataset, board, ranked, seen[len(held) :], boards)


def _without_commit(key: BoardKey) -> tuple[str, ...]:
    return key.by, key.metric, key.config, key.split, key.task, key.slice_key


def _ranked(measured: Iterable[MeasuredAt], *, higher_is_better: bool) -> tuple[Row, ...]:
    sign = 1 if higher_is_better else -1
    ordered = sorted(measured, key=lambda each: _place(each, sign))
    spans = [_span(each.row, sign) for each in ordered if each.row.value is not None]
    return tuple(_row(number, each, spans, sign) for number, each in enumerate(ordered, 1))


def _place(each: MeasuredAt, sign: int) -> tuple[bool, float, str]:
    value = each.row.value
    return value is None, -sign * (value or 0.0), each.row.repo.key


def _span(row: EvaluationResult, sign: int) -> tuple[float, float]:
    """The interval, turned so that more is better; without one the bare value, which says no more than itself."""
    value = row.value or 0.0
    ends = (value if row.low is None else row.low, value if row.high is None else row.high)
    low, high = sorted(sign * end for end in ends)
    return low, high


def _row(number: int, each: MeasuredAt, spans: Sequence[tuple[float, float]], sign: int) -> Row:
    if each.row.value is None:
        return Row(number, None, None, each)
    low, high = _span(each.row, sign)
    better = sum(other_low > high for other_low, _ in spans)
    worse = sum(other_high < low for _, other_high in spans)
    return Row(number, 1 + better, len(spans) - worse, each)
