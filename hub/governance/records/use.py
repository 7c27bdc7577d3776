"""What a model or data set is for, and how much is at stake."""

from collections.abc import Mapping
from typing import Any

from hub.governance.records.schema import Field, Problem, get, problems_of, without_blanks
from hub.governance.records.taxonomies import ANNEX_III

DATA = {
    "1": "Public data, nobody in it",
    "2": "Internal data, or people who can't be recognised",
    "3": "Data about people",
    "4": "Special categories of data, or minors",
}
IMPACT = {
    "1": "An experiment: nothing follows from it",
    "2": "Helps somebody who checks what it says",
    "3": "Acts on customers, or on people",
    "4": "Decides what has consequences for people",
}
REACH = {
    "1": "Its makers",
    "2": "People inside one organisation",
    "3": "Customers, or the public",
    "4": "A whole population, or an essential service",
}
TIERS = {1: "Experiment", 2: "Internal tool", 3: "Customer-facing or about people", 4: "Consequential decisions"}
SCALES = {"data_sensitivity": DATA, "use_impact": IMPACT, "reach": REACH}
FIELDS = (
    Field("intended", "Intended use", "list", help="One a line."),
    Field("users", "Intended users", "list", help="One a line."),
    Field("out_of_scope", "Out of scope", "list", help="What it was not made for. One a line."),
    Field("do_not_use_for", "Do not use it for", "list", help="What it must not be used for. One a line."),
    Field("tier.data_sensitivity", "How sensitive the data are", "choice", tuple(DATA)),
    Field("tier.use_impact", "What follows from it", "choice", tuple(IMPACT)),
    Field("tier.reach", "Whom it reaches", "choice", tuple(REACH)),
    Field("annex_iii", "Uses of Annex III (EU AI Act)", "choices", tuple(ANNEX_III)),
)


def checked(value: Any) -> tuple[dict[str, Any], list[Problem]]:
    """The record without blanks, and all that is wrong with it."""
    if not isinstance(value, Mapping):
        return {}, [Problem("use", "is an object.")]
    body = without_blanks(value)
    quotes = body.pop("quotes", [])
    problems = list(problems_of(body, FIELDS))
    if not isinstance(quotes, list) or not all(isinstance(quote, Mapping) for quote in quotes):
        problems.append(Problem("quotes", 'is a list of {"text", "source"}.'))
    return {**body, "quotes": quotes}, problems


def tier_of(body: Mapping[str, Any]) -> int | None:
    """The largest of data sensitivity, impact and reach; 4 for any use of Annex III; None until all three are set."""
    if body.get("annex_iii"):
        return 4
    given = [get(body, f"tier.{name}") for name in SCALES]
    return max(int(each) for each in given) if all(isinstance(each, str) for each in given) else None


def is_wider(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a use was added, a limit taken away, or the tier raised."""

    def names(body: Mapping[str, Any], part: str) -> set[str]:
        found = body.get(part)
        return {text.lower() for text in found} if isinstance(found, list) else set()

    return bool(
        names(after, "intended") - names(before, "intended")
        or any(names(before, part) - names(after, part) for part in ("out_of_scope", "do_not_use_for"))
        or (tier_of(after) or 0) > (tier_of(before) or 0)
    )
