"""What C prints, in IPython and in notebooks.

C keeps what it prints in a buffer of its own, and flushes it by the line only on a terminal. A notebook's kernel reads the process's output
through a pipe: without help the text comes when 4 KiB are full, in whichever cell runs then. So C's standard output goes by the line here
too, and what is left of a line goes when the cell ends. Nothing is done in a call.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from typing import Any

from ._core import flush_output, flush_output_by_line

_LONGEST_WAIT = 0.2  # seconds for a kernel that does not read
_PAUSE = 0.001
_WIDTH = 1 << 20  # bytes of a pipe: the most that Linux grants without rights

_shell: Any = None  # which was told already


def bring_output_to_cells() -> None:
    """Arrange all this in the running shell, once. IPython is known to be imported."""
    global _shell
    find_shell = getattr(sys.modules["IPython"], "get_ipython", None)
    shell = find_shell and find_shell()
    if shell is None or shell is _shell:
        return
    _shell = shell
    flush_output_by_line()
    for descriptor in (1, 2):
        _widen_pipe(descriptor)
    shell.events.register("post_execute", _end_cell)


def _widen_pipe(descriptor: int) -> None:
    """While a call holds the GIL the kernel's thread cannot read, and C would wait for ever when the pipe is full, at 64 KiB by default."""
    with contextlib.suppress(ImportError, AttributeError, OSError):  # not Linux; no pipe, or no more memory for pipes
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _WIDTH)


def _end_cell() -> None:
    flush_output()
    if "ipykernel" in sys.modules:
        _wait_until_read()


def _wait_until_read() -> None:
    """Wait until the kernel's thread has taken what stands in the pipes: afterwards it would belong to the next cell."""
    deadline = time.monotonic() + _LONGEST_WAIT
    while any(_count_unread(descriptor) for descriptor in (1, 2)) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    time.sleep(_PAUSE)  # it has read, and waits for the GIL to hand it on


def _count_unread(descriptor: int) -> int:
    """The bytes that were written to a pipe and not read; 0 for what is no pipe."""
    with contextlib.suppress(ImportError, OSError):  # Windows; a kernel that leaves the descriptors alone, or a closed one
        import fcntl
        import termios

        if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            return 0
        return int.from_bytes(fcntl.ioctl(descriptor, termios.FIONREAD, b"\0\0\0\0"), sys.byteorder)
    return 0
