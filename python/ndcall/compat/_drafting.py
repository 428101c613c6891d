"""From the `argtypes` that a script has set to the call of `ndcall.load` that takes their place."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ._levels import FUNCTION, Level, list_levels, show_type

_NUMBERS = {
    ("bool", 1): "_Bool",
    ("character", 1): "char",
    **{("signed", size): word for size, word in ((1, "signed char"), (2, "short"), (4, "int"), (8, "long"))},
    **{("unsigned", size): f"unsigned {word}" for size, word in ((1, "char"), (2, "short"), (4, "int"), (8, "long"))},
    **{("float", size): word for size, word in ((2, "_Float16"), (4, "float"), (8, "double"), (16, "long double"))},
    **{("complex", size): f"{word} _Complex" for size, word in ((8, "float"), (16, "double"), (32, "long double"))},
}
_NAMES = {"array": "abcdefgh", "whole": "nmkl", "broken": "xyzw", "text": "st"}  # of arguments, by what they are
_HEADER = """\
# Drafted by ndcall from what a script has told ctypes of {name}. Nobody has read it yet.
#
# ctypes knows no names, no lengths, and not what C writes: so each array has a length of its own, and is 'inout'. Where n is the length of
# all and C writes the last, `f: inout a[a0], inout b[b0], n` becomes `f: a[n] -> b[n]`; n is then no argument, and b a result.
# A c_char_p is taken for text that C reads."""


class _UndraftableError(Exception):
    """Why a function has no line, in words."""


def draft(lib: Any) -> str:
    """The call of `ndcall.load` that takes the place of a library with its `argtypes`, as text to read and edit.

    Each function whose `argtypes` were set by ``lib.NAME.argtypes = ...`` has a prototype and a contract line with the same arguments in
    the same order. What a line of this version cannot say yet, such as callbacks, is listed with its reason.

    Parameters
    ----------
    lib : ctypes.CDLL
        Any library of ctypes, whichever module its ndpointers come from.

    Returns
    -------
    str
        Lines of Python.
    """
    return write_draft(lib, "lib")


def write_draft(lib: Any, variable: str) -> str:
    """What `draft` gives, for a library that is to have this name."""
    prototypes, lines, refused = [], [], []
    for function in list_described(lib):
        try:
            prototype, line = _draft_function(function)
        except _UndraftableError as reason:
            refused.append(f"#   {_flatten(function.__name__)}: {reason}")
        else:
            prototypes.append(prototype)
            lines.append(line)
    path = str(lib._name)
    paragraphs = [_HEADER.format(name=_flatten(os.path.basename(path)))]
    if lines:
        texts = [f'    {noun}="""\n' + "\n".join(rows) + '\n""",' for noun, rows in (("declarations", prototypes), ("contracts", lines))]
        paragraphs.append("\n".join(["import ndcall", "", f"{variable} = ndcall.load(", f"    {path!r},", *texts, ")"]))
    if refused:
        paragraphs.append("\n".join(["# No line of this version of ndcall says these:", *refused]))
    return "\n\n".join(paragraphs) + "\n"


def list_described(lib: Any) -> list[Any]:
    """The functions of a library whose `argtypes` are set, in the order of their names."""
    found = [one for one in vars(lib).values() if isinstance(one, FUNCTION) and one.argtypes is not None]
    return sorted(found, key=lambda one: str(one.__name__))


def _draft_function(function: Any) -> tuple[str, str]:
    """A prototype, and a contract line."""
    name = function.__name__
    if not (name.isidentifier() and name.isascii()):
        raise _UndraftableError("its name is none of C's")
    if getattr(function, "errcheck", None) is not None:
        raise _UndraftableError("errcheck looks at its result: write it as `ok CONDITION`")
    result = _write_result(function.restype)
    counts: Counter[str] = Counter()
    arguments = [_write_argument(i, kind, counts) for i, kind in enumerate(function.argtypes, 1)]
    prototype = f"{result} {name}({', '.join(declared for declared, _ in arguments) or 'void'});"
    return prototype, f"{name}: {', '.join(item for _, item in arguments)}".rstrip()


def _write_result(kind: Any) -> str:
    levels = list_levels(kind)
    if kind is None:
        return "void"
    if levels is None or levels[0][:2] not in _NUMBERS:
        why = "what C owns is not bound yet" if levels is None or levels[0][0] == "pointer" else "give ndcall.load the header, which has it"
        raise _UndraftableError(f"restype is {show_type(kind)}: {why}")
    return _NUMBERS[levels[0][:2]]


def _write_argument(position: int, kind: Any, counts: Counter[str]) -> tuple[str, str]:
    """A parameter of the prototype, and an item of the contract."""
    levels = list_levels(kind)
    if levels is None:
        raise _UndraftableError(f"argument {position} is {show_type(kind)}, which only Python knows")
    if levels[0][:2] in _NUMBERS:
        name = _name("broken" if levels[0][0] in ("float", "complex") else "whole", counts)
        return f"{_NUMBERS[levels[0][:2]]} {name}", name
    if levels[0][0] == "struct":
        raise _UndraftableError(f"argument {position} is {show_type(kind)}: give ndcall.load the header, which has it")
    if levels[0][0] != "pointer" or len(levels) != 2 or levels[1][0] == "function":
        raise _UndraftableError(f"argument {position} is {show_type(kind)}, which is not bound yet")
    if levels[1][:2] == ("character", 1) and not hasattr(kind, "_flags_"):
        name = _name("text", counts)
        return f"const char *{name}", name
    return _write_array(position, kind, levels[1], _name("array", counts))


def _write_array(position: int, kind: Any, item: Level, name: str) -> tuple[str, str]:
    mark = "?" if getattr(kind, "_optional_", False) else ""
    extents = "[" + ",".join(_list_extents(kind, name)) + "]"
    order = "fortran " if _is_fortran(kind) and extents != "[*]" else ""
    if item[0] == "any":
        return f"void *{name}", f"inout {order}{name}: any{extents}{mark}"
    dtype = getattr(kind, "_dtype_", None)
    if item[:2] not in _NUMBERS or (dtype is not None and (dtype.fields is not None or not dtype.isnative)):
        raise _UndraftableError(f"argument {position} is {show_type(kind)}: give ndcall.load the header, which has it")
    return f"{_NUMBERS[item[:2]]} *{name}", f"inout {order}{name}{extents}{mark}"


def _list_extents(kind: Any, name: str) -> Iterator[str]:
    shape: Sequence[Any] | None = getattr(kind, "_shape_", None)
    ndim = getattr(kind, "_ndim_", None)
    if shape is None and ndim is None:
        yield "*"
        return
    for axis, extent in enumerate([None] * int(ndim or 0) if shape is None else shape):
        yield f"{name}{axis}" if extent is None else str(int(extent))


def _is_fortran(kind: Any) -> bool:
    flags = getattr(kind, "_flags_", None) or 0
    return bool(flags & 2) and not flags & 1


def _name(noun: str, counts: Counter[str]) -> str:
    letters = _NAMES[noun]
    counts[noun] += 1
    number = counts[noun] - 1
    return letters[number] if number < len(letters) else f"{letters[0]}_{number}"


def _flatten(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
