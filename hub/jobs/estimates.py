"""What a job takes, in memory and time, by formulas that are shown beside their results. Pure.

Sources. Training: 16 bytes for each trained number (weights, gradients, AdamW's two moments, 4 bytes each); activations
of transformers by Korthikanti et al. (2022), section 4: s·b·h·(34 + 5·a·s/h) bytes a layer in 16 bits, as on a GPU,
and twice as much on a CPU. Time: Kaplan et al. (2020):
6 operations for each parameter and token in training (2 in a pass forward). What the numbers in the tables below say of
convolutions, and how fast a device class really is, are this hub's own rough figures: an estimate is no promise.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.catalog.weights.shape import Shape
from workers.contract import DeviceClass

GIB = 1 << 30
# What Python with its libraries takes before a model is there; a GPU's own libraries.
_OWN = {True: 3 * GIB // 2, False: GIB}
# Of a device's memory, what a job may have.
_SHARE = 0.95
# Operations a second that training really gets out of a device of the class, and the seconds until the first step.
_SPEED = {
    DeviceClass.CPU: 3e10,
    DeviceClass.GPU_24: 2e13,
    DeviceClass.GPU_80: 1e14,
    DeviceClass.GPU_141: 2.5e14,
}
_START = 15
# A number of a convolution is used once for each place of the picture.
_PLACES = 1_000
_TOKENS, _BATCH, _EPOCHS = 256, 8, 3


@dataclass(frozen=True)
class Term:
    """One summand: what it is, how it is reckoned, and how much."""

    name: str
    formula: str
    value: float


@dataclass(frozen=True)
class Estimate:
    """Bytes and seconds, each with its terms. Bytes: on each GPU, or on a machine without one in all. `seconds` is None
    where nobody knows how many rows there are."""

    memory: int
    memory_terms: tuple[Term, ...]
    seconds: float | None
    time_terms: tuple[Term, ...]

    def fits(self, memory: int) -> bool:
        """Whether a device with so many bytes holds it."""
        return memory * _SHARE >= self.memory


@dataclass(frozen=True)
class Facts:
    """What an estimate rests on. `parameters`: 0 where the model isn't known or is made anew; `rows` of training, or
    rows to predict; `batch` and so on by the names that options of recipes have."""

    formula: str
    parameters: int = 0
    shape: Shape | None = None
    rows: int | None = None
    columns: int = 1
    is_training: bool = True
    is_adapter: bool = False
    batch: int = _BATCH
    tokens: int = _TOKENS
    epochs: float = _EPOCHS
    max_steps: int = 0
    # Each takes its share of the batch, and the model whole.
    devices: int = 1


def facts_from(config: Mapping[str, Any], **known: Any) -> Facts:
    """`config` as checked: its options of known names say how large a step is, and how many there are."""
    found = {
        "batch": _number(config, _BATCH, "batch_size", "batch"),
        "tokens": _number(config, _TOKENS, "max_length", "max_tokens", "block_size"),
        "epochs": float(config.get("epochs") or config.get("num_epochs") or _EPOCHS),
        "max_steps": _number(config, 0, "max_steps"),
        "is_adapter": is_adapter(config),
    }
    return Facts(**{**found, **known})


def is_adapter(config: Mapping[str, Any]) -> bool:
    """Whether it trains small matrices beside the model's own (LoRA)."""
    return config.get("method") == "lora" or config.get("lora") is True


def estimated(facts: Facts, device: DeviceClass) -> Estimate:
    share = replace(facts, batch=max(1, facts.batch // facts.devices))
    memory = _memory(share, on_gpu=device is not DeviceClass.CPU)
    time = _time(facts, device)
    seconds = sum(term.value for term in time) if facts.rows is not None or facts.max_steps else None
    return Estimate(int(sum(term.value for term in memory)), memory, seconds, time if seconds else ())


def _number(config: Mapping[str, Any], default: int, *names: str) -> int:
    return next((int(config[name]) for name in names if config.get(name)), default)


def _memory(facts: Facts, *, on_gpu: bool) -> tuple[Term, ...]:
    terms = [*_held(facts), *_sent(facts), *_flowing(facts, 1 if on_gpu else 2)]
    margin = sum(term.value for term in terms) / 10
    own = Term("the program itself", "libraries of the device" if on_gpu else "Python and its libraries", _OWN[on_gpu])
    terms += [Term("margin", "a tenth of all that", margin), own]
    return (*terms, *_beside(terms, facts.devices, on_gpu=on_gpu))


def _beside(terms: list[Term], devices: int, *, on_gpu: bool) -> list[Term]:
    """Processes on GPUs have a memory each, those on CPUs share the machine's."""
    if devices == 1 or on_gpu:
        return []
    return [Term("processes", f"the same in {devices - 1} more", sum(term.value for term in terms) * (devices - 1))]


def _held(facts: Facts) -> list[Term]:
    count = facts.parameters
    if not count:
        return []
    if not facts.is_training:
        return [Term("weights", f"{count:,} numbers × 4 bytes", 4.0 * count)]
    if facts.is_adapter:
        trained = max(count // 100, 1)
        return [
            Term("frozen weights", f"{count:,} numbers × 2 bytes", 2.0 * count),
            Term("trained weights", f"{trained:,} numbers × 16 bytes (weights, gradients, AdamW)", 16.0 * trained),
        ]
    return [Term("trained weights", f"{count:,} numbers × 16 bytes (weights, gradients, AdamW)", 16.0 * count)]


def _sent(facts: Facts) -> list[Term]:
    """Gradients on their way to the other devices."""
    count = max(facts.parameters // 100, 1) if facts.is_adapter else facts.parameters
    return [Term("exchange", f"{count:,} gradients × 4 bytes", 4.0 * count)] if facts.devices > 1 and count else []


def _flowing(facts: Facts, width: int) -> list[Term]:
    """What is kept of a pass: for all layers on the way back in training, for one layer else. `width`: of a number, 1
    for 16 bits."""
    if facts.formula == "table":
        rows = min(facts.rows or 100_000, 5_000_000)
        return [Term("rows", f"{rows:,} rows × {facts.columns:,} columns × 16 bytes", 16.0 * rows * facts.columns)]
    if facts.formula == "convolution":
        each = 64 * 1024 * 1024 if facts.parameters > 1_000_000 else 1024 * 1024
        return [Term("activations", f"batch {facts.batch} × {each >> 20} MiB a picture", float(each * facts.batch))]
    return _of_transformer(facts, facts.shape, width) if facts.shape else []


def _of_transformer(facts: Facts, shape: Shape, wide: int) -> list[Term]:
    tokens, layers = min(facts.tokens, shape.context or facts.tokens), shape.layers if facts.is_training else 1
    size = wide * layers * tokens * facts.batch * (34 * shape.hidden + 5 * shape.heads * tokens)
    width = f"(34 × {shape.hidden} + 5 × {shape.heads} heads × {tokens})"
    text = f"{layers} layers × {tokens} tokens × batch {facts.batch} × {width} bytes" + " × 2 (32 bits)" * (wide - 1)
    terms = [Term("activations", text, float(size))]
    if shape.vocabulary and shape.is_decoder:
        formula = f"{tokens} tokens × batch {facts.batch} × {shape.vocabulary:,} words × 6 bytes"
        terms.append(Term("scores of words", formula, 6.0 * tokens * facts.batch * shape.vocabulary))
    return terms


def _time(facts: Facts, device: DeviceClass) -> tuple[Term, ...]:
    factor, passes = (6, facts.epochs) if facts.is_training else (2, 1)
    places = {"transformer": facts.tokens, "convolution": _PLACES}.get(facts.formula, 1)
    examples = passes * (facts.rows or 0)
    if facts.max_steps and facts.is_training:
        examples = min(examples or math.inf, facts.max_steps * facts.batch)
    count = facts.parameters or 100_000
    formula = (
        f"{factor} × {count:,} numbers × {places:,} places × {examples:,.0f} examples ÷ {_SPEED[device]:.0e} a second"
    )
    formula += f" ÷ {facts.devices} devices" if facts.devices > 1 else ""
    seconds = factor * count * places * examples / _SPEED[device] / facts.devices
    return (Term("start", "loading libraries, model and data", _START), Term("passes", formula, seconds))
