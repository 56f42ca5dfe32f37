"""What this process and its children may do to files, taken away for good by Linux' Landlock.

Landlock (Salaün 2020; https://docs.kernel.org/userspace-api/landlock.html) needs neither root nor
a program: three system calls, which ``ctypes`` makes.
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT, _NO_NEW_PRIVILEGES = 444, 445, 446, 38
_READ = 1 << 0 | 1 << 2 | 1 << 3  # execute, read a file, list a folder
_EVERYTHING = (1 << 15) - 1  # these, and to write, make, move, truncate, remove
_TO_A_FILE = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14  # what can be allowed of a thing that is no folder
_TCP, _SIGNALS_AND_SOCKETS = 0b11, 0b11
LEAST = 3
"""The first version in which a file outside can be truncated no more (Linux 6.2)."""


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def _call(*arguments: object) -> int:
    result = ctypes.CDLL(None, use_errno=True).syscall(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def version() -> int:
    """Tell which version of Landlock the kernel has; 0 if none."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        return _call(_CREATE, None, 0, 1)
    except OSError:
        return 0


def restrict(write: Iterable[Path], read: Iterable[Path]) -> None:
    """Confine this process: files are changed beneath `write` alone, and read beneath either.

    TCP connections (from version 4) and signals to other processes (from version 6) are refused as
    well. Nothing can undo it.

    Raises
    ------
    OSError
        If the kernel has no Landlock, or one older than `LEAST`.
    """
    if (known := version()) < LEAST:
        raise OSError(f"Landlock {LEAST} or newer is needed (Linux 6.2); here it is {known}")
    rules = _Rules(
        _EVERYTHING, _TCP if known >= 4 else 0, _SIGNALS_AND_SOCKETS if known >= 6 else 0
    )
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    ruleset = _call(_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    for paths, allowed in ((write, _EVERYTHING), (read, _READ)):
        for path in paths:
            if not path.exists():
                continue
            opened = os.open(path, os.O_PATH)
            beneath = _Beneath(allowed if path.is_dir() else allowed & _TO_A_FILE, opened)
            _call(_ADD, ruleset, 1, ctypes.byref(beneath), 0)
            os.close(opened)
    ctypes.CDLL(None, use_errno=True).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _call(_RESTRICT, ruleset, 0)
    os.close(ruleset)
