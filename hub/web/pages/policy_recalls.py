"""Recalls: withdraw something, see whom it reaches, and what they answered."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form

from hub.accounts.viewer import Viewer
from hub.core.text import digits
from hub.governance.errors import RecallNotFound
from hub.governance.permissions import check_governor
from hub.governance.selectors import recalls as selectors
from hub.governance.services import recalls
from hub.web.pages import links, words
from hub.web.pages.links import Link
from hub.web.pages.policy_waivers import named_repo
from hub.web.pages.sheet import Action, Box, Cell, Done, SheetPage, Table, act
from hub.web.recall_forms import AnswerForm, RecallForm

URL = "/governance/recalls"
MINE = "/recalls"
MOST_SHOWN = 200


def form_of(data: Any, initial: Mapping[str, str]) -> RecallForm:
    return RecallForm(data, initial=dict(initial))


def recall(viewer: Viewer, form: Form) -> Done | None:
    def do(told: Mapping[str, Any]) -> Done:
        repo = named_repo(viewer, told["repository"])
        given = {name: told[name] for name in ("reason", "replacement", "commit", "derived")}
        made = recalls.recall(by=viewer, repo=repo, **given)
        return Done(f"{repo.full_name} is recalled; whoever pulled it is told.", f"{URL}/{made.pk}")

    return act(form, do)


def preview(viewer: Viewer, form: Form) -> tuple[Table, ...]:
    """Whom the recall in the form would reach; nothing where it names nothing."""
    made: list[Table] = []

    def do(told: Mapping[str, Any]) -> Done:
        check_governor(viewer, "preview a recall")
        repo = named_repo(viewer, told["repository"])
        made.extend(_reach(selectors.reach_of(repo, told["commit"])))
        return Done("", "")

    act(form, do)
    return tuple(made)


def build_list(viewer: Viewer, form: Form, previewed: tuple[Table, ...] = ()) -> SheetPage:
    check_governor(viewer, "see recalls")
    box = Box(
        "Recall something",
        form,
        "Recall it",
        "recall",
        lead="Pulls of it are denied at once, whatever the environment. See first whom that reaches.",
        tone="danger",
        other_button="See whom it reaches",
        other_action="preview",
    )
    rows = tuple(_row(one) for one in selectors.recalls()[:MOST_SHOWN])
    head = ("What", "Why", "When", "Answered", "State")
    return SheetPage(
        title="Recalls",
        lead="A revision, a data set or a base is withdrawn: what was made from it too, and everybody who pulled any "
        "of it is told, and answers.",
        tables=(*previewed, Table("Recalls", head, rows, "Nothing was recalled.")),
        boxes=(box,),
    )


def find(viewer: Viewer, pk: int) -> Any:
    check_governor(viewer, "see recalls")
    found = selectors.recalls().filter(pk=pk).first()
    if found is None:
        raise RecallNotFound
    return found


def lift(viewer: Viewer, advisory: Any) -> Done:
    recalls.lift(by=viewer, advisory=advisory)
    return Done("The recall is lifted.", f"{URL}/{advisory.pk}")


def build(one: Any) -> SheetPage:
    notices = tuple(_notice(each) for each in selectors.notices_of(one)[:MOST_SHOWN])
    effects = tuple((_named(each.repo),) for each in one.effects.select_related("repo__owner")[:MOST_SHOWN])
    state = f"lifted by {one.lifted_by}" if one.lifted_at else "in force"
    lift = () if one.lifted_at else (Action("Lift the recall", "", "lift", str(one.pk)),)
    return SheetPage(
        title=f"Recall of {one.repo.full_name}",
        lead=one.reason,
        links=(Link("All recalls", URL),),
        facts=(
            *(("State", state), ("Revision", one.commit or "all")),
            *(("Use instead", one.replacement or "nothing named"), ("By", one.by)),
        ),
        actions=lift,
        tables=(
            Table("Recalled with it", ("Repository",), effects, "Nothing else."),
            Table("Told", ("Who", "What", "Last pull", "Told", "Answer"), notices, "Nobody with an account pulled it."),
        ),
    )


def build_mine(viewer: Viewer, form: Form, key: str = "") -> SheetPage:
    listed = list(selectors.notices_to(viewer)[:MOST_SHOWN])
    waiting = [each for each in listed if each.acknowledged_at is None]
    rows = tuple(_mine(each) for each in listed)
    first = next((each for each in waiting if str(each.pk) == key), waiting[0] if waiting else None)
    form.fields["key"].initial = str(first.pk) if first else ""
    boxes = (Box(f"Answer on {first.advisory.repo.full_name}", form, "Answer", "answer"),) if first else ()
    return SheetPage(
        title="Recalls of what you pulled",
        lead="Say for each what you did: removed it, replaced it, or why it stays.",
        tables=(
            Table(
                "Told to you",
                ("What", "Why", "Your last pull", "Your answer"),
                rows,
                "Nothing you pulled was recalled.",
            ),
        ),
        boxes=boxes,
    )


def answer_form(data: Any) -> AnswerForm:
    return AnswerForm(data)


def answer(viewer: Viewer, form: Form) -> Done | None:
    def do(told: Mapping[str, Any]) -> Done:
        notice = selectors.notices_to(viewer).filter(pk=digits(told["key"]) or 0).first()
        if notice is None:
            raise RecallNotFound
        recalls.acknowledge(by=viewer, notice=notice, answer=told["answer"])
        return Done("Your answer is recorded.", MINE)

    return act(form, do)


def _reach(reach: Any) -> tuple[Table, Table]:
    derived = tuple(
        (_named(each), Cell("private" if each.is_private else "public")) for each in reach.derived[:MOST_SHOWN]
    )
    people = tuple((Cell(name, url=links.owner_url(name)),) for name in reach.people[:MOST_SHOWN])
    pulls = f"{words.plural(reach.pulls, 'pull')} by {words.plural(len(reach.people), 'person', 'people')}"
    return (
        Table(f"Made from it: {len(reach.derived):,}", ("Repository", "Seen by"), derived, "Nothing on this hub."),
        Table(f"Reached: {pulls}", ("Who",), people, "Nobody with an account pulled it."),
    )


def _row(one: Any) -> tuple[Cell, ...]:
    return (
        Cell(one.repo.full_name, url=f"{URL}/{one.pk}", more=one.commit[:12]),
        Cell(one.reason),
        Cell(at=one.at),
        Cell(f"{one.answered} of {one.told}"),
        Cell("lifted") if one.lifted_at else Cell("in force", tone="bad"),
    )


def _notice(each: Any) -> tuple[Cell, ...]:
    answered = Cell(each.answer) if each.acknowledged_at else Cell("waiting", tone="warn")
    return (
        Cell(each.user.username),
        _named(each.advisory.repo),
        Cell(at=each.last_pulled_at, more=words.plural(each.pulls, "file")),
        Cell(at=each.told_at),
        answered,
    )


def _mine(each: Any) -> tuple[Cell, ...]:
    repo = each.advisory.repo
    use = f"Use {each.advisory.replacement} instead." if each.advisory.replacement else ""
    pending = Cell("waits for your answer", tone="warn", actions=(Action("Answer", "", "choose", str(each.pk)),))
    return (
        Cell(repo.full_name, url=links.repo_url(repo.kind, repo.full_name), more=each.advisory.commit[:12]),
        Cell(each.advisory.reason, more=use),
        Cell(at=each.last_pulled_at),
        Cell(each.answer) if each.acknowledged_at else pending,
    )


def _named(repo: Any) -> Cell:
    return Cell(repo.full_name, url=links.repo_url(repo.kind, repo.full_name))
