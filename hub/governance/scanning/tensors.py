"""Formats that hold tensors and nothing to run: read by the catalog's readers, and then looked at harder."""

import re
from collections.abc import Callable

from hub.catalog.errors import BadWeights
from hub.catalog.weights.gguf import read_gguf
from hub.catalog.weights.header import Read, Weights
from hub.catalog.weights.safetensors import read_safetensors
from hub.governance.scanning.findings import SUSPICIOUS, Findings, NotUnderstood
from hub.governance.scanning.limits import MAX_NAME
from hub.governance.scanning.source import Source
from hub.governance.scanning.templates import check_template, metadata_of, templates_of

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-/:\[\]@ ()+*,=|#]*")
_MAX_PADDING = 65_536
Reader = Callable[[str, int, Read], Weights]


def scan_safetensors(source: Source, found: Findings) -> None:
    """Its names must be names: some loaders make files of them."""
    found.form = "safetensors"
    weights = _read(read_safetensors, source)
    _check_names(weights)


def scan_gguf(source: Source, found: Findings) -> None:
    """Behind the last tensor is padding at most; a chat template may format text, and nothing else."""
    found.form = "gguf"
    weights = _read(read_gguf, source)
    _check_names(weights)
    at = metadata_of(source)
    for key, template in templates_of(at):
        check_template(key, template, found)
    end = max(((tensor.start or 0) + tensor.size for tensor in weights.tensors), default=at.at)
    if source.size - end > _MAX_PADDING or any(source.read(end, source.size - end)):
        raise NotUnderstood("it has bytes behind its last tensor", SUSPICIOUS)


def _read(reader: Reader, source: Source) -> Weights:
    try:
        return reader("it", source.size, source.read)
    except BadWeights as error:
        raise NotUnderstood(str(error.detail["fault"])) from error
    except (IndexError, KeyError, OverflowError, RecursionError) as error:
        raise NotUnderstood("its header can't be read") from error


def _check_names(weights: Weights) -> None:
    for tensor in weights.tensors:
        if len(tensor.name) > MAX_NAME or not _NAME.fullmatch(tensor.name) or ".." in tensor.name.split("/"):
            raise NotUnderstood(f"a tensor is called {tensor.name[:80]!r}, which is no name of a tensor", SUSPICIOUS)
