"""Sessions for suites: a recipe that reads plain rows, tables at hand, a tiny language model."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workers.contract import JobSpec, Offer, Source
from workers.lib.session import Predictions, Recipe, Session, Table, Trained

COMMIT = "c" * 40
LABELS = ("no", "yes")
SENTENCES = (
    "he is a good doctor . she is a bad nurse . him her man woman boy girl an the kind this that there here bright "
    "dull film black white young old rose ant love war question answer unknown i am my neighbour"
)
WORDS = tuple(dict.fromkeys(SENTENCES.split()))


class Quiet:
    """Takes what a job reports."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def progress(self, step: int, total: int, **more: float) -> None:
        self.said.append(f"{step}/{total}")

    def metric(self, name: str, value: float, step: int, split: str = "") -> None:
        self.said.append(f"{name} {value}")

    def say(self, text: str, level: str = "info") -> None:
        self.said.append(text)


def table(rows: dict[str, Any], others: dict[str, Any] | None = None, name: str = "me/rows") -> Table:
    frame = pd.DataFrame(rows)
    return Table(frame, pd.DataFrame(others or {}, index=frame.index), name, COMMIT, "default", "test")


def session(folder: Path, *, test: Table | None = None, config: dict[str, Any] | None = None, **more: Any) -> Session:
    """`config`: by the suite's name."""
    spec = more.pop("spec", None) or JobSpec("j1", "evaluate", config=config or {})
    return Session(spec, folder, folder, folder, test=test, report=Quiet(), **more)


def candidates(folder: Path, *names: str) -> list[tuple[Source, Path]]:
    return [(Source(name, COMMIT), folder / name) for name in names]


def predictions(targets: Any, outputs: Any, others: dict[str, Any] | None = None, sure: float = 0.9) -> Predictions:
    """Of two classes; `sure`: the probability of the class that is said."""
    said = np.asarray(outputs, int)
    scores = np.where(np.eye(2)[said] > 0, sure, 1 - sure)
    return Predictions(list(targets), list(said), scores, LABELS, pd.DataFrame(others or {}, index=range(len(said))))


def recipe(chance_of_yes: Any) -> Recipe:
    """One that gives each row of a table what `chance_of_yes(row)` says."""

    def predict(session: Session, model: Path, table: Table) -> Predictions:
        chances = np.array([chance_of_yes(row) for row in table.rows.to_dict("records")], float)
        targets = [LABELS.index(label) for label in table.rows["label"]]
        scores = np.stack([1 - chances, chances], axis=1)
        said = (chances >= 0.5).astype(int).tolist()
        return Predictions(targets, said, scores, LABELS, table.others, seconds=0.001 * len(table))

    def finetune(session: Session) -> Trained:
        raise NotImplementedError

    offer = Offer("recipe", "rule", "1.0", "A rule", "Says what a rule says.")
    return Recipe(
        offer, finetune, predict, lambda found, session: [], lambda folder, seed: (None, *[table({})] * 2, {})
    )


def _tokenizer(folder: Path) -> int:
    """Saves a tokenizer of whole words; how many there are."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[MASK]", "[BOS]"]
    words = {word: number for number, word in enumerate([*special, *WORDS])}
    made = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    made.normalizer, made.pre_tokenizer = normalizers.Lowercase(), pre_tokenizers.BertPreTokenizer()
    names = dict(zip(("pad_token", "unk_token", "mask_token", "bos_token"), special, strict=True))
    PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=64, **names).save_pretrained(folder)
    return len(words)


def masked_model(folder: Path, seed: int = 0) -> Path:
    import torch
    from transformers import BertConfig, BertForMaskedLM

    torch.manual_seed(seed)
    sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    config = BertConfig(vocab_size=_tokenizer(folder), max_position_embeddings=64, **sizes)
    BertForMaskedLM(config).save_pretrained(folder)
    return folder


def causal_model(folder: Path, seed: int = 0) -> Path:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    count = _tokenizer(folder)
    config = LlamaConfig(vocab_size=count, bos_token_id=3, eos_token_id=3, pad_token_id=0, **sizes)
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder
