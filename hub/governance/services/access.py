"""Access to gated repositories: asked for, decided, granted, ended. What holds is written down as catalog's readers.

A reader is a name: a person's, or an organisation's, which stands for all its members.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError

from hub.accounts.errors import NotAllowed
from hub.accounts.models import Namespace, Organisation
from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog import services as catalog
from hub.catalog.models import Reader, Repo
from hub.catalog.services.records import subject_of
from hub.core import clock
from hub.core.errors import Conflict, InvalidInput
from hub.core.tasks import enqueue
from hub.core.text import storable
from hub.core.transactions import write_transaction
from hub.governance.answers import checked
from hub.governance.errors import HasAccess, NoAccessRequest, NotGated
from hub.governance.models import AccessPeriod, AccessRequest
from hub.governance.permissions import check_decides_access as check_decides
from hub.governance.permissions import check_speaks
from hub.governance.selectors.access import gate_at
from hub.governance.selectors.closed import is_barred

MAX_WORDS = 5_000
MAX_DAYS = 3_650
# Who decides where the gate opens by itself.
SYSTEM_NAME = "system"
_AT_ONCE = 1_000
Status = AccessRequest.Status


def request_access(
    *,
    by: Viewer,
    repo: Repo,
    fields: Mapping[str, Any] | None = None,
    message: str = "",
    organisation: Organisation | None = None,
) -> AccessRequest:
    """Ask, for oneself or (as its admin) for all members of an organisation. An automatic gate accepts at once, unless
    an owner rejected or ended the access before: then they decide. Raises `NotGated`, `HasAccess`, `BadAnswers`, and
    `NotAllowed` for a profile of the EU where the card closes the gate to it.
    """
    user, reader = check_speaks(by, organisation, f"ask for access to {repo.full_name}")
    catalog.check_read(by, repo)
    _check_limit(by, repo)
    _check_gated(repo)
    if organisation is None and catalog.may_pass_gate(by, repo):
        raise HasAccess(f"You may read {repo.full_name} already.")
    _check_region(by, repo, organisation)
    answers, words = checked(gate_at(repo), fields or {}), _words(message)
    made = AccessRequest(repo=repo, reader=reader, asked_by=user, fields=answers, message=words)
    with _once(reader, repo), write_transaction():
        _end_for_new_try(_newest(repo, reader))
        if repo.gate == Repo.Gate.AUTO and not _was_refused(repo, [reader, user.namespace]):
            _accept(made, by=SYSTEM_NAME, days=_period(repo))
        made.save(force_insert=True)
        _write_down(made)
        _record(by.name, "access.ask", made)
        enqueue("community.access_asked", repo=repo.pk, by=by.name, status=made.status)
    return made


def decide(
    *, by: Viewer, request: AccessRequest, status: str, reason: str = "", days: int | None = None
) -> AccessRequest:
    """Accept (for `days`, or the repository's period), reject with a reason, or put back to the waiting ones, which
    ends the access. Raises `NoAccessRequest` where it stands so already, or has ended."""
    repo = request.repo
    check_decides(by, repo)
    if status not in Status.values:
        raise InvalidInput(f"status is one of {', '.join(Status.values)}.")
    until = _until(days if days is not None else _period(repo)) if status == Status.ACCEPTED else None
    words = _words(reason)
    with write_transaction():
        current = AccessRequest.objects.filter(pk=request.pk, replaced_at=None).exclude(status=status)
        changes = {"decided_by": by.name, "decided_at": clock.now(), "reason": words, "expires_at": until}
        if not current.update(status=status, **changes):
            raise NoAccessRequest(f"The request of {request.reader} is {status} already, or it has ended.")
        request.refresh_from_db()
        _write_down(request)
        _record(by.name, f"access.{status}", request, reason=words)
        enqueue("community.access_decided", repo=repo.pk, reader=request.reader_id, by=by.name, status=status)
    return request


def grant(*, by: Viewer, repo: Repo, reader: Namespace, days: int | None = None) -> AccessRequest:
    """Let a person or an organisation in that didn't ask. Raises `NotGated` and `HasAccess`."""
    check_decides(by, repo)
    _check_gated(repo)
    until = days if days is not None else _period(repo)
    with _once(reader, repo), write_transaction():
        last = _newest(repo, reader)
        if last and last.replaced_at is None and last.status == Status.ACCEPTED and not _is_over(last):
            raise HasAccess(f"{reader.name} may read {repo.full_name} already.")
        _end(last)
        made = AccessRequest(repo=repo, reader=reader, is_granted=True)
        _accept(made, by=by.name, days=until)
        made.save(force_insert=True)
        _write_down(made)
        _record(by.name, "access.grant", made)
        enqueue("community.access_decided", repo=repo.pk, reader=reader.pk, by=by.name, status="accepted")
    return made


def withdraw(*, by: Viewer, request: AccessRequest) -> None:
    """The asker takes it back, whether it waits or was accepted; their access ends. They may ask again."""
    organisation = Organisation.objects.filter(namespace=request.reader).select_related("namespace").first()
    if check_speaks(by, organisation, "withdraw this request")[1] != request.reader:
        raise NoAccessRequest
    with write_transaction():
        live = AccessRequest.objects.filter(pk=request.pk, replaced_at=None).exclude(status=Status.REJECTED)
        if not live.update(replaced_at=clock.now(), reason="withdrawn"):
            raise NoAccessRequest("There is nothing to withdraw: the request was rejected, or has ended.")
        Reader.objects.filter(repo=request.repo, reader=request.reader).delete()
        _record(by.name, "access.withdraw", request)


def set_period(*, by: Viewer, repo: Repo, days: int | None) -> None:
    """For how long access is given from now on where nobody says otherwise; None: without an end."""
    check_decides(by, repo)
    _until(days)
    with write_transaction():
        if days is None:
            AccessPeriod.objects.filter(repo=repo).delete()
        else:
            AccessPeriod.objects.update_or_create(repo=repo, defaults={"days": days})
        record(by=by.name, action="access.period", subject=subject_of(repo), days=days)


def end_expired(*, limit: int = _AT_ONCE) -> int:
    """End what has run out; how many. A pull honours the end by itself: this tells people and tidies up."""
    over = AccessRequest.objects.filter(expires_at__lte=clock.now(), replaced_at=None, status=Status.ACCEPTED)
    found = list(over.select_related("repo__owner", "reader").order_by("pk")[:limit])
    for request in found:
        with write_transaction():
            if not over.filter(pk=request.pk).update(replaced_at=clock.now(), reason="expired"):
                continue
            Reader.objects.filter(repo=request.repo, reader=request.reader, expires_at__lte=clock.now()).delete()
            _record(SYSTEM_NAME, "access.expire", request)
            enqueue("community.access_decided", repo=request.repo_id, reader=request.reader_id, by="", status="expired")
    return len(found)


def _check_limit(by: Viewer, repo: Repo) -> None:
    limit = by.only_repositories
    if limit is not None and repo.public_id not in limit:
        raise NotAllowed("Your token is limited to other repositories. Use another, or sign in on the site.")


def _check_gated(repo: Repo) -> None:
    if not repo.gate:
        raise NotGated(f"{repo.full_name} is not gated: whoever can see it can pull it.")


def _check_region(by: Viewer, repo: Repo, organisation: Organisation | None) -> None:
    if profile := is_barred(by, repo, organisation):
        raise NotAllowed(
            f"The owner of {repo.full_name} gives no access in the EU (P-26: extra_gated_eu_disallowed in its card), "
            f"and the profile {profile.name} is for {', '.join(profile.regions)}. Use another model, or ask its owner."
        )


def _newest(repo: Repo, reader: Namespace) -> AccessRequest | None:
    return AccessRequest.objects.filter(repo=repo, reader=reader).order_by("-pk").first()


def _end_for_new_try(last: AccessRequest | None) -> None:
    """Inside the transaction: what was rejected or ran out gives way; what waits or holds doesn't."""
    if last is None or last.replaced_at:
        return
    if last.status == Status.PENDING:
        raise _waiting(last.reader, last.repo)
    if last.status == Status.ACCEPTED and not _is_over(last):
        raise HasAccess(f"{last.reader} may read {last.repo.full_name} already.")
    _end(last)


def _waiting(reader: Namespace, repo: Repo) -> Conflict:
    return Conflict(f"The request of {reader.name} for {repo.full_name} waits already. Its owner decides.")


@contextmanager
def _once(reader: Namespace, repo: Repo) -> Iterator[None]:
    """Of two tries at once, one goes through."""
    try:
        yield
    except IntegrityError as error:
        raise _waiting(reader, repo) from error


def _was_refused(repo: Repo, names: list[Namespace]) -> bool:
    """Whether an owner's last word on one of these names was no: then a gate doesn't open by itself."""
    decided = AccessRequest.objects.filter(repo=repo).exclude(decided_by__in=["", SYSTEM_NAME])
    last = (decided.filter(reader=name).order_by("-pk").values_list("status", flat=True).first() for name in names)
    return any(status not in (None, Status.ACCEPTED) for status in last)


def _end(last: AccessRequest | None) -> None:
    if last is not None:
        AccessRequest.objects.filter(pk=last.pk, replaced_at=None).update(replaced_at=clock.now())


def _is_over(request: AccessRequest) -> bool:
    return request.expires_at is not None and request.expires_at <= clock.now()


def _accept(made: AccessRequest, *, by: str, days: int | None) -> None:
    made.status, made.decided_by, made.decided_at, made.expires_at = Status.ACCEPTED, by, clock.now(), _until(days)


def _write_down(request: AccessRequest) -> None:
    """The catalog's readers as this request says it."""
    if request.status == Status.ACCEPTED:
        until = {"expires_at": request.expires_at}
        Reader.objects.update_or_create(repo=request.repo, reader=request.reader, defaults=until)
    else:
        Reader.objects.filter(repo=request.repo, reader=request.reader).delete()


def _period(repo: Repo) -> int | None:
    return AccessPeriod.objects.filter(repo=repo).values_list("days", flat=True).first()


def _until(days: int | None) -> dt.datetime | None:
    if days is None:
        return None
    if not 1 <= days <= MAX_DAYS:
        raise InvalidInput(f"Access can last 1 to {MAX_DAYS:,} days.")
    return clock.now() + dt.timedelta(days=days)


def _words(text: str) -> str:
    kept = storable(text).strip()
    if len(kept) > MAX_WORDS:
        raise InvalidInput(f"Use up to {MAX_WORDS:,} characters; this has {len(kept):,}.")
    return kept


def _record(by: str, action: str, request: AccessRequest, **more: Any) -> None:
    until = request.expires_at.isoformat() if request.expires_at else None
    subject = subject_of(request.repo)
    record(by=by, action=action, subject=subject, reader=request.reader.name, until=until, **more)
