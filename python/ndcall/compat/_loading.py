"""Finding a library by its name without the platform's ending, in a folder that the script names."""

from __future__ import annotations

import os
import sysconfig
from ctypes import cdll
from typing import Any

from .._exceptions import LoadError

_ENDINGS = {"linux": ".so", "darwin": ".dylib", "win32": ".dll", "cygwin": ".dll"}


def load_library(libname: Any, loader_path: Any) -> Any:
    """Load a shared library from a folder, whatever the platform calls it.

    Parameters
    ----------
    libname : str, bytes or path
        The name with its ``lib`` if it has one. Without an ending, that of Python's extension modules and the platform's are tried.
    loader_path : str, bytes or path
        The folder; of a file, such as ``__file__``, the one that it lies in.

    Returns
    -------
    ctypes.CDLL
        The same object for the same file.

    Raises
    ------
    LoadError
        Also an OSError: the library is nowhere, or cannot be loaded.
    """
    name, place = os.fsdecode(libname), os.path.abspath(os.fsdecode(loader_path))
    folder = place if os.path.isdir(place) else os.path.dirname(place)
    tried = [os.path.join(folder, file) for file in _list_names(name)]
    path = next(filter(os.path.exists, tried), None)
    if path is None:
        raise LoadError("no file with expected extension; tried\n" + "\n".join(f"  {one}" for one in tried))
    try:
        return cdll[path]
    except OSError as error:
        raise LoadError(str(error)) from None


def _list_names(name: str) -> list[str]:
    if os.path.splitext(name)[1]:
        return [name]
    import sys

    endings = [sysconfig.get_config_var("EXT_SUFFIX") or "", _ENDINGS.get(sys.platform, ".so")]
    return [name + ending for ending in dict.fromkeys(endings) if ending]
