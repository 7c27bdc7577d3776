"""Waivers: ask for one, grant another's, end one."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.governance.selectors.policies import policies
from hub.governance.selectors.waivers import find_waiver, waivers_for
from hub.governance.services import waivers
from hub.web.pages import links, policy_profiles
from hub.web.pages.links import Link
from hub.web.pages.sheet import Action, Box, Cell, Done, SheetPage, Table, act
from hub.web.policy_forms import WaiverForm

URL = "/governance/waivers"
_TONES = {"asked for": "warn", "holds": "ok"}


def form_of(viewer: Viewer, data: Any, initial: Mapping[str, str]) -> WaiverForm:
    rules = [(rule.code, f"{rule.code}: {rule.title}") for rule in policies().stage("pull")]
    return WaiverForm(data, rules=rules, profiles=policy_profiles.choices_for(viewer), initial=dict(initial))


def named_repo(viewer: Viewer, text: str) -> Any:
    """The repository of `owner/name` or `datasets/owner/name`."""
    kind = "dataset" if text.startswith("datasets/") else "model"
    owner, _, name = text.strip().removeprefix("datasets/").partition("/")
    return catalog.find_repo(viewer, kind, owner, name)


def ask(viewer: Viewer, form: Form) -> Done | None:
    def do(told: Mapping[str, Any]) -> Done:
        repo = named_repo(viewer, told["repository"])
        profile = policy_profiles.find(viewer, told["profile"]) if told["profile"] else None
        given = {name: told[name] for name in ("rule", "commit", "days", "reason")}
        waivers.ask_waiver(by=viewer, repo=repo, profile=profile, **given)
        return Done("The waiver is asked for. It holds once somebody else grants it.", URL)

    return act(form, do)


def grant(viewer: Viewer, key: str) -> Done:
    waivers.grant_waiver(by=viewer, waiver=find_waiver(viewer, key), conditions=[])
    return Done("The waiver holds now.", URL)


def end(viewer: Viewer, key: str) -> Done:
    waivers.end_waiver(by=viewer, waiver=find_waiver(viewer, key))
    return Done("The waiver has ended.", URL)


def build(viewer: Viewer, form: Form) -> SheetPage:
    rows = tuple(_row(one) for one in waivers_for(viewer))
    return SheetPage(
        title="Waivers",
        lead="Exceptions from a rule, for 90 days at most: asked for by one person, granted by another. One for a "
        "revision ends when what its review rests on changes.",
        links=(Link("Rules", "/governance/rules"),),
        tables=(
            Table("Waivers", ("Rule", "Repository", "For", "Why", "Ends", "State", ""), rows, "None was asked for."),
        ),
        boxes=(Box("Ask for one", form, "Ask for the waiver", "ask"),),
    )


def _row(one: Any) -> tuple[Cell, ...]:
    what = f"{one.waiver.rule} for {one.waiver.repo.full_name}"
    key = str(one.waiver.pk)
    actions = []
    if one.may_grant:
        actions.append(Action("Grant", what, "grant", key, "primary"))
    if one.may_end:
        actions.append(Action("End", what, "end", key))
    by = f"asked by {one.waiver.requested_by}"
    granted = f", granted by {one.waiver.approved_by}" if one.waiver.approved_by else ""
    repo = one.waiver.repo
    return (
        Cell(one.waiver.rule, url=f"/governance/rules/{one.waiver.rule}"),
        Cell(repo.full_name, url=links.repo_url(repo.kind, repo.full_name), more=one.waiver.commit[:12]),
        Cell(one.waiver.profile.name if one.waiver.profile else "everyone"),
        Cell(one.waiver.reason, more=by + granted),
        Cell(at=one.waiver.expires_at),
        Cell(one.state, tone=_TONES.get(one.state, "")) if one.state in _TONES else Cell(one.state),
        Cell(actions=tuple(actions)),
    )
