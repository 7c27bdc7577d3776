"""The first page of a repository: its card, and beside it the evidence."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.card import parse_card
from hub.web import markdown
from hub.web.pages import evaluations, facts, lineage, links, repo, similar, weights
from hub.web.pages import use as use_page
from hub.web.pages.rows import Row


@dataclass(frozen=True)
class Evidence:
    licence: facts.Licence | None
    training_data: facts.Stated
    biases: facts.Stated
    use: facts.Stated
    size: facts.Size
    lineage: lineage.Evidence
    results: evaluations.Short
    use_over_time: use_page.Short
    data_heading: str


@dataclass(frozen=True)
class CardPage:
    title: str
    description: str
    banner: repo.Banner
    html: SafeString
    has_card: bool
    problems: tuple[str, ...]
    evidence: Evidence
    files_url: str
    similar: tuple[Row, ...]


def build(viewer: Viewer, address: repo.Address, *, origin: str) -> CardPage:
    place = repo.find(viewer, address)
    text = repo.readme(viewer, place)
    parsed = parse_card(text or "")
    metadata = parsed.metadata if isinstance(parsed.metadata, dict) else {}
    top = repo.banner(place, "card", origin)
    return CardPage(
        title=top.full_name,
        description=top.summary,
        banner=top,
        html=markdown.render(_without_banner(parsed.body, top), markdown.Base(*place.at)),
        has_card=bool(text and text.strip()),
        problems=tuple(str(problem) for problem in parsed.errors),
        evidence=_evidence(viewer, place, metadata, parsed.body),
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


def _evidence(viewer: Viewer, place: repo.Place, metadata: dict[str, Any], body: str) -> Evidence:
    sections = markdown.outline(body)
    info = catalog.repo_info(place.repo, place.revision, blobs=True)
    sizes = [file.size or 0 for file in info.siblings]
    return Evidence(
        licence=facts.licence(metadata, lambda path: links.file_url(*place.at, path)),
        training_data=facts.training_data(metadata, sections),
        biases=facts.biases(metadata, sections),
        use=facts.use(metadata, sections),
        size=weights.evidence(viewer, place, len(sizes), sum(sizes)),
        lineage=lineage.evidence(viewer, place.repo),
        results=evaluations.short(viewer, place.repo),
        use_over_time=use_page.short(viewer, place.repo),
        data_heading="Where the data come from" if place.repo.kind == "dataset" else "Training data",
    )
