"""The functions of `numpy.ctypeslib`, with the same meaning: a script changes one import, and its mistakes become messages.

>>> from ndcall.compat import ctypeslib
>>> lib = ctypeslib.load_library("code", ".")  # doctest: +SKIP
>>> lib.dadd.argtypes = [ctypeslib.ndpointer(float, ndim=1, flags="C,W")]  # doctest: +SKIP

What NumPy has no word for is asked for by one more argument; the page *Coming from ctypes* has the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._arrays import as_array, as_ctypes
from ._ctypes_library import CDLL, PyDLL, cdll, explain_path, pydll
from ._dtypes import as_ctypes_type, c_intp
from ._exceptions import ArgumentError as ArgumentError
from ._exceptions import DtypeError as DtypeError
from ._exceptions import LayoutError as LayoutError
from ._exceptions import OverlapError as OverlapError
from ._exceptions import ShapeError as ShapeError
from ._loading import load_library
from ._ndpointer import ndpointer

if TYPE_CHECKING:
    from ._drafting import draft

# Without the exceptions: `from ctypes import *` has an ArgumentError too, and a script that catches it must go on doing so.
__all__ = [
    "CDLL",
    "PyDLL",
    "as_array",
    "as_ctypes",
    "as_ctypes_type",
    "c_intp",
    "cdll",
    "ctypes_load_library",
    "draft",
    "explain_path",
    "load_library",
    "ndpointer",
    "pydll",
]


_OF_WINDOWS = frozenset({"OleDLL", "WinDLL", "oledll", "windll"})


def __getattr__(name: str) -> Any:
    if name == "draft":  # few scripts ask for it
        from ._drafting import draft

        globals()["draft"] = draft
        draft.__module__ = __name__
        return draft
    if name in _OF_WINDOWS:
        raise AttributeError(f"{name} is for Windows' calling conventions, which other systems do not have: use CDLL or cdll")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def ctypes_load_library(*args: Any, **named: Any) -> Any:
    """The old name of `load_library`."""
    import warnings

    warnings.warn("ctypes_load_library is the old name of load_library", DeprecationWarning, stacklevel=2)
    return load_library(*args, **named)


for _function in (as_array, as_ctypes, as_ctypes_type, explain_path, load_library, ndpointer):
    _function.__module__ = __name__
