"""What a pickle may name: the tensors, storages and plain containers that checkpoints are made of, and nothing else.

The same names as the restricted unpickler of torch 2.13 takes, without those that build wrapper subclasses, and with
numpy's arrays and numbers of fixed length, and the settings of a training run. Pairs of module and name, compared as a
whole.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from hub.governance.scanning.training import CHOICES, OBJECTS

Global = tuple[str, str]

_LETTERS = ("BFloat16", "Bool", "Byte", "Char", "ComplexDouble", "ComplexFloat", "Double", "Float", "Half", "Int")
_SORTS = (*_LETTERS, "Long", "Short")
_QUANTISED = ("QInt32", "QInt8", "QUInt2x4", "QUInt4x2", "QUInt8")
STORAGES: frozenset[Global] = frozenset(
    {(module, f"{sort}Storage") for module in ("torch", "torch.cuda") for sort in _SORTS}
    | {("torch", f"{sort}Storage") for sort in _QUANTISED}
    | {("torch.storage", "TypedStorage"), ("torch.storage", "UntypedStorage")}
)
_OLD_TENSORS = {
    (module, f"{sort}Tensor")
    for module in ("torch", "torch.cuda", "torch.sparse", "torch.cuda.sparse")
    for sort in _SORTS
    if not sort.startswith("Complex")
}
_DTYPES = re.compile(
    r"(u?int([1-9]|16|32|64)|float(16|32|64)|bfloat16|bool|complex(32|64|128)|q(u?int8|int32|uint4x2|uint2x4)"
    r"|float8_e(4m3fn|4m3fnuz|5m2|5m2fnuz|8m0fnu)|float4_e2m1fn_x2|bits(8|16|1x8|2x4|4x2)"
    r"|per_(tensor|channel)_(affine|symmetric)|per_channel_affine_float_qparams)"
)
_REBUILT = (
    "_rebuild_tensor",
    "_rebuild_tensor_v2",
    "_rebuild_tensor_v3",
    "_rebuild_parameter",
    "_rebuild_parameter_with_state",
    "_rebuild_qtensor",
    "_rebuild_sparse_tensor",
    "_rebuild_nested_tensor",
    "_rebuild_meta_tensor_no_storage",
    "_rebuild_device_tensor_from_numpy",
    "_rebuild_device_tensor_from_cpu_tensor",
)
_BUILTINS = ("builtins", "__builtin__")
_ARRAYS = ("numpy.core.multiarray", "numpy._core.multiarray")
_BUFFERS = ("numpy.core.numeric", "numpy._core.numeric")
FROM_TYPE: Global = ("torch._tensor", "_rebuild_from_type_v2")
ENCODE: Global = ("_codecs", "encode")
DTYPE: Global = ("numpy", "dtype")
NDARRAY: Global = ("numpy", "ndarray")
RECONSTRUCT: frozenset[Global] = frozenset((module, "_reconstruct") for module in _ARRAYS)

# As old protocols write no bytes at all.
EMPTY: frozenset[Global] = frozenset((module, "bytes") for module in _BUILTINS)
# What takes a number for the room that it makes.
SIZED: frozenset[Global] = (
    frozenset(
        {(module, "bytearray") for module in _BUILTINS} | {("torch", "Tensor"), ("torch.nn.parameter", "Parameter")}
    )
    | _OLD_TENSORS
)
# Tensors as views on a storage whose numbers are their own.
VIEWS: frozenset[Global] = frozenset(
    ("torch._utils", f"_rebuild_{kind}") for kind in ("tensor", "tensor_v2", "qtensor")
)

# May be called (REDUCE), or made (NEWOBJ).
CALLED: frozenset[Global] = frozenset(
    {("torch._utils", name) for name in _REBUILT}
    | {(module, name) for module in _BUILTINS for name in ("set", "frozenset", "bytearray", "complex", "bytes")}
    | {("collections", "OrderedDict"), ("collections", "Counter"), FROM_TYPE, ENCODE, DTYPE, *RECONSTRUCT}
    | {("torch", "Size"), ("torch", "device"), ("torch", "Tensor"), ("torch.nn.parameter", "Parameter")}
    | {("torch.serialization", "_get_layout")}
    | {(module, "scalar") for module in _ARRAYS}
    | {(module, "_frombuffer") for module in _BUFFERS}
    | _OLD_TENSORS
)
# May have a state put into it (BUILD), by what made it.
BUILT: frozenset[Global] = frozenset(
    {("torch._utils", name) for name in _REBUILT}
    | {("collections", "OrderedDict"), ("torch", "Tensor"), ("torch.nn.parameter", "Parameter"), FROM_TYPE, DTYPE}
    | RECONSTRUCT
    | _OLD_TENSORS
)
_NUMBER = re.compile(r"[<>=|]?([?bBhHiIlLqQefdgFDG]|[biufc]\d{1,2}|[SUVa]\d{1,9}|M8|m8)(\[[a-zA-Z0-9]{1,6}\])?")


def is_allowed(name: Global) -> bool:
    if name in CALLED or name in STORAGES or name == NDARRAY or name in CHOICES or name in OBJECTS:
        return True
    return name[0] == "torch" and bool(_DTYPES.fullmatch(name[1]))


def is_plain_dtype(text: str) -> bool:
    """Of fixed length and without Python objects."""
    return bool(_NUMBER.fullmatch(text))


def _listed() -> Iterator[str]:
    file = Path(__file__).parents[1] / "data" / "hostile_names.txt"
    for line in file.read_text(encoding="ascii").splitlines():
        yield from () if line.startswith("#") else line.split()


# Not on the list of what may be loaded, and no attack by themselves.
_PLAIN = frozenset(
    (module, name)
    for module in _BUILTINS
    for name in ("list", "dict", "tuple", "int", "float", "str", "bool", "object", "slice", "range", "long")
)
_LISTED = frozenset(_listed())


def is_hostile(name: Global) -> bool:
    """Whether a module above it, or the name itself, is one that has no place in a checkpoint."""
    if is_allowed(name) or name in _PLAIN or name[0] == "torch.jit._pickle":
        return False
    parts = f"{name[0]}.{name[1]}".split(".")
    return any(".".join(parts[:count]) in _LISTED for count in range(1, len(parts) + 1))
