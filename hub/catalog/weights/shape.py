"""What a transformer's configuration says of its shape: as much as an estimate of memory needs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_MOST = 10_000_000
_DECODERS = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")
_WRITERS = (*_DECODERS, "ForMaskedLM", "ForPreTraining")
# The names that architectures have for one thing; the first that is there counts.
_NAMES = {
    "layers": ("num_hidden_layers", "n_layer", "num_layers", "n_layers", "encoder_layers"),
    "hidden": ("hidden_size", "n_embd", "d_model", "dim"),
    "heads": ("num_attention_heads", "n_head", "num_heads", "n_heads", "encoder_attention_heads"),
    "key_heads": ("num_key_value_heads", "n_head_kv", "num_kv_heads"),
    "head_size": ("head_dim", "d_kv"),
    "vocabulary": ("vocab_size",),
    "context": ("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "max_sequence_length"),
}
_GGUF_NAMES = {
    "layers": "block_count",
    "hidden": "embedding_length",
    "heads": "attention.head_count",
    "key_heads": "attention.head_count_kv",
    "head_size": "attention.key_length",
    "vocabulary": "vocab_size",
    "context": "context_length",
}
_GGUF_ENCODERS = ("bert", "nomic-bert", "jina-bert-v2", "t5encoder", "clip")


@dataclass(frozen=True)
class Shape:
    """`head_size` numbers a head; `key_heads` keep keys and values; `context` tokens at most (0: not said);
    `vocabulary` is 0 where no text is written. `is_decoder`: it writes token by token, and so keeps keys and values."""

    layers: int
    hidden: int
    heads: int
    key_heads: int
    head_size: int
    vocabulary: int
    context: int
    is_decoder: bool

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def shape_of_config(config: Any) -> Shape | None:
    """Of a parsed `config.json`, made by anybody; None when it doesn't describe a transformer."""
    if not isinstance(config, dict):
        return None
    inner = config.get("text_config")
    named = {**config, **inner} if isinstance(inner, dict) else config
    values = {field: _first(named, names) for field, names in _NAMES.items()}
    if not values["context"]:
        values["context"] = _patches(named)
    classes = config.get("architectures")
    made = [name for name in classes if isinstance(name, str)] if isinstance(classes, list) else []
    is_decoder = any(name.endswith(_DECODERS) for name in made)
    writes = is_decoder or any(name.endswith(_WRITERS) for name in made)
    return _shape({**values, "vocabulary": values["vocabulary"] if writes else 0}, is_decoder)


def shape_of_gguf(metadata: Mapping[str, str]) -> Shape | None:
    kind = metadata.get("general.architecture", "")
    values = {field: _count(_number(metadata.get(f"{kind}.{name}", ""))) for field, name in _GGUF_NAMES.items()}
    return _shape(values, kind not in _GGUF_ENCODERS)


def shape_from(values: Any) -> Shape | None:
    """Back from `as_dict`; None for what isn't one."""
    if not isinstance(values, dict) or set(values) != set(Shape.__dataclass_fields__):
        return None
    return Shape(**values)


def _shape(values: dict[str, int], is_decoder: bool) -> Shape | None:
    layers, hidden, heads = values["layers"], values["hidden"], values["heads"]
    if not (layers and hidden and heads):
        return None
    return Shape(
        layers=layers,
        hidden=hidden,
        heads=heads,
        key_heads=values["key_heads"] or heads,
        head_size=values["head_size"] or max(hidden // heads, 1),
        vocabulary=values["vocabulary"],
        context=values["context"],
        is_decoder=is_decoder,
    )


def _first(config: dict[str, Any], names: tuple[str, ...]) -> int:
    return next((count for name in names if (count := _count(config.get(name)))), 0)


def _patches(config: dict[str, Any]) -> int:
    """The tokens that a picture becomes."""
    image, patch = _count(config.get("image_size")), _count(config.get("patch_size"))
    return (image // patch) ** 2 + 1 if image and patch and image // patch < 1_000 else 0


def _count(value: Any) -> int:
    """A number that a configuration can mean; 0 for all else."""
    return value if type(value) is int and 0 < value < _MOST else 0


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
