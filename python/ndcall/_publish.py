"""A build in progress, how it becomes an entry of the cache, and what is removed.

A builder works in a private folder, which it keeps locked. What is finished is flushed to disk, and its folder renamed into place by one
call: an entry is there whole or not at all. Folders of builders that died are not locked any more, and go at the next build.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Sequence
from types import TracebackType

from ._cache import Cache, Entry
from ._digest import sha256
from ._interrupt import finish
from ._locks import hold_lock, try_lock
from ._sealed import seal_rows

_OPEN_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_OLD = 86400  # seconds after which a folder goes where nobody can tell whether its builder lives
_DEFAULT_LIMIT = 1024  # MiB
_PATIENCE = 2.0  # seconds to wait for someone who makes a folder, or who removes some
_LOCK = "builds"


class Build:
    """A private folder inside the cache, removed when the block ends.

    Attributes
    ----------
    path : str
        The folder, absolute: for whatever the compiler leaves there.
    entry_path : str
        The folder within it that becomes the entry.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._name = f"{os.getpid()}-{os.urandom(8).hex()}"
        self.path = cache.path_of("builds", self._name)
        self.entry_path = os.path.join(self.path, "entry")

    def __enter__(self) -> Build:
        builds = self._cache.folder("builds")
        # While folders are made the permanent lock is held, so that nobody takes one without a lock for a dead builder's.
        with hold_lock(_LOCK, self._cache.folder("locks"), seconds=_PATIENCE, shared=True):
            os.mkdir(self._name, 0o700, dir_fd=builds)
            self._descriptor = os.open(self._name, _OPEN_FOLDER, dir_fd=builds)
            try_lock(self._descriptor)
        os.mkdir("entry", 0o700, dir_fd=self._descriptor)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            finish(lambda: _remove(self._name, self._cache.folder("builds")))
        finally:
            os.close(self._descriptor)

    def publish(self, key: str, names: Sequence[str], warnings: str) -> Entry:
        """Make the files `names` of the entry's folder an entry; the one that is already there when somebody was faster."""
        folder = os.open("entry", _OPEN_FOLDER, dir_fd=self._descriptor)
        try:
            rows = [["file", name, _finish_file(name, folder)] for name in names]
            rows.append(["warnings", warnings])
            with open(os.open("entry", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder), "wb") as file:
                file.write(seal_rows("entry", rows))
                file.flush()
                os.fsync(file.fileno())
            os.fsync(folder)
        finally:
            os.close(folder)
        entries = self._cache.folder("entries")
        for attempt in ("first", "second"):
            try:
                os.rename("entry", key, src_dir_fd=self._descriptor, dst_dir_fd=entries)
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                    raise
                found = self._cache.find_entry(key)
                if found is not None:
                    return found
                # What is there is damaged. It is moved, never written to: somebody may have loaded it while it was whole.
                with contextlib.suppress(FileNotFoundError):
                    os.rename(key, f"damaged-{attempt}", src_dir_fd=entries, dst_dir_fd=self._descriptor)
            else:
                break
        found = self._cache.find_entry(key)
        if found is None:
            raise OSError(errno.EIO, "what was just written to the cache cannot be read back", self._cache.path_of("entries", key))
        return found


def _finish_file(name: str, folder: int) -> str:
    """Flush a file to disk and give its hash; only its owner can write it afterwards."""
    with open(os.open(name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0), dir_fd=folder), "rb") as file:
        os.fchmod(file.fileno(), 0o700 if name != "declarations" else 0o600)
        os.fsync(file.fileno())
        return sha256(file.read())


def remove_leftovers(cache: Cache) -> None:
    """Remove what builders left who did not end in order."""
    builds = cache.folder("builds")
    names = os.listdir(builds)
    if not names:
        return
    with hold_lock(_LOCK, cache.folder("locks"), seconds=0) as alone:
        for name in names:
            with contextlib.suppress(OSError):
                _remove_if_left(name, builds, alone)


def _remove_if_left(name: str, builds: int, alone: bool) -> None:
    descriptor = os.open(name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), dir_fd=builds)
    try:
        status = os.fstat(descriptor)
        is_left = alone and try_lock(descriptor)
        if not is_left and time.time() - status.st_ctime < _OLD:
            return
    finally:
        os.close(descriptor)
    _remove(name, builds)


def read_limit() -> int:
    """How many bytes the cache may hold: NDCALL_CACHE_SIZE in MiB, else 1 GiB."""
    given = os.environ.get("NDCALL_CACHE_SIZE", "")
    return (int(given) if given.isdecimal() else _DEFAULT_LIMIT) << 20


def remove_oldest(cache: Cache, keep: str) -> None:
    """Remove what was not used for longest until the cache is within its limit; never the entry `keep`."""
    found = []
    for folder in ("entries", "manifests", "facts", "sources"):
        for name in os.listdir(cache.folder(folder)):
            with contextlib.suppress(OSError):
                found.append((*_measure(name, cache.folder(folder)), name, folder))
    total = sum(size for _, size, _, _ in found)
    limit = read_limit()
    for _, size, name, folder in sorted(found):
        if total <= limit:
            break
        if name != keep:
            # Moved before it is removed: nobody finds half of it. A library that is loaded stays in memory.
            moved = f"{os.getpid()}-{os.urandom(8).hex()}"
            with contextlib.suppress(OSError):
                os.rename(name, moved, src_dir_fd=cache.folder(folder), dst_dir_fd=cache.folder("builds"))
                _remove(moved, cache.folder("builds"))
                total -= size


def _measure(name: str, folder: int) -> tuple[float, int]:
    """When something in the cache was last used, and its bytes."""
    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode):
        return status.st_mtime, status.st_size
    inner = os.open(name, _OPEN_FOLDER, dir_fd=folder)
    try:
        statuses = [os.stat(file, dir_fd=inner, follow_symlinks=False) for file in os.listdir(inner)]
    finally:
        os.close(inner)
    return max((one.st_mtime for one in statuses), default=status.st_mtime), sum(one.st_size for one in statuses)


def _remove(name: str, folder: int) -> None:
    """Remove a file or a folder; what a file system keeps open goes at a later build."""
    with contextlib.suppress(OSError):
        if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            inner = os.open(name, _OPEN_FOLDER, dir_fd=folder)
            try:
                for one in os.listdir(inner):
                    _remove(one, inner)
            finally:
                os.close(inner)
            os.rmdir(name, dir_fd=folder)
        else:
            os.unlink(name, dir_fd=folder)
