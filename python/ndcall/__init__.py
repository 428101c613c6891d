"""Call compiled C on NumPy arrays, with every argument checked.

>>> import ndcall
>>> lib = ndcall.load("filter.c")  # doctest: +SKIP
>>> lib.dfilter2d(image)  # doctest: +SKIP
"""

import typing as _typing

from ._core import Function
from ._exceptions import (
    ArgumentError,
    BindError,
    BuildError,
    BuildWarning,
    CallError,
    CallWarning,
    ChannelError,
    CheckError,
    ContractError,
    CopyWarning,
    DtypeError,
    LayoutError,
    LoadError,
    NdcallError,
    OverlapError,
    RangeError,
    ReadError,
    ShapeError,
    UnknownNameError,
)
from ._library import Library
from ._load import load
from ._show import show
from ._version import __version__

if _typing.TYPE_CHECKING:
    from ._draft import draft
    from ._save import save

__all__ = [
    "ArgumentError",
    "BindError",
    "BuildError",
    "BuildWarning",
    "CallError",
    "CallWarning",
    "ChannelError",
    "CheckError",
    "ContractError",
    "CopyWarning",
    "DtypeError",
    "Function",
    "LayoutError",
    "Library",
    "LoadError",
    "NdcallError",
    "OverlapError",
    "RangeError",
    "ReadError",
    "ShapeError",
    "UnknownNameError",
    "__version__",
    "draft",
    "load",
    "save",
    "show",
]

Library.__module__ = load.__module__ = show.__module__ = "ndcall"

_LATER = {"draft": "_draft", "save": "_save"}  # names that few programs need, and the modules they are in: imported at their first use


def __getattr__(name: str) -> _typing.Any:
    if name not in _LATER:
        raise AttributeError(f"module 'ndcall' has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(f"ndcall.{_LATER[name]}"), name)
    found.__module__ = "ndcall"
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
