"""Array flags in every form in which ctypes scripts write them, as NumPy's bits."""

from __future__ import annotations

import operator
import warnings
from collections.abc import Iterable
from typing import Any

from .._exceptions import UnknownNameError
from .._suggest import suggest_nearest

# NumPy's bit, and its names from the long one to the letter.
_ROWS = (
    (0x0001, ("C_CONTIGUOUS", "CONTIGUOUS", "C")),
    (0x0002, ("F_CONTIGUOUS", "FORTRAN", "F")),
    (0x0100, ("ALIGNED", "A")),
    (0x0400, ("WRITEABLE", "W")),
    (0x0004, ("OWNDATA", "O")),
    (0x2000, ("WRITEBACKIFCOPY", "X")),
)
_BITS = {name: bit for bit, names in _ROWS for name in names}
_RETIRED = {"UPDATEIFCOPY": "WRITEBACKIFCOPY", "U": "WRITEBACKIFCOPY"}  # gone since NumPy 1.23


def read_flags(flags: Any, level: int) -> int | None:
    """The bits of `flags`: None, a number, `array.flags`, words with commas between them, or a sequence of words.

    Bits are joined: a word that is said twice counts once. `level` frames up is the line that a warning shows.
    """
    if flags is None:
        return None
    number = getattr(flags, "num", flags)  # `array.flags` has its bits there
    if hasattr(number, "__index__"):
        return operator.index(number)
    words = flags.split(",") if isinstance(flags, str) else flags
    if not isinstance(words, Iterable) or isinstance(words, bytes):
        raise TypeError(f"invalid flags specification: {flags!r} is neither words, nor a number, nor the flags of an array")
    found = 0
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"invalid flags specification: {word!r} in {flags!r} is not a word")
        found |= _BITS[_normalise(word, level + 1)]
    return found


def _normalise(word: str, level: int) -> str:
    name = word.strip().upper()
    if name in _RETIRED:
        warnings.warn(f"flag {name} is gone from NumPy; {_RETIRED[name]} is read instead", DeprecationWarning, stacklevel=level + 1)
        return _RETIRED[name]
    if name not in _BITS:
        raise UnknownNameError(f"there is no flag {name!r}{suggest_nearest(name, _BITS)}")
    return name


def name_flags(bits: int) -> list[str]:
    """The long names of bits."""
    return [names[0] for bit, names in _ROWS if bits & bit]
