"""Who may read what is gated, who asked, and which licence texts were accepted."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from hub.accounts.models import Namespace, Organisation, Role
from hub.accounts.selectors import find_namespace
from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.catalog.models import Card, Repo
from hub.core import clock
from hub.governance import gates
from hub.governance.errors import NoAccessRequest
from hub.governance.models import Acceptance, AccessPeriod, AccessRequest
from hub.governance.permissions import check_decides_access

# (licence, sha256 of the text, owner/name), or {"licence", "sha256"} as policy rules have it.
Text = tuple[str, str, str] | Mapping[str, Any]


def may_read_gated(viewer: Viewer, repo: Repo) -> bool:
    """Whether the gate, if there is one, lets this viewer through now."""
    return catalog.may_pass_gate(viewer, repo)


def gate_at(repo: Repo) -> gates.Gate:
    """What the gate asks, by the card at main's head."""
    card = Card.objects.filter(repo=repo).values_list("metadata", flat=True).first()
    return gates.gate_of(card or {})


def requests_for(viewer: Viewer, repo: Repo) -> list[AccessRequest]:
    """The newest request for each name that the viewer speaks for (their own, organisations that they belong to), ended
    ones too: their own first."""
    found = AccessRequest.objects.filter(repo=repo, reader__in=list(viewer.roles)).select_related("reader", "repo")
    newest = {request.reader_id: request for request in found.order_by("pk")}
    return sorted(newest.values(), key=lambda request: request.reader.kind != Namespace.Kind.USER)


def access_requests(viewer: Viewer, repo: Repo, status: str = "") -> QuerySet[AccessRequest]:
    """All that hold now, of one status or of all, the oldest first: for whoever decides on them."""
    check_decides_access(viewer, repo)
    found = AccessRequest.objects.filter(repo=repo, replaced_at=None)
    found = found.filter(status=status) if status else found
    return found.select_related("reader__user", "reader__organisation", "asked_by", "repo__owner").order_by("asked_at")


def access_request(viewer: Viewer, repo: Repo, *, reader: str = "", public_id: str = "") -> AccessRequest:
    """The one that holds, by its reader's name or by its id; raises `NoSuchAccount` and `NoAccessRequest`."""
    found = access_requests(viewer, repo)
    chosen = found.filter(public_id=public_id) if public_id else found.filter(reader=find_namespace(reader))
    request = chosen.first()
    if request is None:
        raise NoAccessRequest(f"{reader or 'Nobody'} has no such request for {repo.full_name}.")
    return request


def own_request(viewer: Viewer, public_id: str) -> AccessRequest:
    """A request of the viewer's own, or of an organisation of theirs."""
    found = AccessRequest.objects.filter(public_id=public_id, reader__in=list(viewer.roles))
    request = found.select_related("reader", "repo__owner").first()
    if request is None:
        raise NoAccessRequest
    return request


def is_current(request: AccessRequest) -> bool:
    """Whether it neither ended nor ran out."""
    return request.replaced_at is None and (request.expires_at is None or request.expires_at > clock.now())


def access_days(repo: Repo) -> int | None:
    """For how long access is given where nobody says otherwise; None: without an end."""
    return AccessPeriod.objects.filter(repo=repo).values_list("days", flat=True).first()


def organisations_led_by(viewer: Viewer) -> list[Organisation]:
    """Those for which the viewer may ask and accept, by name."""
    led = [namespace for namespace, role in viewer.roles.items() if role == Role.ADMIN]
    found = Organisation.objects.filter(namespace__in=led).select_related("namespace")
    return list(found.order_by("namespace__name"))


def acceptances_missing(viewer: Viewer, organisation: Organisation | None, texts: Iterable[Text]) -> list[Text]:
    """Those of `texts` that hold neither by the viewer's own acceptance nor
    by that of `organisation` (None: of any that they belong to). One query, none for no texts."""
    wanted = list(texts)
    if not wanted:
        return []
    held = set(_covering(viewer, organisation, map(_sha256, wanted)).values_list("text_sha256", flat=True))
    return [text for text in wanted if _sha256(text) not in held]


def acceptances_by_text(viewer: Viewer, sha256s: Iterable[str]) -> Mapping[str, list[Acceptance]]:
    """What holds for the viewer, by the text's hash."""
    found: dict[str, list[Acceptance]] = {}
    for each in _covering(viewer, None, list(sha256s)).select_related("user", "organisation__namespace"):
        found.setdefault(each.text_sha256, []).append(each)
    return found


def agreements_of(viewer: Viewer) -> QuerySet[Acceptance]:
    """All that the viewer, or an organisation that they belong to, ever accepted: the newest first."""
    found = Acceptance.objects.filter(_of(viewer, None)) if viewer.user else Acceptance.objects.none()
    return found.select_related("user", "organisation__namespace").order_by("-accepted_at", "-pk")


def agreement(viewer: Viewer, public_id: str) -> Acceptance:
    """One of `agreements_of`."""
    found = agreements_of(viewer).filter(public_id=public_id).first()
    if found is None:
        raise NoAccessRequest("There is no such agreement of yours.")
    return found


def is_live(agreed: Acceptance, now: dt.datetime | None = None) -> bool:
    return agreed.ended_at is None and (agreed.expires_at is None or agreed.expires_at > (now or clock.now()))


def _sha256(text: Text) -> str:
    return str(text["sha256"]) if isinstance(text, Mapping) else text[1]


def _covering(viewer: Viewer, organisation: Organisation | None, sha256s: Iterable[str]) -> QuerySet[Acceptance]:
    if viewer.user is None:
        return Acceptance.objects.none()
    unended = Acceptance.objects.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()), ended_at=None)
    return unended.filter(_of(viewer, organisation), text_sha256__in=list(sha256s))


def _of(viewer: Viewer, organisation: Organisation | None) -> Q:
    own = Q(user=viewer.user, organisation=None)
    if organisation is not None:
        return own | Q(organisation=organisation)
    return own | Q(organisation__namespace__in=list(viewer.roles))
