"""What is recorded of training data: the one schema for models and data sets, source by source."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from typing import Any

from hub.governance.records.schema import Field, Problem, get, is_stated, measured_by, problems_of, without_blanks

MAX_SOURCES = 200
KINDS = ("public", "licensed", "private_third_party", "crawled", "user", "synthetic", "other")
STAGES = ("pretrain", "finetune", "preference", "distill", "eval", "calibration")
MODALITIES = ("text", "image", "audio", "video", "tabular", "other")
BASES = ("consent", "contract", "legitimate_interest", "public_domain", "tdm_exception")
PII = ("none", "removed", "indirect", "direct")
# How training data and a test were compared: rows as they are, as bare text, by a run of words, by sketches.
OVERLAP_METHODS = ("exact", "normalised", "13gram", "ngram", "minhash")
VISIBILITIES = ("public", "org", "reviewers", "authority")
# Fields of these groups weigh three times as much in completeness.
HEAVY = frozenset({"licence", "consent", "people", "contamination"})
GROUPS: dict[str, tuple[str, str]] = {
    "dataset": ("Data set", "which one, as a hub names it"),
    "external": ("Elsewhere", "where it comes from, when it is on no hub"),
    "usage": ("Use in training", "in which step, and how much of it"),
    "kind": ("Kind", "how it came about"),
    "modality": ("Modality", "text, images, sound"),
    "size": ("Size", "records, tokens, bytes, hours"),
    "time_span": ("Time span", "when it was collected, and of when it tells"),
    "languages": ("Languages", "which, and how much of each"),
    "geography": ("Geography", "where it comes from"),
    "collection": ("Collection", "how it was gathered"),
    "consent": ("Consent", "on what basis, and whether people could opt out"),
    "people": ("People", "whether they can be recognised in it"),
    "licence": ("Licence", "of the data"),
    "synthetic": ("Synthetic data", "what generated it"),
    "annotation": ("Annotation", "who labelled it, by what rules"),
    "processing": ("Processing", "filters, de-duplication"),
    "contamination": ("Contamination", "whether tests are in it"),
    "known_gaps": ("Known gaps", "who and what is missing"),
    "composition": ("Composition", "shares of groups in it"),
    "documents": ("Documents", "where more is written"),
    "visibility": ("Visibility", "who may read this entry"),
}
_CRAWLED = (("kind", ("crawled",)),)
_PEOPLE = (("people.has_persons", (True, None)),)
_LABELLED = (("annotation.by", ("experts", "crowd", "model")),)
_ELSEWHERE = (("dataset.repo", (None,)),)
_HERE = (("external.name", (None,)),)
_OPT_OUT = (("kind", ("crawled", "user", None)),)
_SYNTHETIC = (("kind", ("synthetic",)),)

FIELDS: tuple[Field, ...] = (
    Field("dataset.repo", "Data set", help="owner/name on this or another hub.", when=_HERE),
    Field("dataset.revision", "Commit", "commit", when=_HERE),
    Field("dataset.subset", "Subset", when=_HERE, counts=False),
    Field("dataset.split", "Split", when=_HERE, counts=False),
    Field("external.name", "Name", when=_ELSEWHERE, help="Where it is on no hub."),
    Field("external.url", "Address", "web", when=_ELSEWHERE),
    Field("external.accessed", "Accessed", "date", when=_ELSEWHERE),
    Field("external.sha256", "sha256", "sha256", when=_ELSEWHERE, counts=False),
    Field("usage.stage", "Stage", "choice", STAGES),
    Field("usage.share_pct", "Share of the training, in per cent", "share"),
    Field("usage.epochs", "Epochs", "number", counts=False),
    Field("kind", "Kind", "choice", KINDS),
    Field("modality", "Modality", "choice", MODALITIES),
    Field("size.records", "Records", "integer"),
    Field("size.tokens", "Tokens", "integer", when=(("modality", ("text",)),)),
    Field("size.bytes", "Bytes", "integer", counts=False),
    Field("size.hours", "Hours", "number", when=(("modality", ("audio", "video")),)),
    Field("size.band", "Size band", help="Such as 10K<n<100K.", counts=False),
    Field("time_span.collected_from", "Collected from", "date"),
    Field("time_span.collected_to", "Collected to", "date"),
    Field("time_span.content_from", "Tells of times from", "date", counts=False),
    Field("time_span.content_to", "Tells of times to", "date", counts=False),
    Field("time_span.continuous", "Still collected", "flag", counts=False),
    Field("languages", "Languages", "rows", columns=(Field("code", "Code"), Field("share_pct", "Per cent", "share")),
          when=(("modality", ("text", "audio", "video", None)),)),
    Field("geography", "Countries", "rows", columns=(Field("iso", "Code"), Field("share_pct", "Per cent", "share"))),
    Field("collection.method", "Method"),
    Field("collection.instruments", "Instruments", counts=False),
    Field("collection.crawler.names", "Crawlers", "list", when=_CRAWLED),
    Field("collection.crawler.purpose", "Purpose of the crawl", when=_CRAWLED),
    Field("collection.crawler.behaviour", "Behaviour of the crawler", when=_CRAWLED),
    Field("collection.crawler.respects", "Signals it respects", "choices", ("robots", "tdmrep", "ai.txt"),
          when=_CRAWLED),
    Field("collection.top_domains_file", "File with the largest domains", when=_CRAWLED),
    Field("consent.basis", "Basis", "choice", BASES),
    Field("consent.evidence", "Evidence", help="Where that can be checked."),
    Field("consent.opt_out.offered", "People could opt out", "flag", when=_OPT_OUT),
    Field("consent.opt_out.honoured_until", "Opt-outs honoured until", "date", when=_OPT_OUT, counts=False),
    Field("consent.opt_out.protocol", "How they opt out", when=_OPT_OUT, counts=False),
    Field("people.has_persons", "It has people in it", "flag"),
    Field("people.subjects", "Who", "choices", ("adults", "minors"), when=_PEOPLE),
    Field("people.special_categories", "Special categories", "list", when=_PEOPLE,
          help="Such as health or religion; “none” where there are none."),
    Field("people.pii", "Personal data", "choice", PII),
    Field("people.pii_scan_job", "Scan for it", when=_PEOPLE, counts=False, help="The job that looked for it."),
    Field("people.anonymisation", "Anonymisation", when=_PEOPLE),
    Field("licence.declared", "Declared licence", help="An SPDX id, or the name it has."),
    Field("licence.concluded", "Concluded licence", counts=False),
    Field("licence.source_url", "Where it is stated", "web"),
    Field("licence.text_sha256", "sha256 of its text", "sha256", counts=False),
    Field("licence.per_source", "Source by source", "list", counts=False),
    Field("synthetic.generators", "Generators", "rows", when=_SYNTHETIC,
          columns=(Field("model", "Model"), Field("revision", "Revision"), Field("licence", "Licence"))),
    Field("synthetic.human_reviewed_pct", "Reviewed by people, in per cent", "share", when=_SYNTHETIC),
    Field("annotation.by", "Annotated by", "choice", ("experts", "crowd", "model", "none")),
    Field("annotation.per_item", "Annotations per item", "number", when=_LABELLED),
    Field("annotation.guidelines", "Guidelines", when=_LABELLED),
    Field("annotation.demographics", "Who the annotators are", when=_LABELLED),
    Field("annotation.agreement", "Agreement", when=_LABELLED),
    Field("processing.steps", "Steps", "list"),
    Field("processing.dedup.method", "De-duplication"),
    Field("processing.dedup.threshold", "Threshold", "number", counts=False),
    Field("processing.dedup.removed_pct", "Removed, in per cent", "share", counts=False),
    Field("processing.filters", "Filters", "list", counts=False),
    Field("processing.illegal_content_measures", "Against illegal content", counts=False),
    Field("contamination", "Overlap with tests", "rows",
          columns=(Field("eval", "Test"), Field("method", "Method", "choice", OVERLAP_METHODS),
                   Field("overlap_pct", "Per cent", "share"), Field("job", "Job"))),
    Field("known_gaps", "Known gaps", "rows",
          columns=(Field("axis", "Axis"), Field("value", "Group"), Field("note", "Note"),
                   Field("severity", "Severity", "choice", ("info", "low", "medium", "high", "critical")))),
    Field("composition", "Composition", "rows",
          columns=(Field("axis", "Axis"), Field("values", "Shares"),
                   Field("source", "Source", "choice", ("measured", "declared")), Field("job", "Job"))),
    Field("documents.datasheet", "Datasheet", counts=False),
    Field("documents.croissant", "Croissant file", counts=False),
    Field("visibility", "Who may read this entry", "choice", VISIBILITIES, counts=False),
)  # fmt: skip
BY_PATH = {field.path: field for field in FIELDS}


@cache
def fields_for(kind: str) -> tuple[Field, ...]:
    """A data set has no use in training of its own."""
    return tuple(field for field in FIELDS if kind == "model" or field.group != "usage")


def checked(value: Any, *, kind: str, taken: frozenset[str] = frozenset()) -> tuple[dict[str, Any], list[Problem]]:
    """The record without blanks, each source with an id (a new one is none of `taken`), and all that is wrong."""
    body = without_blanks(value) if isinstance(value, Mapping) else {}
    sources = body.get("training_data", [])
    if not isinstance(value, Mapping) or not isinstance(sources, list) or len(sources) > MAX_SOURCES:
        return {}, [Problem("training_data", f"is a list of up to {MAX_SOURCES} sources.")]
    if not all(isinstance(source, Mapping) for source in sources):
        return {}, [Problem("training_data", "is a list of objects, one for each source.")]
    named = _with_ids(sources, taken)
    problems = [Problem(name, "there is no such part.") for name in body if name not in ("training_data", "quotes")]
    problems += _quote_problems(body.get("quotes", []))
    for number, source in enumerate(named):
        problems += _source_problems(source, kind, f"training_data.{number}.")
    ids = [str(source["id"]) for source in named]
    problems += [Problem(f"training_data.{at}.id", "stands twice.") for at, one in enumerate(ids) if one in ids[:at]]
    return {"training_data": named, "quotes": body.get("quotes", [])}, problems


def _with_ids(sources: list[Any], others: frozenset[str]) -> list[dict[str, Any]]:
    taken = {str(source.get("id", "")) for source in sources} | others
    free = (name for number in count(1) if (name := f"ds{number}") not in taken)
    return [{**source, "id": source.get("id") or next(free)} for source in sources]


def _source_problems(source: dict[str, Any], kind: str, at: str) -> Iterator[Problem]:
    if not isinstance(source["id"], str) or len(source["id"]) > 40:
        yield Problem(f"{at}id", "is a text of up to 40 characters.")
    yield from problems_of({key: item for key, item in source.items() if key != "id"}, fields_for(kind), at)
    if is_stated(get(source, "dataset.repo")) and is_stated(get(source, "external.name")):
        yield Problem(f"{at}external.name", "a source is a data set of a hub or something elsewhere, not both.")


def _quote_problems(quotes: Any) -> Iterator[Problem]:
    is_whole = isinstance(quotes, list) and all(
        isinstance(quote, Mapping) and set(quote) <= {"text", "source"} and isinstance(quote.get("text"), str)
        for quote in quotes
    )
    if not is_whole:
        yield Problem("quotes", 'is a list of {"text", "source"}.')


def overwritten(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Problem]:
    """Measured values that `after` changes, drops or makes up: people may only dispute them."""
    old, new = _measured(before), _measured(after)
    for path, value in old.items():
        if path not in new or {**new[path], "disputed": ""} != {**value, "disputed": ""}:
            yield Problem(path, f"was measured by {value['measured']}: dispute it instead, and say why.")
    for path in new.keys() - old.keys():
        yield Problem(path, "only a job's measurement is marked as measured.")


def _measured(body: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found = {}
    for source in body.get("training_data", []):
        for field in FIELDS:
            value = get(source, field.path)
            if measured_by(value):
                found[f"training_data.{source['id']}.{field.path}"] = value
    return found


def names_of(body: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(name in lower case, stage) of what it was made from: data sets of hubs, and what is elsewhere."""
    found = set()
    for source in body.get("training_data", []):
        named = [get(source, path) for path in ("dataset.repo", "external.name")]
        stage = get(source, "usage.stage")
        found |= {(name.lower()[:200], stage if isinstance(stage, str) else "") for name in named
                  if isinstance(name, str)}  # fmt: skip
    return found
