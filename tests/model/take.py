"""One argument on its way to C: the caller's own memory, for an input perhaps a copy in which no value has changed."""

from __future__ import annotations

import array as plain
from dataclasses import dataclass
from typing import Any

import numpy as np

from .functions import PAIR, Array
from .memory import layout_fits
from .rules import RefusalError, convert, is_copied_by_contract, is_number, take_sequence, widening


def dtype_is(demand: Array, x: np.ndarray, target: np.dtype | None) -> bool:
    if x.dtype.hasobject:
        return False
    if target is None:
        return x.dtype.kind in "biufcV"
    if target.kind == "V":
        return x.dtype.newbyteorder("=") == target
    return (x.dtype.kind, x.dtype.itemsize) == (target.kind, target.itemsize)


def faults(demand: Array, x: np.ndarray, target: np.dtype | None, symbols: dict[str, str]) -> list[str]:
    """What keeps this memory from being handed to C as it is; a kind for each fault."""
    found = [] if dtype_is(demand, x, target) else ["dtype"]
    if not found and not x.dtype.isnative:
        found.append("dtype")
    if not isinstance(demand.axes, str) and x.ndim != len(demand.axes):
        found.append("ndim")
    found += ["layout"] if not layout_fits(demand, x, symbols) else []
    found += ["layout"] if not x.flags.aligned else []
    return found + (["layout"] if demand.side in ("inout", "out", "both") and not x.flags.writeable else [])


@dataclass
class Taken:
    array: np.ndarray  # what C sees
    is_private: bool = False


def take_memory(demand: Array, given: Any, target: np.dtype | None, symbols: dict[str, str]) -> Taken:
    if not isinstance(given, np.ndarray) or isinstance(given, (np.matrix, np.ma.MaskedArray)):
        raise RefusalError("object")
    if found := faults(demand, given, target, symbols):
        raise RefusalError(*found)
    return Taken(given)


def open_object(given: Any, target: np.dtype | None) -> np.ndarray:
    """The array that an object offers. Plain bytes are taken by items of one byte, as the bytes that they are."""
    if isinstance(given, np.ndarray):
        return given
    target = np.dtype("u1") if target is None else target
    takes_bytes = target.kind in "iu" and target.itemsize == 1
    if isinstance(given, (bytes, bytearray)) and not takes_bytes:
        raise RefusalError("object")
    if isinstance(given, (bytes, bytearray, plain.array, memoryview)):
        view = memoryview(given)
        is_raw = view.format in ("B", "c") and view.ndim == 1
        return np.asarray(view).view(target) if is_raw and takes_bytes else np.asarray(view)
    if not isinstance(given, type) and hasattr(given, "__array__") and not isinstance(given, np.generic):
        return given.__array__()
    raise RefusalError("object")


def take_input(demand: Array, given: Any, target: np.dtype | None, symbols: dict[str, str], copies: bool) -> Taken:
    if isinstance(given, (list, tuple, range)) or is_number(given):
        made = take_sequence(demand, given, target, copies)
        return Taken(count_from_one(demand, made), True)
    given = open_object(given, target)
    if isinstance(given, np.ma.MaskedArray) and np.ma.getmaskarray(given).any():
        raise RefusalError("object")
    as_read = given if demand.side != "both" else np.array(given)  # a name on both sides: read, and copied into the result
    found = [kind for kind in faults(readable(demand), as_read, target, symbols) if kind in ("dtype", "ndim")]
    if dtype_is(demand, given, target) or (target is not None and target.kind != "V" and widening(given.dtype, target) != "never"):
        found = [kind for kind in found if kind != "dtype"]
    if found:
        raise RefusalError(*found)
    found = faults(readable(demand), given, target, symbols)
    if not found and not is_copied_by_contract(demand):
        return Taken(given)
    if not copies and not is_copied_by_contract(demand):
        raise RefusalError(*found)
    return Taken(count_from_one(demand, convert_to(given, target)), True)


def readable(demand: Array) -> Array:
    """The same demand, of an array that C only reads. What is on both sides may have any steps: it is copied into the result."""
    axes = demand.axes
    if demand.side == "both" and not isinstance(axes, str):
        axes = tuple(type(axis)(axis.extent, "") for axis in axes)
    return Array(demand.name, demand.dtype, axes, "in", demand.fortran, demand.lowest, demand.rows)


def convert_to(x: np.ndarray, target: np.dtype | None) -> np.ndarray:
    if target is None or target.kind == "V":
        return np.array(np.asarray(x), x.dtype.newbyteorder("="), order="C")
    return convert(x, target)


def count_from_one(demand: Array, x: np.ndarray) -> np.ndarray:
    if not demand.from_one:
        return x
    if x.size and int(x.max()) == np.iinfo(x.dtype).max:
        raise RefusalError("range")
    return x + 1


def target_of(demand: Array, like: np.dtype | None) -> np.dtype | None:
    if demand.dtype == "any":
        return None
    if demand.dtype == "pair":
        return PAIR
    if demand.dtype.startswith("like"):
        return like.newbyteorder("=") if like is not None else None
    return np.dtype(demand.dtype)
