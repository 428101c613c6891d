"""From the `argtypes` that a script has set to the call of `ndcall.load` that takes their place."""

from __future__ import annotations

import ctypes
import os
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ._arrays import take_apart
from ._draft_structs import NUMBERS, StructWriter, UndraftableError, is_name, write_number
from ._levels import FUNCTION, Level, is_ndpointer, is_swapped, list_levels, show_type

_NAMES = {"array": "abcdefgh", "whole": "nmkl", "broken": "xyzw", "text": "st", "record": "pqr"}  # of arguments, by what they are
_HEADER = """\
# Drafted by ndcall from what a script has told ctypes of {name}. Nobody has read it yet.
#
# ctypes knows no names, no lengths, and not what C writes: so each array has a length of its own, and is 'inout'. Where n is the length of
# all and C writes the last, `f: inout a[a0], inout b[b0], n` becomes `f: a[n] -> b[n]`; n is then no argument, and b a result.
# What a script passes with byref is an array of one here; `-> a` makes it a result. A pointer to a struct is one struct; `inout p[n]` is an
# array of them. An ndpointer without an order took arrays of any steps: here they lie in one piece, and `a[m:,n:]` takes any steps. A
# c_char_p is taken for text that C reads."""
_REFUSED = """\
# No line of this version of ndcall says these. Go on calling them through ctypes: both share the library, and arrays and numbers go from
# one to the other."""


def draft(lib: Any) -> str:
    """The call of `ndcall.load` that takes the place of a library with its `argtypes`, as text to read and edit.

    Each function whose `argtypes` were set by ``lib.NAME.argtypes = ...`` has a prototype and a contract line with the same arguments in
    the same order; structures are declared. What a line of this version cannot say yet, such as callbacks, is listed with its reason.

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
    structs = StructWriter()
    prototypes, lines, refused = [], [], []
    described = list_described(lib)
    handles = [one.__name__ for one in described if one.restype is ctypes.c_void_p and is_name(one.__name__)]
    for function in described:
        try:
            written = _FunctionWriter(function, structs, handles)
        except UndraftableError as reason:
            refused.append(_flatten(f"#   {function.__name__}: {reason}"))
        else:
            prototypes.append(written.prototype)
            lines += written.lines
    path = str(lib._name)
    paragraphs = [_HEADER.format(name=_flatten(os.path.basename(path)))]
    if lines:
        rows = {"declarations": structs.definitions + prototypes, "contracts": structs.lines + lines}
        texts = [f'    {noun}="""\n' + "\n".join(text) + '\n""",' for noun, text in rows.items()]
        paragraphs.append("\n".join(["import ndcall", "", f"{variable} = ndcall.load(", f"    {path!r},", *texts, ")"]))
    if refused:
        paragraphs.append("\n".join([_REFUSED, *refused]))
    return "\n\n".join(paragraphs) + "\n"


def list_described(lib: Any) -> list[Any]:
    """The functions of a library whose `argtypes` are set, in the order of their names."""
    found = [one for one in vars(lib).values() if isinstance(one, FUNCTION) and one.argtypes is not None]
    return sorted(found, key=lambda one: str(one.__name__))


class _FunctionWriter:
    """A prototype, and the lines of the contract: notes, and the function's own."""

    def __init__(self, function: Any, structs: StructWriter, handles: Sequence[str]) -> None:
        name = function.__name__
        if not is_name(name):
            raise UndraftableError("its name is none of C's")
        if getattr(function, "errcheck", None) is not None:
            raise UndraftableError("errcheck looks at its result: write it as `ok CONDITION`")
        self._structs = structs
        self._handles = handles
        self._counts: Counter[str] = Counter()
        self._notes: list[str] = []
        result = self._write_result(function.restype)
        arguments = [self._write_argument(i, kind) for i, kind in enumerate(function.argtypes, 1)]
        self.prototype = f"{result}{name}({', '.join(declared for declared, _ in arguments) or 'void'});"
        self.lines = [f"# {name}: {note}" for note in self._notes] + [f"{name}: {', '.join(item for _, item in arguments)}".rstrip()]

    def _write_result(self, kind: Any) -> str:
        """C's words in front of the name."""
        if kind is None:
            return "void "
        if is_swapped(kind):
            raise UndraftableError(f"restype is {show_type(kind)} with swapped bytes")
        if number := write_number(kind):
            return f"{number} "
        if kind is ctypes.c_char_p:
            self._notes.append("the result is a str here, not bytes")
            return "const char *"
        if isinstance(kind, type) and issubclass(kind, ctypes.Structure):
            return f"struct {self._structs.define(kind)} "
        levels = list_levels(kind)
        is_pointer = levels is not None and levels[0][0] == "pointer"
        raise UndraftableError(f"restype is {show_type(kind)}{': memory that C owns' if is_pointer else ', which'} has no line yet")

    def _write_argument(self, position: int, kind: Any) -> tuple[str, str]:
        """A parameter of the prototype, and an item of the contract."""
        if number := write_number(kind):
            name = self._name("broken" if number.startswith(("float", "double", "long double", "_Float")) else "whole")
            return f"{number} {name}", name
        levels = list_levels(kind)
        if is_swapped(kind):
            raise UndraftableError(
                f"argument {position} is {show_type(kind)} with swapped bytes: declare it as an integer, and swap the value"
            )
        if levels is None:
            is_simple = isinstance(kind, type) and issubclass(kind, ctypes._SimpleCData)
            why = "has no line yet" if is_simple else "only Python knows: do what its from_param does before the call"
            raise UndraftableError(f"argument {position} is {show_type(kind)}, which {why}")
        if issubclass(kind, ctypes.Structure):
            name = self._name("record")
            return f"struct {self._structs.define(kind)} {name}", name
        if levels[0][0] != "pointer":
            raise UndraftableError(f"argument {position} is {show_type(kind)}: a union has no line yet")
        write = self._write_array if is_ndpointer(kind) else self._write_pointer
        return write(position, kind, levels)

    def _write_pointer(self, position: int, kind: Any, levels: Sequence[Level]) -> tuple[str, str]:
        if levels[1][:2] == ("character", 1):
            name = self._name("text")
            return f"const char *{name}", name
        if levels[1][0] == "any":
            return self._write_memory(position)
        if not issubclass(kind, ctypes.Array | ctypes._Pointer):
            raise UndraftableError(f"argument {position} is {show_type(kind)}: {_find_obstacle(levels)}")
        is_array = issubclass(kind, ctypes.Array)
        item, lengths = take_apart(kind if is_array else kind._type_)
        if number := write_number(item):
            name = self._name("array")
            return f"{number} *{name}", f"inout {name}[{_join_extents(name, lengths, is_array) or '*'}]"
        if issubclass(item, ctypes.Structure):
            name = self._name("record")
            extents = f"[{_join_extents(name, lengths, is_array)}]" if lengths else ""
            return f"struct {self._structs.define(item)} *{name}", f"inout {name}{extents}"
        if issubclass(item, ctypes._Pointer) and not lengths and (number := write_number(item._type_)):
            name = self._name("array")
            self._notes.append(f"argument {position} is a table of rows in this line: an ordinary array of two dimensions")
            return f"{number} **{name}", f"inout rows {name}[{name}0,{name}1]"
        raise UndraftableError(f"argument {position} is {show_type(kind)}: {_find_obstacle(levels)}")

    def _write_memory(self, position: int) -> tuple[str, str]:
        name = self._name("array")
        if self._handles:
            handle = f"a handle, as {self._handles[0]} returns one, has no line yet, and goes through ctypes"
            self._notes.append(f"argument {position} is the memory of an array in this line; {handle}")
        return f"void *{name}", f"inout {name}: any[*]"

    def _write_array(self, position: int, kind: Any, levels: Sequence[Level]) -> tuple[str, str]:
        dtype, name = kind._dtype_, self._name("array")
        mark = "?" if getattr(kind, "_optional_", False) else ""
        extents = _write_extents(kind, name)
        order = "fortran " if _is_fortran(kind) and extents not in ("", "[*]") else ""
        if dtype is None:
            return f"void *{name}", f"inout {order}{name}: any{extents}{mark}"
        if dtype.fields is not None:
            return f"struct {self._structs.define(dtype)} *{name}", f"inout {order}{name}{extents}{mark}"
        number = NUMBERS.get(levels[1][:2]) if dtype.kind in "biufc" else None
        if number is None:
            raise UndraftableError(f"argument {position} is {show_type(kind)}: an array of {dtype} has no line yet")
        if not dtype.isnative:
            same = dtype.newbyteorder("=").str[1:]
            self._notes.append(
                f'argument {position} has swapped bytes, for which no line has a word: pass the same bytes, {name}.view("{same}")'
            )
        return f"{number} *{name}", f"inout {order}{name}{extents}{mark}"

    def _name(self, noun: str) -> str:
        letters = _NAMES[noun]
        self._counts[noun] += 1
        number = self._counts[noun] - 1
        return letters[number] if number < len(letters) else f"{letters[0]}_{number}"


def _join_extents(name: str, lengths: Sequence[int], is_array: bool) -> str:
    """Those of an array type of ctypes; behind a pointer to one lie several."""
    return ",".join([f"{name}0"] * (bool(lengths) and not is_array) + [str(length) for length in lengths])


def _find_obstacle(levels: Sequence[Level]) -> str:
    """Why a pointer has no line."""
    behind = [kind for kind, *_ in levels[1:]]
    if behind[0] == "pointer":
        what = {"character": "an array of texts", "any": "a pointer that C sets"}.get(behind[1] if len(behind) > 1 else "", "that")
    else:
        what = {"function": "a callback"}.get(behind[0], "that")
    return f"{what} has no line yet"


def _write_extents(kind: Any, name: str) -> str:
    """In brackets; nothing for an array without dimensions."""
    shape: Sequence[Any] | None = getattr(kind, "_shape_", None)
    ndim = getattr(kind, "_ndim_", None)
    if shape is None and ndim is None:
        return "[*]"
    extents = [None] * int(ndim or 0) if shape is None else shape
    words = [f"{name}{axis}" if extent is None else str(int(extent)) for axis, extent in enumerate(extents)]
    return f"[{','.join(words)}]" if words else ""


def _is_fortran(kind: Any) -> bool:
    flags = getattr(kind, "_flags_", None) or 0
    return bool(flags & 2) and not flags & 1


def _flatten(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
