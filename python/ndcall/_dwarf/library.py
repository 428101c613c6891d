"""What the debug information of a library tells of its functions, as the reader tells what a header does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from .._core import Declarations
from .._exceptions import ReadError
from .entries import Entries
from .files import open_debug_info
from .functions import Function, Functions
from .limits import DamagedError, Patience, UnreadError
from .places import find_place
from .records import RecordWriter
from .types import TypeWriter, quote

_T = TypeVar("_T")


class DebugInformation:
    """Declarations that are read when they are asked for, one function at a time."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._patience = Patience()
        self._lock = threading.RLock()  # streams have one position
        self._is_reading = False
        self._declared: dict[str, Declarations | None] = {}
        self._fault = ""
        self._functions = self._read(self._open)

    def outline(self, name: str) -> Any:
        """As `Declarations.outline`: None where nothing is told."""
        declarations = self._declare(name)
        return None if declarations is None else declarations.outline(name)

    def members(self, name: str, position: int) -> list[Any]:
        """As `Declarations.members`."""
        declarations = self._declare(name)
        return [] if declarations is None else declarations.members(name, position)

    def _declare(self, name: str) -> Declarations | None:
        """What a text with one function says; None where nothing is told of it."""
        with self._lock:
            if name not in self._declared:
                # In the middle of another look-up a collection of garbage may run a finalizer that sets `argtypes`: it reads for itself.
                self._declared[name] = DebugInformation(self._path)._declare(name) if self._is_reading else self._parse(name)
            return self._declared[name]

    def _parse(self, name: str) -> Declarations | None:
        self._is_reading = True
        try:
            text = self._read(lambda: self._write(name))
        finally:
            self._is_reading = False
        return Declarations.parse(text.encode(), f"the debug information of {self._path}") if text else None

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

    def _write(self, name: str) -> str:
        """The declarations of one function as a text; "" where nothing is told."""
        found = self._functions.find(name) if name.isidentifier() else []
        place = find_place(found[0].chain, self._patience) if found and all(one.is_told for one in found) else None
        if place is None:
            return ""
        file, line = place
        texts = {_write_function(self._functions.entries, name, one, f"at 0:{line}") for one in found}
        return "" if len(texts) > 1 else f"ndcall declarations 1\nfile {quote(file)}\n{texts.pop()}end\n"


def _write_function(entries: Entries, name: str, function: Function, place: str) -> str:
    """A function, and the structs that it speaks of: where those were written is not asked, nor how they are aligned."""
    types = TypeWriter(entries)
    kind, owners = types.write_function(function.chain)
    records = RecordWriter(entries, types).write(owners, place)
    return "".join(f"{line}\n" for line in [*records, f"function {name} {kind} {place} definition"])


def _explain_nothing(functions: Functions) -> str:
    if functions.is_split:
        return "it lies in .dwo files\n  fix       compile without -gsplit-dwarf"
    if functions.languages:
        return f'it is of {" and ".join(sorted(functions.languages))}, and only that of C and of C++ (extern "C") is'
    return "it does not say what functions take\n  fix       compile with gcc -g, not -g1"


def _show_error(error: Exception) -> str:
    return "".join(one if one.isprintable() else " " for one in f"{type(error).__name__}: {error}"[:200])
