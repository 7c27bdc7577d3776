"""Advisories and recalls: words that reach whoever pulls, or pulled."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Sum

from hub.accounts.models import User
from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog.models import Repo
from hub.catalog.permissions import check_admin
from hub.catalog.services.events import changed
from hub.catalog.services.records import subject_of
from hub.core import clock
from hub.core.errors import Conflict, InvalidInput, NotSignedIn
from hub.core.transactions import write_transaction
from hub.governance.models import Advisory, PolicyChange, PullRecord, RecallNotice
from hub.governance.permissions import check_governor
from hub.governance.selectors.recalls import derived_of

Kind = Advisory.Kind


def advise(*, by: Viewer, repo: Repo, kind: str, reason: str, replacement: str = "", commit: str = "") -> Advisory:
    """Deprecate the repository (or one commit), or say that it must not be used: its administrators may."""
    check_admin(by, repo)
    if kind not in (Kind.DEPRECATED, Kind.DO_NOT_USE):
        raise InvalidInput("Say whether it is deprecated or not to be used.")
    _check(reason, replacement)
    with write_transaction():
        if Advisory.objects.filter(repo=repo, kind=kind, commit=commit, lifted_at=None).exists():
            raise Conflict("The same is said of it already. Lift that advisory first, then say it anew.")
        made = _make(by, repo, kind, reason, replacement, commit)
        _note(by, made, "advise")
    return made


def lift(*, by: Viewer, advisory: Advisory) -> None:
    """End an advisory; a recall ends with its effects, and only an administrator of the hub may."""
    if advisory.kind == Kind.RECALLED:
        check_governor(by, "lift a recall")
    else:
        check_admin(by, advisory.repo)
    with write_transaction():
        open_ones = Advisory.objects.filter(lifted_at=None)
        lifted = {"lifted_at": clock.now(), "lifted_by": by.name}
        if not open_ones.filter(pk=advisory.pk).update(**lifted):
            raise Conflict("This advisory was lifted already: it warns nobody any more.")
        open_ones.filter(cause=advisory).update(**lifted)
        _note(by, advisory, "lift")


def recall(*, by: Viewer, repo: Repo, reason: str, replacement: str = "", commit: str = "", derived: bool) -> Advisory:
    """Withdraw a revision (`commit`), a data set or a base, with `derived` also what was made from it. Whoever pulled
    one of them is told, once for each."""
    check_governor(by, "recall a model or data set")
    _check(reason, replacement)
    children = derived_of(repo) if derived else []
    with write_transaction():
        made = _make(by, repo, Kind.RECALLED, reason, replacement, commit)
        effects = [_make(by, child, Kind.RECALLED, _inherited(repo, reason), "", "", made) for child in children]
        told = sum(_tell(advisory) for advisory in (made, *effects))
        _note(by, made, "recall", derived=len(effects), told=told)
    return made


def acknowledge(*, by: Viewer, notice: RecallNotice, answer: str) -> None:
    """Somebody who pulled what is recalled says what they did about it."""
    if by.user is None or notice.user_id != by.user.pk:
        raise NotSignedIn("Sign in as whom the notice is for.")
    if not 3 <= len(answer.strip()) <= 2_000:
        raise InvalidInput("Say what you did: removed it, replaced it, or why it stays.")
    with write_transaction():
        open_ones = RecallNotice.objects.filter(pk=notice.pk, acknowledged_at=None)
        if not open_ones.update(acknowledged_at=clock.now(), answer=answer.strip()):
            raise Conflict("You answered this notice already.")
        advisory = notice.advisory
        subject = subject_of(advisory.repo, advisory.commit)
        record(by=by.name, action="recall.acknowledge", subject=subject, recall=advisory.pk, answer=answer.strip())


def _inherited(repo: Repo, reason: str) -> str:
    name = "a private repository" if repo.is_private else repo.full_name
    return f"It was made from {name}, which is recalled: {reason.strip()}"


def _make(
    by: Viewer, repo: Repo, kind: str, reason: str, replacement: str, commit: str, cause: Advisory | None = None
) -> Advisory:
    told = {"reason": reason.strip(), "replacement": replacement.strip(), "commit": commit, "cause": cause}
    return Advisory.objects.create(repo=repo, kind=kind, by=by.name, **told)


def _tell(advisory: Advisory) -> int:
    """A notice to each person with an account who pulled it; how many."""
    pulled = PullRecord.objects.filter(repo_id=advisory.repo_id).exclude(outcome="deny").exclude(by="")
    if advisory.commit:
        pulled = pulled.filter(commit=advisory.commit)
    people = {row["by"]: row for row in pulled.values("by").annotate(files=Sum("files"), last=Max("at"))}
    users = User.objects.filter(username__in=list(people), is_active=True)
    RecallNotice.objects.bulk_create(_notice(advisory, user, people[user.username]) for user in users)
    return len(users)


def _notice(advisory: Advisory, user: User, row: Any) -> RecallNotice:
    return RecallNotice(advisory=advisory, user=user, pulls=row["files"], last_pulled_at=row["last"])


def _check(reason: str, replacement: str) -> None:
    if not 3 <= len(reason.strip()) <= 2_000 or "\0" in reason:
        raise InvalidInput("Say why: everybody who pulls it reads that.")
    if len(replacement) > 250 or "\0" in replacement:
        raise InvalidInput("The replacement is owner/name or owner/name@commit.")


def _note(by: Viewer, advisory: Advisory, what: str, **more: object) -> None:
    touched: Iterable[int] = {advisory.repo_id, *advisory.effects.values_list("repo_id", flat=True)}
    PolicyChange.objects.create(kind=PolicyChange.Kind.ADVISORY, subject=str(advisory.repo), after=what, by=by.name)
    changed(*touched)
    subject = subject_of(advisory.repo, advisory.commit)
    record(by=by.name, action=f"advisory.{what}", subject=subject, kind=advisory.kind, reason=advisory.reason, **more)
