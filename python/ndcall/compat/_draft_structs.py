"""Structures of ctypes, and structured dtypes, as C declares them."""

from __future__ import annotations

import ctypes
import keyword
from collections.abc import Iterator
from typing import Any

import numpy as np

from ._dtypes import EXTENDED, as_ctypes_type
from ._levels import describe_dtype, is_swapped, list_levels, show_type

NUMBERS = {
    ("bool", 1): "_Bool",
    ("character", 1): "char",
    **{("signed", size): word for size, word in ((1, "signed char"), (2, "short"), (4, "int"), (8, "long"))},
    **{("unsigned", size): f"unsigned {word}" for size, word in ((1, "char"), (2, "short"), (4, "int"), (8, "long"))},
    **{("float", size): word for size, word in ((2, "_Float16"), (4, "float"), (8, "double"), (16, "long double"))},
    **{("complex", size): f"{word} _Complex" for size, word in ((8, "float"), (16, "double"), (32, "long double"))},
}
_WORDS_OF_C = (
    " auto case char const default do double enum extern float goto inline int long register restrict short signed sizeof static struct"
    " switch typedef union unsigned void volatile "
)
_BY_HEADER = ": give ndcall.load the header, which has it"


class UndraftableError(Exception):
    """Why there is no line, in words."""


def write_number(kind: Any) -> str:
    """C's word for a number of ctypes; "" for anything else."""
    if kind in EXTENDED:
        return NUMBERS.get(describe_dtype(EXTENDED[kind])[:2], "")
    levels = list_levels(kind)
    return NUMBERS.get(levels[0][:2], "") if levels else ""


class StructWriter:
    """The structures that a draft needs, each once, those that it contains before it."""

    def __init__(self) -> None:
        self._names: dict[Any, str] = {}
        self._tags: dict[str, str] = {}  # by what stands between the braces
        self.definitions: list[str] = []
        self.lines: list[str] = []  # of the contract

    def define(self, kind: Any) -> str:
        """The tag of a Structure, or of a dtype with fields."""
        if kind in self._names:
            return self._names[kind]
        structure = as_ctypes_type(kind, extended=True) if isinstance(kind, np.dtype) else kind
        wanted = "item" if isinstance(kind, np.dtype) else kind.__name__
        tag = wanted if wanted not in self._names.values() else f"{wanted}_{len(self._names)}"
        if not ctypes.sizeof(structure):
            raise UndraftableError(f"{wanted} has no members: a handle has no line yet")
        if not is_name(tag):
            raise UndraftableError(f"{tag} is no name for a struct of C")
        self._names[kind] = tag  # before its members, which may point to it
        try:
            items: list[str] = []
            members = [self._declare(tag, name, member, items) for name, member in _list_members(structure, tag)]
        except UndraftableError:
            del self._names[kind]
            raise
        body = " ".join(f"{member};" for member in members)
        if isinstance(kind, np.dtype) and body in self._tags:
            self._names[kind] = self._tags[body]
            return self._names[kind]
        self._tags[body] = tag
        self.definitions.append(f"struct {tag} {{ {body} }};")
        if items:
            self.lines.append(f"struct {tag}: {', '.join(items)}")
        return tag

    def _declare(self, tag: str, name: str, member: Any, items: list[str]) -> str:
        """One member; of one that points to numbers also its item in the struct's line."""
        extents = ""
        while issubclass(member, ctypes.Array):
            extents += f"[{member._length_}]"
            member = member._type_
        if number := write_number(member):
            return f"{number} {name}{extents}"
        if issubclass(member, ctypes.Structure):
            return f"struct {self.define(member)} {name}{extents}"
        if member is ctypes.c_char_p:
            return f"const char *{name}{extents}"
        target = member._type_ if issubclass(member, ctypes._Pointer) else None
        is_handle = target is not None and issubclass(target, ctypes.Structure) and not ctypes.sizeof(target)
        if member is ctypes.c_void_p or is_handle:
            return f"void *{name}{extents}"
        if target is not None and (number := write_number(target)):
            items += [] if extents else [f"{name}[*]"]
            return f"{number} *{name}{extents}"
        if target is not None and issubclass(target, ctypes.Structure):
            return f"struct {self.define(target)} *{name}{extents}"
        raise UndraftableError(
            f"member {name} of {tag} is {show_type(member)}{' with swapped bytes' if is_swapped(member) else ''}{_BY_HEADER}"
        )


def is_name(text: str) -> bool:
    """Whether C, and a contract, take it for a name."""
    return text.isidentifier() and text.isascii() and not keyword.iskeyword(text) and f" {text} " not in _WORDS_OF_C


def _list_members(structure: Any, tag: str) -> Iterator[tuple[str, Any]]:
    """Name and type, when they lie where a compiler of C puts them."""
    end = 0
    for name, member, *bits in _list_fields(structure):
        if bits or not is_name(name):
            raise UndraftableError(f"member {name} of {tag} is {'a bit-field' if bits else 'no name of C'}{_BY_HEADER}")
        begin = getattr(structure, name).offset
        if begin != _round_up(end, _find_alignment(member)):
            raise UndraftableError(f"member {name} of {tag} lies at byte {begin}, where C would not put it{_BY_HEADER}")
        end = begin + ctypes.sizeof(member)
        yield name, member
    if ctypes.sizeof(structure) != _round_up(end, _find_alignment(structure)):
        raise UndraftableError(f"{tag} has {ctypes.sizeof(structure)} bytes, which C would not give it{_BY_HEADER}")


def _list_fields(structure: Any) -> Iterator[Any]:
    if issubclass(structure, ctypes.Union):
        raise UndraftableError(f"{structure.__name__} is a union{_BY_HEADER}")
    for base in reversed(structure.__mro__):
        yield from (field for field in vars(base).get("_fields_", ()) if field[0])  # without a name: padding of as_ctypes_type


def _find_alignment(kind: Any) -> int:
    """As C has it, whatever `_pack_` says."""
    while issubclass(kind, ctypes.Array):
        kind = kind._type_
    if kind not in EXTENDED and issubclass(kind, ctypes.Structure):
        return max((_find_alignment(member) for _, member, *_ in _list_fields(kind)), default=1)
    return 1 if issubclass(kind, ctypes.Union) else ctypes.alignment(kind)


def _round_up(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment
