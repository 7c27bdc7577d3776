"""What nobody recorded of a commit, in words, with where to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.governance.exports.facts import Facts

_UNSURE = ("", "unknown")
_MOST = 100
_USE = (("intended", "intended use"), ("users", "intended users"), ("out_of_scope", "what is out of scope"))


@dataclass(frozen=True)
class Gap:
    """`part` is the tab where it can be mended."""

    what: str
    part: str


def gaps_of(facts: Facts) -> tuple[Gap, ...]:
    return tuple(_gaps(facts))


def _gaps(facts: Facts) -> Iterator[Gap]:
    yield from _of_licence(facts)
    yield from _of_data(facts)
    yield from _of_use(facts)
    if not facts.findings:
        yield Gap("No bias finding is recorded: nobody looked, or nobody wrote it down.", "bias")
    if facts.withheld:
        yield Gap(f"{facts.withheld} entries are not open to you.", "data")
    if facts.scan is None or facts.scan.state != "done":
        yield Gap("The files were not scanned to the end.", "review")
    if facts.review is None or not facts.review.decisions:
        yield Gap("Nobody reviewed this revision.", "review")
    if facts.kind == "model" and not facts.results:
        yield Gap("No evaluation result is reported.", "evaluations")
    if facts.kind == "model" and facts.parameters is None:
        yield Gap("The number of parameters is not known: no weights file that the hub reads.", "weights")


def _of_licence(facts: Facts) -> Iterator[Gap]:
    licence = facts.licence
    if not (licence and licence.declared) and not facts.stated("license"):
        yield Gap("No licence is declared.", "licence")
    if licence is None or licence.concluded.lower() in _UNSURE:
        yield Gap("Nobody concluded which licence holds.", "licence")


def _of_data(facts: Facts) -> Iterator[Gap]:
    """A field that is blank and one that is stated to be unknown are both lacking, each by its name."""
    if not facts.sources:
        yield Gap("No training data are recorded." if facts.kind == "model" else "No sources are recorded.", "data")
    elif facts.completeness is not None and facts.completeness < 1:
        yield Gap(f"The record of the data is {facts.completeness:.0%} complete.", "data")
    yield from (Gap(f"Not recorded of the data: {name}.", "data") for name in facts.missing[:_MOST])
    if (more := len(facts.missing) - _MOST) > 0:
        yield Gap(f"{more} more fields of the data record are blank.", "data")
    yield from (Gap(f"Stated to be unknown: {name}", "data") for name in facts.unknown[:_MOST])


def _of_use(facts: Facts) -> Iterator[Gap]:
    if not facts.use:
        yield Gap("No intended use is recorded.", "review")
        return
    for part, what in _USE:
        if not facts.use.get(part):
            yield Gap(f"Not recorded of the use: {what}.", "review")
