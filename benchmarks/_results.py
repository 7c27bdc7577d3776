"""RESULTS.md, a section at a time: what is measured alone takes the place of what stood there before."""

import os
import re
from collections.abc import Iterable

_ROW = re.compile(r"^\| (?P<name>[^|]+?) \|.*\|$")


def told_where() -> str:
    """What says how far a time can be trusted."""
    return f"({os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the end)"


def replaced(text: str, section: str) -> str:
    """`text` with the section of the same heading replaced, or with the section at its end."""
    head = section.partition("\n")[0]
    parts = re.split(r"(?m)^(?=## )", text)
    if head in [part.partition("\n")[0] for part in parts]:
        parts = [section if part.startswith(f"{head}\n") else part for part in parts]
    else:
        parts.append(section)
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def rows_of(text: str, names: Iterable[str]) -> dict[str, str]:
    """Rows of tables in `text` that begin with one of the names."""
    found = {match["name"]: line for line in text.splitlines() if (match := _ROW.match(line))}
    return {name: found[name] for name in names if name in found}


def notes_of(text: str, names: Iterable[str]) -> dict[str, str]:
    """Lines of lists in `text` that begin with one of the names and a colon."""
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    return {name: line for name in names for line in lines if line.startswith(f"- {name}: ")}
