"""The form of the intended use."""

from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.services import check_write
from hub.core.errors import Conflict
from hub.governance.errors import InvalidRecord
from hub.governance.records import use
from hub.governance.records.schema import Problem
from hub.governance.records.taxonomies import ANNEX_III
from hub.governance.selectors.records import head_of
from hub.governance.selectors.uses import use_of_revision
from hub.governance.services import uses
from hub.web.pages import links, record_fields, repo
from hub.web.pages.record_fields import FieldRow

WORDS = {"annex_iii": ANNEX_III, **{f"tier.{name}": {key: f"{key}: {text}" for key, text in scale.items()}
                                    for name, scale in use.SCALES.items()}}  # fmt: skip


@dataclass(frozen=True)
class UseFormPage:
    title: str
    banner: repo.Banner
    fields: tuple[FieldRow, ...]
    tiers: tuple[tuple[int, str], ...]
    base: int
    problems: tuple[str, ...]
    done_url: str = ""


def act(viewer: Viewer, address: repo.Address, sent: Any) -> UseFormPage:
    """The form: opened, refused with reasons, or saved (`done_url`)."""
    place = repo.find(viewer, address)
    check_write(viewer, place.repo)
    held = use_of_revision(viewer, head_of(place.repo))
    typed = record_fields.read(use.FIELDS, sent) if sent else None
    body = typed.record if typed else dict(held.body)
    problems: list[Problem] = []
    done = ""
    base = str(sent.get("base", "")) or str(held.record.number if held.record else 0)
    if typed:
        problems = [Problem(path, "give a value, or why it is unknown; not both.") for path in typed.both]
        problems = problems or _save(viewer, place, {**body, "quotes": held.body.get("quotes", [])}, base)
        done = "" if problems else links.part_url(*place.at[:2], "bias")
    rows = record_fields.rows(use.FIELDS, body, problems=problems, both=typed.both if typed else None,
                              may_be_unknown=True, words=WORDS)  # fmt: skip
    labels = {field.path: field.label for field in use.FIELDS}
    return UseFormPage(
        title=f"Intended use · {place.repo.full_name}",
        banner=repo.banner(place, "bias", has_tools=False),
        fields=tuple(rows),
        tiers=tuple(use.TIERS.items()),
        base=int(base) if base.isdecimal() else 0,
        problems=tuple(f"{labels.get(each.path, 'Record')}: {each.message}" for each in problems),
        done_url=done,
    )


def _save(viewer: Viewer, place: repo.Place, body: dict[str, Any], base: str) -> list[Problem]:
    try:
        uses.record(by=viewer, repo=place.repo, body=body, base=int(base) if base.isdecimal() else None)
    except InvalidRecord as error:
        return [Problem(*each) for each in error.detail["problems"]]
    except Conflict as error:
        return [Problem("record", error.message)]
    return []
