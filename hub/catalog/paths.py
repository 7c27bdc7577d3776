"""Which paths a repository can hold."""

import re

from hub.catalog.errors import BadPath

MAX_PATH = 1024
MAX_SEGMENT = 255
MAX_DEPTH = 100
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def check_path(path: str) -> str:
    """The path itself; `BadPath` says what is wrong with it."""
    fault = _fault(path)
    if fault:
        shown = path if len(path) <= 80 else f"{path[:80]}…"
        raise BadPath(f"{shown!r} can't be stored in a repository: {fault}.")
    return path


def _fault(path: str) -> str:
    try:
        size = len(path.encode())
    except UnicodeEncodeError:
        return "it is not valid Unicode"
    segments = path.split("/")
    # Some systems take a backslash for a slash. `folder/..\..\x` is a name all the same: the public hub stores it, the
    # clients' own tests push it, and it is for them to refuse where they write.
    names = set(re.split(r"[/\\]", path.lower()))
    faults = {
        "it is empty": not path,
        "it starts with '/'; send a path relative to the repository": path.startswith("/"),
        "it climbs out of the repository": path.startswith("..\\"),
        "it has an empty segment ('//' or a '/' at the end)": "" in segments,
        "a segment is '.' or '..'": bool({".", ".."} & set(segments)),
        "a segment is '.git'": ".git" in names,
        f"it has more than {MAX_DEPTH} segments": len(segments) > MAX_DEPTH,
        "it has control characters": bool(_CONTROL.search(path)),
        f"it is longer than {MAX_PATH} bytes": size > MAX_PATH,
        f"a segment is longer than {MAX_SEGMENT} bytes": max(len(part.encode()) for part in segments) > MAX_SEGMENT,
    }
    return next((fault for fault, is_so in faults.items() if is_so), "")
