"""Embeddings of rows by a model folder, without training it: texts, pictures and sounds by transformers, tables as
they are. For association tests, drift and the ranking of candidates."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.contract import Code
from workers.lib import data, models
from workers.lib.session import Session, Table, Trouble

if TYPE_CHECKING:
    import numpy as np

BATCH = 32
LONGEST = 256
ROLES = ("text", "image", "audio")


def role_of(table: Table) -> str:
    """What can be embedded in the table; "" for numbers alone."""
    return next((role for role in ROLES if role in table.rows and table.rows[role].notna().any()), "")


def embed(session: Session, folder: Path, table: Table) -> "np.ndarray":
    """(rows, dimensions), by the kind of the table."""
    role = role_of(table)
    if not role:
        return numbers(table)
    return {"text": texts, "image": pictures, "audio": sounds}[role](session, folder, list(table.rows[role]))


def numbers(table: Table) -> "np.ndarray":
    """The columns of numbers, standardised. Raises `Trouble` where there are none."""
    import numpy as np

    found = table.others.select_dtypes(["number", "bool"]).astype(float)
    if not found.shape[1]:
        raise Trouble(Code.MODEL_NOT_SUPPORTED, "The data have no texts, pictures, sounds or numbers to compare.",
                      "Map a column to one of these.", "datasets")  # fmt: skip
    filled = found.fillna(found.mean()).to_numpy()
    spread = filled.std(axis=0)
    shown: np.ndarray = (filled - filled.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    return shown


def texts(session: Session, folder: Path, values: Sequence[Any]) -> "np.ndarray":
    """Mean of the last layer over the tokens, of length 1."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = models.processor(AutoTokenizer, session, folder)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
    model = _encoder(models.load(AutoModel, session, folder))
    longest = min(LONGEST, tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", LONGEST))

    def run(part: list[Any]) -> torch.Tensor:
        words = [str(value) for value in part]
        batch = tokenizer(words, padding=True, truncation=True, max_length=longest, return_tensors="pt")
        batch = batch.to(session.device)
        hidden = model(**{name: batch[name] for name in ("input_ids", "attention_mask")}).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)

    return _batched(values, run)


def _encoder(model: Any) -> Any:
    """Of a model that reads and writes, the part that reads."""
    return model.get_encoder() if getattr(model.config, "is_encoder_decoder", False) else model


def pictures(session: Session, folder: Path, values: Sequence[Any]) -> "np.ndarray":
    """The pooled last layer."""
    import pandas as pd
    import torch
    from transformers import AutoImageProcessor, AutoModel

    processor = models.processor(AutoImageProcessor, session, folder)
    model = models.load(AutoModel, session, folder)
    top = data.top_of(pd.Series(list(values)))

    def run(part: list[Any]) -> torch.Tensor:
        shown = processor([data.image(value, top) for value in part], return_tensors="pt")
        return _pooled(model(pixel_values=shown["pixel_values"].to(session.device)))

    return _batched(values, run)


def _pooled(said: Any) -> Any:
    """One vector a row: the pooler's, else the mean over places (n, places, width) or (n, channels, height, width)."""
    if getattr(said, "pooler_output", None) is not None:
        return said.pooler_output.flatten(1)
    hidden = said.last_hidden_state
    return hidden.mean(dim=1) if hidden.ndim == 3 else hidden.flatten(2).mean(dim=2)


def sounds(session: Session, folder: Path, values: Sequence[Any]) -> "np.ndarray":
    """Mean of the last layer over time; one sound at a time, so that padding plays no part."""
    import torch
    from transformers import AutoFeatureExtractor, AutoModel

    extractor = models.processor(AutoFeatureExtractor, session, folder)
    model = _encoder(models.load(AutoModel, session, folder))

    def run(part: list[Any]) -> torch.Tensor:
        rate = extractor.sampling_rate
        heard = [extractor(data.audio(value, rate), sampling_rate=rate, return_tensors="pt") for value in part]
        name = extractor.model_input_names[0]
        found = [model(**{name: each[name].to(session.device)}).last_hidden_state.mean(dim=1) for each in heard]
        return torch.cat(found)

    return _batched(values, run)


def _batched(values: Sequence[Any], run: Any) -> "np.ndarray":
    import numpy as np
    import torch

    parts = [list(values[start : start + BATCH]) for start in range(0, len(values), BATCH)]
    with torch.no_grad():
        found = [run(part).float().cpu().numpy() for part in parts]
    made: np.ndarray = np.concatenate(found).astype(float)
    return made
