"""What calls of allowed names may be given: an allowed function must not be lent to run another."""

from typing import Any

from hub.governance.scanning import allowed
from hub.governance.scanning.training import CHOICES, OBJECTS, is_choice
from hub.governance.scanning.values import Made, Named, Opaque, Stored


class BadCall(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_call(callee: Any, arguments: Any, *, is_made: bool = False) -> Made:
    """Raises `BadCall` unless it is an allowed name, called with what picklers call it with."""
    if not isinstance(callee, Named):
        raise BadCall("a pickle calls something that it didn't name")
    if callee.pair in CHOICES and not is_made and is_choice(arguments):
        return Made(callee)
    if callee.pair not in allowed.CALLED:
        raise BadCall(f"a pickle calls {'.'.join(callee.pair)[:120]}, which is nothing to call")
    if not isinstance(arguments, tuple):
        raise BadCall("a pickle calls with something else than a tuple of arguments")
    _check_arguments(callee.pair, arguments)
    return Made(callee)


def _check_arguments(pair: allowed.Global, arguments: tuple[Any, ...]) -> None:
    if pair == allowed.ENCODE and not _is_encode(arguments):
        raise BadCall("a pickle encodes in another way than bytes are written")
    if pair == allowed.DTYPE and not _is_dtype(arguments):
        raise BadCall("a pickle has an array of Python objects, or of a type without fixed length")
    if pair in allowed.RECONSTRUCT and arguments[:2] != (Named(allowed.NDARRAY), (0,)):
        raise BadCall("a pickle rebuilds something else than an array, or one of its own size")
    if pair in allowed.EMPTY and arguments:
        raise BadCall("a pickle makes bytes in a way that no pickler writes")
    if pair in allowed.SIZED and any(type(one) is int for one in arguments):
        raise BadCall("a pickle asks for room that it has no bytes for")
    if pair in allowed.VIEWS and not _is_within(arguments):
        raise BadCall("a pickle has a tensor that goes beyond its storage")
    if pair == allowed.FROM_TYPE:
        _check_lent(arguments)


def _check_lent(arguments: tuple[Any, ...]) -> None:
    """Function, type, arguments."""
    lent = [one for one in arguments[:2] if isinstance(one, Named) and one.pair in allowed.CALLED]
    if len(lent) != 2:
        raise BadCall("a pickle rebuilds a tensor by something that is nothing to call")
    if not isinstance(arguments[2] if len(arguments) > 2 else None, tuple):
        raise BadCall("a pickle rebuilds a tensor without arguments")
    check_call(lent[0], arguments[2])


def _is_within(arguments: tuple[Any, ...]) -> bool:
    """Storage, offset, shape, stride: all of it lies in the storage."""
    if len(arguments) < 4 or not isinstance(arguments[0], Stored) or type(arguments[1]) is not int:
        return False
    storage, offset, shape, strides = arguments[:4]
    if not _is_counts(shape) or not _is_counts(strides) or len(shape) != len(strides) or offset < 0:
        return False
    last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    return 0 in shape or last < storage.count


def _is_counts(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) <= 64 and all(type(one) is int and one >= 0 for one in value)


def _is_encode(arguments: tuple[Any, ...]) -> bool:
    return len(arguments) == 2 and isinstance(arguments[0], str) and arguments[1] == "latin1"


def _is_dtype(arguments: tuple[Any, ...]) -> bool:
    return bool(arguments) and isinstance(arguments[0], str) and allowed.is_plain_dtype(arguments[0])


def check_make(callee: Any, arguments: Any) -> Made:
    """As `check_call`, of what is made without its initialiser."""
    if not isinstance(callee, Named) or callee.pair not in OBJECTS:
        return check_call(callee, arguments, is_made=True)
    if arguments != ():
        raise BadCall("a pickle makes settings of a run from something")
    return Made(callee)


def check_build(target: Any, state: Any) -> None:
    """Raises `BadCall` unless it is an object that has a state, of those that are allowed."""
    if isinstance(target, Made) and target.of.pair in OBJECTS and state is Opaque.DICT:
        return
    if not isinstance(target, Made) or target.of.pair not in allowed.BUILT:
        raise BadCall("a pickle puts a state into something that has none")
    if isinstance(state, (Named, Made)) and not _is_container(state):
        raise BadCall("a pickle puts something into a state that is no plain value")


def _is_container(state: Any) -> bool:
    return isinstance(state, Made) and state.of.pair[0] == "collections"
