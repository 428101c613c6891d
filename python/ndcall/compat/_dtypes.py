"""From dtypes to the types of ctypes."""

from __future__ import annotations

import ctypes
import operator
import sys
from typing import Any

import numpy as np

_SCALARS = (
    ctypes.c_bool,
    *(ctypes.c_byte, ctypes.c_short, ctypes.c_int, ctypes.c_long, ctypes.c_longlong),
    *(ctypes.c_ubyte, ctypes.c_ushort, ctypes.c_uint, ctypes.c_ulong, ctypes.c_ulonglong),
    *(ctypes.c_float, ctypes.c_double),
)
_SWAPPED = "__ctype_be__" if sys.byteorder == "little" else "__ctype_le__"
_BY_DTYPE: dict[np.dtype[Any], Any] = {np.dtype(ctype): ctype for ctype in _SCALARS}


def _define(name: str, *fields: tuple[str, Any]) -> Any:
    return type(name, (ctypes.Structure,), {"_fields_": list(fields), "__module__": "ndcall.compat.ctypeslib"})


# What ctypes has no number for is a structure of the same bytes; and the way back, which NumPy cannot know.
_BY_EXTENDED: dict[np.dtype[Any], Any] = {
    np.dtype("c8"): _define("c_complex64", ("real", ctypes.c_float), ("imag", ctypes.c_float)),
    np.dtype("c16"): _define("c_complex128", ("real", ctypes.c_double), ("imag", ctypes.c_double)),
    np.dtype("G"): _define("c_clongdouble", ("real", ctypes.c_longdouble), ("imag", ctypes.c_longdouble)),
    np.dtype("f2"): _define("c_float16", ("bits", ctypes.c_uint16)),
    np.dtype("g"): ctypes.c_longdouble,
}
EXTENDED: dict[Any, np.dtype[Any]] = {ctype: dtype for dtype, ctype in _BY_EXTENDED.items()}


def as_ctypes_type(dtype: Any, *, extended: bool = False) -> Any:
    """The ctypes type of the same bytes as a dtype: a scalar, an array, a Structure or a Union.

    Fields are in the order of their offsets; padding becomes fields without a name; titles are lost.

    Parameters
    ----------
    dtype : dtype
        Numbers in either byte order, booleans, subarrays, and structures of them.
    extended : bool, optional
        Also complex numbers (structures with `real` and `imag`), float16 (a structure with `bits`) and long double.

    Raises
    ------
    NotImplementedError
        ctypes has no such type, or fields overlap without beginning together.
    """
    return _convert(np.dtype(dtype), extended)


def _convert(dtype: np.dtype[Any], extended: bool) -> Any:
    if dtype.fields is not None:
        return _convert_fields(dtype, extended)
    if dtype.subdtype is not None:
        item, shape = dtype.subdtype
        return make_array_type(_convert(item, extended), shape)
    return _convert_scalar(dtype, extended)


def _convert_scalar(dtype: np.dtype[Any], extended: bool) -> Any:
    native = dtype.newbyteorder("=")
    ctype = _BY_DTYPE.get(native)
    if ctype is not None:
        return ctype if dtype.isnative else getattr(ctype, _SWAPPED)
    if native not in _BY_EXTENDED:
        raise NotImplementedError(f"Converting {dtype!r} to a ctypes type")
    if not extended:
        raise NotImplementedError(f"Converting {dtype!r} to a ctypes type: only with extended=True")
    if not dtype.isnative:
        raise NotImplementedError(f"Converting {dtype!r} to a ctypes type: only in this machine's byte order")
    return _BY_EXTENDED[native]


def make_array_type(ctype: Any, shape: Any) -> Any:
    """The type of an array of `shape`, the last index the fastest; no array for ()."""
    for extent in reversed(tuple(shape)):
        ctype = ctype * operator.index(extent)
    return ctype


def _convert_fields(dtype: np.dtype[Any], extended: bool) -> Any:
    assert dtype.fields is not None
    rows = [(entry[1], name, _convert(entry[0], extended), entry[0].itemsize) for name, entry in dtype.fields.items()]
    rows = [row for row in rows if row[1] in (dtype.names or ())]  # titles are names too, of the same fields
    rows.sort(key=lambda row: row[0])
    if len(rows) > 1 and all(offset == 0 for offset, *_ in rows):
        return _make_union(dtype, rows)
    fields: list[tuple[str, Any]] = []
    end = 0
    for offset, name, ctype, size in rows:
        if offset < end:
            raise NotImplementedError(f"Overlapping fields: {name!r} begins at byte {offset}, the one before it ends at {end}")
        fields += _pad(offset - end)
        fields.append((name, ctype))
        end = offset + size
    return _make_type("struct", ctypes.Structure, fields + _pad(dtype.itemsize - end))


def _make_union(dtype: np.dtype[Any], rows: list[tuple[int, str, Any, int]]) -> Any:
    fields = [(name, ctype) for _, name, ctype, _ in rows]
    longest = max(size for *_, size in rows)
    return _make_type("union", ctypes.Union, fields + (_pad(dtype.itemsize) if dtype.itemsize > longest else []))


def _pad(size: int) -> list[tuple[str, Any]]:
    return [("", ctypes.c_char * size)] if size > 0 else []


def _make_type(name: str, base: Any, fields: list[tuple[str, Any]]) -> Any:
    # The dtype's offsets are right already: nothing is to be aligned. `_layout_` says what `_pack_` means, which Python 3.14 wants said.
    return type(name, (base,), {"_fields_": fields, "_pack_": 1, "_layout_": "ms", "__module__": None})


c_intp = as_ctypes_type(np.intp)
"""The ctypes integer that is as wide as a pointer."""
