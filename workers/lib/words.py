"""Text for models: tokens of rows, batches padded to their longest, tiny tokenizers and models for tests."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from workers.contract import Option

LONGEST = Option("max_length", "int", 256, "Longest text", "Tokens; what is longer is cut.", 4, 32_768)
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def longest(tokenizer: Any, model_config: Any, wanted: int) -> int:
    """`wanted`, but no more than the tokenizer and the model's positions take."""
    positions = getattr(model_config, "max_position_embeddings", None) or wanted
    # RoBERTa and its like count positions from the padding's number on.
    if getattr(model_config, "model_type", "") in ("roberta", "xlm-roberta", "camembert"):
        positions -= 2
    return int(min(wanted, positions, tokenizer.model_max_length))


def encoded(tokenizer: Any, texts: Iterable[Any], length: int, pairs: Iterable[Any] | None = None) -> list[dict]:
    """Token numbers of each text (or pair), without padding."""
    told = list(map(str, texts))
    made = tokenizer(told, None if pairs is None else list(map(str, pairs)), truncation=True, max_length=length)
    return [{key: made[key][row] for key in made} for row in range(len(told))]


def batches(rows: Sequence[Any], size: int) -> Iterator[list[int]]:
    """Row numbers, longest `input_ids` first so that little is padding."""
    order = sorted(range(len(rows)), key=lambda row: -len(rows[row]["input_ids"]))
    for start in range(0, len(order), size):
        yield order[start : start + size]


def tiny_tokenizer(texts: Sequence[str], folder: Path) -> Any:
    """A tokenizer that knows each word of `texts`, written into `folder`."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    known = sorted({word for text in texts for word in text.lower().split()})
    vocabulary = {word: number for number, word in enumerate((*SPECIAL, *known))}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=made, mask_token="[MASK]", model_max_length=64, **names)  # noqa: S106
    tokenizer.save_pretrained(folder)
    return tokenizer


def tiny_bert(tokenizer: Any) -> Any:
    """Config of a BERT of 20,000 parameters."""
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=64, pad_token_id=0,
    )  # fmt: skip
