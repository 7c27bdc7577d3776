"""The log of pulls, with filters."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from hub.accounts.viewer import Viewer
from hub.governance.selectors.policies import lately
from hub.governance.selectors.pulls import pulls_for
from hub.web.pages import links, words
from hub.web.pages.sheet import Cell, SheetPage, Table
from hub.web.policy_forms import PullsForm

PER_PAGE = 50
_TONES = {"allow": "ok", "conditions": "warn", "deny": "bad"}


def build(viewer: Viewer, asked: Mapping[str, str], *, offset: int = 0) -> SheetPage:
    form = PullsForm(asked or None)
    told = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = list(pulls_for(viewer, **told)[offset : offset + PER_PAGE + 1])
    filters = {name: value for name, value in told.items() if value}
    following = f"/governance/pulls?{urlencode({**filters, 'from': offset + PER_PAGE})}"
    return SheetPage(
        title="Pulls",
        lead="Who pulled what, for which profile and purpose, and what the rules said. You see your own, and those of "
        "repositories whose owner you administer.",
        tables=(Table("Pulls", _HEAD, tuple(_row(row) for row in found[:PER_PAGE]), "None that you may see."),),
        next_url=following if len(found) > PER_PAGE else "",
        filter=form,
    )


_HEAD = ("When", "Who", "What", "Profile", "Outcome", "Client")


def _row(row: Any) -> tuple[Cell, ...]:
    purpose = f", {row.purpose}" if row.purpose else ""
    return (
        Cell(at=row.at),
        Cell(row.by, url=links.owner_url(row.by)) if row.by else Cell("not signed in"),
        Cell(
            row.repo_name,
            url=links.repo_url(row.repo_kind, row.repo_name),
            more=f"{row.asked[:40]} · {row.commit[:12]}",
        ),
        Cell(row.profile_name, more=f"{row.environment}{purpose}"),
        Cell(row.get_outcome_display(), tone=_TONES[row.outcome], more=_because(row)),
        Cell(_client(row.client), more=words.plural(row.files, "file")),
    )


def _because(row: Any) -> str:
    """The rules that spoke, the first with its title."""
    if not row.rules:
        return ""
    first = lately().rules.get(row.rules[0])
    return ", ".join([f"{first.code}: {first.title}" if first else row.rules[0], *row.rules[1:]])


def _client(name: str) -> str:
    return "a browser" if name.startswith("Mozilla/") else name
