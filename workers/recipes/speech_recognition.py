"""Speech recognition by CTC: what is said in a sound.

    python -m workers.runner FOLDER    # where FOLDER/job.json says recipe "speech-recognition"

Any model with AutoModelForCTC (wav2vec 2.0, HuBERT, WavLM); the result opens with
`pipeline("automatic-speech-recognition", model=…)`. An encoder without an alphabet gets that of the training texts.

Texts are compared after NFKC, in lower case, with letters, digits, marks and apostrophes only and single spaces.
"""

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from workers.contract import Code, ColumnRole, Measured, Offer
from workers.formulas.edits import errors
from workers.lib import clock, data, examples, intervals, models, sounds, training
from workers.lib.session import Predictions, Recipe, Session, Table, Trained, Trouble

NORMALISER = "NFKC, lower case, letters, digits, marks and apostrophes only, single spaces"

OFFER = Offer(
    kind="recipe",
    name="speech-recognition",
    version="1.0.0",
    title="Speech recognition",
    summary="Teach an encoder of speech to write down what is said (CTC).",
    tasks=("automatic-speech-recognition",),
    options=(
        *training.options(epochs=10.0, batch_size=8, learning_rate=1e-4),
        sounds.LONGEST,
        sounds.FREEZE,
    ),
    columns=(
        ColumnRole("audio", "audio", "Sound", True, ("audio", "sound", "speech", "wav", "file", "path", "file_name")),
        ColumnRole("text", "text", "What is said", True, ("text", "sentence", "transcription", "transcript", "words")),
    ),
    spreads=True,
    metric="wer",
    higher_is_better=False,
    needs=("transformers",),
)  # fmt: skip


def normal(text: Any) -> str:
    told = unicodedata.normalize("NFKC", str(text)).lower().replace("’", "'")
    kept = "".join(each if unicodedata.category(each)[0] in "LNM" or each == "'" else " " for each in told)
    return re.sub(r"\s+", " ", kept).strip()


def finetune(session: Session) -> Trained:
    from transformers import AutoFeatureExtractor, AutoModelForCTC

    train, left_out = _with_words(session.rows())
    extractor = models.processor(AutoFeatureExtractor, session, models.base(session))
    tokenizer, change = _alphabet(session, train)
    model = models.tune(AutoModelForCTC, session, ctc_loss_reduction="mean", ctc_zero_infinity=True, **change)
    if session.config["freeze_features"] and not session.from_scratch and hasattr(model, "freeze_feature_encoder"):
        model.freeze_feature_encoder()
    fitted = _fit(session, model, extractor, tokenizer, train)
    _write(session, model, extractor, tokenizer)
    notes = (f"{left_out} training rows have no words and were left out.",) if left_out else ()
    facts = {"Alphabet": " ".join(sorted(tokenizer.get_vocab())), "Compared by": NORMALISER, **fitted.card()}
    return Trained(fitted.steps, facts, notes, _metadata())


def _metadata() -> dict[str, Any]:
    return {
        "pipeline_tag": "automatic-speech-recognition",
        "library_name": "transformers",
        "base_model_relation": "finetune",
    }


def _with_words(table: Table) -> tuple[Table, int]:
    said = np.asarray([bool(normal(text)) for text in table.rows["text"]])
    if not said.any():
        raise Trouble(Code.DATASET_EMPTY, "No row has words.", "Map the column of what is said.", "columns.text")
    return data.part(table, np.flatnonzero(said)), int((~said).sum())


def _alphabet(session: Session, train: Table) -> tuple[Any, dict[str, Any]]:
    """The base's tokenizer; or one of the letters of the training texts, with what the model's config must say."""
    from transformers import AutoTokenizer

    base = models.base(session)
    if (base / "vocab.json").exists() or (base / "tokenizer.json").exists():
        return models.processor(AutoTokenizer, session, base), {}
    letters = sorted(set("".join(normal(text) for text in train.rows["text"])) - {" "})
    tokenizer = tokenizer_of(letters, session.folder)
    return tokenizer, {"vocab_size": len(tokenizer), "pad_token_id": tokenizer.pad_token_id}


def tokenizer_of(letters: list[str], folder: Path) -> Any:
    """One token a letter, a bar between words, and the blank."""
    from transformers import Wav2Vec2CTCTokenizer

    names = ["<pad>", "<unk>", "|", *letters]
    path = folder / "vocab.json"
    path.write_text(json.dumps({name: number for number, name in enumerate(names)}, ensure_ascii=False))
    return Wav2Vec2CTCTokenizer(path, pad_token="<pad>", unk_token="<unk>", bos_token=None, eos_token=None)  # noqa: S106


def _write(session: Session, model: Any, extractor: Any, tokenizer: Any) -> None:
    from transformers import Wav2Vec2CTCTokenizer, Wav2Vec2FeatureExtractor, Wav2Vec2Processor

    model.save_pretrained(session.out)
    if isinstance(extractor, Wav2Vec2FeatureExtractor) and isinstance(tokenizer, Wav2Vec2CTCTokenizer):
        Wav2Vec2Processor(extractor, tokenizer).save_pretrained(session.out)
    extractor.save_pretrained(session.out)
    tokenizer.save_pretrained(session.out)


def _fit(session: Session, model: Any, extractor: Any, tokenizer: Any, train: Table) -> training.Fitted:
    validation = _with_words(session.validation)[0] if session.validation is not None else None
    judged = _rows(session, extractor, tokenizer, validation) if validation is not None else None
    texts = [normal(text) for text in validation.rows["text"]] if validation is not None else []
    return training.fit(
        session,
        model=model,
        train=_rows(session, extractor, tokenizer, train),
        validation=judged,
        collate=sounds.collator(extractor, _padded),
        judge=(lambda model: _judged(model, extractor, tokenizer, judged, texts)) if judged else None,
        metric="wer" if judged else "loss",
    )


def _rows(session: Session, extractor: Any, tokenizer: Any, table: Table) -> examples.Lazy:
    """Letters that the alphabet doesn't have are left out of what is learnt; the comparison has them."""
    known = set(tokenizer.get_vocab())
    labels = [_ids(tokenizer, known, normal(text)) for text in table.rows["text"]]
    return sounds.rows(extractor, table, session.config["max_sound_seconds"], labels)


def _ids(tokenizer: Any, known: set[str], text: str) -> list[int]:
    raised = text if any(letter.islower() for letter in known if len(letter) == 1) else text.upper()
    if all(len(each) == 1 or each.startswith(("<", "[")) for each in known):
        raised = "".join(letter for letter in raised if letter == " " or letter in known)
    found: list[int] = tokenizer(raised).input_ids
    return found


def _padded(labels: list[list[int]]) -> Any:
    import torch

    width = max(map(len, labels))
    return torch.tensor([[*each, *[-100] * (width - len(each))] for each in labels])


def _judged(model: Any, extractor: Any, tokenizer: Any, rows: examples.Lazy, texts: list[str]) -> dict[str, float]:
    told = _written(model, extractor, tokenizer, rows)
    wrong, words = errors(texts, told)
    return {"wer": float(wrong.sum() / words.sum())}


def _written(model: Any, extractor: Any, tokenizer: Any, rows: examples.Lazy) -> list[str]:
    """The likeliest letter of each frame. Each sound by itself, so that no padding has a say in what is heard."""
    import torch

    found = []
    for part in examples.batches(rows, 1):
        batch = {name: value.to(model.device) for name, value in sounds.heard(extractor, part).items()}
        with torch.no_grad():
            ids = model(**batch).logits[0].argmax(-1).cpu()
        found.append(normal(tokenizer.decode(ids)))
    return found


def predict(session: Session, model: Path, table: Table) -> Predictions:
    """Normalised texts. `seconds` has reading the sounds in it."""
    from transformers import AutoFeatureExtractor, AutoModelForCTC, AutoTokenizer

    extractor = models.processor(AutoFeatureExtractor, session, model)
    tokenizer = models.processor(AutoTokenizer, session, model)
    loaded = models.load(AutoModelForCTC, session, model)
    rows, began = _rows(session, extractor, tokenizer, table), clock.monotonic()
    told = _written(loaded, extractor, tokenizer, rows)
    texts = [normal(text) for text in table.rows["text"]]
    return Predictions(texts, told, others=table.others, seconds=clock.monotonic() - began)


def score(predictions: Predictions, session: Session) -> list[Measured]:
    """Word and letter error rates: errors of all rows by words (letters) of all rows, intervals over rows."""
    texts, told = list(predictions.targets), list(predictions.outputs)
    right = [one == other for one, other in zip(texts, told, strict=True)]
    exact = intervals.share("exact_match", right, seed=session.seed)
    return [
        _rate("wer", *errors(texts, told), session),
        _rate("cer", *errors([list(text) for text in texts], [list(text) for text in told]), session),
        replace(exact, note=f"compared by: {NORMALISER}"),
    ]


def _rate(name: str, wrong: np.ndarray, size: np.ndarray, session: Session) -> Measured:
    low, high = intervals.of_ratio(wrong, size, session.seed)
    return Measured(name, float(wrong.sum() / size.sum()), len(size), low, high, higher_is_better=False,
                    seed=session.seed, method="percentile bootstrap over rows, 95 %",
                    note=f"compared by: {NORMALISER}")  # fmt: skip


def tiny(folder: Path, seed: int) -> tuple[Path | None, Table, Table, dict[str, Any]]:
    """Words of one letter, each a pitch of its own, with silence between."""
    import torch
    from transformers import Wav2Vec2FeatureExtractor, Wav2Vec2ForCTC

    torch.manual_seed(seed)
    tokenizer = tokenizer_of(["a", "b", "c"], folder)
    config = sounds.tiny_wav2vec2(vocab_size=len(tokenizer), pad_token_id=tokenizer.pad_token_id)
    Wav2Vec2ForCTC(config).save_pretrained(folder)
    Wav2Vec2FeatureExtractor(return_attention_mask=True).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    random = np.random.default_rng(seed)
    settings = {"max_steps": 150, "batch_size": 8, "learning_rate": 5e-3, "freeze_features": False}
    return folder, _spelled(random, 64), _spelled(random, 24), settings


def _spelled(random: Any, count: int) -> Table:
    import pandas as pd

    pitches = {"a": 300, "b": 900, "c": 2000}
    texts = ["".join(random.choice(list(pitches), random.integers(2, 5))) for _ in range(count)]
    silence = np.zeros(800, dtype="float32")
    heard = [np.concatenate([part for letter in text for part in (sounds.tone(pitches[letter], 0.06, random), silence)])
             for text in texts]  # fmt: skip
    rows = pd.DataFrame({"audio": heard, "text": [" ".join(text) for text in texts]})
    return Table(rows, pd.DataFrame({"letters": list(map(len, texts))}))


RECIPE = Recipe(OFFER, finetune, predict, score, tiny)
