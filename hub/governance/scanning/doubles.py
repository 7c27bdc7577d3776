"""Files that are a pickle or a zip as well: a text, a picture or weights, whose first bytes are opcodes too."""

from hub.governance.scanning.archives import has_zip_at_end
from hub.governance.scanning.findings import MALICIOUS, SUSPICIOUS, Findings
from hub.governance.scanning.lures import is_pickle
from hub.governance.scanning.source import Source

_ZIPS = ("zip", "torch", "torchscript")


def check_double(source: Source, found: Findings) -> None:
    """Of a file in which nothing worse was found as what it is taken for."""
    if found.form not in _ZIPS and has_zip_at_end(source):
        found.add(SUSPICIOUS, "it is a zip archive as well")
    if is_pickle(source):
        found.is_pickle = True
        found.add(MALICIOUS, f"it is a pickle that looks like a file of the format {found.form}")
