"""Libraries of ctypes whose functions, once argtypes and restype are set, are called through ndcall's plan."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

from .._core import describe_ctypes_path, get_ctypes_function_type
from .._exceptions import LoadError


class CDLL(ctypes.CDLL):
    """A `ctypes.CDLL`, in every respect but the price of a call.

    Once `argtypes` and `restype` of a function are types that ndcall knows, its calls go through a plan: classes of `ndpointer`, ctypes'
    numbers, `c_void_p`, `c_char_p`, `POINTER(...)`, and None as restype. Every other call is made by ctypes itself, and so is one with an
    argument that the plan does not know at sight: results are the same, and exceptions those that a script catches. `explain_path` tells
    which way a call takes.

    Raises
    ------
    LoadError
        Also an OSError: the library cannot be loaded.
    """

    _FuncPtr: Any

    def __init__(self, name: Any, *arguments: Any, **options: Any) -> None:
        try:
            super().__init__(name, *arguments, **options)
        except OSError as error:
            raise LoadError(f"{error}{_find_reason(name)}") from None
        made_by_ctypes = self._FuncPtr

        class _FuncPtr(get_ctypes_function_type()):  # type: ignore[misc]
            _flags_ = made_by_ctypes._flags_
            _restype_ = made_by_ctypes._restype_

        self._FuncPtr = _FuncPtr


def _find_reason(path: Any) -> str:
    """Why a file is no library of this platform, where that is seen at once."""
    try:
        with open(path, "rb") as file:
            is_windows = file.read(2) == b"MZ"
    except (OSError, TypeError, ValueError):
        return ""
    return f"\n  {os.fsdecode(path)} is a library for Windows, and this is {sys.platform}" if is_windows else ""


def derive_functions(library: CDLL, *bases: type, **members: Any) -> None:
    """Give a library a class of functions that has these bases in front and these members; to be called before the first function is."""
    made = library._FuncPtr
    of_ctypes = {"_flags_": made._flags_, "_restype_": made._restype_}  # which ctypes wants in every class itself
    library._FuncPtr = type(made.__name__, (*bases, made), {**of_ctypes, **members})


class PyDLL(CDLL, ctypes.PyDLL):
    """A `CDLL` whose functions are called with the GIL held, and may set a Python exception.

    Releasing and taking the GIL is half of what a short call costs. No other thread of Python runs meanwhile: a function that waits for
    one, such as a thread of C's own that calls back, waits for ever.
    """


cdll: ctypes.LibraryLoader[CDLL] = ctypes.LibraryLoader(CDLL)
pydll: ctypes.LibraryLoader[PyDLL] = ctypes.LibraryLoader(PyDLL)


def explain_path(function: Any, *arguments: Any) -> str:
    """Tell which way a function of a `CDLL` is called, or would be with these arguments. Nothing is called.

    Parameters
    ----------
    function : a function of a `CDLL` of this module
    *arguments
        Those of a call. Without any, the answer is about the function, and about a call whose arguments fit.

    Returns
    -------
    str
        ``"plan"``, or ``"ctypes: "`` and the reason.
    """
    return describe_ctypes_path(function, arguments if arguments else None)
