"""Read a file that is at hand, and watch how."""

from dataclasses import dataclass, field

from hub.catalog.weights import Weights, read_weights


@dataclass
class Watched:
    """`read` as storage gives it, keeping what was asked for."""

    data: bytes
    lengths: list[int] = field(default_factory=list)

    def __call__(self, start: int, length: int) -> bytes:
        assert 0 <= start <= len(self.data) and 0 <= length <= len(self.data) - start
        self.lengths.append(length)
        return self.data[start : start + length]


def read(data: bytes, format_: str) -> Weights:
    return read_weights(f"w.{format_}", len(data), Watched(data))
