"""LoRA on a Llama of about a billion random weights in bfloat16: the house's training against a plain loop.

Target: at least 0.98 × the tokens a second of the plain loop. Both train the same adapter on the same rows with AdamW,
in turns, in one process. It needs a GPU: `python -m benchmarks.gpu`; `--tiny` shows on a processor that it runs, and
what it prints then is no measurement.
"""

import argparse
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from workers.contract import JobSpec
from workers.lib import clock, config, training
from workers.lib.session import Session
from workers.recipes import causal_lm

QUESTION = "LoRA on a Llama of a billion weights in bfloat16, tokens a second (target: ≥ 0.98 × a plain loop)"
HOUSE, PLAIN = "training.fit", "plain loop"


@dataclass(frozen=True)
class Size:
    """The model, by `LlamaConfig`'s names, and how it is trained. `warm_up` steps aren't timed."""

    shape: dict[str, int]
    length: int
    batch: int
    steps: int
    warm_up: int
    rounds: int
    device: str = "cuda"


LARGE = Size(
    {
        "vocab_size": 32_000,
        "hidden_size": 2048,
        "intermediate_size": 8192,
        "num_hidden_layers": 18,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
    },
    length=1024, batch=8, steps=60, warm_up=10, rounds=5,
)  # fmt: skip
TINY = Size(
    {
        "vocab_size": 64,
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
    },
    length=8, batch=2, steps=6, warm_up=2, rounds=1, device="cpu",
)  # fmt: skip


@dataclass
class Stopwatch:
    """A `session.Reporter` that only notes when each step was told."""

    told: dict[int, float] = field(default_factory=dict)

    def metric(self, _name: str, _value: float, step: int, split: str = "") -> None:
        if split == "train":
            self.told[step] = clock.monotonic()

    def progress(self, step: int, total: int, **more: float) -> None:
        """Not asked for here."""

    def say(self, text: str, level: str = "info") -> None:
        """Not asked for here."""


def main(size: Size = LARGE) -> str:
    rates = measured(size)
    ratio = statistics.median(rates[HOUSE]) / statistics.median(rates[PLAIN])
    lines = ["| contender | median, tokens/s | lowest | highest |", "|---|---|---|---|"]
    lines += [f"| {name} | {statistics.median(v):,.0f} | {min(v):,.0f} | {max(v):,.0f} |" for name, v in rates.items()]
    where = torch.cuda.get_device_name() if size.device != "cpu" else "a processor, tiny model: no measurement"
    return "\n".join([*lines, "", f"{ratio:.3f} × the plain loop, on {where}; torch {torch.__version__}."])


def measured(size: Size) -> dict[str, list[float]]:
    """Tokens a second of each round, by contender; they take turns, after one round each that isn't counted."""
    rates: dict[str, list[float]] = {PLAIN: [], HOUSE: []}
    rows = _rows(size)
    for number in range(size.rounds + 1):
        for name, contender in ((PLAIN, _plain), (HOUSE, _house)):
            rate = contender(size, rows)
            if number:
                rates[name].append(rate)
    return rates


def _rows(size: Size) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    shape = (size.steps * size.batch, size.length)
    return list(torch.randint(0, size.shape["vocab_size"], shape, generator=generator))


def _collate(rows: list[torch.Tensor]) -> dict[str, torch.Tensor]:
    ids = torch.stack(rows)
    return {"input_ids": ids, "labels": ids.clone()}


def _settled(size: Size) -> dict[str, Any]:
    told = {"batch_size": size.batch, "max_steps": size.steps, "warmup": 0.0, "precision": "bfloat16"}
    return config.settle(causal_lm.OFFER.options, {**told, "lora_dropout": 0.0})


def _model(size: Size) -> Any:
    """As the recipe makes it: a frozen base in bfloat16, an adapter on every linear layer."""
    from peft import LoraConfig, get_peft_model
    from transformers import LlamaConfig, LlamaForCausalLM

    told = _settled(size)
    torch.manual_seed(0)
    with torch.device(size.device):
        base = LlamaForCausalLM(LlamaConfig(**size.shape, max_position_embeddings=size.length, use_cache=False))
    settings = LoraConfig(
        r=told["lora_rank"],
        lora_alpha=told["lora_alpha"],
        lora_dropout=told["lora_dropout"],
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    return get_peft_model(base.to(torch.bfloat16), settings).to(size.device)


def _plain(size: Size, rows: list[torch.Tensor]) -> float:
    """What somebody writes who has nothing but torch and peft."""
    told, model = _settled(size), _model(size).train()
    weights = [each for each in model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=told["learning_rate"], weight_decay=told["weight_decay"], fused=True)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, size.steps)
    began = clock.monotonic()
    for number in range(size.steps):
        if number == size.warm_up:
            began = _now(size)
        batch = _collate(rows[number * size.batch : (number + 1) * size.batch])
        with torch.autocast(size.device, torch.bfloat16):
            loss = model(**{name: each.to(size.device, non_blocking=True) for name, each in batch.items()}).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, told["clip"])
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    return _rate(size, _now(size) - began)


def _house(size: Size, rows: list[torch.Tensor]) -> float:
    """The same by `training.fit`, with all that it sees to: reports, guards, schedules."""
    watch, model = Stopwatch(), _model(size)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in ("out", "checkpoints"):
            (place / name).mkdir()
        session = Session(
            spec=JobSpec("bench", "finetune", "causal-lm"),
            folder=place,
            out=place / "out",
            checkpoints=place / "checkpoints",
            config=_settled(size),
            device=size.device,
            report=watch,
        )
        training.fit(session, model=model, train=rows, collate=_collate)
    return _rate(size, watch.told[size.steps] - watch.told[size.warm_up])


def _now(size: Size) -> float:
    """On the clock, once the device is done with what it was given."""
    if size.device != "cpu":
        torch.cuda.synchronize()
    return clock.monotonic()


def _rate(size: Size, seconds: float) -> float:
    return (size.steps - size.warm_up) * size.batch * size.length / seconds


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="On a processor, to see that it runs.")
    asked = parser.parse_args()
    if not asked.tiny and not torch.cuda.is_available():
        raise SystemExit("There is no GPU here. `--tiny` shows on a processor that it runs.")
    print(f"## {QUESTION}\n\n{main(TINY if asked.tiny else LARGE)}")
