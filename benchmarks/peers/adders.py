"""`c = a + b` by every tool, as the hostile table calls it: ADDERS[name]() makes `add(a, b, c)`, and imports what that tool needs.

Where the caller of a tool hands the length over, there is a fourth argument `n`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ndcall
import numpy as np
from build_hand import HERE, build_hand

Adder = Callable[..., Any]
FLAGS = "C_CONTIGUOUS"
STRICT = f"{FLAGS},ALIGNED"


def by_hand() -> Adder:
    return build_hand()[0].add  # type: ignore[no-any-return]


def by_ndcall(**options: Any) -> Adder:
    return ndcall.load(HERE / "kernels.h", library=build_hand()[1], **options)["add"]  # type: ignore[no-any-return]


def open_ctypes(*arguments: Any, library: Path | None = None, name: str = "add") -> Any:
    """The kernel by ctypes: `arguments` for its arrays, and the length."""
    function = ctypes.CDLL(str(library or build_hand()[1]))[name]
    function.restype = None
    function.argtypes = [*arguments, ctypes.c_long]
    return function


def ndpointer(flags: str) -> Any:
    return np.ctypeslib.ndpointer(np.float64, 1, flags=flags)


def length(a: Any, n: int | None) -> int:
    return len(a) if n is None else n


def by_ctypes() -> Adder:
    function = open_ctypes(*[ctypes.c_void_p] * 3)
    return lambda a, b, c, n=None: function(a.ctypes.data, b.ctypes.data, c.ctypes.data, length(a, n))


def by_ndpointer(read: str, written: str) -> Adder:
    function = open_ctypes(ndpointer(read), ndpointer(read), ndpointer(written))
    return lambda a, b, c, n=None: function(a, b, c, length(a, n))


def by_cffi(writable: bool) -> Adder:
    from _kernels_cffi import ffi, lib  # type: ignore[import-not-found]

    def add(a: Any, b: Any, c: Any, n: int | None = None) -> Any:
        buffers = [ffi.from_buffer("double[]", a), ffi.from_buffer("double[]", b), ffi.from_buffer("double[]", c, writable)]
        return lib.add(*buffers, length(a, n))

    return add


def by_f2py(name: str) -> Adder:
    import by_f2py as module  # type: ignore[import-not-found]

    function = getattr(module, name)
    return lambda a, b, c, n=None: function(a, b, c) if n is None else function(a, b, c, n)


def by_module(module: str, name: str = "add") -> Adder:
    return getattr(__import__(module), name)  # type: ignore[no-any-return]


BARE: dict[str, Callable[[], Adder]] = {  # need no package beyond NumPy
    "ndcall": by_ndcall,
    'ndcall, copy="never"': lambda: by_ndcall(copy="never"),
    "by hand": by_hand,
    "ctypes": by_ctypes,
    "ndpointer": lambda: by_ndpointer(FLAGS, FLAGS),
    "ndpointer, strict": lambda: by_ndpointer(STRICT, f"{STRICT},WRITEABLE"),
}
PEERS: dict[str, Callable[[], Adder]] = {
    "f2py inout": lambda: by_f2py("add"),
    "f2py inplace": lambda: by_f2py("add_inplace"),
    "f2py in,out": lambda: by_f2py("add_returned"),
    "Cython": lambda: by_module("by_cython"),
    "nanobind": lambda: by_module("by_nanobind"),
    "nanobind, noconvert": lambda: by_module("by_nanobind", "add_strict"),
    "pybind11": lambda: by_module("by_pybind11"),
    "pybind11, noconvert": lambda: by_module("by_pybind11", "add_strict"),
    "cffi": lambda: by_cffi(writable=False),
    "cffi, writable": lambda: by_cffi(writable=True),
    "numba": lambda: by_module("by_numba"),
}
ADDERS = BARE | PEERS
TAKE_LENGTH = ("ctypes", "ndpointer", "ndpointer, strict", "f2py inout", "f2py inplace", "f2py in,out", "cffi", "cffi, writable")
