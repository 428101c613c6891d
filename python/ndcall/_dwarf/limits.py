"""What bounds the reading of debug information, which may be damaged."""

from __future__ import annotations

import time

DEEPEST = 64  # types within types: as many as the core takes
LONGEST = 1 << 16  # characters of a type
MOST_BYTES = 2 << 30  # of debug information
MOST_SECTIONS = 4096
SECONDS = 60.0  # for one look-up, as for the reader of C


class DamagedError(Exception):
    """What was read cannot be; the text says why."""


class UnreadError(Exception):
    """What is there is of a form that is not read; the text says which."""


class Patience:
    """The time that a look-up may take: what is read step by step ends, however long its steps lead in a circle."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self._end = time.monotonic() + SECONDS

    def spend(self) -> None:
        if time.monotonic() > self._end:
            raise DamagedError(f"it could not be read within {SECONDS:.0f} s")
