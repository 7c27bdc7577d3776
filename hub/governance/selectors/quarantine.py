"""Contents that nobody gets: found malicious, wherever they lie and under whatever commit they are asked for.

`services.pulls` asks before bytes go out, with the tree that they lie in, or their sha256.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from hub.catalog.trees import files
from hub.core import clock
from hub.core.kept import Kept
from hub.governance.models import FileVerdict, Verdict
from hub.governance.scanning.rules import RULES
from hub.governance.selectors.scans import content_of, reason_of

# A verdict reaches every process within as many seconds.
_FRESH_S = 5.0
_lock = threading.Lock()


@dataclass(frozen=True)
class _Held:
    reasons: Mapping[str, str]
    read_at: float
    number: int | None


_kept: dict[str, _Held] = {}
# The paths that are quarantined in a tree, with the reasons that they were looked up in.
_trees: Kept[tuple[str, int], tuple[Mapping[str, str], Mapping[str, str]]] = Kept(limit=20_000)


def quarantined(number: int | None = None) -> Mapping[str, str]:
    """Why, by content. Kept in this process for a few seconds, and no longer than until the trail of policy changes
    goes beyond `number`."""
    now = clock.now().timestamp()
    with _lock:
        kept = _kept.get("now")
        if kept and 0 <= now - kept.read_at < _FRESH_S and (number is None or kept.number == number):
            return kept.reasons
    found: Mapping[str, str] = _read()
    with _lock:
        if kept and kept.reasons == found:
            found = kept.reasons
        _kept["now"] = _Held(found, now, number if number is not None or not kept else kept.number)
    return found


def quarantined_below(tree: str, number: int | None = None) -> Mapping[str, str]:
    """Why, by path, for the files of a tree. Without a query where nothing is quarantined."""
    held = quarantined(number)
    if not held or not tree:
        return {}
    key = (tree, id(held))
    if (known := _trees.get(key)) is None or known[0] is not held:
        known = (held, {path: held[content] for path, entry in files(tree) if (content := content_of(entry)) in held})
        _trees.put(key, known, 1 + len(known[1]))
    return known[1]


def forget() -> None:
    """The next question reads the database."""
    with _lock:
        _kept.clear()


def _read() -> dict[str, str]:
    """A verdict by older rules holds until the newer ones have spoken of the same content and kind."""
    found = list(FileVerdict.objects.filter(verdict=Verdict.MALICIOUS).order_by("at", "pk"))
    contents = {row.content for row in found if row.rules != RULES}
    newer = FileVerdict.objects.filter(content__in=contents, rules=RULES).exclude(verdict=Verdict.MALICIOUS)
    cleared = set(newer.values_list("content", "kind")) if contents else set()
    held = [row for row in found if (row.content, row.kind) not in cleared]
    return {name: reason_of(row) for row in held for name in (row.coverage.get("also"), row.content) if name}
