"""Audio classification: one class a sound.

    python -m workers.runner FOLDER    # where FOLDER/job.json says recipe "audio-classification"

Any model with AutoModelForAudioClassification; the result opens with `pipeline("audio-classification", model=…)`.
Sounds are files, bytes or samples; they are brought to the rate of the feature extractor beside the weights.
"""

from pathlib import Path
from typing import Any

import numpy as np

from workers.contract import ColumnRole, Measured, Offer
from workers.lib import classes, clock, data, examples, models, scores, sounds, training
from workers.lib.session import Predictions, Recipe, Session, Table, Trained

OFFER = Offer(
    kind="recipe",
    name="audio-classification",
    version="1.0.0",
    title="Audio classification",
    summary="Teach an encoder of sounds to sort them into classes.",
    tasks=("audio-classification",),
    options=(
        *training.options(epochs=5.0, batch_size=8, learning_rate=3e-5),
        sounds.LONGEST,
        sounds.FREEZE,
    ),
    columns=(
        ColumnRole("audio", "audio", "Sound", True, ("audio", "sound", "wav", "clip", "file", "path", "file_name")),
        ColumnRole("label", "label", "Class", True, ("label", "labels", "class", "category", "target", "command")),
    ),
    spreads=True,
    metric="accuracy",
    needs=("transformers",),
)  # fmt: skip


def finetune(session: Session) -> Trained:
    from transformers import AutoConfig, AutoFeatureExtractor, AutoModelForAudioClassification

    base = models.base(session)
    extractor = models.processor(AutoFeatureExtractor, session, base)
    old = classes.of(models.processor(AutoConfig, session, base))
    names = classes.kept(classes.names_of(session.rows().rows["label"]), old, session.from_scratch)
    model = models.tune(AutoModelForAudioClassification, session, **({} if names == old else classes.head(names)))
    if session.config["freeze_features"] and not session.from_scratch and hasattr(model, "freeze_feature_encoder"):
        model.freeze_feature_encoder()
    fitted = _fit(session, model, extractor, names)
    model.save_pretrained(session.out)
    extractor.save_pretrained(session.out)
    return Trained(fitted.steps, {"Classes": ", ".join(names), **fitted.card()}, metadata=_metadata())


def _metadata() -> dict[str, Any]:
    return {
        "pipeline_tag": "audio-classification",
        "library_name": "transformers",
        "base_model_relation": "finetune",
    }


def _fit(session: Session, model: Any, extractor: Any, names: tuple[str, ...]) -> training.Fitted:
    import torch

    validation = session.validation
    judged = _rows(session, extractor, validation, names) if validation is not None and len(validation) else None
    return training.fit(
        session,
        model=model,
        train=_rows(session, extractor, session.rows(), names),
        validation=judged,
        collate=sounds.collator(extractor, torch.tensor),
        judge=(lambda model: _judged(session, model, extractor, judged)) if judged else None,
        metric="accuracy" if judged else "loss",
        higher_is_better=bool(judged),
    )


def _rows(session: Session, extractor: Any, table: Table, names: tuple[str, ...]) -> examples.Lazy:
    labels = data.classes(list(table.rows["label"]), names)
    return sounds.rows(extractor, table, session.config["max_sound_seconds"], labels)


def _judged(session: Session, model: Any, extractor: Any, rows: examples.Lazy) -> dict[str, float]:
    logits = _logits(session, model, extractor, rows)
    return scores.points("single", Predictions([row["labels"] for row in rows], logits.argmax(axis=1)))


def _logits(session: Session, model: Any, extractor: Any, rows: examples.Lazy) -> np.ndarray:
    """(rows, classes)."""
    import torch

    found = []
    for part in examples.batches(rows, session.config["batch_size"]):
        batch = {name: value.to(model.device) for name, value in sounds.heard(extractor, part).items()}
        with torch.no_grad():
            found.append(model(**batch).logits.float().cpu().numpy())
    return np.concatenate(found)


def predict(session: Session, model: Path, table: Table) -> Predictions:
    """The classes are the model's own. `seconds` has reading the sounds in it."""
    from transformers import AutoFeatureExtractor, AutoModelForAudioClassification

    extractor = models.processor(AutoFeatureExtractor, session, model)
    loaded = models.load(AutoModelForAudioClassification, session, model)
    names = classes.of(loaded.config)
    rows, began = _rows(session, extractor, table, names), clock.monotonic()
    logits = _logits(session, loaded, extractor, rows)
    seconds, targets = clock.monotonic() - began, [row["labels"] for row in rows]
    told = logits.argmax(axis=1).tolist()
    return Predictions(targets, told, classes.softmax(logits), names, table.others, seconds)


def score(predictions: Predictions, session: Session) -> list[Measured]:
    return scores.classes(predictions, session.seed)


def tiny(folder: Path, seed: int) -> tuple[Path | None, Table, Table, dict[str, Any]]:
    """Sounds of a fifth of a second, low or high."""
    import torch
    from transformers import Wav2Vec2FeatureExtractor, Wav2Vec2ForSequenceClassification

    torch.manual_seed(seed)
    Wav2Vec2ForSequenceClassification(sounds.tiny_wav2vec2(id2label=dict(enumerate("abc")))).save_pretrained(folder)
    Wav2Vec2FeatureExtractor(return_attention_mask=True).save_pretrained(folder)
    random = np.random.default_rng(seed)
    config = {"max_steps": 40, "batch_size": 8, "learning_rate": 3e-3, "warmup": 0.0, "freeze_features": False}
    return folder, _tones(random, 64), _tones(random, 32), config


def _tones(random: Any, count: int) -> Table:
    import pandas as pd

    names = random.choice(["low", "high"], count)
    pitches = np.where(names == "low", 300, 1500) * random.uniform(0.9, 1.1, count)
    heard = [sounds.tone(pitch, 0.2, random) for pitch in pitches]
    return Table(pd.DataFrame({"audio": heard, "label": names}), pd.DataFrame({"pitch": pitches}))


RECIPE = Recipe(OFFER, finetune, predict, score, tiny)
