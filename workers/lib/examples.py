"""Pictures and sounds as examples that are made when they are asked for, and kept while there is room."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

# Bytes of tensors that are kept; the rest is made again each time.
ROOM = 1 << 30


class Lazy(Sequence[Any]):
    """`make(number)` for each of `count` rows: a dict of tensors."""

    def __init__(self, count: int, make: Callable[[int], dict[str, Any]], room: int = ROOM) -> None:
        self._count, self._make, self._room = count, make, room
        self._kept: dict[int, dict[str, Any]] = {}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: Any) -> Any:
        if not 0 <= number < self._count:
            raise IndexError(number)
        if number in self._kept:
            return self._kept[number]
        made = self._make(number)
        size = sum(getattr(value, "nbytes", 0) for value in made.values())
        if size <= self._room:
            self._room -= size
            self._kept[number] = made
        return made


def batches(examples: Sequence[Any], size: int) -> Iterator[list[Any]]:
    """In their order."""
    for start in range(0, len(examples), size):
        yield [examples[number] for number in range(start, min(start + size, len(examples)))]
