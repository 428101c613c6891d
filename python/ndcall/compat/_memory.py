"""Arrays over memory that somebody else owns."""

from __future__ import annotations

import ctypes
import math
import operator
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np


class _Memory:
    """Bytes at an address, as NumPy asks for them; holds whoever keeps them alive."""

    __slots__ = ("__array_interface__", "_owner")

    def __init__(self, address: int, size: int, owner: object) -> None:
        self.__array_interface__ = {"version": 3, "data": (address, False), "shape": (size,), "typestr": "|u1"}
        self._owner = owner


def view_memory(address: int, dtype: np.dtype[Any], shape: Iterable[int], owner: object) -> Any:
    """An array at an address, which is not 0, that keeps `owner` alive.

    By NumPy's own protocol: an array type of ctypes would be a new class for each length, and every class is a cycle of references.
    """
    extents = tuple(map(operator.index, shape))
    if any(extent < 0 for extent in extents):
        raise ValueError(f"Array length must be >= 0, not {min(extents)}")
    size = math.prod(extents) * dtype.itemsize
    # SAFETY: none but the caller's word that the bytes are there; their number agrees with shape and dtype, in Python's own integers.
    return np.ndarray(extents, dtype, np.asarray(_Memory(address, size, owner)))


class Released:
    """Memory that C made: given back once, when the last array over it is gone."""

    __slots__ = ("_address", "_free")

    def __init__(self, address: int, free: Callable[[Any], Any]) -> None:
        self._address = address
        self._free = free

    def __del__(self) -> None:
        self._free(ctypes.c_void_p(self._address))  # a plain number would be cut to C's int where `argtypes` are not set
