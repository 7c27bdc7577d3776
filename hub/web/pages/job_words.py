"""How jobs are spoken of: states, times, numbers."""

from dataclasses import dataclass
from typing import Any

TONES = {"succeeded": "ok", "failed": "bad", "lost": "bad", "running": "accent", "queued": "", "cancelled": ""}
_BUSY = ("claimed", "preparing", "finalizing")
_VERBS = {
    "queued": "Waiting for a worker",
    "claimed": "A worker has it",
    "preparing": "Fetching the model and the data",
    "running": "Running",
    "finalizing": "Publishing the result",
    "succeeded": "Succeeded",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "lost": "Lost",
}
KINDS = {"finetune": "Fine-tune", "evaluate": "Evaluation", "rank": "Ranking of models"}
DEVICES = {"cpu": "a processor", "gpu-24": "a GPU of 24 GB", "gpu-80": "a GPU of 80 GB", "gpu-141": "a GPU of 141 GB"}
_SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
_SHORT = 60
_METRICS = ("ece", "ace", "auc", "f1", "wer", "cer", "map", "rmse", "mae", "mse", "mcc", "r2", "ndcg", "mrr", "bleu")
_LETTERS = frozenset(_METRICS)


@dataclass(frozen=True)
class Standing:
    """A job's state: its name, a sentence, and the tone of both."""

    state: str
    label: str
    tone: str
    is_over: bool
    is_held: bool


def standing(job: Any) -> Standing:
    state = str(job.state)
    is_held = state in (*_BUSY, "running")
    label = "Stopping: a cancel was asked for" if is_held and job.cancel_asked_at else _VERBS[state]
    return Standing(
        state=state,
        label=label,
        tone=TONES.get(state, "accent"),
        is_over=state in ("succeeded", "failed", "cancelled", "lost"),
        is_held=is_held,
    )


def state_name(state: str) -> str:
    """One word, for lists."""
    return state.capitalize()


def happened(state: str) -> str:
    """For a history: the words that the page had for the state while it lasted."""
    return _VERBS.get(state) or state_name(state)


def span(seconds: float | None) -> str:
    """`under a minute`, `4 minutes`, `2 hours 10 minutes`; two parts at most."""
    left = int(seconds or 0)
    if left < _SHORT:
        return "under a minute"
    parts = []
    for size, unit in _SPANS:
        amount, left = divmod(left, size)
        if amount:
            parts.append(f"{amount} {unit}{'' if amount == 1 else 's'}")
    return " ".join(parts[:2])


def about(seconds: float | None) -> str:
    """For an estimate: `Under a minute`, `About 4 minutes`."""
    said = span(seconds)
    return said.capitalize() if said.startswith("under") else f"About {said}"


def exact_span(seconds: float | None) -> str:
    """`38 s`, `4 min 10 s`."""
    whole = round(seconds or 0)
    if whole < _SHORT:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3_600 else span(whole)


def time_of(seconds: float) -> str:
    """For sums: `none`, `38 s`, `4 minutes`, `2 hours 10 minutes`."""
    return span(seconds) if seconds >= _SHORT else f"{round(seconds)} s" if round(seconds) else "none"


def figure(value: float | None) -> str:
    """Four digits that matter."""
    return "too few to say" if value is None else f"{value:.4g}"


def interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:.4g} to {high:.4g}"


def name_words(name: str) -> str:
    """`eval_loss` as people say it, `f1_macro` as F1 macro."""
    parts = name.replace("_", " ").replace("-", " ").split()
    return " ".join(part.upper() if part in _LETTERS else part for part in parts)
