"""A desk that lives: reviewers who are no people take some seeds through it (`python -m hub.cli.demo_desk`).

Everything goes through the services that reviewers use, so nothing passes that wouldn't pass otherwise; names and
reasons say that it is a demo, and its approvals hold for the purpose of a demonstration only. Run again, it goes on
where it was; it leaves alone what other people have taken part in.
"""

import sys
import time
from typing import TYPE_CHECKING, Any

import click
import django

from hub.cli import demo_jobs
from hub.cli.demo_stories import BIAS, PURPOSE, REVIEWERS, STORIES, Story, Verdict

if TYPE_CHECKING:
    from hub.accounts.viewer import Viewer
    from hub.governance.models import Revision

_PATIENCE = 300.0
_POLL = 1.0
_ATTEMPTS = 5
# From here on a rule takes measurements before an approval (P-25).
_MEASURED_TIER = 3
_MARK = "Demo: "


def main() -> None:
    django.setup()
    from hub.core.errors import HubError

    try:
        click.echo(told(run()))
    except HubError as error:
        click.echo(error.message, err=True)
        sys.exit(1)


def run(*, patience: float = _PATIENCE) -> dict[str, str]:
    """Where each seed of a story stands now, in words, by name. A seed that isn't here is left out."""
    from django.conf import settings

    from hub.governance.models import State

    people, owner = _reviewers(), str(settings.CURATED_OWNER)
    give_up_at, found = time.monotonic() + patience, {}
    for story in STORIES:
        revision = _revision(story, owner, give_up_at)
        if revision is not None and _is_ours(revision, owner):
            _walk(story, revision, people, _robot(owner), give_up_at)
            found[story.name] = State(_now(revision).state).label.lower()
    return found


def told(found: dict[str, str]) -> str:
    listed = ", ".join(f"{name} ({state})" for name, state in found.items()) or "nothing is there to review"
    return f"reviewers who are no people took these to /desk: {listed}. Without them: headstart up --no-demo"


def _reviewers() -> "dict[str, Viewer]":
    """The demo reviewers, made where they are missing; they have no password."""
    from hub.accounts import selectors, services
    from hub.accounts.errors import NoSuchAccount
    from hub.accounts.viewer import Viewer
    from hub.governance.services import people

    found = {}
    for name, (full_name, domains) in REVIEWERS.items():
        try:
            user = selectors.find_user(name)
        except NoSuchAccount:
            user = services.create_user(by=services.SYSTEM, username=name, full_name=full_name)
        for domain in domains:
            people.grant_reviewer(by=services.SYSTEM, user=user, domain=domain)
        found[name] = Viewer(user=user)
    return found


def _robot(owner: str) -> "Viewer":
    from hub.accounts import selectors
    from hub.accounts.viewer import Viewer

    return Viewer(user=selectors.find_user(f"{owner}-seeds"))


def _revision(story: Story, owner: str, give_up_at: float) -> "Revision | None":
    """Main's head with its examination finished: waited for, or done here at the end of the patience."""
    from hub.catalog.errors import RepoNotFound
    from hub.catalog.selectors import find_repo
    from hub.governance.selectors.records import head_of
    from hub.governance.services import examination

    try:
        repo = find_repo(_robot(owner), story.kind, owner, story.name)
    except RepoNotFound:
        return None
    while (revision := head_of(repo)) is None or revision.examined_at is None:
        if time.monotonic() >= give_up_at:
            if revision is None:
                return None
            examination.examine(revision.pk)
            continue
        time.sleep(_POLL)
    return _now(revision)


def _now(revision: "Revision") -> "Revision":
    from hub.governance.selectors import reviews

    return reviews.fresh(revision.pk)


def _is_ours(revision: "Revision", owner: str) -> bool:
    """Whether nobody else has taken part in its review."""
    from hub.governance.models import ReviewEvent

    ours = {"", "system", f"{owner}-seeds", *REVIEWERS}
    return not ReviewEvent.objects.filter(revision=revision).exclude(by__in=ours).exists()


def _walk(story: Story, revision: "Revision", people: "dict[str, Viewer]", robot: "Viewer", give_up_at: float) -> None:
    """Submit it, assign it, say what is to be said, decide; what was done before isn't done again."""
    from hub.governance.models import DomainReview, DomainState, State
    from hub.governance.services import reviews

    if revision.state == State.INTAKE:
        if reviews.not_ready(revision):
            return
        reviews.submit(by=robot, revision=revision, message=f"{_MARK}please look at this.")
    _prepare(story, revision, people)
    _measure(story, revision, people[BIAS], give_up_at)
    open_ = DomainReview.objects.filter(revision=revision, state=DomainState.PENDING).values_list("domain", flat=True)
    left = set(open_)
    for verdict in story.verdicts:
        revision = _now(revision)
        if verdict.domain not in left:
            continue
        if revision.state != State.IN_REVIEW or not _evidence_allows(verdict, revision):
            return
        _decide(verdict, revision, people[verdict.by])


def _prepare(story: Story, revision: "Revision", people: "dict[str, Viewer]") -> None:
    from hub.governance.models import ReviewEvent
    from hub.governance.services import reviews

    said = set(ReviewEvent.objects.filter(revision=revision, by__in=REVIEWERS).values_list("kind", flat=True))
    if story.assigned_to and "assign" not in said:
        viewer = people[story.assigned_to]
        reviews.assign(by=viewer, revision=revision, to=viewer.user)
    if story.comment and "comment" not in said:
        reviews.comment(by=people[story.assigned_to], revision=revision, text=_MARK + story.comment)


def _measure(story: Story, revision: "Revision", by: "Viewer", give_up_at: float) -> None:
    """What the tier asks for, by a job like any other; where no worker does it, the review waits for one."""
    from hub.governance.selectors import shares

    revision = _now(revision)
    if story.measured and (revision.tier or 0) >= _MEASURED_TIER and shares.bias_facts(revision)["suites_missing"]:
        demo_jobs.measure(story.measured, revision, by, mark=_MARK, give_up_at=give_up_at)


def _evidence_allows(verdict: Verdict, revision: "Revision") -> bool:
    """Whether an approval has nothing against it that a rule denies pulls for; other decisions always may be made."""
    from hub.governance.selectors import shares
    from hub.governance.selectors.licences import lineage_facts

    if verdict.state not in ("approved", "conditional"):
        return True
    if verdict.domain == "licence":
        return lineage_facts(revision)["verdict"] in ("OK", "NEEDS_ATTRIBUTION")
    if verdict.domain == "data":
        return bool(shares.data_facts(revision)["completeness"] == 1)
    if verdict.domain == "bias":
        facts: dict[str, Any] = shares.bias_facts(revision)
        if (revision.tier or 0) >= _MEASURED_TIER and facts["suites_missing"]:
            return False
        return not facts["open_critical"] and (not facts["open_high"] or bool(verdict.conditions))
    return True


def _decide(verdict: Verdict, revision: "Revision", by: "Viewer") -> None:
    """On what is there now: where evidence came in meanwhile, the review follows first."""
    from hub.governance.errors import BindingChanged
    from hub.governance.selectors.reviews import binding_of
    from hub.governance.services import reviews

    for attempt in range(_ATTEMPTS):
        try:
            reviews.decide(
                by=by,
                revision=revision,
                domain=verdict.domain,
                state=verdict.state,
                reason=_MARK + verdict.reason,
                conditions=verdict.conditions,
                purposes=() if verdict.state == "changes-requested" else (PURPOSE,),
                binding=binding_of(revision).sha256,
            )
            return
        except BindingChanged:
            if attempt == _ATTEMPTS - 1:
                raise
            reviews.evidence_changed(revision_id=revision.pk, by=by.name, what="The evidence changed.")
            revision = _now(revision)


if __name__ == "__main__":
    main()
