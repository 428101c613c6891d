"""Every exception and warning of ndcall.

::

    NdcallError
    ├── ReadError                       C's text or a saved library cannot be read (file:line), or nothing is there to read it with
    ├── LoadError        (OSError)      a file, library or symbol is not found, or the cache is refused
    ├── UnknownNameError (KeyError)     a name that the library does not have
    ├── ContractError                   a call that breaks its contract; nothing was called
    │   ├── ArgumentError (TypeError)   count, unknown or doubled name, wrong kind of object, None
    │   ├── DtypeError    (TypeError)   dtype, with byte order
    │   ├── ShapeError    (ValueError)  ndim or shape
    │   ├── LayoutError   (ValueError)  strides, alignment, writeability
    │   ├── OverlapError  (ValueError)  a written array shares memory with another argument
    │   ├── RangeError    (OverflowError)  a value that does not fit
    │   └── CheckError    (ValueError)  a `check` of the contract
    ├── BindError                       declaration and contract do not describe a call
    ├── BuildError                      the compiler refused
    ├── CallError                       the function reported a failure
    └── ChannelError                    another process, or what is shared with it, is gone

    UserWarning
    ├── CopyWarning                     a large array was copied to suit C
    ├── CallWarning                     a `warn` of the contract
    └── BuildWarning                    what the compiler warned of

Calls through ctypes have classes of their own below these: `ndcall.compat._exceptions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._core import Mismatch, Report

__all__ = [
    "ArgumentError",
    "BindError",
    "BuildError",
    "BuildWarning",
    "CallError",
    "CallWarning",
    "ChannelError",
    "CheckError",
    "ContractError",
    "CopyWarning",
    "DtypeError",
    "LayoutError",
    "LoadError",
    "NdcallError",
    "OverlapError",
    "RangeError",
    "ReadError",
    "ShapeError",
    "UnknownNameError",
]


class NdcallError(Exception):
    """The base of every exception that ndcall raises by itself."""


class ReadError(NdcallError):
    """A source, header, declaration or saved library cannot be read; the text begins with file and line where there is one."""


class LoadError(NdcallError, OSError):
    """A file, library or symbol was not found, or the cache is refused; the text lists the places tried."""


class UnknownNameError(NdcallError, KeyError):
    """A name that is not there; the text has the nearest ones."""

    def __str__(self) -> str:
        return Exception.__str__(self)  # KeyError would show the repr of the text


class ContractError(NdcallError):
    """A call breaks its contract. Nothing was called, and no argument was changed.

    The text is made when it is first read. `kind`, `argument`, `position` (from 0), `problem`, `expected`, `got` and `fix` are those
    of the first mismatch, also in a copy and in another process.

    Attributes
    ----------
    mismatches : sequence of Mismatch
        Everything that is wrong, in the order of the arguments; empty in a copy and after unpickling.
    """

    _report: Report | None = None

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        return () if self._report is None else tuple(self._report.mismatches)

    def __getattr__(self, name: str) -> Any:
        if name in _OF_MISMATCH and self.mismatches:
            return getattr(self.mismatches[0], name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)

    def __str__(self) -> str:
        return super().__str__() if self._report is None else self._report.text()

    def __reduce__(self) -> tuple[Any, ...]:
        first = {name: getattr(self, name) for name in _OF_MISMATCH} if self.mismatches else {}
        return type(self), (str(self),), first | {name: value for name, value in vars(self).items() if name != "_report"}


_OF_MISMATCH = frozenset({"kind", "argument", "position", "problem", "expected", "got", "fix"})


class ArgumentError(ContractError, TypeError):
    """Wrong number of arguments, an unknown or doubled name, a wrong kind of object, or None."""


class DtypeError(ContractError, TypeError):
    """An array, or what would become one, has a dtype that cannot be passed."""


class ShapeError(ContractError, ValueError):
    """The number of dimensions is wrong, or extents do not agree."""


class LayoutError(ContractError, ValueError):
    """Strides, alignment or writeability do not suit, and a copy is not allowed."""


class OverlapError(ContractError, ValueError):
    """A written array shares memory with another argument or with itself."""


class RangeError(ContractError, OverflowError):
    """A value does not fit, or is not representable."""


class CheckError(ContractError, ValueError):
    """A `check` of the contract does not hold."""


class BindError(NdcallError):
    """A declaration and its contract do not describe a call; the text has the line that would cure it."""


class BuildError(NdcallError):
    """The compiler or linker refused.

    Attributes
    ----------
    command : tuple of str
        The command that failed.
    output : str
        All that it printed.
    """

    command: tuple[str, ...] = ()
    output: str = ""

    def __init__(self, message: str = "", *, command: tuple[str, ...] = (), output: str = "") -> None:
        super().__init__(message)
        self.command = command
        self.output = output


class CallError(NdcallError):
    """C was called and reported a failure, by its status or by an exception."""


class ChannelError(NdcallError):
    """Another process, or what is shared with it, is gone."""


class CopyWarning(UserWarning):
    """A large array was copied to suit C; said once per function and argument."""


class CallWarning(UserWarning):
    """A `warn` of the contract held after a call."""


class BuildWarning(UserWarning):
    """The compiler warned of something, or a build took a detour."""


for _name in __all__:
    globals()[_name].__module__ = "ndcall"
