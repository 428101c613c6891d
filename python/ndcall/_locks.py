"""Locks on open files and folders (flock), which end with the process that holds them, however it ends.

They only spare work. Where there are none (some network file systems), where the file of one cannot be opened, and where its holder was
stopped, whoever wants it goes on without it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator

_REFUSED = frozenset({errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN})
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EIO})  # of file systems without flock
_OPEN_LOCK = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_LONGEST_PAUSE = 0.05  # seconds


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Lock an open file or folder, without waiting; whether that succeeded. Where there are no locks it never does."""
    return bool(_ask_for_lock(descriptor, shared))


def _ask_for_lock(descriptor: int, shared: bool) -> bool | None:
    """Whether the lock is held now; None where there are no locks."""
    try:
        import fcntl

        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except ImportError:  # Windows
        return None
    except OSError as error:
        if error.errno in _REFUSED:
            return False
        if error.errno in _NO_LOCKS:
            return None
        raise
    return True


def _wait_for_lock(descriptor: int, seconds: float, *, shared: bool = False, tell: Callable[[], object] = bool) -> bool | None:
    """Lock an open file, waiting at most so long for its holder, and calling `tell` meanwhile; None where there are no locks."""
    deadline = time.monotonic() + seconds
    pause = 0.002
    while (held := _ask_for_lock(descriptor, shared)) is False and time.monotonic() < deadline:
        tell()
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
    return held


@contextlib.contextmanager
def _opened_lock(name: str, folder: int) -> Iterator[int | None]:
    """The permanent file of a lock, unlocked when the block ends; None where it cannot be opened."""
    try:
        descriptor = os.open(name, _OPEN_LOCK, 0o600, dir_fd=folder)
    except OSError:
        yield None
        return
    try:
        yield descriptor
    finally:
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_UN)  # closing does not, where another thread forked: the child has a copy
        os.close(descriptor)


@contextlib.contextmanager
def hold_lock(name: str, folder: int, *, seconds: float, shared: bool = False) -> Iterator[bool]:
    """Hold the lock on a permanent file for the block; gives whether it is held. Waits at most `seconds`, so that nobody hangs on a holder
    that was stopped."""
    with _opened_lock(name, folder) as descriptor:
        yield descriptor is not None and bool(_wait_for_lock(descriptor, seconds, shared=shared))


@contextlib.contextmanager
def spare_work(name: str, folder: int, *, seconds: float, work: str) -> Iterator[tuple[bool, str]]:
    """Wait while another process does the same work, which `work` names.

    Gives whether somebody was waited for, and who still works when the time is over.
    """
    with _opened_lock(name, folder) as descriptor:
        if descriptor is None:
            yield False, ""
            return
        held = _ask_for_lock(descriptor, False)
        waited = held is False
        if waited:
            from ._progress import Progress

            with Progress(f"waiting for another process that builds {work}") as progress:
                held = _wait_for_lock(descriptor, seconds, tell=progress.show)
        if held:
            with contextlib.suppress(OSError):  # on a full disk nobody is told who holds it
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{os.getpid()} on {os.uname().nodename}\n".encode(), 0)
        yield waited, _read_holder(descriptor) if held is False else ""


def _read_holder(descriptor: int) -> str:
    """Who signed a lock's file."""
    try:
        return os.pread(descriptor, 256, 0).decode("utf-8", "replace").strip() or "unknown"
    except OSError:
        return "unknown"
