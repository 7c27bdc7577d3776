"""What changed from one weights file to the next, tensor by tensor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from hub.catalog.weights.header import Read, Tensor, Weights

Sort = Literal["added", "removed", "changed", "bytes"]
_PIECE = 1 << 20


@dataclass(frozen=True)
class TensorChange:
    """`changed`: other shape or dtype; `bytes`: the same of both, and other numbers."""

    name: str
    sort: Sort
    before: Tensor | None
    after: Tensor | None


@dataclass(frozen=True)
class WeightsDiff:
    """`alike` tensors have the same name, shape and dtype; `is_compared` says whether their bytes were compared, too.

    `fault` says why a file can't be read, and then nothing else is known.
    """

    path: str
    changes: tuple[TensorChange, ...] = ()
    alike: int = 0
    is_compared: bool = False
    metadata: tuple[tuple[str, str, str], ...] = ()
    fault: str = ""


def compare(path: str, old: Weights, new: Weights, read: tuple[Read, Read] | None) -> WeightsDiff:
    """`read` gives the bytes of the old and the new file; without it headers alone are compared."""
    before, after = ({tensor.name: tensor for tensor in each.tensors} for each in (old, new))
    differs = _bytes_differ(*read) if read else lambda *_: False
    changes: list[TensorChange] = []
    alike, is_compared = 0, read is not None
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if was and now and (was.dtype, was.shape) == (now.dtype, now.shape):
            is_compared = is_compared and was.start is not None and now.start is not None
            if not differs(was, now):
                alike += 1
                continue
        changes.append(TensorChange(name, _sort(was, now), was, now))
    return WeightsDiff(path, tuple(changes), alike, is_compared, _metadata(old.metadata, new.metadata))


def _sort(was: Tensor | None, now: Tensor | None) -> Sort:
    if was is None:
        return "added"
    if now is None:
        return "removed"
    return "bytes" if (was.dtype, was.shape) == (now.dtype, now.shape) else "changed"


def _bytes_differ(read_old: Read, read_new: Read) -> Callable[[Tensor, Tensor], bool]:
    def differ(was: Tensor, now: Tensor) -> bool:
        if was.start is None or now.start is None:
            return False
        for done in range(0, was.size, _PIECE):
            length = min(_PIECE, was.size - done)
            if read_old(was.start + done, length) != read_new(now.start + done, length):
                return True
        return False

    return differ


def _metadata(old: dict[str, str], new: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
    """(key, before, after) of what differs, empty for what isn't there."""
    keys = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
    return tuple((key, old.get(key, ""), new.get(key, "")) for key in keys)
