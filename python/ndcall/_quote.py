"""The lines of a source that hold a function, for a person to look at."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Container

from ._digest import sha256

_LARGEST = 4 << 20  # bytes of a source
_MOST_LINES = 60
_LONGEST_LINE = 200
_PIECE = re.compile(r"""/\*.*?(?:\*/|\Z)|//[^\n]*|"(?:\\[^\n]|[^"\\\n])*"|'(?:\\[^\n]|[^'\\\n])*'|[{};]""", re.DOTALL)


def quote_function(path: str, line: int, hashes: Container[str]) -> list[str]:
    """The lines from a declaration to the end of its body, or to its semicolon.

    Parameters
    ----------
    path : str
        The source or header.
    line : int
        Where the declaration begins, from 1.
    hashes : container of str
        What was loaded. A file with another SHA-256 is not what runs, and nothing of it is shown.

    Returns
    -------
    list of str
        At most 60 lines, cut where they are very long; [] when the file is not there any more, or another.
    """
    content = _read(path)
    if content is None or sha256(content) not in hashes:
        return []
    lines = content.decode("utf-8", "replace").split("\n")[line - 1 : line - 1 + _MOST_LINES + 1]
    lines = [one.rstrip("\r") if len(one) <= _LONGEST_LINE else one[:_LONGEST_LINE] + " ..." for one in lines]
    end = _find_end("\n".join(lines))
    return lines[:end] if end <= _MOST_LINES else [*lines[:_MOST_LINES], "..."]


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb", buffering=0, opener=_open_file) as file:
            status = os.fstat(file.fileno())
            return file.read() if stat.S_ISREG(status.st_mode) and status.st_size <= _LARGEST else None
    except OSError:
        return None


def _open_file(path: str, flags: int) -> int:
    """A pipe that stands in the file's place by now does not stop us."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _find_end(text: str) -> int:
    """How many lines the function takes that begins the text. Looked for by braces alone, outside comments and strings: what a macro hides
    makes the quotation longer, and nothing else."""
    depth = 0
    for piece in _PIECE.finditer(text):
        depth += {"{": 1, "}": -1}.get(piece[0], 0)
        if depth <= 0 and piece[0] in ("}", ";"):
            return text.count("\n", 0, piece.end()) + 1
    return text.count("\n") + 1
