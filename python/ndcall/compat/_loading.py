"""Finding a library by its name without the platform's ending, in a folder that the script names."""

from __future__ import annotations

import os
import sys
from typing import Any

from .._exceptions import LoadError
from ._ctypes_library import CDLL, cdll, derive_functions

_ENDINGS = {"linux": ".so", "darwin": ".dylib", "win32": ".dll", "cygwin": ".dll"}


def load_library(libname: Any, loader_path: Any, *, header: Any = None, debug_info: bool = False, strict: bool = False) -> Any:
    """Load a shared library from a folder, whatever the platform calls it.

    Parameters
    ----------
    libname : str, bytes or path
        The name with its ``lib`` if it has one. Without an ending, that of Python's extension modules and the platform's are tried.
    loader_path : str, bytes or path
        The folder; of a file, such as ``__file__``, the one that it lies in.
    header : path or sequence of paths, optional
        Headers or sources, beside the library where the path is relative: `argtypes` and `restype` are held against their declarations
        when they are set, `restype` before `argtypes`. They are read by a C front end (libclang); nothing else here needs one.
    debug_info : bool, optional
        Whether `argtypes` and `restype` are held against the debug information in the library (``gcc -g``), or in the separate file where
        debuggers look for it. It is read by the Python package pyelftools (``pip install 'ndcall[debug]'``).
    strict : bool, optional
        Whether a call of a function with `argtypes` is refused when an array is not aligned, or when one whose ndpointer demands WRITEABLE
        shares memory with another, or with itself.

    Returns
    -------
    ctypes.CDLL
        The same object for the same file; with `header`, `debug_info` or `strict` one of its own.

    Raises
    ------
    LoadError
        Also an OSError: the library is nowhere, or cannot be loaded.
    ReadError
        The header cannot be read; or there is no debug information, or it is damaged, which may show only when `argtypes` are set.
    BindError
        With `header` or `debug_info`, when `argtypes` or `restype` are set that do not fit the declaration.
    """
    if header is not None and debug_info:
        raise TypeError("load_library() takes header= or debug_info=, not both: each says what the functions take")
    name, place = os.fsdecode(libname), os.path.abspath(os.fsdecode(loader_path))
    folder = place if os.path.isdir(place) else os.path.dirname(place)
    tried = [os.path.join(folder, file) for file in _list_names(name)]
    path = next(filter(os.path.exists, tried), None)
    if path is None:
        raise LoadError("no file with expected extension; tried\n" + "\n".join(f"  {one}" for one in tried))
    try:
        library = cdll[path] if header is None and not debug_info and not strict else CDLL(path)
    except AttributeError as error:  # from Python 3.12 on that is what cdll[...] makes of it
        raise LoadError(str(error.__context__)) from None
    if strict:
        derive_functions(library, _is_strict_=True)
    if header is not None:
        from ._declared import declare_by_header

        declare_by_header(library, header, folder)
    elif debug_info:
        from ._declared import declare_by_debug_info

        declare_by_debug_info(library)
    return library


def _list_names(name: str) -> list[str]:
    if os.path.splitext(name)[1]:
        return [name]
    import sysconfig

    endings = [sysconfig.get_config_var("EXT_SUFFIX") or "", _ENDINGS.get(sys.platform, ".so")]
    return [name + ending for ending in dict.fromkeys(endings) if ending]
