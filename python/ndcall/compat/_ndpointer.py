"""`ndpointer`: classes that check an array where ctypes asks for a type."""

from __future__ import annotations

import ctypes
import numbers
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from .._core import NdpointerCheck
from ._flags import name_flags, read_flags
from ._memory import Released, view_memory

# Of each specification its class, for as long as somebody uses it.
_CLASSES: WeakValueDictionary[tuple[Any, ...], type] = WeakValueDictionary()


class _ndptr(ctypes.c_void_p):  # noqa: N801  # a type of ctypes, named as those are
    """What every class of `ndpointer` is."""

    _dtype_: np.dtype[Any] | None = None
    _ndim_: int | None = None
    _shape_: tuple[Any, ...] | None = None
    _flags_: int | None = None
    _optional_ = False
    _free_: Callable[[Any], Any] | None = None


class _concrete_ndptr(_ndptr):  # noqa: N801
    """One whose dtype and shape are known: what C returns as such is an array."""

    @property
    def contents(self) -> Any:
        """The array behind the pointer."""
        return self._view(None)

    def _check_retval_(self) -> Any:
        return self._view(self._free_)

    def _view(self, free: Callable[[Any], Any] | None) -> Any:
        if self.value is None:
            raise ValueError("NULL pointer access")
        owner = None if free is None else Released(self.value, free)
        return view_memory(self.value, np.dtype(self._dtype_), self._shape_ or (), owner)


def ndpointer(
    dtype: Any = None,
    ndim: Any = None,
    shape: Any = None,
    flags: Any = None,
    *,
    optional: bool = False,
    free: Callable[[Any], Any] | None = None,
) -> Any:
    """A class for `argtypes` that takes arrays as it says, and for `restype`.

    Parameters
    ----------
    dtype : dtype, optional
        With its byte order; any without it.
    ndim : int, optional
        Number of dimensions.
    shape : int or tuple of int, optional
        The extents; None in the place of one stands for any: ``(None, 3)``.
    flags : str, sequence of str, int or `array.flags`, optional
        What the array must be at least: ``"C_CONTIGUOUS"`` (``"C"``), ``"F_CONTIGUOUS"``, ``"ALIGNED"``, ``"WRITEABLE"``, ``"OWNDATA"``,
        ``"WRITEBACKIFCOPY"``.
    optional : bool, optional
        Whether None is taken, and is NULL in C.
    free : callable, optional
        Of a `restype`: gets the address, as a `ctypes.c_void_p`, when the last array over what C returned is gone.

    Returns
    -------
    class
        A kind of `ctypes.c_void_p`; the same for the same specification. As `restype` it gives an array when dtype and shape are known,
        else the pointer.

    Raises
    ------
    TypeError
        By the class, for an array that is not so.
    """
    bits = read_flags(flags, level=2)
    dtype = None if dtype is None else np.dtype(dtype)
    if not (ndim is None or isinstance(ndim, numbers.Real)):
        raise TypeError(f"ndim must be a number, not {ndim!r}")
    shape = None if shape is None else _read_shape(shape)
    if free is not None and not _is_concrete(dtype, shape):
        raise TypeError("ndpointer(free=...) gives arrays: it needs a dtype, and a shape without None")
    specification = (dtype, ndim, shape, bits, bool(optional))
    key = (*specification, id(free))  # which the class keeps alive; functions of ctypes have no hash
    found = _CLASSES.get(key)
    return _CLASSES.setdefault(key, _make_class(*specification, free)) if found is None else found


def _read_shape(shape: Any) -> tuple[Any, ...]:
    try:
        extents = tuple(shape)
    except TypeError:
        extents = (shape,)
    return tuple(map(_read_extent, extents))


def _read_extent(extent: Any) -> Any:
    """The integer that equals it, if one does: (3.0,) and (3,) are one class, and what C returns as such needs integers."""
    try:
        number = int(extent)
    except (TypeError, ValueError, OverflowError):
        return extent
    return number if number == extent else extent


def _is_concrete(dtype: Any, shape: Any) -> bool:
    return dtype is not None and shape is not None and None not in shape


def _make_class(dtype: Any, ndim: Any, shape: Any, bits: Any, optional: bool, free: Any) -> type:
    name = "ndpointer_" + ("any" if dtype is None else dtype.str)
    if ndim is not None:
        name += f"_{int(ndim)}d"
    if shape is not None:
        name += "_" + "x".join(map(str, shape))
    if bits is not None:
        name += "_" + "_".join(name_flags(bits))
    members = {
        "_dtype_": dtype,
        "_ndim_": ndim,
        "_shape_": shape,
        "_flags_": bits,
        "_optional_": optional,
        "_free_": None if free is None else staticmethod(free),
        "__module__": "ndcall.compat.ctypeslib",
        "from_param": NdpointerCheck(dtype, ndim, shape, bits, optional=optional),
    }
    return type(name, (_concrete_ndptr if _is_concrete(dtype, shape) else _ndptr,), members)
