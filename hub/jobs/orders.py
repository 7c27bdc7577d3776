"""An order as it is given: by a form, the API or another job. Pure: what it asks for is checked elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workers.contract import Kind

# Of one job at once.
MOST_DEVICES = 64


@dataclass(frozen=True)
class Data:
    """A data set: `repo` is owner/name (the name alone for a curated one); `role` train, test or both, or left open."""

    repo: str
    revision: str = "main"
    role: str = ""
    config: str = ""
    split: str = ""
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    """A model by its name, and a branch, a tag or a commit of it."""

    repo: str
    revision: str = "main"


@dataclass(frozen=True)
class Order:
    """What is wanted. `config` by option, in an evaluation by suite and then by option. `out` is where a fine-tune's
    result goes, `private` whether it is private where that is new; `licence` the one it is to have (else the base's).
    `purpose` is what the policy is asked about. `max_seconds` 0: as the hub allows. `gpus`: how many devices train
    it at once; 0 as 1."""

    kind: str
    base: Model | None = None
    candidates: tuple[Model, ...] = ()
    datasets: tuple[Data, ...] = ()
    recipe: str = ""
    suites: tuple[str, ...] = ()
    config: dict[str, Any] = field(default_factory=dict)
    out: str = ""
    title: str = ""
    seed: int = 0
    device: str = ""
    gpus: int = 0
    priority: int = 0
    max_seconds: int = 0
    from_scratch: bool = False
    compare_scratch: bool = False
    private: bool = True
    licence: str = ""
    purpose: str = ""

    @property
    def is_finetune(self) -> bool:
        return self.kind == Kind.FINETUNE

    @property
    def devices(self) -> int:
        return max(1, self.gpus)

    @property
    def models(self) -> tuple[Model, ...]:
        return (*((self.base,) if self.base else ()), *self.candidates)


def order_again(spec: Mapping[str, Any], **changes: Any) -> Order:
    """The order of a job, by its spec, at the same commits and on the same device."""
    told = {name: spec[name] for name in PLAIN if name in spec}
    again = Order(
        kind=spec["kind"],
        base=_pinned(spec["base"]) if spec.get("base") else None,
        candidates=tuple(_pinned(each) for each in spec.get("candidates", ())),
        datasets=tuple(_data_again(each) for each in spec.get("datasets", ())),
        suites=tuple(spec.get("suites", ())),
        **told,
    )
    return replace(again, **changes)


PLAIN: dict[str, type] = {
    "recipe": str,
    "config": dict,
    "out": str,
    "title": str,
    "seed": int,
    "device": str,
    "gpus": int,
    "priority": int,
    "max_seconds": int,
    "from_scratch": bool,
    "compare_scratch": bool,
    "private": bool,
    "licence": str,
    "purpose": str,
}


def _pinned(source: Mapping[str, Any]) -> Model:
    return Model(source["repo"], source["commit"])


def _data_again(source: Mapping[str, Any]) -> Data:
    names = ("role", "config", "split", "columns")
    return Data(source["repo"], source["commit"], **{name: source[name] for name in names if source.get(name)})
