"""The rules for pulls: list, and one with its history, its modes and a dry run."""

import re
from collections.abc import Mapping
from typing import Any

from django.forms import Form

from hub.accounts.viewer import Viewer
from hub.governance.errors import NoSuchRule
from hub.governance.policy.rules import RuleAt
from hub.governance.selectors import policies as selectors
from hub.governance.services import dry_runs, rules
from hub.web.pages.links import Link
from hub.web.pages.sheet import Box, Cell, Done, SheetPage, Table, act
from hub.web.policy_forms import ENVIRONMENTS, MODES, ModeForm, NewRuleForm, RuleForm

URL = "/governance/rules"
_TONES = {"off": "", "monitor": "", "warn": "warn", "enforce": "bad"}
_WORDS = dict(MODES)
MOST_SHOWN = 100
_ASIDE, _PLACE = re.compile(r" \(\{[a-z_.]+\}\)"), re.compile(r"\{[a-z_.]+\}\.?")


def rule_url(code: str) -> str:
    return f"{URL}/{code}"


def _in_general(message: str) -> str:
    """What the rule says, before there is a pull to name the values of."""
    return _PLACE.sub("…", _ASIDE.sub("", message))


def build_list(viewer: Viewer, form: Form) -> SheetPage:
    known = selectors.policies()
    rows = tuple(
        (
            Cell(rule.code, url=rule_url(rule.code)),
            Cell(rule.title, more=_in_general(rule.message)),
            *(_mode(known, rule, name) for name, _ in ENVIRONMENTS),
        )
        for rule in known.rules.values()
    )
    new = Box("New rule", form, "Make the rule", "new", lead="It only records, until you set what comes of it.")
    return SheetPage(
        title="Rules",
        lead="What pulls are checked against. Each denies where its expression is true, or where a fact that it takes "
        "is not known. What comes of that depends on the environment.",
        links=(Link("Profiles", "/governance/profiles"), Link("Waivers", "/governance/waivers")),
        facts=(("Version of the rules", str(selectors.policy_version())),),
        tables=(Table("Rules", ("Code", "Rule", *(label for _, label in ENVIRONMENTS)), rows),),
        boxes=(new,) if viewer.is_admin else (),
    )


def new_form(data: Any) -> Form:
    return NewRuleForm(data)


def make(viewer: Viewer, form: Form) -> Done | None:
    def do(told: Mapping[str, Any]) -> Done:
        made = rules.save_rule(by=viewer, **told)
        return Done(f"{made.code} is there. It records only, until you switch it on.", rule_url(made.code))

    return act(form, do)


def find(code: str) -> RuleAt:
    rule = selectors.policies().rules.get(code)
    if rule is None:
        raise NoSuchRule
    return rule


def forms_of(rule: RuleAt, action: str, data: Any) -> dict[str, Form]:
    told = {name: getattr(rule, name) for name in ("title", "expression", "message", "mend")}
    return {
        "save": RuleForm(data if action in ("save", "try") else None, initial=told),
        "mode": ModeForm(data if action in ("mode", "try-mode") else None),
    }


def save(viewer: Viewer, rule: RuleAt, form: Form) -> Done | None:
    def do(told: Mapping[str, Any]) -> Done:
        made = rules.save_rule(by=viewer, code=rule.code, stage=rule.stage, **told)
        return Done(f"{rule.code} has version {made.number} now.", rule_url(rule.code))

    return act(form, do)


def set_mode(viewer: Viewer, rule: RuleAt, form: Form) -> Done | None:
    def do(told: Mapping[str, Any]) -> Done:
        rules.set_mode(by=viewer, rule=rule, mode=told["mode"], environment=told["environment"], reason=told["why"])
        return Done(f"{rule.code} is “{_WORDS[told['mode']]}” in {told['environment']} now.", rule_url(rule.code))

    return act(form, do)


def trial(viewer: Viewer, rule: RuleAt, action: str, forms: Mapping[str, Form]) -> tuple[Table, ...]:
    """The dry run of what a form says; nothing where it says nothing valid."""
    made: list[Table] = []

    def do(told: Mapping[str, Any]) -> Done:
        if action == "try":
            words = {name: told[name] for name in ("title", "expression", "message", "mend")}
            draft = rules.draft(code=rule.code, stage=rule.stage, **words)
            run = dry_runs.dry_run(by=viewer, rule=draft, modes=_modes(rule))
        else:
            run = dry_runs.dry_run(by=viewer, rule=rule, modes={told["environment"]: told["mode"]})
        made.append(_tried(run))
        return Done("", "")

    act(forms["save" if action == "try" else "mode"], do)
    return tuple(made)


def build(viewer: Viewer, rule: RuleAt, forms: Mapping[str, Form], tried: tuple[Table, ...] = ()) -> SheetPage:
    known = selectors.policies()
    state = tuple((label, _WORDS[_mode_of(known, rule, name)]) for name, label in ENVIRONMENTS)
    version = "as shipped" if rule.is_shipped else f"{rule.number}, by {rule.by}"
    return SheetPage(
        title=f"{rule.code}: {rule.title}",
        lead=_in_general(rule.message),
        links=(Link("All rules", URL), Link("Pulls it spoke on", f"/governance/pulls?rule={rule.code}")),
        facts=(("Stage", rule.stage), ("Version", version), ("What mends it", rule.mend), *state),
        code=rule.expression,
        tables=(*tried, _history(rule)),
        boxes=_boxes(forms) if viewer.is_admin else (),
    )


def _boxes(forms: Mapping[str, Form]) -> tuple[Box, ...]:
    first = "Try it on the last 30 days"
    return (
        Box("What it does where", forms["mode"], "Set it", "mode", other_button=first, other_action="try-mode"),
        Box("Change the rule", forms["save"], "Save a new version", "save", other_button=first, other_action="try"),
    )


def _history(rule: RuleAt) -> Table:
    rows = tuple(
        (Cell(at=one.at), Cell(one.by), Cell(f"{one.before} → {one.after}"), Cell(one.reason))
        for one in selectors.history_of(rule.code)
    )
    return Table("History", ("When", "Who", "What", "Why"), rows, empty="Nobody changed it on this hub.")


def _tried(run: Any) -> Table:
    rows = tuple(
        (
            Cell("Stopped" if one.is_stopped else "Freed", tone="bad" if one.is_stopped else "ok"),
            Cell(one.by or "somebody not signed in"),
            Cell(one.profile),
            Cell(one.repo_name, more=one.commit[:12]),
            Cell(str(one.pulls)),
        )
        for one in run.changes[:MOST_SHOWN]
    )
    title = f"Dry run on {run.looked_at:,} pulls: {len(run.stopped):,} stopped, {len(run.freed):,} freed"
    return Table(
        title, ("Then", "Who", "Profile", "Repository", "Pulls"), rows, empty="It changes nothing for any of them."
    )


def _modes(rule: RuleAt) -> dict[str, str]:
    known = selectors.policies()
    return {name: _mode_of(known, rule, name) for name, _ in ENVIRONMENTS}


def _mode_of(known: Any, rule: RuleAt, environment: str) -> str:
    return known.modes.get((rule.code, environment)) or rule.modes.get(environment, "monitor")


def _mode(known: Any, rule: RuleAt, environment: str) -> Cell:
    mode = _mode_of(known, rule, environment)
    return Cell(_WORDS[mode], tone=_TONES[mode])
