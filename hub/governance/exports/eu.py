"""The two papers of the EU AI Act for general-purpose models: the documentation of Annexes XI and XII (in the order of
the Code of Practice's form), and the public summary of the training content (Article 53(1)(d)).

An item without a value is a gap, and says so. Who must be able to read an item stands beside it.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from hub.catalog.vocabularies import modality_of
from hub.governance.exports.bands import band_of
from hub.governance.exports.facts import Facts, at, name_of, of_all, plain, said
from hub.governance.exports.parts import measurements

GAP = "not recorded"
MODALITIES = ("text", "image", "audio", "video")
OFFICE, AUTHORITIES, DOWNSTREAM, PUBLIC = "AI Office", "national authorities", "downstream providers", "public"
_ALL = (OFFICE, AUTHORITIES, DOWNSTREAM)
_OFFICIAL = (OFFICE, AUTHORITIES)
Say = Callable[[Facts], str]


@dataclass(frozen=True)
class Item:
    """One line of a form. `value` is empty for a gap."""

    section: str
    label: str
    value: str
    visible_to: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    title: str
    subject: str
    items: tuple[Item, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        return tuple(f"{item.section}: {item.label}" for item in self.items if not item.value)


def documentation(facts: Facts) -> Form:
    items = tuple(Item(section, label, say(facts), seen) for section, label, seen, say in _DOCUMENTATION)
    return Form("Model documentation (AI Act, Annexes XI and XII)", _subject(facts), items)


def summary(facts: Facts) -> Form:
    return Form(
        "Public summary of training content (AI Act, Article 53(1)(d))", _subject(facts), tuple(_summary(facts))
    )


def as_json(form: Form) -> dict[str, Any]:
    return {
        "title": form.title,
        "subject": form.subject,
        "items": [asdict(item) for item in form.items],
        "gaps": list(form.gaps),
    }


def as_markdown(form: Form) -> str:
    lines, section = [f"# {form.title}", "", form.subject], ""
    for item in form.items:
        if item.section != section:
            section = item.section
            lines += ["", f"## {section}", ""]
        value = _escaped(item.value) if item.value else f"*{GAP}*"
        lines.append(f"- **{item.label}** ({', '.join(item.visible_to)}): {value}")
    lines += ["", "## Gaps", "", *(f"- {gap}" for gap in form.gaps)]
    return "\n".join(lines if form.gaps else [*lines, "None."]) + "\n"


def _escaped(text: str) -> str:
    """What people wrote stays text: no line, link, picture or tag begins in it."""
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def _subject(facts: Facts) -> str:
    return f"{facts.name} at commit {facts.commit}, digest sha256:{facts.digest}"


def _card(key: str) -> Say:
    return lambda facts: ", ".join(facts.stated(key))


def _use(path: str) -> Say:
    return lambda facts: said(at(facts.use, path))


def _sources(path: str) -> Say:
    return lambda facts: of_all(facts.sources, path)


def _dependencies(facts: Facts) -> str:
    return "; ".join(f"{each.relation} {each.name}" for each in facts.ancestors)


def _obligations(facts: Facts) -> str:
    return "; ".join(facts.licence.obligations) if facts.licence else ""


def _licence(facts: Facts) -> str:
    if facts.licence and facts.licence.concluded:
        return f"{facts.licence.concluded} (concluded by review)"
    return f"{', '.join(facts.stated('license'))} (declared)" if facts.stated("license") else ""


def _integration(facts: Facts) -> str:
    return ", ".join(facts.stated("library_name"))


def _modality(facts: Facts) -> str:
    return next(filter(None, map(modality_of, facts.stated("pipeline_tag"))), "")


def _stated_or(key: str, otherwise: Say) -> Say:
    return lambda facts: _card(key)(facts) or otherwise(facts)


def _training_data(facts: Facts) -> str:
    return "; ".join(
        f"{name_of(source)} ({', '.join(filter(None, (said(at(source, 'kind')), said(at(source, 'usage.stage')))))})"
        for source in facts.sources or ()
    )


def _unsuitable(facts: Facts) -> str:
    paths = ("processing.filters", "processing.illegal_content_measures", "contamination")
    return "; ".join(filter(None, (of_all(facts.sources, path) for path in paths)))


def _scope(facts: Facts) -> str:
    paths = (("languages", "languages"), ("geography", "countries"), ("composition", "composition"),
             ("known_gaps", "gaps"))  # fmt: skip
    return "; ".join(f"{word}: {text}" for path, word in paths if (text := of_all(facts.sources, path)))


def _evaluations(facts: Facts) -> str:
    return "; ".join(
        f"{each.metric} {each.value}" + (f" on {each.slice}" if each.slice else "") for each in measurements(facts)
    )


def _parameters(facts: Facts) -> str:
    return f"{facts.parameters:,}" if facts.parameters else ""


def _points(facts: Facts) -> str:
    sizes = [said(at(source, "size")) for source in facts.sources or ()]
    return "; ".join(size for size in sizes if size)


def _biases(facts: Facts) -> str:
    return "; ".join(each.label for each in facts.findings or ())


def _emissions(key: str) -> Say:
    return lambda facts: said(at(facts.metadata, f"co2_eq_emissions.{key}"))


_GENERAL, _PROPERTIES = "1 General information", "2 Model properties"
_DISTRIBUTION, _USE, _DATA = "3 Distribution and licence", "4 Use", "5 Training process and data"
_DOCUMENTATION: tuple[tuple[str, str, tuple[str, ...], Say], ...] = (
    (_GENERAL, "Provider", _ALL, lambda facts: facts.owner),
    (_GENERAL, "Model name", _ALL, lambda facts: facts.name),
    (_GENERAL, "Version", _ALL, lambda facts: facts.commit),
    (_GENERAL, "Evidence of authenticity", _ALL, lambda facts: f"sha256:{facts.digest}, key {facts.key_id}"),
    (_GENERAL, "Release date", _ALL, lambda facts: facts.committed_at.date().isoformat()),
    (_GENERAL, "Date of placing on the Union market", _ALL, _card("union_market_date")),
    (_GENERAL, "Model dependencies", _ALL, _dependencies),
    (_PROPERTIES, "Architecture", _ALL, lambda facts: facts.architecture),
    (_PROPERTIES, "Design specification", _OFFICIAL, _card("design")),
    (_PROPERTIES, "Tasks", _ALL, _card("pipeline_tag")),
    (_PROPERTIES, "Input modalities and maximum size", _ALL, _stated_or("input", _modality)),
    (_PROPERTIES, "Output modalities and maximum size", _ALL, _card("output")),
    (_PROPERTIES, "Total parameters", _ALL, _parameters),
    (_DISTRIBUTION, "Distribution channels", _ALL, lambda facts: facts.url),
    (_DISTRIBUTION, "Licence", _ALL, _licence),
    (_DISTRIBUTION, "Obligations of the licence", (DOWNSTREAM,), _obligations),
    (_USE, "Acceptable use policy", _ALL, _card("acceptable_use_policy")),
    (_USE, "Intended uses", _ALL, _use("intended")),
    (_USE, "Restricted uses", _ALL, _use("do_not_use_for")),
    (_USE, "Out of scope", _ALL, _use("out_of_scope")),
    (_USE, "Intended users", _ALL, _use("users")),
    (_USE, "Technical means to integrate", (DOWNSTREAM,), _integration),
    (_USE, "Interaction with hardware and software", (DOWNSTREAM,), _card("requirements")),
    (_DATA, "Data sets", _OFFICIAL, _training_data),
    (_DATA, "Type and modality of data", _ALL, _sources("modality")),
    (_DATA, "Provenance", _ALL, _sources("kind")),
    (_DATA, "How obtained and selected", _OFFICIAL, _sources("collection.method")),
    (_DATA, "Curation", _ALL, _sources("processing.steps")),
    (_DATA, "Number of data points", _OFFICIAL, _points),
    (_DATA, "Scope and main characteristics", _OFFICIAL, _scope),
    (_DATA, "Measures to detect unsuitable sources", _OFFICIAL, _unsuitable),
    (_DATA, "Identifiable biases", _OFFICIAL, _biases),
    (_DATA, "Training method and choices", _OFFICIAL, _card("training_method")),
    (_DATA, "What training optimises", _OFFICIAL, _card("training_objective")),
    (_DATA, "Evaluation", _OFFICIAL, _evaluations),
    ("6 Compute", "Compute for training (FLOP)", _OFFICIAL, _card("training_flops")),
    ("6 Compute", "Training time", _OFFICIAL, _card("training_time")),
    ("6 Compute", "Hardware", _OFFICIAL, _emissions("hardware_used")),
    ("7 Energy", "Energy of training (MWh)", _OFFICIAL, _card("energy_mwh")),
    ("7 Energy", "Emissions (grams of CO₂)", _OFFICIAL, _emissions("emissions")),
)

_KINDS = (
    ("2.1 Public data sets", "public"),
    ("2.2.1 Commercially licensed data", "licensed"),
    ("2.2.2 Other private data", "private_third_party"),
    ("2.3 Crawled data", "crawled"),
    ("2.4 Data of users", "user"),
    ("2.5 Synthetic data", "synthetic"),
    ("2.6 Other data", "other"),
)
_CRAWL = (
    ("Crawlers", "collection.crawler.names"),
    ("Purpose", "collection.crawler.purpose"),
    ("Behaviour", "collection.crawler.behaviour"),
    ("Period", "time_span"),
    ("Content", "collection.method"),
    ("Modalities", "modality"),
    ("Largest domains", "collection.top_domains_file"),
)


def _summary(facts: Facts) -> Iterator[Item]:
    general, size = "1.1 and 1.2 Provider and model", "1.3 Training data"
    for label, say in (("Provider", lambda f: f.owner), ("Model", lambda f: f.name), ("Version", lambda f: f.commit)):
        yield _public(general, label, say(facts))
    yield _public(general, "Dependencies", _dependencies(facts))
    yield _public(general, "Date of placing on the Union market", _card("union_market_date")(facts))
    yield _public(size, "Modalities", of_all(facts.sources, "modality"))
    for modality in dict.fromkeys(said(plain(source, "modality")) for source in facts.sources or ()):
        if modality in MODALITIES:
            yield _public(size, f"Size of the {modality} data", _band(facts, modality))
    yield _public(size, "Size as recorded", _points(facts))
    yield _public(size, "Latest collection", of_all(facts.sources, "time_span.collected_to"))
    yield _public(size, "Still trained on new data", of_all(facts.sources, "time_span.continuous"))
    yield _public(size, "Languages", of_all(facts.sources, "languages"))
    yield _public(size, "Other characteristics", _scope(facts))
    for section, kind in _KINDS:
        yield from _of_kind(facts, section, kind)
    yield _public("3.1 Rights reservations", "Opt-outs respected", of_all(facts.sources, "consent.opt_out"))
    yield _public("3.1 Rights reservations", "Signals respected", of_all(facts.sources, "collection.crawler.respects"))
    yield _public("3.2 Illegal content", "Measures", of_all(facts.sources, "processing.illegal_content_measures"))
    yield _public("3.3 Other", "Processing", of_all(facts.sources, "processing.steps"))
    yield _public("3.3 Other", "Personal data", of_all(facts.sources, "people.pii"))


def _of_kind(facts: Facts, section: str, kind: str) -> Iterator[Item]:
    """The sources of one kind; a kind of which a complete record has none is stated to be none."""
    chosen = [source for source in facts.sources or () if said(plain(source, "kind")) == kind]
    names = "; ".join(filter(None, (_name(source) for source in chosen)))
    none = "none recorded" if facts.sources and not chosen else ""
    yield _public(section, "Sources", names or none)
    if kind == "crawled" and chosen:
        for label, path in _CRAWL:
            yield _public(section, label, of_all(chosen, path))
    if kind == "synthetic" and chosen:
        yield _public(section, "Generating models", of_all(chosen, "synthetic.generators"))


def _band(facts: Facts, modality: str) -> str:
    return band_of(modality, [each for each in facts.sources or () if said(plain(each, "modality")) == modality])


def _name(source: Any) -> str:
    url = said(at(source, "external.url"))
    return f"{name_of(source)} ({url})" if url else name_of(source)


def _public(section: str, label: str, value: str) -> Item:
    return Item(section, label, value, (PUBLIC,))
