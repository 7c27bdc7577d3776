"""What the hub and its workers say to each other: queues, messages, states, JSON shapes. Standard library only.

The contract only grows: a field is added with a default, none is renamed or taken away, and whoever reads ignores what
it doesn't know. `VERSION` counts changes that an older reader could not ignore.
"""

import dataclasses
import types
import typing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

VERSION = 1
# Bytes of predictions.parquet that the hub takes, and of what a result says of its surroundings, as JSON.
MAX_PREDICTIONS = 64 << 20
MAX_ENVIRONMENT = 8_000

# --- The broker -------------------------------------------------------------------------------------------------------

# A message is a door-bell and names a job at most: which job is run, by whom, is decided by the hub when it is claimed.
TASK = "workers.look"


class DeviceClass(StrEnum):
    """What a device can hold. GPUs by their memory in GB; a larger one also takes what a smaller one could."""

    CPU = "cpu"
    GPU_24 = "gpu-24"
    GPU_80 = "gpu-80"
    GPU_141 = "gpu-141"

    @property
    def queue(self) -> str:
        return f"jobs.{self.value}"

    @property
    def memory_bytes(self) -> int:
        """Memory of the smallest GPU of the class; 0 for a CPU, whose worker says what it has."""
        return 0 if self is DeviceClass.CPU else int(self.value.partition("-")[2]) * 10**9

    def takes(self) -> "tuple[DeviceClass, ...]":
        """The classes whose jobs a device of this class runs."""
        if self is DeviceClass.CPU:
            return (self,)
        order = [each for each in DeviceClass if each is not DeviceClass.CPU]
        return tuple(order[: order.index(self) + 1])


# --- Words that both sides use ----------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a job does."""

    FINETUNE = "finetune"
    EVALUATE = "evaluate"
    # Rank candidate models for a data set, before a fine-tune.
    RANK = "rank"


class State(StrEnum):
    """Where a job stands; hub/jobs/states.py has the table of steps."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    PREPARING = "preparing"
    RUNNING = "running"
    FINALIZING = "finalizing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"

    @property
    def is_final(self) -> bool:
        return self in (State.SUCCEEDED, State.FAILED, State.CANCELLED, State.LOST)

    @property
    def is_held(self) -> bool:
        """A worker has it."""
        return self in (State.CLAIMED, State.PREPARING, State.RUNNING, State.FINALIZING)


class Code(StrEnum):
    """Why a job failed. Each comes with a sentence on what is wrong, and one on what to do."""

    BAD_SPEC = "bad_spec"
    DATASET_COLUMN_MISSING = "dataset_column_missing"
    DATASET_EMPTY = "dataset_empty"
    DATASET_BAD_VALUE = "dataset_bad_value"
    LABEL_UNKNOWN = "label_unknown"
    MODEL_NOT_SUPPORTED = "model_not_supported"
    UNSAFE_WEIGHTS = "unsafe_weights"
    REMOTE_CODE_REQUIRED = "remote_code_required"
    WONT_FIT = "wont_fit"
    OUT_OF_MEMORY = "out_of_memory"
    DISK_FULL = "disk_full"
    LOSS_NOT_FINITE = "loss_not_finite"
    TIMEOUT = "timeout"
    HUB_REFUSED = "hub_refused"
    WORKER_LOST = "worker_lost"
    INTERNAL = "internal"

    @property
    def is_worth_another_try(self) -> bool:
        """Whether the same job may do better on another attempt without anybody changing it."""
        return self in (Code.OUT_OF_MEMORY, Code.DISK_FULL, Code.WORKER_LOST, Code.INTERNAL)

    @property
    def is_of_order(self) -> bool:
        """Whether the same order can only end so again."""
        data = (Code.DATASET_COLUMN_MISSING, Code.DATASET_EMPTY, Code.DATASET_BAD_VALUE, Code.LABEL_UNKNOWN)
        model = (Code.MODEL_NOT_SUPPORTED, Code.UNSAFE_WEIGHTS, Code.REMOTE_CODE_REQUIRED)
        return self in (*data, *model, Code.BAD_SPEC, Code.LOSS_NOT_FINITE)


class Exit:
    """Exit codes of the process that runs a job."""

    DONE = 0
    BAD_SPEC = 64
    BAD_DATA = 65
    OUT_OF_MEMORY = 66
    BUG = 70
    STOPPED = 75


# --- JSON -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Message:
    """A dataclass that travels as JSON. Unknown fields are ignored, missing ones take their default."""

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Raises TypeError when a field without a default is missing, or one is of another type."""
        if not isinstance(value, dict):
            raise TypeError(f"{cls.__name__} is an object, not {value!r:.40}")
        hints = _known.get(cls) or _known.setdefault(cls, _hints(cls))
        return cls(**{name: _read(hints[name], told) for name, told in value.items() if name in hints})


# Types of fields by message: to work them out takes longer than all else.
_known: dict[type, dict[str, Any]] = {}


def _hints(shape: type[Message]) -> dict[str, Any]:
    hints = typing.get_type_hints(shape)
    return {each.name: hints[each.name] for each in dataclasses.fields(shape)}


def _read(hint: Any, value: Any) -> Any:
    """`value` as the dataclasses inside `hint` would have it."""
    arguments = typing.get_args(hint)
    if isinstance(hint, types.UnionType):
        return None if value is None else _read(next(each for each in arguments if each is not type(None)), value)
    if typing.get_origin(hint) is tuple and isinstance(value, list | tuple):
        return tuple(_read(arguments[0], each) for each in value)
    if isinstance(hint, type) and issubclass(hint, Message):
        return hint.from_json(value)
    wanted = typing.get_origin(hint) or hint
    fitting = (int, float) if wanted is float else wanted
    if wanted is not Any and (not isinstance(value, fitting) or (isinstance(value, bool) and wanted is not bool)):
        raise TypeError(f"{value!r:.40} is no {wanted.__name__}")
    return value


@dataclass(frozen=True)
class Source(Message):
    """A repository at a commit. `role` of a data set: train, test or both; `columns` maps a role of the recipe to the
    column's name, or to a pattern with one `*` for several columns in their order."""

    repo: str
    commit: str
    kind: str = "model"
    role: str = ""
    config: str = ""
    split: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    licence: str = ""
    # Whether repository code of these very files was approved by a reviewer.
    trust_code: bool = False


@dataclass(frozen=True)
class JobSpec(Message):
    """A job as it was ordered; it never changes. `base` is the model to tune or to evaluate.

    `recipe` names a recipe (fine-tunes; for evaluations the one that predicts), `suites` the evaluations to run.
    `config` is the recipe's or the suites' (by name of the suite, then) as checked. `out` is the repository that the
    result goes to (owner/name, fine-tunes only). `max_seconds`: of the job's own program in one attempt.
    """

    id: str
    kind: str
    recipe: str = ""
    recipe_version: str = ""
    base: Source | None = None
    candidates: tuple[Source, ...] = ()
    datasets: tuple[Source, ...] = ()
    config: dict[str, Any] = field(default_factory=dict)
    suites: tuple[str, ...] = ()
    out: str = ""
    title: str = ""
    seed: int = 0
    device: str = DeviceClass.CPU
    gpus: int = 0
    max_seconds: int = 86_400
    ordered_by: str = ""
    ordered_at: str = ""
    # What the result's card and records must carry: terms of the base and the data, as the hub knows them.
    inherited: dict[str, Any] = field(default_factory=dict)
    # From random weights instead of the base's: the other half of a comparison.
    from_scratch: bool = False
    version: int = VERSION


@dataclass(frozen=True)
class Checkpoint(Message):
    """A tar file of one checkpoint folder, held by the hub."""

    step: int
    sha256: str
    size: int


@dataclass(frozen=True)
class Lease(Message):
    """A claimed job: `token` goes with every report and grows with each claim; `access_token` opens the hub to this
    job's repositories until the lease ends. `seconds`: how long the lease holds without being renewed."""

    job: JobSpec
    token: int
    seconds: float
    access_token: str
    attempt: int = 1
    checkpoint: Checkpoint | None = None
    # What to go on from should that one turn out to be of no use, the newest first.
    older: tuple[Checkpoint, ...] = ()
    # Halvings of the batch after running out of memory in former attempts.
    batch_halvings: int = 0
    last_seq: int = 0


@dataclass(frozen=True)
class JobEvent(Message):
    """Something that happened in a job. `seq` counts from 1 inside an attempt; `at` is ISO 8601 in UTC.

    kind     data
    state    {state}
    progress {step, total, epoch, seconds, seconds_left, examples_per_second}
    metric   {name, step, value, split}
    log      {lines: [str]}
    device   {cpu_percent, memory_bytes, gpu: [{memory_bytes, utilization}]}
    message  {level: info|warning|error, text}
    """

    seq: int
    at: str
    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured(Message):
    """One number of an evaluation. `low` and `high`: its interval of 95 %; None where none can be given, with `note`.

    `slice` names the part of the data (axis to value), empty for all of it. `suite` is empty for the recipe's own
    metrics. `dataset` (owner/name) and `dataset_commit` are empty where no data set of a hub was read.
    """

    metric: str
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    slice: dict[str, str] = field(default_factory=dict)
    suite: str = ""
    suite_version: str = ""
    task: str = ""
    dataset: str = ""
    dataset_commit: str = ""
    dataset_config: str = ""
    split: str = ""
    higher_is_better: bool = True
    unit: str = ""
    seed: int = 0
    method: str = ""
    note: str = ""


@dataclass(frozen=True)
class Finding(Message):
    """A bias that an evaluation measured, to be put before the reviewers: `body` is as governance.md 4.1 has it, less
    the job and the digests, which the hub fills in from the job itself."""

    title: str
    body: dict[str, Any]
    measured: tuple[Measured, ...] = ()


@dataclass(frozen=True)
class JobResult(Message):
    """What a job brought. `commit` is what was pushed to the branch that the hub named (fine-tunes only).

    `environment`: versions, device, threads, determinism, in MAX_ENVIRONMENT bytes; `usage`: seconds, device_seconds
    (of all devices), kwh where measurable, peak memory in bytes. `predictions_sha256`: of predictions.parquet, which
    lies among the job's files. `tables`: what doesn't fit numbers (rankings, curves, confusion), by name.
    `recipe_version`: of the recipe that ran, which may be another than was ordered (empty: as ordered).
    """

    measured: tuple[Measured, ...] = ()
    findings: tuple[Finding, ...] = ()
    commit: str = ""
    environment: dict[str, Any] = field(default_factory=dict)
    usage: dict[str, Any] = field(default_factory=dict)
    predictions_sha256: str = ""
    tables: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    recipe_version: str = ""


@dataclass(frozen=True)
class Failure(Message):
    """Why an attempt ended. `message`: what is wrong, in a sentence; `advice`: what to do, in another; `param`: the
    field of the order that it is about, if one."""

    code: str
    message: str
    advice: str = ""
    param: str = ""


# --- What workers offer -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option(Message):
    """One field of a recipe's or a suite's config. `type`: int, float, bool, text, choice."""

    name: str
    type: str
    default: Any
    title: str
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    is_advanced: bool = False


@dataclass(frozen=True)
class ColumnRole(Message):
    """A column that a recipe or a suite reads. `type`: text, texts, label, labels, number, image, audio, boxes, id,
    time, any. `guesses`: names that such a column often has, likeliest first; `fnmatch` patterns stand for several
    columns (pixels, features)."""

    name: str
    type: str
    title: str
    is_required: bool = True
    guesses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer(Message):
    """A recipe, a suite or a ranking that a worker has: enough for a form, a check and an estimate.

    `tasks`: pipeline tags that it serves. `metric`: what it is judged by. `memory`: which formula of hub/jobs/estimates
    fits (transformer, convolution, table). `needs`: what a model must have (library names, or nothing).
    `tier`: required by suites of this risk tier and above; None for none.
    """

    kind: str
    name: str
    version: str
    title: str
    summary: str
    tasks: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    columns: tuple[ColumnRole, ...] = ()
    metric: str = ""
    higher_is_better: bool = True
    memory: str = "transformer"
    needs: tuple[str, ...] = ()
    # A fine-tune of this recipe needs no base model (recommendation, tabular).
    base_is_optional: bool = False
    # A fine-tune of this recipe can have several devices, one process on each.
    spreads: bool = False


@dataclass(frozen=True)
class Hardware(Message):
    """What a worker runs on. Bytes; `gpu` is the model's name, empty without one."""

    cores: int
    memory: int
    disk: int
    cpu: str = ""
    gpu: str = ""
    gpus: int = 0
    gpu_memory: int = 0


@dataclass(frozen=True)
class Join(Message):
    """A worker's first words. `kill`: how it ends a job's whole process tree (namespace, group)."""

    name: str
    device: str
    device_class: str
    slots: int
    hardware: Hardware
    versions: dict[str, str]
    offers: tuple[Offer, ...]
    kill: str = ""
    version: int = VERSION
    # Devices that one job may have at once.
    spread: int = 1


@dataclass(frozen=True)
class Joined(Message):
    """The hub's answer: look for work at least this often, renew leases at least this often (seconds)."""

    worker: str
    queues: tuple[str, ...]
    look_seconds: float
    renew_seconds: float
    lease_seconds: float


@dataclass(frozen=True)
class Renewal(Message):
    """The lease was renewed. `cancel`: end the job at its next step. `drain`: save, stop, give the job back."""

    seconds: float
    cancel: bool = False
    drain: bool = False


@dataclass(frozen=True)
class Draft(Message):
    """Where a result goes: a branch of `repo` that starts at `parent`. `access_token` opens that repository alone, and
    takes the place of the lease's, which has ended."""

    repo: str
    branch: str
    parent: str
    access_token: str
