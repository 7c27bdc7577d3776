"""Sounds for models: samples of rows at a feature extractor's rate, batches padded to their longest, tones."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from workers.contract import Code, Option
from workers.formulas import corruptions
from workers.lib import data, examples
from workers.lib.session import Table, Trouble

LONGEST = Option("max_sound_seconds", "float", 20.0, "Longest sound", "Seconds; what is longer is cut.", 0.1, 600)
FREEZE = Option("freeze_features", "bool", True, "Leave the first layers", "They read the wave.", is_advanced=True)
# Seconds; one frame of the usual encoders.
SHORTEST = 0.025


def rate_of(extractor: Any) -> int:
    return int(getattr(extractor, "sampling_rate", 16_000))


def rows(extractor: Any, table: Table, seconds: float, labels: Sequence[Any]) -> examples.Lazy:
    """`audio` (samples of float32) and `labels` of each row."""
    rate = rate_of(extractor)

    def make(number: int) -> dict[str, Any]:
        samples = data.audio(table.rows["audio"].iloc[number], rate)[: int(seconds * rate)]
        if len(samples) < SHORTEST * rate or not np.isfinite(samples).all():
            raise Trouble(Code.DATASET_BAD_VALUE, f"The sound of row {number} is empty, too short or broken.",
                          "Leave such rows out of the data set.", "columns.audio")  # fmt: skip
        return {"audio": samples, "labels": labels[number]}

    return examples.Lazy(len(table), make)


def heard(extractor: Any, parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What a model takes of these rows: tensors by name."""
    told = extractor([part["audio"] for part in parts], sampling_rate=rate_of(extractor), padding=True,
                     return_tensors="pt")  # fmt: skip
    return dict(told)


def noisy(value: Any, decibels: float, chance: np.random.Generator) -> Any:
    """A sound as a table has it, with white noise at this ratio of signal to noise; its rate stays."""
    samples, rate = data.sound(value, 0)
    worse = corruptions.noisy(samples, decibels, chance).astype("float32")
    return {"array": worse, "sampling_rate": rate} if rate else worse


def collator(extractor: Any, labels: Callable[[list[Any]], Any]) -> Callable[[list[Any]], dict[str, Any]]:
    """Batches of rows; `labels` makes a tensor of their labels."""
    return lambda parts: {**heard(extractor, parts), "labels": labels([part["labels"] for part in parts])}


def tone(pitch: float, seconds: float, random: Any, rate: int = 16_000) -> np.ndarray:
    """A sine with a little noise."""
    time = np.arange(int(seconds * rate)) / rate
    wave = np.sin(2 * np.pi * (pitch * time + random.uniform())) + random.normal(0, 0.05, len(time))
    made: np.ndarray = (0.5 * wave).astype("float32")
    return made


def tiny_wav2vec2(**more: Any) -> Any:
    """Config of a small encoder of sounds at 16 kHz: a frame for each 10 ms."""
    from transformers import Wav2Vec2Config

    return Wav2Vec2Config(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64, conv_dim=(32, 32, 32),
        conv_stride=(5, 4, 8), conv_kernel=(40, 8, 16), feat_extract_norm="layer",
        num_conv_pos_embeddings=8, num_conv_pos_embedding_groups=2, mask_time_prob=0.0, layerdrop=0.0,
        hidden_dropout=0.0, attention_dropout=0.0, activation_dropout=0.0, feat_proj_dropout=0.0, final_dropout=0.0,
        classifier_proj_size=32, do_stable_layer_norm=True, **more,
    )  # fmt: skip
