"""Who reviews what."""

from hub.accounts.models import User
from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.core.errors import InvalidInput
from hub.core.transactions import write_transaction
from hub.governance.models import Domain, Reviewer
from hub.governance.permissions import check_governor


def grant_reviewer(*, by: Viewer, user: User, domain: str) -> Reviewer:
    """Make somebody a reviewer of a domain; who is one already stays one. Raises `InvalidInput`, `NotAReviewer`."""
    _check(by, domain)
    with write_transaction():
        made, is_new = Reviewer.objects.get_or_create(user=user, domain=domain, defaults={"granted_by": _name(by)})
        if is_new:
            record(by=_name(by), action="reviewer.grant", subject=user.username, domain=domain)
    return made


def revoke_reviewer(*, by: Viewer, user: User, domain: str) -> bool:
    """They review that domain no more; whether they did. What they decided stays."""
    _check(by, domain)
    with write_transaction():
        count, _ = Reviewer.objects.filter(user=user, domain=domain).delete()
        if count:
            record(by=_name(by), action="reviewer.revoke", subject=user.username, domain=domain)
    return bool(count)


def _check(by: Viewer, domain: str) -> None:
    # The command line acts without a user: whoever runs it owns the database.
    if by.user is not None or not by.is_admin:
        check_governor(by, "choose reviewers")
    if domain not in Domain.values:
        raise InvalidInput(f"{domain[:40]!r} is no domain. The domains are {', '.join(Domain.values)}.")


def _name(by: Viewer) -> str:
    return by.name or "system"
