"""Pickles, opcode by opcode, with the unpickler's own stack and memo, so that every name is known exactly.

Nothing is made or called. What CPython's unpickler would take in two ways, or what no pickler writes, isn't understood.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.governance.scanning.allowed import is_allowed, is_hostile
from hub.governance.scanning.calls import BadCall, check_build, check_call, check_make
from hub.governance.scanning.findings import MALICIOUS, UNSUPPORTED, Findings, NotUnderstood
from hub.governance.scanning.limits import MAX_MEMO, MAX_OPCODES, MAX_PICKLES, MAX_STACK
from hub.governance.scanning.opcodes import ARGUMENTS, PROTOCOLS, Stream
from hub.governance.scanning.values import ATTRIBUTES, Made, Named, Opaque

PersistentId = Callable[[Any], Any]


@dataclass
class Pickle:
    """One that was walked: where it ended, and what it leaves, as far as it is a plain value."""

    end: int
    value: Any
    names: set[tuple[str, str]]


def walk_all(stream: Stream, found: Findings, persistent: PersistentId | None = None) -> list[Pickle]:
    """All pickles up to the end, one after the other; anything else behind them isn't understood."""
    pickles: list[Pickle] = []
    while not stream.is_done:
        if len(pickles) == MAX_PICKLES:
            raise NotUnderstood(f"it holds more than {MAX_PICKLES} pickles")
        pickles.append(walk(stream, found, persistent))
    if not pickles:
        raise NotUnderstood("it is empty")
    return pickles


def walk(stream: Stream, found: Findings, persistent: PersistentId | None = None) -> Pickle:
    """One pickle. Names that aren't allowed are noted and reading goes on; raises `NotUnderstood` where it can't."""
    found.is_pickle = True
    machine = _Machine(stream, found, persistent)
    return Pickle(end=stream.at, value=machine.run(), names=machine.names)


class _Machine:
    def __init__(self, stream: Stream, found: Findings, persistent: PersistentId | None) -> None:
        self.stream, self.found, self.persistent = stream, found, persistent
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}
        self.protocol = 0
        self.names: set[tuple[str, str]] = set()

    def run(self) -> Any:
        begin = True
        for _ in range(MAX_OPCODES):
            code = self.stream.opcode()
            argument = ARGUMENTS[code](self.stream) if code in ARGUMENTS else None
            if code == b".":
                return self._stop()
            self._step(code, argument, begin)
            begin = False
        raise NotUnderstood(f"a pickle has more than {MAX_OPCODES:,} opcodes")

    def _step(self, code: bytes, argument: Any, begin: bool) -> None:
        if code == b"\x80":
            self._proto(argument, begin)
        elif code not in PROTOCOLS:
            raise NotUnderstood(f"a pickle has the opcode {code!r}, which none is made of here")
        elif PROTOCOLS[code] > self.protocol and not (self.protocol == 0 and PROTOCOLS[code] < 2):
            raise NotUnderstood(f"a pickle of protocol {self.protocol} has an opcode of protocol {PROTOCOLS[code]}")
        elif code in _PUSHES:
            self._push(_PUSHES[code](argument))
        else:
            _STEPS[code](self, argument)

    def _proto(self, protocol: int, begin: bool) -> None:
        if not begin or protocol not in (2, 3, 4, 5):
            raise NotUnderstood(f"a pickle announces the protocol {protocol} where none can be")
        self.protocol = protocol

    def _stop(self) -> Any:
        if len(self.stack) != 1 or self.marks:
            raise NotUnderstood("a pickle ends with more or less on its stack than one value")
        self.stream.end_frame()
        return self.stack[0]

    def _push(self, value: Any) -> None:
        if len(self.stack) >= MAX_STACK:
            raise NotUnderstood("a pickle's stack is too deep")
        if isinstance(value, str) and ATTRIBUTES.fullmatch(value):
            self.found.add(UNSUPPORTED, f"a pickle sets {value}, which changes what an object does")
        self.stack.append(value)

    def pop(self) -> Any:
        if len(self.stack) <= (self.marks[-1] if self.marks else 0):
            raise NotUnderstood("a pickle takes from an empty stack")
        return self.stack.pop()

    def top(self) -> Any:
        value = self.pop()
        self.stack.append(value)
        return value

    def pop_mark(self) -> list[Any]:
        if not self.marks:
            raise NotUnderstood("a pickle goes back to a mark that it never set")
        start = self.marks.pop()
        values = self.stack[start:]
        del self.stack[start:]
        return values

    # What the opcodes do, one each.

    def mark(self, _: Any) -> None:
        if len(self.marks) >= MAX_STACK:
            raise NotUnderstood("a pickle sets too many marks")
        self.marks.append(len(self.stack))

    def drop(self, _: Any) -> None:
        """POP takes the mark where nothing lies above it."""
        if self.marks and self.marks[-1] == len(self.stack):
            self.marks.pop()
        else:
            self.pop()

    def drop_mark(self, _: Any) -> None:
        self.pop_mark()

    def duplicate(self, _: Any) -> None:
        self._push(self.top())

    def tuple_of_mark(self, _: Any) -> None:
        self._push(tuple(self.pop_mark()))

    def opaque_of_mark(self, sort: Opaque) -> None:
        self.pop_mark()
        self._push(sort)

    def tuple_of(self, count: int) -> None:
        self._push(tuple(reversed([self.pop() for _ in range(count)])))

    def add_one(self, _: Any) -> None:
        self.pop()
        self._into(Opaque.LIST)

    def add_pair(self, _: Any) -> None:
        self.pop()
        self.pop()
        self._into(Opaque.DICT)

    def add_many(self, sort: Opaque) -> None:
        self.pop_mark()
        self._into(sort)

    def add_pairs(self, _: Any) -> None:
        if len(self.pop_mark()) % 2:
            raise NotUnderstood("a pickle sets a key without a value")
        self._into(Opaque.DICT)

    def _into(self, sort: Opaque) -> None:
        """A list's items go into a list, and so on: other objects have methods for it, or break (CVE-2026-24747)."""
        target = self.top()
        is_dict = isinstance(target, Made) and target.of.pair[0] == "collections" and sort is Opaque.DICT
        if target is not sort and not is_dict:
            self.found.add(UNSUPPORTED, "a pickle puts items into something that is no plain container of its kind")

    def put(self, at: Any) -> None:
        if len(self.memo) >= MAX_MEMO or not 0 <= at < MAX_MEMO:
            raise NotUnderstood("a pickle remembers more than is followed")
        self.memo[at] = self.top()

    def memoize(self, _: Any) -> None:
        self.put(len(self.memo))

    def get(self, at: Any) -> None:
        if at not in self.memo:
            raise NotUnderstood("a pickle recalls what it never put away")
        self._push(self.memo[at])

    def name(self, argument: Any) -> None:
        self._push(self.named(*argument))

    def name_from_stack(self, _: Any) -> None:
        name, module = self.pop(), self.pop()
        if type(name) is not str or type(module) is not str:
            raise NotUnderstood("a pickle names something by values that are no texts")
        self._push(self.named(module, name))

    def named(self, module: str, name: str) -> Named:
        pair = (module, name)
        if pair not in self.names:
            self.names.add(pair)
            self._judge(pair)
        return Named(pair)

    def _judge(self, pair: tuple[str, str]) -> None:
        shown = ".".join(pair)[:120]
        if is_hostile(pair):
            self.found.add(MALICIOUS, f"a pickle names {shown}, which has no place in a checkpoint")
        elif not is_allowed(pair):
            self.found.add(UNSUPPORTED, f"a pickle names {shown}, which is not on the list of what may be loaded")

    def call(self, _: Any) -> None:
        arguments, callee = self.pop(), self.pop()
        self._called(check_call, callee, arguments)

    def make(self, _: Any) -> None:
        arguments, callee = self.pop(), self.pop()
        self._called(check_make, callee, arguments)

    def _called(self, check: Callable[[Any, Any], Made], callee: Any, arguments: Any) -> None:
        try:
            self._push(check(callee, arguments))
        except BadCall as error:
            self.found.add(UNSUPPORTED, error.reason)
            self._push(Made(Named(("", ""))))

    def instance(self, argument: Any) -> None:
        """INST: no checkpoint has it."""
        self.pop_mark()
        self._old(self.named(*argument))

    def object_of_mark(self, _: Any) -> None:
        values = self.pop_mark()
        if not values:
            raise NotUnderstood("a pickle makes an object of nothing")
        self._old(values[0])

    def _old(self, callee: Any) -> None:
        self.found.add(UNSUPPORTED, "a pickle makes objects in the way of Python 2")
        self._push(Made(callee if isinstance(callee, Named) else Named(("", ""))))

    def make_with_keywords(self, _: Any) -> None:
        self.pop()
        self.pop()
        self._old(self.pop())

    def build(self, _: Any) -> None:
        state, target = self.pop(), self.top()
        try:
            check_build(target, state)
        except BadCall as error:
            self.found.add(UNSUPPORTED, error.reason)

    def extension(self, _: Any) -> None:
        raise NotUnderstood("a pickle uses the registry of extensions, so nobody can say what it names")

    def persistent_text(self, _: Any) -> None:
        raise NotUnderstood("a pickle has a persistent id as text, which no checkpoint has")

    def persistent_value(self, _: Any) -> None:
        if self.persistent is None:
            raise NotUnderstood("a pickle has a persistent id outside of a checkpoint")
        self._push(self.persistent(self.pop()))

    def frame(self, length: Any) -> None:
        self.stream.begin_frame(length)

    def outside(self, _: Any) -> None:
        raise NotUnderstood("a pickle takes buffers from outside of the file")


def _same(value: Any) -> Any:
    return value


_PUSHES: dict[bytes, Callable[[Any], Any]] = {
    **dict.fromkeys((b"I", b"J", b"K", b"M", b"L", b"\x8a", b"\x8b", b"F", b"G"), _same),
    **dict.fromkeys((b"S", b"T", b"U", b"V", b"X", b"\x8c", b"\x8d"), _same),
    **dict.fromkeys((b"B", b"C", b"\x8e", b"\x96"), _same),
    b"]": lambda _: Opaque.LIST,
    b"}": lambda _: Opaque.DICT,
    b"\x8f": lambda _: Opaque.SET,
    b"N": lambda _: None,
    b"\x88": lambda _: True,
    b"\x89": lambda _: False,
    b")": lambda _: (),
}
_STEPS: dict[bytes, Callable[[_Machine, Any], None]] = {
    b"(": _Machine.mark,
    b"0": _Machine.drop,
    b"1": _Machine.drop_mark,
    b"2": _Machine.duplicate,
    b"t": _Machine.tuple_of_mark,
    b"l": lambda machine, _: machine.opaque_of_mark(Opaque.LIST),
    b"d": lambda machine, _: machine.opaque_of_mark(Opaque.DICT),
    b"\x91": lambda machine, _: machine.opaque_of_mark(Opaque.OTHER),
    b"\x85": lambda machine, _: machine.tuple_of(1),
    b"\x86": lambda machine, _: machine.tuple_of(2),
    b"\x87": lambda machine, _: machine.tuple_of(3),
    b"a": _Machine.add_one,
    b"s": _Machine.add_pair,
    b"e": lambda machine, _: machine.add_many(Opaque.LIST),
    b"u": _Machine.add_pairs,
    b"\x90": lambda machine, _: machine.add_many(Opaque.SET),
    b"p": _Machine.put,
    b"q": _Machine.put,
    b"r": _Machine.put,
    b"\x94": _Machine.memoize,
    b"g": _Machine.get,
    b"h": _Machine.get,
    b"j": _Machine.get,
    b"c": _Machine.name,
    b"\x93": _Machine.name_from_stack,
    b"R": _Machine.call,
    b"\x81": _Machine.make,
    b"i": _Machine.instance,
    b"o": _Machine.object_of_mark,
    b"\x92": _Machine.make_with_keywords,
    b"b": _Machine.build,
    b"\x82": _Machine.extension,
    b"\x83": _Machine.extension,
    b"\x84": _Machine.extension,
    b"P": _Machine.persistent_text,
    b"Q": _Machine.persistent_value,
    b"\x95": _Machine.frame,
    b"\x97": _Machine.outside,
    b"\x98": _Machine.outside,
}
