"""The first page of a repository: its card, and beside it the evidence."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.safestring import SafeString

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.card import parse_card
from hub.governance.selectors.records import head_of
from hub.web import markdown
from hub.web.pages import (
    data_record,
    data_rows,
    dossier,
    evaluations,
    facts,
    licence_view,
    lineage,
    links,
    register,
    repo,
    review_short,
    sections,
    similar,
    weights,
)
from hub.web.pages import use as use_page
from hub.web.pages.rows import Row


@dataclass(frozen=True)
class Evidence:
    """`urls` lead to the tabs that say more, by name."""

    review: review_short.Short
    urls: dict[str, str]
    licence: facts.Licence | None
    licence_view: licence_view.Brief
    training_data: facts.Stated
    biases: facts.Stated
    use: facts.Stated
    size: facts.Size
    lineage: lineage.Evidence
    results: evaluations.Short
    use_over_time: use_page.Short
    data_heading: str
    completeness: int
    register: register.Register
    papers: dossier.Papers


_MANY_HEADINGS = 4
_LONG_CARD = 3_000


@dataclass(frozen=True)
class CardPage:
    title: str
    description: str
    banner: repo.Banner
    html: SafeString
    has_card: bool
    problems: tuple[str, ...]
    contents: tuple[markdown.Heading, ...]
    missing: tuple[sections.Section, ...]
    edit_url: str
    rows: data_rows.FirstRows | None
    evidence: Evidence
    files_url: str
    similar: tuple[Row, ...]


def build(viewer: Viewer, address: repo.Address, *, origin: str) -> CardPage:
    place = repo.find(viewer, address)
    text = repo.readme(viewer, place)
    parsed = parse_card(text or "")
    metadata = parsed.metadata if isinstance(parsed.metadata, dict) else {}
    top = repo.banner(place, "card", origin)
    body = _without_banner(parsed.body, top)
    sizes = catalog.sizes_at(viewer, place.revision)
    outline = markdown.outline(body)
    has_card = bool(text and text.strip())
    return CardPage(
        title=top.full_name,
        description=top.summary,
        banner=top,
        html=markdown.render(body, markdown.Base(*place.at)),
        has_card=has_card,
        problems=tuple(str(problem) for problem in parsed.errors),
        contents=_contents(body),
        missing=sections.missing(top.kind, outline, metadata) if has_card else (),
        edit_url=repo.card_edit_url(place),
        rows=data_rows.first_rows(viewer, place, metadata, sizes) if top.kind == "dataset" else None,
        evidence=_evidence(viewer, place, metadata, outline, sizes),
        files_url=links.tree_url(*place.at),
        similar=similar.rows(viewer, place.repo),
    )


def _without_banner(body: str, banner: repo.Banner) -> str:
    """The card without a first heading and a first paragraph that say again what stands above them."""
    found = re.match(r"\s*# ([^\n]+)(?:\n|$)\s*", body)
    if not found or _letters(found[1]) != _letters(banner.name):
        return body
    rest = body[found.end() :]
    first, _, after = rest.partition("\n\n")
    return after if banner.summary and _letters(first) == _letters(banner.summary) else rest


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _contents(body: str) -> tuple[markdown.Heading, ...]:
    """The card's table of contents, where it is long enough to need one."""
    found = markdown.contents(body)
    return found if len(found) >= _MANY_HEADINGS and len(body) > _LONG_CARD else ()


def _evidence(
    viewer: Viewer, place: repo.Place, metadata: dict[str, Any], outline: sections.Outline, sizes: list[tuple[str, int]]
) -> Evidence:
    part = partial(links.part_url, *place.at[:2])
    revision = head_of(place.repo)
    return Evidence(
        review=review_short.build(place),
        urls={name: part(name) for name in ("licence", "data", "bias")},
        licence=facts.licence(metadata, lambda path: links.file_url(*place.at, path)),
        licence_view=licence_view.brief(viewer, place.repo, place.revision.commit),
        training_data=facts.training_data(metadata, outline),
        biases=facts.biases(metadata, outline),
        use=facts.use(metadata, outline),
        size=weights.evidence(viewer, place, len(sizes), sum(size for _, size in sizes)),
        lineage=lineage.evidence(viewer, place.repo),
        results=evaluations.short(viewer, place.repo),
        use_over_time=use_page.short(viewer, place.repo),
        data_heading="Where the data come from" if place.repo.kind == "dataset" else "Training data",
        completeness=data_record.short(place, revision),
        register=register.build(place, revision),
        papers=dossier.evidence(*place.at[:2], place.revision.commit),
    )
