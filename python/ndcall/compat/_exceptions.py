"""What a call through ctypes raises: ndcall's own exceptions, each also the one that a script of ctypes catches.

::

    TypeError                  what NumPy raises in `from_param`
    ctypes.ArgumentError       what ctypes makes of that in a call
    └── both, and ndcall's class of the same name:
        ArgumentError, DtypeError, ShapeError, LayoutError, OverlapError
"""

from __future__ import annotations

import ctypes

from .. import _exceptions


class _RefusalError(TypeError, ctypes.ArgumentError):
    """What scripts catch."""


class ArgumentError(_exceptions.ArgumentError, _RefusalError):
    """No array, where an ndpointer takes one."""


class DtypeError(_exceptions.DtypeError, _RefusalError):
    """An array of another dtype, or of another byte order."""


class ShapeError(_exceptions.ShapeError, _RefusalError):
    """An array of another number of dimensions, or another shape."""


class LayoutError(_exceptions.LayoutError, _RefusalError):
    """An array that lacks a flag; with ``strict=True`` also one that is not aligned."""


class OverlapError(_exceptions.OverlapError, _RefusalError):
    """With ``strict=True``: an array that C may write shares memory with another, or with itself."""


for _class in (ArgumentError, DtypeError, ShapeError, LayoutError, OverlapError):
    _class.__module__ = "ndcall.compat.ctypeslib"
