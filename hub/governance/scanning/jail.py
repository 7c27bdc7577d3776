"""Give up what a reader of files has no use for: network, other programs, written files, more memory and time.

Limits hold everywhere. The network and the filter of system calls go where the kernel lets them; a process that may
not have them is still limited, alone in its group, and gets bytes and nothing else.
"""

import ctypes
import platform
import resource
import struct

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_SET_SECCOMP, _NO_NEW_PRIVILEGES, _FILTER = 22, 38, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001
# Numbers of the calls (x86_64, aarch64): start a program or a process, open a socket, trace, kill, change files.
_CALLS = {
    "x86_64": (
        0xC000003E,
        (56, 57, 58, 59, 322, 435, 41, 42, 53, 101, 62, 200, 234, 82, 83, 84, 86, 87, 88, 90, 92, 264),
    ),
    "aarch64": (0xC00000B7, (220, 221, 281, 435, 198, 203, 199, 117, 129, 130, 131, 34, 35, 36, 37, 38, 52, 54, 276)),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def shut_in(memory: int, seconds: int) -> None:
    """Of this process, for good. `memory` in bytes of address space, `seconds` of processor time."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.unshare(_NEW_USER | _NEW_NET)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (value, value))
    _filter_calls(libc)


def _filter_calls(libc: ctypes.CDLL) -> None:
    machine = _CALLS.get(platform.machine())
    if machine is None:
        return
    code = ctypes.create_string_buffer(_compiled(*machine))
    program = _Program(len(code.raw[:-1]) // 8, ctypes.addressof(code))
    libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)


def _compiled(architecture: int, calls: tuple[int, ...]) -> bytes:
    """A filter in classic BPF: these calls, and other architectures, are refused; all else passes."""
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    count = len(calls)
    steps = [
        (load, 0, 0, 4),
        (equal, 0, count + 3, architecture),
        (load, 0, 0, 0),
        (at_least, count + 1, 0, 0x40000000),
    ]
    steps += [(equal, count - at, 0, call) for at, call in enumerate(calls)]
    steps += [(give, 0, 0, _ALLOW), (give, 0, 0, _REFUSE)]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)
