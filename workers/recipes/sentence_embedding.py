"""Sentence embeddings: pairs that belong together, or pairs with a score.

    python -m workers.runner FOLDER    # where FOLDER/job.json says recipe "sentence-embedding"

Pairs: each anchor must find its own among all texts of the batch (multiple negatives). Scores: the cosine follows them.
The result opens with `SentenceTransformer(…)`.
"""

from pathlib import Path
from typing import Any

import numpy as np

from workers.contract import Code, ColumnRole, Measured, Offer, Option
from workers.lib import clock, data, intervals, models, training, words
from workers.lib.session import Predictions, Recipe, Session, Table, Trained, Trouble

# Candidates of a search, at most: all of the rows' positives.
MOST = 10_000

OFFER = Offer(
    kind="recipe",
    name="sentence-embedding",
    version="1.0.0",
    title="Sentence embedding",
    summary="Teach an encoder which texts belong together, for search and clustering.",
    tasks=("sentence-similarity", "feature-extraction"),
    options=(
        *training.options(learning_rate=5e-5, batch_size=32),
        words.LONGEST,
        Option("scale", "float", 20.0, "Scale", "Of cosines in the loss of pairs.", 1, 200, (), True),
    ),
    columns=(
        ColumnRole("anchor", "text", "Text", True, ("anchor", "query", "question", "sentence1", "text1", "premise")),
        ColumnRole("positive", "text", "Its other half", True,
                   ("positive", "answer", "passage", "sentence2", "text2", "document")),
        ColumnRole("negative", "text", "One that doesn't belong", False, ("negative",)),
        ColumnRole("score", "number", "Similarity", False, ("score", "similarity", "similarity_score")),
    ),
    metric="mrr",
    needs=("transformers", "sentence-transformers"),
)  # fmt: skip


def finetune(session: Session) -> Trained:
    train, validation = session.rows(), session.validation
    model = _model(session, models.base(session))
    scored = _is_scored(train)
    rows = _rows(train, _scale(train) if scored else None)
    judged = validation if validation is not None and len(validation) > 1 else None
    fitted = training.fit(
        session,
        model=model,
        train=rows,
        collate=lambda rows: _batch(model, rows),
        loss=_by_score if scored else lambda model, batch: _by_pairs(model, batch, session.config["scale"]),
        judge=lambda model: _judged(model, judged, session) if judged else {},
        metric="spearman" if scored else "mrr",
        higher_is_better=True,
    )
    model.save(str(session.out), create_model_card=False, safe_serialization=True)
    metadata = {"pipeline_tag": "sentence-similarity", "library_name": "sentence-transformers",
                "base_model_relation": "finetune"}  # fmt: skip
    return Trained(fitted.steps, fitted.card(), metadata=metadata)


def _model(session: Session, folder: Path) -> Any:
    """With the pooling that the folder has, else the mean of its tokens."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import AutoModel

    with models.told(folder):
        made = SentenceTransformer(
            str(folder), device=session.device, local_files_only=True, trust_remote_code=False,
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
        )  # fmt: skip
    made.max_seq_length = min(session.config["max_length"], made.max_seq_length or session.config["max_length"])
    if session.from_scratch and folder == session.base:
        encoder: Any = made[0]
        encoder.auto_model = AutoModel.from_config(encoder.auto_model.config).to(session.device)
    return made


def _is_scored(table: Table) -> bool:
    return bool(table.rows["score"].notna().all())


def _scale(table: Table) -> tuple[float, float]:
    """Lowest and highest score, which become cosines of 0 and 1."""
    scores = table.rows["score"].astype(float)
    if scores.min() == scores.max():
        raise Trouble(Code.DATASET_BAD_VALUE, "All pairs have the same score.",
                      "Choose another column, or none to learn from pairs.", "columns.score")  # fmt: skip
    return float(scores.min()), float(scores.max())


def _rows(table: Table, scale: tuple[float, float] | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"anchor": str(a), "positive": str(p)}
        for a, p in zip(table.rows["anchor"], table.rows["positive"], strict=True)
    ]
    for row, negative, value in zip(rows, table.rows["negative"], table.rows["score"], strict=True):
        if scale:
            row["score"] = (float(value) - scale[0]) / (scale[1] - scale[0])
        elif isinstance(negative, str):
            row["negative"] = negative
    return rows


def _batch(model: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Tokens of anchors and of the texts they may be taken to (positives, then negatives); `same`: equal texts."""
    import torch

    # The older name warns where there is the newer one.
    tokens = getattr(model, "preprocess", None) or model.tokenize
    others = [row["positive"] for row in rows] + [row["negative"] for row in rows if "negative" in row]
    made = {"anchors": tokens([row["anchor"] for row in rows]), "others": tokens(others)}
    if "score" in rows[0]:
        return {**made, "scores": torch.tensor([row["score"] for row in rows])}
    return {**made, "same": torch.tensor([[row["positive"] == text for text in others] for row in rows])}


def _vectors(model: Any, tokens: dict[str, Any]) -> Any:
    import torch

    return torch.nn.functional.normalize(model(dict(tokens))["sentence_embedding"], dim=-1)


def _by_pairs(model: Any, batch: dict[str, Any], scale: float) -> Any:
    """Cross-entropy over the batch; a text equal to one's own half is no wrong answer."""
    import torch

    cosines = _vectors(model, batch["anchors"]) @ _vectors(model, batch["others"]).T * scale
    own = torch.arange(len(cosines), device=cosines.device)
    twins = batch["same"].clone()
    twins[own, own] = False
    return torch.nn.functional.cross_entropy(cosines.masked_fill(twins, float("-inf")), own)


def _by_score(model: Any, batch: dict[str, Any]) -> Any:
    cosines = (_vectors(model, batch["anchors"]) * _vectors(model, batch["others"])).sum(dim=-1)
    return ((cosines - batch["scores"]) ** 2).mean()


def _judged(model: Any, table: Table, session: Session) -> dict[str, float]:
    targets, outputs = _found(model, table, session)
    if _is_scored(table):
        return {"spearman": spearman(np.asarray(targets), np.asarray(outputs))}
    ranks = np.asarray(outputs)
    return {"mrr": float((1 / ranks).mean()), "recall_at_1": float((ranks == 1).mean())}


def predict(session: Session, model: Path, table: Table) -> Predictions:
    """Scored pairs: their cosines. Pairs: the rank of each anchor's own half among all halves (1: found first)."""
    loaded = _model(session, model)
    began = clock.monotonic()
    targets, outputs = _found(loaded, table, session)
    return Predictions(targets, outputs, others=table.others, seconds=clock.monotonic() - began)


def _found(model: Any, table: Table, session: Session) -> tuple[list[float], list[float]]:
    if len(table) > MOST:
        table = data.part(table, range(MOST))
    anchors, halves = (_encoded(model, table.rows[role], session) for role in ("anchor", "positive"))
    if _is_scored(table):
        return list(table.rows["score"].astype(float)), (anchors * halves).sum(axis=1).tolist()
    texts = table.rows["positive"].map(str).to_numpy()
    cosines, own = anchors @ halves.T, (anchors * halves).sum(axis=1)
    # Texts equal to one's own half don't stand before it.
    before = (cosines > own[:, None] + 1e-6) & (texts[None, :] != texts[:, None])
    distinct = [len(set(texts[row])) + 1 for row in before]
    return [1.0] * len(texts), [float(rank) for rank in distinct]


def _encoded(model: Any, texts: Any, session: Session) -> np.ndarray:
    made = model.encode(list(map(str, texts)), batch_size=session.config["batch_size"], normalize_embeddings=True,
                        show_progress_bar=False)  # fmt: skip
    return np.asarray(made, dtype=np.float64)


def spearman(targets: np.ndarray, outputs: np.ndarray) -> float:
    """Not defined where one side never varies."""
    from scipy.stats import rankdata

    one, two = rankdata(targets), rankdata(outputs)
    one, two = one - one.mean(), two - two.mean()
    spread = np.sqrt((one @ one) * (two @ two))
    return float(one @ two / spread) if spread else float("nan")


def score(predictions: Predictions, session: Session) -> list[Measured]:
    targets, outputs = np.asarray(predictions.targets, float), np.asarray(predictions.outputs, float)
    if len(set(targets)) > 1:
        return [intervals.measured("spearman", spearman, targets, outputs, seed=session.seed)]
    note = f"among {len(outputs):,} texts"
    return [
        intervals.measured("mrr", np.mean, 1 / outputs, seed=session.seed, note=note),
        intervals.share("recall_at_1", outputs == 1, note=note),
        intervals.share("recall_at_10", outputs <= 10, note=note),
    ]


def tiny(folder: Path, seed: int) -> tuple[Path | None, Table, Table, dict[str, Any]]:
    """Questions and answers that share nothing but what their topic's words mean."""
    import pandas as pd
    import torch
    from transformers import BertModel

    generator = np.random.default_rng(seed)
    topics, known = [f"ask{n}" for n in range(12)], [f"word{n}" for n in range(10)]

    def table(count: int) -> Table:
        numbers = [row % 12 for row in range(count)]
        asked = [" ".join((*generator.choice(known, 3), topics[number])) for number in numbers]
        answers = [" ".join((f"tell{number}", *generator.choice(known, 3))) for number in numbers]
        rows = pd.DataFrame({"anchor": asked, "positive": answers, "negative": None, "score": None})
        return Table(rows, pd.DataFrame(index=rows.index))

    torch.manual_seed(seed)
    tokenizer = words.tiny_tokenizer([*known, *topics, *(f"tell{n}" for n in range(12))], folder)
    BertModel(words.tiny_bert(tokenizer)).save_pretrained(folder)
    learned = {"max_steps": 60, "learning_rate": 5e-3, "batch_size": 12, "warmup": 0.0, "max_length": 32}
    return folder, table(120), table(12), learned


RECIPE = Recipe(OFFER, finetune, predict, score, tiny)
