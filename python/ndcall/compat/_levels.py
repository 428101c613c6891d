"""Whether a type of ctypes can stand for a type of C: both as lists of levels, what a pointer points to after it."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from .._core import NdpointerCheck

_NUMBERS = ("c_bool", "c_char", "c_byte", "c_short", "c_int", "c_long", "c_ubyte", "c_ushort", "c_uint", "c_ulong", "c_float", "c_double")
Level = tuple[str, int, str]  # kind as the core names it, size in bytes, in words

FUNCTION: Any = type(ctypes.pythonapi.Py_IsInitialized).__mro__[1]  # what every function of ctypes is
_INTEGERS = frozenset({"bool", "character", "signed", "unsigned", "enum"})
_CODES = {
    **dict.fromkeys("bhilq", "signed"),
    **dict.fromkeys("BHILQ", "unsigned"),
    **dict.fromkeys("fdg", "float"),
    "?": "bool",
    "c": "character",
}
_KINDS = {"b": "bool", "i": "signed", "u": "unsigned", "f": "float", "c": "complex", "S": "character"}  # of NumPy
_POINTEES: dict[str, Level] = {  # of c_void_p, c_char_p, c_wchar_p
    "P": ("any", 0, "anything"),
    "z": ("character", 1, "char"),
    "Z": ("signed", ctypes.sizeof(ctypes.c_wchar), "wchar_t"),
}
_WRITTEN = {(_CODES[getattr(ctypes, name)._type_], ctypes.sizeof(getattr(ctypes, name))): f"ctypes.{name}" for name in _NUMBERS}


_WITH_A_NAME = {"void": "ctypes.c_void_p", "character": "ctypes.c_char_p"}  # pointers to these


def list_levels(kind: Any) -> list[Level] | None:
    """A type in `argtypes` or `restype`; None where nobody knows what it makes of an argument."""
    if kind is None:
        return [("void", 0, "None")]
    return _list_class(kind) if isinstance(kind, type) else None


def _list_class(kind: Any) -> list[Level] | None:
    name = kind.__name__
    own = vars(kind).get("from_param")
    if own is not None and kind.__module__ != "ctypes" and not isinstance(own, NdpointerCheck):
        return None
    if is_ndpointer(kind):
        return [("pointer", ctypes.sizeof(ctypes.c_void_p), name), describe_dtype(kind._dtype_)]
    if issubclass(kind, ctypes._Pointer | ctypes.Array):
        return [("pointer", ctypes.sizeof(ctypes.c_void_p), name), *_list_pointee(kind._type_)]
    if issubclass(kind, ctypes._SimpleCData):
        return _list_simple(kind)
    for base, what in ((ctypes.Structure, "struct"), (ctypes.Union, "union")):
        if issubclass(kind, base):
            return [(what, ctypes.sizeof(kind), name)]
    if issubclass(kind, FUNCTION):
        return [("pointer", ctypes.sizeof(kind), name), ("function", 0, "a function")]
    return None


def is_ndpointer(kind: Any) -> bool:
    """Whether it is a class of ndpointer, NumPy's or ours."""
    return hasattr(kind, "_dtype_") and hasattr(kind, "_flags_")


def is_swapped(kind: Any) -> bool:
    """Whether a number of ctypes has the other byte order."""
    return getattr(kind, "__ctype_le__" if sys.byteorder == "little" else "__ctype_be__", kind) is not kind


def _list_pointee(kind: Any) -> list[Level]:
    if issubclass(kind, ctypes.Array):
        return [("array", ctypes.sizeof(kind), kind.__name__), *_list_pointee(kind._type_)]
    return _list_class(kind) or [_POINTEES["P"]]


def _list_simple(kind: Any) -> list[Level] | None:
    size, code = ctypes.sizeof(kind), kind._type_
    if is_swapped(kind):
        return None
    if code in _POINTEES:
        return [("pointer", size, kind.__name__), _POINTEES[code]]
    return [(_CODES[code], size, kind.__name__)] if code in _CODES else None


def describe_dtype(dtype: np.dtype[Any] | None) -> Level:
    """The level of an array's items."""
    if dtype is None:
        return "any", 0, "any dtype"
    size = 1 if dtype.kind == "S" else dtype.base.itemsize
    return ("struct" if dtype.kind == "V" else _KINDS.get(dtype.kind, "any")), size, str(dtype)


def fits(given: Sequence[Level], declared: Sequence[Level]) -> bool:
    """Whether what ctypes passes is what C takes. Signs are not compared, nor the names of structures."""
    pairs = zip(_leave_out_arrays(given), _leave_out_arrays(declared), strict=False)
    for i, ((kind, size, _), (wanted, wanted_size, _)) in enumerate(pairs):
        behind_pointer = i > 0
        if behind_pointer and (kind == "any" or wanted in ("void", "other")):
            return True
        if not _fits_level(kind, size, wanted, wanted_size, behind_pointer):
            return False
        if kind != "pointer" or wanted != "pointer":
            return True
    return True


def _leave_out_arrays(levels: Sequence[Level]) -> list[Level]:
    """Rows of a fixed length lie in one piece: what counts is what their items are."""
    return [level for i, level in enumerate(levels) if i == 0 or level[0] != "array"]


def show_type(kind: Any) -> str:
    """A type of ctypes as a script writes it."""
    if isinstance(kind, type) and issubclass(kind, ctypes._Pointer) and hasattr(kind, "_type_"):
        return f"POINTER({show_type(kind._type_)})"
    if isinstance(kind, type) and issubclass(kind, FUNCTION):
        own: Any = kind
        return f"CFUNCTYPE({', '.join(map(show_type, (own._restype_, *getattr(own, '_argtypes_', ()))))})"
    return getattr(kind, "__name__", repr(kind))


def write_type(declared: Sequence[Level]) -> str:
    """The type of ctypes for one of C, as a script writes it; "" where there is none that needs no thought."""
    kind, size, _ = declared[0]
    if kind == "pointer":
        if declared[1][0] in _WITH_A_NAME:
            return _WITH_A_NAME[declared[1][0]]
        inner = write_type(declared[1:])
        return f"ctypes.POINTER({inner})" if inner else ""
    return "None" if kind == "void" else _WRITTEN.get((kind, size), "")


def _fits_level(kind: str, size: int, wanted: str, wanted_size: int, behind_pointer: bool) -> bool:
    if wanted_size and size and size != wanted_size:
        # The parts of a complex number one by one: `double *` takes complex128.
        return behind_pointer and kind == "complex" and wanted == "float" and size == 2 * wanted_size
    if kind in _INTEGERS and wanted in _INTEGERS:
        return True
    if behind_pointer and (kind in _INTEGERS and wanted == "pointer"):
        return True  # a table of addresses
    if behind_pointer and kind in ("complex", "struct") and wanted in ("complex", "struct", "union"):
        return True
    return kind == wanted
