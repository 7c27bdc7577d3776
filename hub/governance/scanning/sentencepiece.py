"""SentencePiece models: a flat row of pieces and settings, without anything to run."""

from hub.catalog.errors import BadWeights
from hub.catalog.weights.header import Cursor
from hub.catalog.weights.onnx import fields
from hub.governance.scanning.findings import Findings, NotUnderstood
from hub.governance.scanning.source import Source

# Pieces, and the settings of trainer, normaliser, self-test and denormaliser (sentencepiece_model.proto).
_PIECE, _KNOWN, _MESSAGE = 1, {1, 2, 3, 4, 5}, 2


def scan_sentencepiece(source: Source, found: Findings) -> None:
    found.form = "sentencepiece"
    at = Cursor("SentencePiece", "it", source.size, source.read)
    pieces = 0
    try:
        for number, wire, _ in fields(at, source.size):
            if number not in _KNOWN or wire != _MESSAGE:
                raise at.bad(f"it has the field {number}, which no such model has")
            pieces += number == _PIECE
    except BadWeights as error:
        raise NotUnderstood(str(error.detail["fault"])) from error
    if not pieces:
        raise NotUnderstood("there are no pieces in it")
