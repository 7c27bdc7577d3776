"""The table of licences as it stands: the shipped rows, and over them what administrators added or corrected."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Max

from hub.core.prepared import Prepared
from hub.governance.errors import LicenceNotFound
from hub.governance.licences import detect
from hub.governance.licences.table import Licence, Table, licence_of_row, shipped
from hub.governance.models import LicenceVersion

_NEWEST = Prepared(lambda: LicenceVersion.objects.order_by("-pk").values_list("pk", "at")[:1])


@dataclass(frozen=True)
class LicenceHistory:
    """A licence and its versions, newest first; the shipped row is none of them."""

    licence: Licence
    is_shipped: bool
    text: str
    versions: tuple[LicenceVersion, ...]


def current_table() -> Table:
    """One query; the rows are kept in this process until one more is written."""
    newest = _NEWEST()
    return _table(*newest[0]) if newest else shipped()


def own_fingerprints() -> tuple[detect.Fingerprint, ...]:
    """Of the texts that administrators put in."""
    texts = _newest().exclude(text="").values_list("licence", "text")
    return tuple(detect.fingerprint(licence, text) for licence, text in texts)


def texts_of(ids: set[str]) -> dict[str, str]:
    return dict(_newest().filter(licence__in=ids).exclude(text="").values_list("licence", "text")) if ids else {}


def licence_history(name: str) -> LicenceHistory:
    """Raises `LicenceNotFound`."""
    licence = current_table().rows.get(name.lower())
    if licence is None:
        raise LicenceNotFound("This hub's table has no licence of that id. /governance/licences lists them all.")
    versions = tuple(LicenceVersion.objects.filter(licence=licence.id).order_by("-number"))
    text = versions[0].text if versions else ""
    return LicenceHistory(licence, licence.id in shipped().rows, text, versions)


def _newest():
    last = LicenceVersion.objects.values("licence").annotate(last=Max("pk")).values("last")
    return LicenceVersion.objects.filter(pk__in=last)


@lru_cache(maxsize=4)
def _table(newest: int, _at: dt.datetime) -> Table:
    """`_at` tells it from a row that was taken back before it was written: its number is given out again."""
    rows = LicenceVersion.objects.filter(pk__lte=newest).order_by("pk").values_list("properties", flat=True)
    return shipped().with_rows((licence_of_row(row) for row in rows), newest)
