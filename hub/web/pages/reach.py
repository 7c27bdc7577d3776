"""How far a data set reaches: the page of what was made from it and who pulled that."""

from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.governance.selectors.reach import Reached, reach_of
from hub.web.pages import links, repo, words
from hub.web.pages.links import Link


@dataclass(frozen=True)
class ReachRow:
    """`who` is None where the viewer may know the number alone."""

    link: Link
    kind: str
    way: tuple[Link, ...]
    is_direct: bool
    stages: str
    people: str
    who: tuple[Link, ...] | None


@dataclass(frozen=True)
class ReachPage:
    title: str
    banner: repo.Banner
    rows: tuple[ReachRow, ...]
    said: str
    more: int


def build(viewer: Viewer, address: repo.Address) -> ReachPage:
    place = repo.find(viewer, address)
    found = reach_of(viewer, place.repo)
    made = words.plural(len(found.reached) + found.more, "repository", "repositories")
    return ReachPage(
        title=f"Reach of {place.repo.full_name}",
        banner=repo.banner(place, "data", has_tools=False),
        rows=tuple(_row(each) for each in found.reached),
        said=f"{made} made from it, pulled by {words.plural(found.people, 'person', 'people')}",
        more=found.more,
    )


def _row(each: Reached) -> ReachRow:
    return ReachRow(
        link=Link(each.repo.full_name, links.repo_url(each.repo.kind, each.repo.full_name)),
        kind=str(each.repo.get_kind_display()),
        way=tuple(Link(via.full_name, links.repo_url(via.kind, via.full_name)) for via in each.via),
        is_direct=each.is_direct,
        stages=", ".join(each.stages),
        people=f"{words.plural(each.people, 'person', 'people')}, {words.plural(each.pulls, 'pull')}"
        if each.pulls
        else "nobody yet",
        who=tuple(Link(name, links.owner_url(name)) for name in each.who) if each.who is not None else None,
    )
