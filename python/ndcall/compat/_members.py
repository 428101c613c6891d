"""Whether a structure of ctypes, or a structured dtype, has C's members where C looks for them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ._levels import Level, describe_dtype, fits, list_levels

_BEHIND: Level = ("pointer", ctypes.sizeof(ctypes.c_void_p), "")  # members lie in memory, where a table of addresses may be one of integers


def find_wrong_member(kind: Any, members: Sequence[tuple[str, int, Sequence[Level]]]) -> str:
    """What is wrong in the structure that `kind` is or points to; "" for nothing. `members`: path, offset and levels of each of C's."""
    structure = _find_structure(kind)
    if structure is None:
        return ""
    for path, offset, declared in members:
        given = list(_find_at(structure, offset))
        if not any(levels is None or fits([_BEHIND, *levels], [_BEHIND, *declared]) for levels in given):
            has = given[0][0][2] if given and given[0] else "the middle of a member, or none,"
            return f"at byte {offset} it has {has} where C has {declared[0][2]} {path}"
    return ""


def _find_structure(kind: Any) -> Any:
    """A Structure, a Union, or a dtype that can be a struct; None for anything else, such as a pointer to one without members."""
    given = kind
    while isinstance(kind, type) and issubclass(kind, ctypes._Pointer | ctypes.Array) and hasattr(kind, "_type_"):
        kind = kind._type_
    dtype = getattr(kind, "_dtype_", None)
    if dtype is not None:
        return dtype if dtype.fields is not None or dtype.kind == "c" else None
    is_record = isinstance(kind, type) and issubclass(kind, ctypes.Structure | ctypes.Union)
    return kind if is_record and (kind is given or ctypes.sizeof(kind)) else None


def _find_at(kind: Any, offset: int) -> Iterator[list[Level] | None]:
    """The levels of what begins at an offset, several in a union; None for what nobody knows; nothing in the middle of a member."""
    yield from (_find_in_dtype if isinstance(kind, np.dtype) else _find_in_class)(kind, offset)


def _find_in_class(kind: Any, offset: int) -> Iterator[list[Level] | None]:
    if issubclass(kind, ctypes.Array):
        yield from _find_at(kind._type_, offset % max(1, ctypes.sizeof(kind._type_)))
    elif issubclass(kind, ctypes.Structure | ctypes.Union):
        for base in kind.__mro__:
            for name, member, *bits in vars(base).get("_fields_", ()):
                begin = getattr(kind, name).offset
                if begin <= offset < begin + ctypes.sizeof(member):
                    yield from [None] if bits else _find_at(member, offset - begin)
    elif offset == 0:
        yield list_levels(kind)


def _find_in_dtype(dtype: np.dtype[Any], offset: int) -> Iterator[list[Level] | None]:
    if dtype.subdtype is not None:
        yield from _find_at(dtype.subdtype[0], offset % max(1, dtype.subdtype[0].itemsize))
    elif dtype.fields is not None:
        for member, begin, *_ in dtype.fields.values():
            if begin <= offset < begin + member.itemsize:
                yield from _find_at(member, offset - begin)
    elif dtype.kind == "V":
        yield None
    elif dtype.kind == "c" and offset == dtype.itemsize // 2:
        yield [("float", offset, "an imaginary part")]
    elif offset == 0 or dtype.kind == "S":
        yield [describe_dtype(dtype)]
