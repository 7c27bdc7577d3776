"""What lies on the stack of a pickle that is only walked: numbers and texts as they are, and marks for all else."""

from dataclasses import dataclass


class _Opaque:
    def __repr__(self) -> str:
        return "…"


# A list, a dictionary, a set, a storage: something whose content doesn't matter.
OPAQUE = _Opaque()


@dataclass(frozen=True, slots=True)
class Named:
    """What GLOBAL and STACK_GLOBAL leave."""

    pair: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """What a call of it would give."""

    of: Named


# To set one of these on an object, or to find one by it, is how plain values are made to run something.
ATTRIBUTES = frozenset(
    """
    __setstate__ __getstate__ __reduce__ __reduce_ex__ __class__ __getattribute__ __getattr__ __setattr__ __dict__
    __builtins__ __globals__ __subclasses__ __import__ __init__ __new__ __call__ __code__ __mro__ __bases__ __del__
    __getitem__ __setitem__ __eq__ __hash__ __torch_function__ __array_function__ __array_ufunc__ __array__
    """.split()
)
