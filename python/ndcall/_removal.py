"""What leaves the cache: the folders of builders that died, and what was not used for longest.

What is removed is first moved to `builds`, in one step: nobody finds half of it, and what its remover leaves goes at the next start. A
library that is loaded stays in memory.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator

from ._cache import Cache
from ._environment import say
from ._locks import hold_lock, try_lock
from ._owned import OPEN_FILE, OPEN_FOLDER, remove
from ._value import Value

BUILDS_LOCK = "builds"  # held shared by who makes a folder in `builds`, alone by who removes some
_KEPT = ("entries", "manifests", "facts", "sources")  # the folders whose contents count
_OLD = 86400  # seconds after which a folder goes where nobody can tell whether its builder lives
_DEFAULT_LIMIT = 1024  # MiB


class Kept(Value):
    """A file or folder that the cache holds."""

    folder: str  # which of the cache's folders it is in
    name: str
    last_used: float  # seconds since the epoch
    size: int  # bytes


def remove_leftovers(cache: Cache) -> None:
    """Remove what builders left who did not end in order."""
    builds = cache.folder("builds")
    names = os.listdir(builds)
    if not names:
        return
    with hold_lock(BUILDS_LOCK, cache.folder("locks"), seconds=0) as alone:
        for name in names:
            with contextlib.suppress(OSError):
                _remove_if_left(name, builds, alone)


def _remove_if_left(name: str, builds: int, alone: bool) -> None:
    descriptor = os.open(name, OPEN_FILE, dir_fd=builds)
    try:
        status = os.fstat(descriptor)
        is_left = alone and try_lock(descriptor)
        if not is_left and time.time() - status.st_ctime < _OLD:
            return
    finally:
        os.close(descriptor)
    remove(name, builds)


def read_limit() -> int:
    """How many bytes the cache may hold: NDCALL_CACHE_SIZE in MiB, else 1 GiB."""
    given = os.environ.get("NDCALL_CACHE_SIZE", "")
    if given and not given.isdecimal():
        say(f"NDCALL_CACHE_SIZE is {given!r}, which is no whole number of MiB; {_DEFAULT_LIMIT} is taken")
    return (int(given) if given.isdecimal() else _DEFAULT_LIMIT) << 20


def remove_oldest(cache: Cache, keep: str) -> None:
    """Remove what was not used for longest until the cache is within its limit; never the entry `keep`."""
    found = list(list_kept(cache))
    total = sum(kept.size for kept in found)
    limit = read_limit()
    for kept in sorted(found, key=lambda kept: kept.last_used):
        if total <= limit:
            break
        if kept.name != keep and discard(kept, cache):
            total -= kept.size


def list_kept(cache: Cache) -> Iterator[Kept]:
    """Everything that the cache keeps, in no order."""
    for folder in _KEPT:
        for name in os.listdir(cache.folder(folder)):
            with contextlib.suppress(OSError):
                yield Kept(folder, name, *_measure(name, cache.folder(folder)))


def discard(kept: Kept, cache: Cache) -> bool:
    """Remove something that the cache keeps; whether it is gone."""
    moved = f"{os.getpid()}-{os.urandom(8).hex()}"
    builds = cache.folder("builds")
    try:
        os.rename(kept.name, moved, src_dir_fd=cache.folder(kept.folder), dst_dir_fd=builds)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    remove(moved, builds)
    return True


def _measure(name: str, folder: int) -> tuple[float, int]:
    """When something in the cache was last used, and its bytes."""
    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode):
        return status.st_mtime, status.st_size
    inner = os.open(name, OPEN_FOLDER, dir_fd=folder)
    try:
        statuses = [os.stat(file, dir_fd=inner, follow_symlinks=False) for file in os.listdir(inner)]
    finally:
        os.close(inner)
    return max((one.st_mtime for one in statuses), default=status.st_mtime), sum(one.st_size for one in statuses)
