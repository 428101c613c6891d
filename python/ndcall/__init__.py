"""Call compiled C on NumPy arrays, with every argument checked.

>>> import ndcall
>>> lib = ndcall.load("filter.c")  # doctest: +SKIP
>>> lib.dfilter2d(image)  # doctest: +SKIP
"""

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
    "load",
    "show",
]

Library.__module__ = load.__module__ = show.__module__ = "ndcall"
