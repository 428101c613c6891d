"""The same memory as an array and as an object of ctypes, in both directions, and who keeps it alive."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from ._dtypes import EXTENDED, as_ctypes_type, make_array_type
from ._memory import Released, view_memory


def as_array(obj: Any, shape: Iterable[int] | None = None, *, free: Callable[[Any], Any] | None = None) -> Any:
    """An array of the memory that a ctypes array, structure or pointer stands for.

    Parameters
    ----------
    obj : ctypes object
        An array, a structure, a number, or a pointer.
    shape : sequence of int, optional
        How many items lie behind a pointer; required for one, ignored otherwise.
    free : callable, optional
        Gets the address, as a `ctypes.c_void_p`, when the last array over the memory behind a pointer is gone.

    Returns
    -------
    ndarray
        Shares the memory, and keeps alive all that `obj` is known to keep alive.

    Raises
    ------
    TypeError
        A pointer without a shape.
    ValueError
        A NULL pointer, or a negative extent.
    """
    if not isinstance(obj, ctypes._Pointer):
        item, _ = take_apart(type(obj))
        # NumPy sees structures where there are numbers that ctypes does not have.
        return view_memory(ctypes.addressof(obj), _find_dtype(type(obj)), (), obj) if item in EXTENDED else np.asarray(obj)
    if shape is None:
        raise TypeError("as_array() requires a shape argument when called on a pointer: shape=(3,) for three items")
    if not isinstance(shape, Iterable):
        raise TypeError(f"as_array() takes a tuple as the shape, not {shape!r}; for one dimension ({shape!r},)")
    address = ctypes.addressof(obj.contents)  # NULL is ctypes' ValueError
    owners = list(_list_owners(obj)) if free is None else [Released(address, free), *_list_owners(obj)]
    return view_memory(address, _find_dtype(obj._type_), shape, owners)


def _list_owners(obj: Any) -> Iterator[Any]:
    """An object of ctypes, what it lies in, and what each of them holds now: a pointer that is set anew lets go of the old."""
    while obj is not None:
        yield obj
        if obj._objects is not None:
            yield dict(obj._objects) if isinstance(obj._objects, dict) else obj._objects
        obj = obj._b_base_


def _find_dtype(ctype: Any) -> np.dtype[Any]:
    item, shape = take_apart(ctype)
    try:
        return np.dtype((EXTENDED.get(item, item), shape))
    except TypeError as error:
        raise ValueError(f"as_array() has no dtype for {item.__name__}: {error}") from None


def take_apart(ctype: Any) -> tuple[Any, tuple[int, ...]]:
    """The type of the items of an array of arrays, and its shape; () of anything else."""
    shape: list[int] = []
    while issubclass(ctype, ctypes.Array):
        shape.append(ctype._length_)
        ctype = ctype._type_
    return ctype, tuple(shape)


def as_ctypes(obj: Any, *, extended: bool = False) -> Any:
    """A ctypes object of an array's memory, which keeps the array alive.

    Parameters
    ----------
    obj : array_like
        Anything with ``__array_interface__`` that is C-contiguous and writeable.
    extended : bool, optional
        Also structured arrays, complex numbers, float16 and long double; see `as_ctypes_type`.

    Returns
    -------
    ctypes object
        An array of arrays for each dimension; a number when there is none.

    Raises
    ------
    TypeError
        The array has steps or is read-only.
    NotImplementedError
        ctypes has no such type.
    """
    interface = obj.__array_interface__
    if interface.get("version", 3) != 3:
        raise TypeError("only __array_interface__ version 3 supported")
    address, is_readonly = interface["data"]
    if is_readonly:  # first: numbers of NumPy 2.5 are read-only, and some have strides
        raise TypeError("readonly arrays unsupported: a.copy() is writeable")
    if interface.get("strides") is not None:
        raise TypeError("strided arrays not supported: np.ascontiguousarray(a) makes a copy that is")
    dtype = obj.dtype if extended and hasattr(obj, "dtype") else interface["typestr"]
    memory = make_array_type(as_ctypes_type(dtype, extended=extended), interface["shape"]).from_address(address)
    memory.__dict__["_ndcall_owner"] = obj  # not by setattr: a structure may have a field of that name
    return memory
