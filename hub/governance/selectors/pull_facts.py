"""Facts of one revision, as the rules take them: gathered from the parts once, kept in this process until they change.

How it stands is asked anew at every decision, with one query that also brings the trail's end and the token's profile.
"""

import datetime as dt
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

from hub.catalog.models import Repo
from hub.core.kept import Kept
from hub.governance.models import PolicyChange, ReviewEvent, Revision, Scan, TokenProfile
from hub.governance.policy.context import plain
from hub.governance.selectors import data, findings, licences, reviews, scans, uses
from hub.governance.selectors.pull_revision import revision_for_rules

# Facts that rest on other repositories or on the clock are read again after so many seconds whatever happens.
SECONDS = 60.0
_LIMIT = 20_000
# The name in a rule, and the part that tells it; that of reviews is told what the scan found.
SOURCES: dict[str, Callable[..., Any]] = {
    "license": licences.licence_facts,
    "lineage": licences.lineage_facts,
    "data": data.data_facts,
    "bias": findings.bias_facts,
    "use": uses.use_facts,
    "scan": scans.scan_facts,
    "rev": reviews.review_facts,
}
_CODE = ("executes_code", "code_hashes")
# States that somebody put it into by one step, and no decision on a domain.
_MOVED = frozenset({"suspended", "revoked", "rejected", "quarantined", "retired", "withdrawn"})
_log = logging.getLogger(__name__)

# Each decision asks this, so it is plain SQL: building the query would take longer than answering it.
_STANDING = f"""
SELECT (SELECT MAX(id) FROM {PolicyChange._meta.db_table}),
       (SELECT profile_id FROM {TokenProfile._meta.db_table} WHERE token_id = %s),
       r.id, r.state, r.tier, r.uploader, r.purposes, r.conditions, r.binding, r.reason, r.expires_at, r.examined_at,
       r.licence_record_id, r.data_record_id, r.use_record_id,
       (SELECT MAX(id) FROM {ReviewEvent._meta.db_table} WHERE revision_id = r.id),
       (SELECT MAX(id) FROM {Scan._meta.db_table} WHERE revision_id = r.id AND finished_at IS NOT NULL)
FROM (SELECT 1 AS one) AS single LEFT JOIN {Revision._meta.db_table} r ON r.repo_id = %s AND r."commit" = %s
"""  # noqa: S608 - names of our own tables


@dataclass(frozen=True)
class Standing:
    """Where a revision stands now; `revision` None: nobody examined this commit."""

    number: int
    token_profile: int | None
    revision: int | None = None
    state: str = "unreviewed"
    tier: int | None = None
    uploader: str = ""
    purposes: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    binding: str = ""
    reason: str = ""
    expires_at: dt.datetime | None = None
    is_examined: bool = False
    version: tuple[Any, ...] = ()


_standings: Kept[tuple[Any, ...], Standing] = Kept(limit=_LIMIT)
_facts: Kept[tuple[Any, ...], dict[str, Any]] = Kept(limit=_LIMIT)


def standing_of(repo: Repo, commit: str, *, token: int | None) -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [token, repo.pk, commit])
        row = cursor.fetchone()
    if row[2] is None:
        return Standing(row[0] or 0, row[1])
    key = tuple(str(value) if isinstance(value, list) else value for value in row)
    if (kept := _standings.get(key)) is None:
        kept = _read(key)
        _standings.put(key, kept, 1)
    return kept


def _read(row: tuple[Any, ...]) -> Standing:
    number, profile, pk, state, tier, uploader, purposes, conditions, binding, reason, ends, examined, *rest = row
    return Standing(
        number=number or 0,
        token_profile=profile,
        revision=pk,
        state=state,
        tier=tier,
        uploader=uploader,
        purposes=_texts(purposes),
        conditions=_texts(conditions),
        binding=binding,
        reason=reason,
        expires_at=_moment(ends),
        is_examined=examined is not None,
        version=(pk, number, state, str(ends), str(examined), binding, *rest),
    )


def facts_of(standing: Standing) -> Mapping[str, Any]:
    """Everything that the parts say of the revision; without what none of them knows."""
    if standing.revision is None:
        return _unseen()
    key = (*standing.version, int(time.monotonic() // SECONDS))
    if (kept := _facts.get(key)) is None:
        kept = _gather(standing)
        _facts.put(key, kept, 1)
    return kept


@cache
def _unseen() -> Mapping[str, Any]:
    return {"rev": _stated(Standing(0, None))}


def forget() -> None:
    """Drop what is kept, for tests."""
    _facts.clear()
    _standings.clear()


def _gather(standing: Standing) -> dict[str, Any]:
    revision = revision_for_rules(standing.revision or 0)
    found: dict[str, Any] = {}
    for name, tell in SOURCES.items():
        more = {"scan": found.get("scan")} if name == "rev" else {}
        told = plain(_told(name, tell, revision, **more))
        if told is not None:
            found[name] = told
    scan = found.get("scan")
    scanned = {name: scan[name] for name in _CODE if name in scan} if scan else {}
    moved = {"decided_by": _decider(revision)} if standing.state in _MOVED else {}
    found["rev"] = {**scanned, **found.get("rev", {}), **_stated(standing), **moved}
    return found


def _decider(revision: Revision) -> str:
    """Who moved it to where it stands."""
    steps = ReviewEvent.objects.filter(revision=revision, kind="transition").order_by("-pk")
    return steps.values_list("by", flat=True).first() or ""


def _stated(standing: Standing) -> dict[str, Any]:
    told = {
        "state": standing.state,
        "tier": standing.tier,
        "purposes": list(standing.purposes),
        "conditions": list(standing.conditions),
        "expires_at": standing.expires_at,
        "reason": standing.reason,
    }
    return plain(told)


def _told(name: str, tell: Callable[..., Any], revision: Revision, **more: Any) -> Any:
    """What that part says; None where it failed: then its facts are not known."""
    try:
        return tell(revision, **more)
    except Exception:  # noqa: BLE001 - a part that fails leaves its facts unknown, and rules deny that
        _log.exception("The facts %r of revision %s", name, revision.pk)
        return None


def _texts(stored: Any) -> tuple[str, ...]:
    """A JSON list, which SQLite hands out as text."""
    value = json.loads(stored) if isinstance(stored, str) else stored
    return tuple(str(item) for item in value or ())


def _moment(stored: Any) -> dt.datetime | None:
    if isinstance(stored, str):
        stored = parse_datetime(stored)
    if stored is None or stored.tzinfo:
        return stored
    return stored.replace(tzinfo=dt.UTC)
