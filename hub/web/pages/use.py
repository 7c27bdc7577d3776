"""How a repository is used: pulls by day, and by whom for those who may know."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.web.pages import links, repo, words

SPARK_WIDTH = 180
SPARK_HEIGHT = 32


@dataclass(frozen=True)
class Day:
    date: dt.date
    label: str
    count: int


@dataclass(frozen=True)
class UsePage:
    """`days` in the order of time, for the chart; `used` those with pulls, the latest first, for the table."""

    title: str
    banner: repo.Banner
    total: int
    recent: str
    last: dt.date | None
    days: dict[str, Any]
    used: tuple[Day, ...]
    pullers: tuple[Any, ...] | None
    more_pullers: str


@dataclass(frozen=True)
class Short:
    """Beside the card: the line of pulls by week as points of a drawing, and the same in words."""

    downloads: int
    recent: str
    points: str
    spoken: str
    url: str


def build(viewer: Viewer, address: repo.Address) -> UsePage:
    place = repo.find(viewer, address)
    use = catalog.use_of(viewer, place.repo)
    more = words.plural(use.more_pullers, "other") if use.more_pullers else ""
    return UsePage(
        title=f"Use of {place.repo.full_name}",
        banner=repo.banner(place, "use"),
        total=use.total,
        recent=_recent(use),
        last=use.last,
        days=_bars(use),
        used=tuple(Day(day, _label(day), count) for day, count in reversed(use.days) if count),
        pullers=use.pullers,
        more_pullers=more,
    )


def short(viewer: Viewer, of: Any) -> Short:
    use = catalog.use_of(viewer, of)
    weeks = _weeks([count for _, count in use.days])
    return Short(
        downloads=use.total,
        recent=_recent(use) if use.recent else "",
        points=_points(weeks) if use.recent else "",
        spoken=f"Pulls by week, oldest first: {', '.join(map(str, weeks))}",
        url=links.use_url(of.kind, of.full_name),
    )


def _recent(use: Any) -> str:
    return f"{words.plural(use.recent, 'pull')} in the last {len(use.days)} days"


def _bars(use: Any) -> dict[str, Any]:
    if not use.recent:
        return {}
    series = [{"label": "Pulls", "data": [count for _, count in use.days]}]
    return {"labels": [_label(day) for day, _ in use.days], "series": series}


def _label(day: dt.date) -> str:
    return f"{day:%-d %b}"


def _weeks(counts: list[int]) -> list[int]:
    """Sums of seven days, the last ones whole."""
    first = len(counts) % 7
    return [sum(counts[at : at + 7]) for at in range(first, len(counts), 7)]


def _points(weeks: list[int]) -> str:
    step, most = SPARK_WIDTH / max(1, len(weeks) - 1), max(*weeks, 1)
    return " ".join(
        f"{at * step:.1f},{SPARK_HEIGHT - 2 - (SPARK_HEIGHT - 4) * count / most:.1f}" for at, count in enumerate(weeks)
    )
