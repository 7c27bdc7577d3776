"""`eval.yaml` of a data set: the tasks that make it a benchmark. A stranger's YAML, so it is checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.catalog.card import read_yaml
from hub.catalog.results import fold

PATH = "eval.yaml"
MAX_BYTES = 100_000
MAX_TASKS = 50
_LONGEST = 200


@dataclass(frozen=True)
class Task:
    """A test of the benchmark. Without a config, a split or a metric of its own it takes any."""

    id: str
    config: str = ""
    split: str = ""
    metric: str = ""

    def takes(self, config: str, split: str, metric: str) -> bool:
        return (
            self.config in ("", config or "default")
            and self.split in ("", split)
            and (not self.metric or fold(self.metric) == fold(metric))
        )

    def name(self, metric: str) -> str:
        """What one of its numbers is called: with the metric, where the task leaves that open."""
        return self.id if self.metric else f"{self.id}:{metric}"


@dataclass(frozen=True)
class Benchmark:
    """`faults` say why the file makes no benchmark; then there are no tasks. Without either there is no such file."""

    name: str = ""
    description: str = ""
    framework: str = ""
    tasks: tuple[Task, ...] = ()
    faults: tuple[str, ...] = ()

    def task_of(self, config: str, split: str, metric: str) -> Task | None:
        return next((task for task in self.tasks if task.takes(config, split, metric)), None)

    def has(self, name: str) -> bool:
        """Whether a result that was reported under this name is of one of its tasks."""
        told = fold(name)
        return any(told == fold(task.id) or told.startswith(f"{fold(task.id)}:") for task in self.tasks)


NONE = Benchmark()


def read_benchmark(text: str) -> Benchmark:
    told = read_yaml(text)
    faults = list(_faults(told))
    if faults:
        return Benchmark(faults=tuple(faults[:5]))
    tasks = tuple(Task(**{name: str(each.get(name) or "") for name in _FIELDS}) for each in told["tasks"])
    return Benchmark(str(told["name"]), str(told.get("description") or ""), str(told["evaluation_framework"]), tasks)


_FIELDS = ("id", "config", "split", "metric")


def _faults(told: Any) -> Iterator[str]:
    if not isinstance(told, dict):
        yield "It is no YAML with name, description, evaluation_framework and tasks."
        return
    for name in ("name", "evaluation_framework"):
        if not _is_line(told.get(name)):
            yield f"{name} is missing, or no line of text."
    if not isinstance(told.get("description") or "", str):
        yield "description is no text."
    tasks = told.get("tasks")
    if not isinstance(tasks, list) or not 1 <= len(tasks) <= MAX_TASKS:
        yield f"tasks takes a list of 1 to {MAX_TASKS}, each with id, config and split."
        return
    for place, task in enumerate(tasks, 1):
        yield from _of_task(place, task)
    ids = [fold(task["id"]) for task in tasks if isinstance(task, dict) and _is_line(task.get("id"))]
    yield from (f"Two tasks are called {each!r}." for each in sorted({each for each in ids if ids.count(each) > 1}))


def _of_task(place: int, task: Any) -> Iterator[str]:
    if not isinstance(task, dict) or not _is_line(task.get("id")) or ":" in task["id"]:
        yield f"Task {place} has no id, a line of text without a colon."
        return
    wrong = [name for name in _FIELDS[1:] if task.get(name) is not None and not _is_line(task[name])]
    yield from (f"{name} of task {task['id']} is no line of text." for name in wrong)


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST and value.isprintable()
