"""One line on the terminal for work that takes longer than a moment: what is being done, and for how long."""

from __future__ import annotations

import contextlib
import math
import os
import sys
import time

from ._environment import is_set

_MOMENT = 0.5  # seconds before anything is shown


class Progress:
    """What is being done, from now on; the loop that waits for it calls `show`. Whatever stands on the terminal goes when the block ends.

    Nothing is shown in a pipe, a file or a notebook, nor under NDCALL_VERBOSE, whose lines tell the same and stay.
    """

    def __init__(self, doing: str) -> None:
        self._text = "ndcall: " + "".join(one if one.isascii() and one.isprintable() else "?" for one in doing)
        self._began = time.monotonic()
        self._columns: int | None = None  # of the terminal; 0: there is none; None: nobody looked yet
        self._shown = ""

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._write("")

    def show(self) -> float:
        """Show what is due by now; gives the seconds until there is something else to show."""
        elapsed = time.monotonic() - self._began
        if elapsed < _MOMENT:
            return _MOMENT - elapsed
        if self._columns is None:
            self._columns = _measure_terminal()
        if self._columns == 0:
            return math.inf
        seconds = int(elapsed)
        # A line that was wrapped could not be erased.
        self._write((self._text + (f" ({seconds} s)" if seconds else ""))[: self._columns - 1])
        return 1 - elapsed % 1

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # the terminal was closed meanwhile
            sys.stderr.write("\r" + text.ljust(len(self._shown)) + ("" if text else "\r"))
            sys.stderr.flush()
        self._shown = text


def _measure_terminal() -> int:
    """The columns of the terminal behind sys.stderr; 0 where there is none, or none that goes back to the beginning of a line."""
    if is_set("NDCALL_VERBOSE") or os.environ.get("TERM") == "dumb":
        return 0
    try:
        return (os.get_terminal_size(sys.stderr.fileno()).columns or 80) if sys.stderr.isatty() else 0
    except (AttributeError, OSError, ValueError):  # no stderr, a closed one, or an object of somebody's without a descriptor
        return 0
