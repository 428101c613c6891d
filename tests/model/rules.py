"""What one object is worth to C: the tables of docs/semantics.md, computed from the numbers themselves.

A `RefusalError` carries kinds of mismatch, as the exceptions name them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .functions import Array

KINDS = ("count", "object", "dtype", "ndim", "shape", "layout", "overlap", "range", "check")


class RefusalError(Exception):
    def __init__(self, *kinds: str):
        super().__init__(*kinds)
        self.kinds = kinds


def digits(dtype: np.dtype) -> int:
    """Bits of an integer without its sign, of a float's significand."""
    if dtype.kind in "iu":
        return dtype.itemsize * 8 - (dtype.kind == "i")
    return np.finfo(dtype).nmant + (1 if dtype.itemsize < 16 or dtype == np.complex128 else explicit_bit(dtype))


def explicit_bit(dtype: np.dtype) -> int:
    """x87's long double writes its first bit down."""
    return 1 if np.finfo(dtype).nmant in (112, 63) else 0


def largest_exponent(dtype: np.dtype) -> int:
    return int(np.finfo(dtype).maxexp)


def holds_integer(dtype: np.dtype, value: int) -> bool:
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        return int(info.min) <= value <= int(info.max)
    size = abs(value)
    zeros = (size & -size).bit_length() - 1 if size else 0
    return (size >> max(zeros, 0)).bit_length() <= digits(dtype) and size.bit_length() <= largest_exponent(dtype)


def widening(source: np.dtype, target: np.dtype) -> str:
    """ "same", "lossless", "by value" or "never"."""
    if (source.kind, source.itemsize) == (target.kind, target.itemsize):
        return "same"
    if source.kind not in "biufc" or target.kind not in "iufc":
        return "never"
    if source.kind == "b":
        return "lossless"
    if source.kind in "iu":
        least = -(2 ** digits(source)) if source.kind == "i" else 0
        if target.kind in "iu":
            return "lossless" if all(holds_integer(target, v) for v in (least, 2 ** digits(source) - 1)) else "never"
        fits = holds_integer(target, 2 ** digits(source) - 1) and holds_integer(target, least)
        return "lossless" if fits else "by value"
    if (source.kind == "c" and target.kind != "c") or target.kind in "iu":
        return "never"
    fits = digits(source) <= digits(target) and largest_exponent(source) <= largest_exponent(target)
    return "lossless" if fits else "never"


def convert(x: np.ndarray, target: np.dtype) -> np.ndarray:
    """A copy in which no value has changed, native and in C order."""
    way = widening(x.dtype, target)
    if way == "never":
        raise RefusalError("dtype")
    if way == "by value" and not all(holds_integer(target, int(v)) for v in x.flat):
        raise RefusalError("range")
    return np.array(np.asarray(x), target, order="C")


# --- numbers


def scalar_of(given: Any) -> Any:
    """A 0-d array is the scalar of its dtype."""
    return given[()] if isinstance(given, np.ndarray) and given.ndim == 0 else given


def integer_of(given: Any) -> int | None:
    if isinstance(given, (int, np.integer)) and not isinstance(given, np.timedelta64):
        return int(given)
    return None


def number(given: Any, target: np.dtype) -> Any:
    """The scalar that C gets. CallRefusedError: "object" where the table of numbers refuses, "range" where the value is at fault."""
    if isinstance(given, np.ma.core.MaskedConstant):
        raise RefusalError("object")
    was_array = isinstance(given, np.ndarray)
    value = scalar_of(given)
    if target.kind == "b":
        if not isinstance(value, (bool, np.bool_)):
            raise RefusalError("object")
        return target.type(value)
    if isinstance(value, np.bool_):
        raise RefusalError("object")
    integer = integer_of(value)
    if integer is None and target.kind in "iu" and hasattr(type(value), "__index__") and not was_array:
        integer = value.__index__()
    if integer is not None:
        if not holds_integer(target, integer):
            raise RefusalError("range")
        return exact_integer(integer, target)
    return real_or_complex(value, target)


def exact_integer(integer: int, target: np.dtype) -> Any:
    """Long integers reach a long double without passing through a double."""
    if target.kind in "iu" or abs(integer) < 2**53:
        return target.type(integer)
    zeros = (integer & -integer).bit_length() - 1
    significand = np.array([abs(integer) >> zeros], np.uint64).astype(np.longdouble)[0]
    return np.array([np.ldexp(-significand if integer < 0 else significand, zeros)]).astype(target)[0]


def real_or_complex(value: Any, target: np.dtype) -> Any:
    is_real = isinstance(value, (float, np.floating))
    is_complex = isinstance(value, (complex, np.complexfloating))
    if not (is_real and target.kind in "fc") and not (is_complex and target.kind == "c"):
        raise RefusalError("object")
    wide = np.array([value])
    with np.errstate(all="ignore"):
        rounded = wide.astype(target)
    for before, after in zip(*(parts(x) for x in (wide, rounded)), strict=True):
        if not np.isfinite(before):
            continue
        if not np.isfinite(after) or (isinstance(value, (np.longdouble, np.clongdouble)) and np.longdouble(after) != before):
            raise RefusalError("range")
    return rounded[0]


def parts(x: np.ndarray) -> list[Any]:
    return [x.real[0], x.imag[0]] if x.dtype.kind == "c" else [x[0], type(x[0])(0)] if x.dtype.kind == "f" else [x[0]]


# --- sequences


def shape_of(given: Any) -> tuple[int, ...]:
    """Of nested lists; ragged ones are refused."""
    if isinstance(given, np.ndarray) and given.ndim:
        return given.shape
    if not isinstance(given, (list, tuple, range)):
        return ()
    inner = {shape_of(item) for item in given}
    if len(inner) > 1:
        raise RefusalError("shape")
    return (len(given), *(inner.pop() if inner else ()))


def leaves(given: Any) -> Any:
    if isinstance(given, (list, tuple, range)):
        for item in given:
            yield from leaves(item)
    else:
        yield given


def is_number(given: Any) -> bool:
    return isinstance(given, (int, float, complex, np.bool_, np.number)) and not isinstance(given, np.timedelta64)


def natural_dtype(item: Any) -> np.dtype:
    """What becomes of an item when the contract says `any`."""
    if isinstance(item, (np.generic, np.ndarray)):
        return item.dtype.newbyteorder("=")
    return np.dtype(
        next((code for kind, code in ((bool, "?"), (int, "i8"), (float, "f8"), (complex, "c16")) if isinstance(item, kind)), "i8")
    )


def is_copied_by_contract(demand: Array) -> bool:
    return demand.side == "copy" or demand.from_one


def take_sequence(demand: Array, given: Any, target: np.dtype | None, copies: bool) -> np.ndarray:
    """A list, a tuple, a range, or a number where the contract has no extents."""
    items = list(leaves(given))
    if odd := [item for item in items if not is_number(item) and not hasattr(type(item), "__index__")]:
        raise RefusalError("dtype" if isinstance(odd[0], np.generic) else "object")
    shape = shape_of(given)
    if not isinstance(demand.axes, str) and len(shape) != len(demand.axes):
        raise RefusalError("ndim")
    is_list = isinstance(given, (list, tuple, range))
    if not copies and not is_copied_by_contract(demand) and is_list:
        raise RefusalError("layout")
    if target is None:
        target = np.result_type(*[natural_dtype(item) for item in items]) if items else np.dtype("f8")
    made = np.zeros(len(items), target)
    for i, item in enumerate(items):
        try:
            made[i] = number(item, target)
        except RefusalError as refusal:
            if refusal.kinds == ("object",):
                raise RefusalError("dtype" if is_number(item) else "object") from None
            raise
    return made.reshape(shape)
