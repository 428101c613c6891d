"""What the debug information of a library tells of its functions, as the reader tells what a header does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from .._core import Declarations
from .._exceptions import ReadError
from .files import open_debug_info
from .functions import Function, Functions
from .limits import DamagedError, Patience, UnreadError
from .places import find_place
from .types import TypeWriter, quote

_T = TypeVar("_T")


class DebugInformation:
    """Declarations that are read when they are asked for, one function at a time."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._patience = Patience()
        self._lock = threading.Lock()  # streams have one position
        self._outlines: dict[str, Any] = {}
        self._fault = ""
        self._functions = self._read(self._open)

    def outline(self, name: str) -> Any:
        """As `Declarations.outline`: None where nothing is told."""
        with self._lock:
            if name not in self._outlines:
                self._outlines[name] = self._read(lambda: self._outline(name))
            return self._outlines[name]

    def _read(self, step: Callable[[], _T]) -> _T:
        """What a step gives. After one that failed nothing more is read: what is not found is not known to be missing."""
        if not self._fault:
            self._patience.renew()
            try:
                return step()
            except (UnreadError, NotImplementedError) as error:
                self._fault = f"is not read: {error}"
            except DamagedError as error:
                self._fault = f"is damaged: {error}"
            except ReadError:
                raise
            except Exception as error:  # pyelftools tells that something is damaged by whatever its code then raises
                self._fault = f"is damaged: {_show_error(error)}"
        raise ReadError(f"the debug information of {self._path} {self._fault}")

    def _open(self) -> Functions:
        info, exports = open_debug_info(self._path, self._patience)
        functions = Functions(info, exports, self._patience)
        if not functions.has_told():
            raise UnreadError(_explain_nothing(functions))
        return functions

    def _outline(self, name: str) -> Any:
        found = self._functions.find(name) if name.isidentifier() else []
        if not found or not all(one.is_told for one in found):
            return None
        told = {_write(self._functions, one) for one in found}
        place = find_place(found[0].chain, self._patience)
        if place is None or len(told) > 1:
            return None
        (records, kind), (file, line) = told.pop(), place
        rows = [f"{what} {tag} at 0:{line} size {size} align 0" for tag, (what, size) in records]
        rows = ["ndcall declarations 1", f"file {quote(file)}", *rows, f"function {name} {kind} at 0:{line} definition", "end", ""]
        return Declarations.parse("\n".join(rows).encode(), f"the debug information of {self._path}").outline(name)


def _write(functions: Functions, function: Function) -> tuple[Any, str]:
    """The structs that a function speaks of, and its type. What structs hold is not asked, nor their alignment: 0."""
    writer = TypeWriter(functions.entries)
    kind = writer.write_function(function.chain)
    return tuple(sorted(writer.records.items())), kind


def _explain_nothing(functions: Functions) -> str:
    if functions.is_split:
        return "it lies in .dwo files\n  fix       compile without -gsplit-dwarf"
    if functions.languages:
        return f'it is of {" and ".join(sorted(functions.languages))}, and only that of C and of C++ (extern "C") is'
    return "it does not say what functions take\n  fix       compile with gcc -g, not -g1"


def _show_error(error: Exception) -> str:
    return "".join(one if one.isprintable() else " " for one in f"{type(error).__name__}: {error}"[:200])
