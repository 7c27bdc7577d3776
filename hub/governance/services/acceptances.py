"""Licence texts that were accepted, by the hash of their bytes: by a person, or for an organisation."""

import datetime as dt
import re

from hub.accounts.models import Organisation
from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog import services as catalog
from hub.catalog.models import Repo
from hub.core import clock
from hub.core.errors import InvalidInput
from hub.core.text import storable
from hub.core.transactions import write_transaction
from hub.governance.errors import NoAccessRequest, TextChanged
from hub.governance.models import Acceptance
from hub.governance.permissions import check_speaks
from hub.governance.selectors.texts import texts_of

_SHA256 = re.compile(r"[0-9a-f]{64}")


def accept_text(
    *,
    by: Viewer,
    licence: str,
    text_sha256: str,
    organisation: Organisation | None = None,
    reference: str = "",
    expires_at: dt.datetime | None = None,
    shown_at: str = "",
) -> Acceptance:
    """Accept a text for oneself, or (as its admin) for all members of an organisation. A text accepted already, for as
    long at least, stays as it is; else the new acceptance takes the old one's place.
    """
    user, _ = check_speaks(by, organisation, f"accept {licence}")
    told = _checked(licence, text_sha256, reference, expires_at)
    whose = {"user": user, "organisation": None} if organisation is None else {"organisation": organisation}
    with write_transaction():
        live = Acceptance.objects.filter(text_sha256=text_sha256, ended_at=None, **whose)
        for one in live:
            if _lasts(one, expires_at) and one.reference == told["reference"]:
                return one
        live.update(ended_at=clock.now(), ended_by=by.name)
        made = Acceptance.objects.create(user=user, organisation=organisation, shown_at=shown_at[:202], **told)
        _record(by, "licence.accept", made)
    return made


def accept_shown(
    *,
    by: Viewer,
    repo: Repo,
    text_sha256: str,
    organisation: Organisation | None = None,
    reference: str = "",
    expires_at: dt.datetime | None = None,
) -> Acceptance:
    """Accept a text that this repository shows. Raises `TextChanged` where it shows that one no more, or can't show
    it: nobody accepts what they couldn't read."""
    catalog.check_read(by, repo)
    shown = next((one for one in texts_of(by, repo) if one.sha256 == text_sha256 and one.text), None)
    if shown is None:
        raise TextChanged
    return accept_text(
        by=by,
        licence=shown.licence,
        text_sha256=text_sha256,
        organisation=organisation,
        reference=reference,
        expires_at=expires_at,
        shown_at=shown.shown_at,
    )


def end_acceptance(*, by: Viewer, acceptance: Acceptance) -> None:
    """End it from now on; what was pulled under it stays pulled. One's own, or one's organisation's."""
    organisation = acceptance.organisation
    check_speaks(by, organisation, "end this agreement")
    if organisation is None and acceptance.user != by.user:
        raise NoAccessRequest("There is no such agreement of yours.")
    with write_transaction():
        if Acceptance.objects.filter(pk=acceptance.pk, ended_at=None).update(ended_at=clock.now(), ended_by=by.name):
            _record(by, "licence.end_acceptance", acceptance)


def _lasts(one: Acceptance, expires_at: dt.datetime | None) -> bool:
    """Whether it holds at least until then (None: for ever)."""
    return one.expires_at is None or (expires_at is not None and one.expires_at >= expires_at)


def _checked(licence: str, text_sha256: str, reference: str, expires_at: dt.datetime | None) -> dict[str, object]:
    if not licence.strip() or len(licence) > 100:
        raise InvalidInput("Name the licence, in 1 to 100 characters.")
    if not _SHA256.fullmatch(text_sha256):
        raise InvalidInput("Name the text by its sha256: 64 hex digits.")
    if len(reference) > 200:
        raise InvalidInput("A reference takes up to 200 characters.")
    if expires_at is not None and expires_at <= clock.now():
        raise InvalidInput("An agreement can't end in the past.")
    kept = storable(reference).strip()
    return {"licence": licence.strip(), "text_sha256": text_sha256, "reference": kept, "expires_at": expires_at}


def _record(by: Viewer, action: str, of: Acceptance) -> None:
    organisation = str(of.organisation) if of.organisation else None
    more = {"sha256": of.text_sha256, "organisation": organisation, "reference": of.reference}
    record(by=by.name, action=action, subject=of.licence, agreement=of.public_id, **more)
