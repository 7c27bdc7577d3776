"""What lies on the stack of a pickle that is only walked: numbers and texts as they are, and marks for all else."""

import re
from dataclasses import dataclass
from enum import Enum


class Opaque(Enum):
    """Something whose content doesn't matter; its sort says which items it takes."""

    LIST = "list"
    DICT = "dict"
    SET = "set"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stored:
    """A storage of that many numbers."""

    count: int


@dataclass(frozen=True, slots=True)
class Named:
    """What GLOBAL and STACK_GLOBAL leave."""

    pair: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """What a call of it would give."""

    of: Named


# To set one of these on an object, or to find one by it, is how plain values are made to run something.
ATTRIBUTES = re.compile(
    r"__("
    r"setstate|getstate|reduce|reduce_ex|class|getattribute|getattr|setattr|dict|builtins|globals|"
    r"subclasses|import|init|new|call|code|mro|bases|del|getitem|setitem|eq|hash|torch_function|"
    r"array_function|array_ufunc|array)__"
)
