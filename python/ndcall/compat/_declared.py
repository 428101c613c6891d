"""Libraries of ctypes whose `argtypes` and `restype` are held against declarations when they are set."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .._exceptions import BindError
from .._traceback import brief_traceback
from ._ctypes_library import CDLL, derive_functions
from ._levels import Level, fits, list_levels, show_type, write_type
from ._members import find_wrong_member


class Declared:
    """What ctypes' function type gets in front: every function of the library is one."""

    __name__: str
    _declarations_: Any = None
    _restype_is_set = False

    @property
    def argtypes(self) -> Any:
        return super().argtypes  # type: ignore[misc]

    @argtypes.setter
    def argtypes(self, kinds: Iterable[Any] | None) -> None:
        with brief_traceback():
            kinds = tuple(kinds) if isinstance(kinds, Iterator) else kinds  # which both would read: the second finds nothing
            outline = None if kinds is None else self._outline()
            if kinds is not None and outline is not None:
                _check(self.__name__, outline, self._find_wrong_arguments(outline, kinds) + self._find_missing_result(outline))
            super(Declared, type(self)).argtypes.__set__(self, kinds)  # type: ignore[misc]

    @argtypes.deleter
    def argtypes(self) -> None:
        super(Declared, type(self)).argtypes.__delete__(self)  # type: ignore[misc]

    @property
    def restype(self) -> Any:
        return super().restype  # type: ignore[misc]

    @restype.setter
    def restype(self, kind: Any) -> None:
        with brief_traceback():
            outline = self._outline()
            if outline is not None:
                _check(self.__name__, outline, self._find_wrong_result(outline[3], kind))
            super(Declared, type(self)).restype.__set__(self, kind)  # type: ignore[misc]
            self._restype_is_set = True

    @restype.deleter
    def restype(self) -> None:
        super(Declared, type(self)).restype.__delete__(self)  # type: ignore[misc]
        self._restype_is_set = False

    def _outline(self) -> Any:
        """What is declared; None where that is nothing, and of a function that has no name, such as a cast one."""
        name = getattr(self, "__name__", "")
        return self._declarations_.outline(name) if name else None

    def _find_missing_result(self, outline: Any) -> list[tuple[str, str]]:
        """A `restype` that is not set is C's int to ctypes, whatever C returns: half of an address, nothing of a double."""
        result = outline[3]
        if self._restype_is_set or result[0][0] == "void" or fits([("signed", 4, "c_int")], result):
            return []
        written = write_type(result)
        return [(f"restype is not set, and C returns {result[0][2]}", f"restype = {written}, before argtypes" if written else "")]

    def _find_wrong_arguments(self, outline: Any, kinds: Iterable[Any]) -> list[tuple[str, str]]:
        """What is wrong with `argtypes`, and what to write instead."""
        _, _, _, _, parameters, is_variadic = outline
        kinds = tuple(kinds)
        if len(kinds) < len(parameters) or (len(kinds) > len(parameters) and not is_variadic):
            return [(f"argtypes has {len(kinds)}, and C takes {len(parameters)}", "")]
        wrong = []
        for i, (kind, (name, declared)) in enumerate(zip(kinds, parameters, strict=False)):
            which = f"argument {i + 1} '{name}'" if name else f"argument {i + 1}"
            problem, written = self._find_problem(kind, declared, i)
            if problem:
                wrong.append((f"{which} is {show_type(kind)}, and C takes {problem}", f"argument {i + 1}: {written}" if written else ""))
        return wrong

    def _find_wrong_result(self, declared: Sequence[Level], kind: Any) -> list[tuple[str, str]]:
        problem, written = self._find_problem(kind, declared, -1)
        return [(f"restype is {show_type(kind)}, and C returns {problem}", f"restype = {written}" if written else "")] if problem else []

    def _find_problem(self, kind: Any, declared: Sequence[Level], position: int) -> tuple[str, str]:
        """What C has there and `kind` has not, and the type that would; "" where it fits. Position -1 is the result."""
        given = list_levels(kind)
        if given is None or (given[0][0] == declared[0][0] == "void"):
            return "", ""
        if declared[0][0] == "void" or not fits(given, declared):
            return declared[0][2], write_type(declared)
        member = find_wrong_member(kind, self._declarations_.members(self.__name__, position))
        return (f"{declared[0][2]}: {member}", "") if member else ("", "")


def _check(name: str, outline: Any, wrong: list[tuple[str, str]]) -> None:
    if not wrong:
        return
    text, file, line, *_ = outline
    rows = [f"{name}: {'; '.join(problem for problem, _ in wrong)}", f"  declared  {text}   ({os.path.basename(file)}:{line})"]
    rows += [f"  fix       {fix}" for _, fix in wrong if fix]
    raise BindError("\n".join(rows))


def declare_by_header(library: CDLL, header: Any, folder: str) -> None:
    """Hold the functions of a library against headers or sources; a relative path lies in `folder`."""
    from .._build import fetch_entry
    from .._paths import Anchor
    from .._request import list_paths, make_request

    paths = list_paths(header, "header=")
    if not paths:
        raise ValueError("header= names no file")
    anchor = Anchor(folder, "beside the library")
    nothing: Any = {"only": None, "exclude": None, "include_dirs": (), "defines": None, "flags": (), "compiler": None}
    request = make_request("header", paths, anchor, **nothing)
    derive_functions(library, Declared, _declarations_=fetch_entry(request).declarations)


def declare_by_debug_info(library: CDLL) -> None:
    """Hold the functions of a library against its own debug information."""
    from .._dwarf.library import DebugInformation

    derive_functions(library, Declared, _declarations_=DebugInformation(library._name))
