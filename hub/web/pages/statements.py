"""The tabs Data and Bias: what a card and its metadata state, question by question, and "not stated" plainly."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString

from hub.accounts.viewer import Viewer
from hub.catalog import vocabularies
from hub.catalog.card import parse_card
from hub.catalog.selectors import shelf
from hub.governance.selectors.records import head_of
from hub.web import markdown
from hub.web.pages import data_record, facts, links, repo, sections
from hub.web.pages import register as findings
from hub.web.pages.facts import Statement
from hub.web.pages.sections import Outline, Quote, Section

_MOST = 12
_LONGEST = 400


@dataclass(frozen=True)
class CardAt:
    """A card at main's head, taken apart."""

    place: repo.Place
    metadata: dict[str, Any]
    body: str
    outline: Outline

    @property
    def records(self) -> list[dict[str, Any]]:
        """The data that the card describes in `headstart.training_data`, one record each."""
        block = self.metadata.get("headstart")
        found = block.get("training_data") if isinstance(block, dict) else None
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


@dataclass(frozen=True)
class Answer:
    """What is stated on one question: `said` in words, `quotes` from the card; neither: it is not stated."""

    label: str
    about: str
    said: tuple[str, ...]
    quotes: tuple[Quote, ...]

    @property
    def is_stated(self) -> bool:
        return bool(self.said or self.quotes)


@dataclass(frozen=True)
class Named:
    """A data set that the card names; without a link it is not on this hub."""

    name: str
    url: str


@dataclass(frozen=True)
class StatementsPage:
    title: str
    banner: repo.Banner
    heading: str
    intro: str
    state: str
    named: tuple[Named, ...]
    statements: tuple[Statement, ...]
    answers: tuple[Answer, ...]
    edit_url: str
    record: data_record.DataSection | None
    register: findings.Register | None
    use: findings.UseSection | None

    @property
    def unstated(self) -> tuple[Answer, ...]:
        return tuple(answer for answer in self.answers if not answer.is_stated)


@dataclass(frozen=True)
class _Question:
    label: str
    about: str
    heading: re.Pattern[str] | None
    fields: tuple[str, ...] = ()


def _question(label: str, about: str, heading: str, *fields: str) -> _Question:
    return _Question(label, about, re.compile(heading, re.I) if heading else None, fields)


# Fields are those of a record on training data; `usage.share_pct` is a field of a field.
_SHARED = (
    _question(
        "Time span",
        "when they were collected, and of when they tell",
        r"time ?span|time ?frame|cut-?off|period",
        "time_span",
    ),
    _question("Languages", "which, and how much of each", r"languages?$", "languages"),
    _question(
        "Collection and consent",
        "how they were gathered, and whether the people agreed",
        r"collect|consent|crawl|scrap",
        "collection",
        "consent",
    ),
    _question(
        "Personal data", "whether people can be recognised in it", r"personal|sensitive|privacy|anonym", "people"
    ),
    _question("Licences", "of the data, source by source", r"data licen[cs]|licen[cs]es? of the data", "licence"),
    _question(
        "Preprocessing",
        "filters, de-duplication, tokens",
        r"pre-?process|filter|clean|de-?dup|processing",
        "processing",
    ),
    _question(
        "Known gaps", "who and what is missing", r"known gaps|gaps|coverage|represent", "known_gaps", "composition"
    ),
)
_MODEL = (
    _question(
        "Sources",
        "what it was trained on",
        r"training (and evaluation )?data|training datasets?|^data( ?sets?)?$|source data|where the data",
        "dataset",
        "external",
        "kind",
        "statement",
    ),
    _question(
        "Share",
        "how much of the training each source was",
        r"mixture|proportion|data mix|composition|weights? of",
        "usage",
    ),
    *_SHARED,
    _question(
        "Contamination", "whether the tests were in the training data", r"contaminat|leak|overlap", "contamination"
    ),
)
_DATASET = (
    _question(
        "Sources",
        "where they come from",
        r"source|where the data come|provenance|curation|creation",
        "dataset",
        "external",
        "kind",
        "statement",
    ),
    _question("Size", "rows, splits, bytes", r"^size|splits|statistics|instances", "size"),
    _question("Annotations", "who labelled them, by what rules", r"annotat|label", "annotation"),
    *_SHARED,
)
_BIAS = (sections.USE, sections.OUT_OF_SCOPE, sections.LIMITS, sections.BIAS)
_ADVICE = Section("advice", "Recommendations", "what to do about it", re.compile(r"recommend|mitigat|safeguard", re.I))


def load(viewer: Viewer, address: repo.Address) -> CardAt:
    place = repo.find(viewer, address)
    parsed = parse_card(repo.readme(viewer, place) or "")
    metadata = parsed.metadata if isinstance(parsed.metadata, dict) else {}
    return CardAt(place, metadata, parsed.body, markdown.outline(parsed.body))


def build_data(viewer: Viewer, address: repo.Address) -> StatementsPage:
    card = load(viewer, address)
    is_data = card.place.repo.kind == "dataset"
    names = facts.text_list(card.metadata.get("source_datasets" if is_data else "datasets"))
    here = shelf.names_here(viewer, [("dataset", name) for name in names])
    questions = _DATASET if is_data else _MODEL
    return _page(
        card,
        "data",
        heading="The data" if is_data else "Training data",
        intro="What is recorded of where the data come from; below it, what its card says."
        if is_data
        else "What is recorded of what it learned from; below it, what its card says.",
        record=data_record.build(card.place),
        named=tuple(_named(name, here) for name in names[:200]),
        answers=_quoted_once(_answer(card, question) for question in questions),
    )


def build_bias(viewer: Viewer, address: repo.Address) -> StatementsPage:
    card = load(viewer, address)
    block = card.metadata.get("headstart")
    stated = facts.stated({"headstart": block}, "known_biases", [], sections.BIAS.heading)
    url = links.repo_url(*card.place.at[:2])
    revision = head_of(card.place.repo)
    return _page(
        card,
        "bias",
        heading="Bias, limits and intended use",
        intro="What was measured and what was reported, each as what it is; what it is for; then what its card says.",
        statements=stated.statements,
        answers=_quoted_once(
            Answer(section.label, section.about, (), sections.quotes(section.heading, card.outline, _base(card), url))
            for section in (*_BIAS, _ADVICE)
        ),
        register=findings.build(card.place, revision),
        use=findings.use_section(card.place, revision),
    )


def _quoted_once(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """A section of the card that answers two questions is quoted at the first; the second names it."""
    seen: set[str] = set()
    found = []
    for answer in answers:
        quotes = tuple(replace(quote, html=SafeString()) if quote.url in seen else quote for quote in answer.quotes)
        seen |= {quote.url for quote in quotes}
        found.append(replace(answer, quotes=quotes))
    return tuple(found)


def _page(card: CardAt, part: str, *, heading: str, intro: str, **more: Any) -> StatementsPage:
    of = card.place.repo
    values: dict[str, Any] = {"named": (), "statements": (), "record": None, "register": None, "use": None, **more}
    return StatementsPage(
        title=f"{heading} · {of.full_name}",
        banner=repo.banner(card.place, part),
        heading=heading,
        intro=intro,
        state=of.get_review_state_display(),
        edit_url=repo.card_edit_url(card.place),
        **values,
    )


def _named(name: str, here: dict[tuple[str, str], str]) -> Named:
    known = here.get(("dataset", name.lower()))
    return Named(known or name, links.repo_url("dataset", known) if known else "")


def _answer(card: CardAt, question: _Question) -> Answer:
    said = [text for record in card.records for field in question.fields for text in _spoken(record.get(field))]
    if question.label == "Languages":
        known = vocabularies.languages()
        codes = facts.text_list(card.metadata.get("language"))
        said += [known[code].name if code in known else code for code in codes]
    url = links.repo_url(*card.place.at[:2])
    quoted = sections.quotes(question.heading, card.outline, _base(card), url, most=2) if question.heading else ()
    return Answer(question.label, question.about, tuple(dict.fromkeys(said))[:_MOST], quoted)


def _base(card: CardAt) -> markdown.Base:
    return markdown.Base(*card.place.at)


def _spoken(value: Any, depth: int = 0) -> list[str]:
    """A value of the metadata in words: `collected from 2019-01, collected to 2020-03`."""
    if depth > 3 or value in (None, "", [], {}):
        return []
    if isinstance(value, list):
        return [text for item in value[:_MOST] for text in _spoken(item, depth + 1)]
    if isinstance(value, dict):
        named = ((key.replace("_", " "), ", ".join(_spoken(item, depth + 1))) for key, item in value.items())
        return [", ".join(f"{name}: {words}" for name, words in named if words)[:_LONGEST]]
    return [str(value)[:_LONGEST]]
