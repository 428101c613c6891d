"""Locks on open files and folders (flock), which end with the process that holds them, however it ends."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator

_REFUSED = frozenset({errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN})
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EIO})  # of file systems without flock
_OPEN_LOCK = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
_LONGEST_PAUSE = 0.05  # seconds


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Lock an open file or folder, without waiting; whether that succeeded. Where there are no locks it never does."""
    try:
        import fcntl

        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except ImportError:  # Windows
        return False
    except OSError as error:
        if error.errno in _REFUSED or error.errno in _NO_LOCKS:
            return False
        raise
    return True


@contextlib.contextmanager
def hold_lock(name: str, folder: int, *, seconds: float, shared: bool = False) -> Iterator[bool]:
    """Hold the lock on a permanent file for the block; gives whether it is held. Waits at most `seconds`, so that nobody hangs on a holder
    that was stopped."""
    descriptor = os.open(name, _OPEN_LOCK, 0o600, dir_fd=folder)
    try:
        deadline = time.monotonic() + seconds
        pause = 0.002
        held = try_lock(descriptor, shared=shared)
        while not held and time.monotonic() < deadline:
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            held = try_lock(descriptor, shared=shared)
        yield held
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def spare_work(name: str, folder: int, *, seconds: float, work: str) -> Iterator[tuple[bool, str]]:
    """Wait while another process does the same work, which `work` names.

    Gives whether somebody was waited for, and who still works when the time is over. The lock only spares work: whoever does not get it
    goes on without it.
    """
    from ._progress import Progress

    descriptor = os.open(name, _OPEN_LOCK, 0o600, dir_fd=folder)
    try:
        deadline = time.monotonic() + seconds
        pause = 0.002
        waited = False
        holder = ""
        with Progress(f"waiting for another process that builds {work}") as progress:
            while not try_lock(descriptor):
                holder = os.pread(descriptor, 256, 0).decode("utf-8", "replace").strip()
                if not holder or time.monotonic() > deadline:
                    break  # nobody signed: there are no locks here, or the holder is about to begin
                waited = True
                progress.show()
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                holder = ""
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{os.getpid()} on {os.uname().nodename}\n".encode(), 0)
        yield waited, holder
    finally:
        os.close(descriptor)
