"""Contents that nobody gets: found malicious, wherever they lie and under whatever commit they are asked for.

Every way to bytes asks `check_bytes` with the sha256 or git id that it is about to send.
"""

import threading
from collections.abc import Iterable, Mapping

from hub.catalog.models import Commit
from hub.catalog.trees import files
from hub.core import clock
from hub.governance.errors import FileQuarantined
from hub.governance.models import FileVerdict, Revision, Verdict
from hub.governance.scanning.rules import RULES
from hub.governance.selectors.scans import content_of, reason_of

# A verdict reaches every process within as many seconds.
_FRESH_S = 5.0
_lock = threading.Lock()
_kept: dict[str, dict[str, str]] = {}
_read_at: list[float] = []


def check_bytes(path: str, content: str | None) -> None:
    """Raises `FileQuarantined` for bytes of that sha256 (or git id, of a small file) that were found malicious.

    Asks the database once in five seconds for a process, however many files are pulled.
    """
    reason = quarantined().get(content or "")
    if reason is not None:
        raise FileQuarantined(
            f"{path} is quarantined: {reason}. It can't be pulled. Its owner can replace it by a safetensors file; "
            "a security reviewer of this hub sees why on the file's page.",
            path=path,
            reason=reason,
        )


def quarantined() -> Mapping[str, str]:
    """Why, by content. Kept in this process for a few seconds."""
    now = clock.now().timestamp()
    with _lock:
        if _read_at and 0 <= now - _read_at[0] < _FRESH_S:
            return _kept["now"]
    found = _read()
    with _lock:
        _kept["now"], _read_at[:] = found, [now]
    return found


def forget() -> None:
    """The next question reads the database."""
    with _lock:
        _read_at.clear()


def quarantined_paths(revision: Revision) -> Mapping[str, str]:
    """Why, by path, for the files of a revision that can't be pulled. Without a query where nothing is quarantined."""
    if not quarantined():
        return {}
    trees = Commit.objects.values_list("tree", flat=True)
    return quarantined_in(trees.get(repo_id=revision.repo_id, oid=revision.commit))


def quarantined_in(tree: str) -> dict[str, str]:
    """As `quarantined_paths`, for the tree of any commit, whether it was examined or not."""
    if not (held := quarantined()):
        return {}
    return {path: held[content] for path, entry in files(tree) if (content := content_of(entry)) in held}


def quarantined_among(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Why, by path, of some (path, content)."""
    held = quarantined()
    return {path: held[content] for path, content in entries if content in held}


def _read() -> dict[str, str]:
    """A verdict by older rules holds until the newer ones have spoken of the same content and kind."""
    found = list(FileVerdict.objects.filter(verdict=Verdict.MALICIOUS).order_by("at", "pk"))
    contents = {row.content for row in found if row.rules != RULES}
    newer = FileVerdict.objects.filter(content__in=contents, rules=RULES).exclude(verdict=Verdict.MALICIOUS)
    cleared = set(newer.values_list("content", "kind")) if contents else set()
    return {row.content: reason_of(row) for row in found if (row.content, row.kind) not in cleared}
