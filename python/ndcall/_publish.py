"""A build in progress, and how it becomes an entry of the cache.

A builder works in a private folder, which it keeps locked. What is finished is flushed to disk, and its folder renamed into place by one
call: an entry is there whole or not at all.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Sequence
from types import TracebackType

from ._cache import Cache
from ._digest import sha256
from ._entry import DECLARATIONS, SEAL, Contents, Entry, seal_contents
from ._locks import hold_lock, try_lock
from ._owned import OPEN_FILE, OPEN_FOLDER, WRITE_FILE, remove
from ._removal import BUILDS_LOCK

_PATIENCE = 2.0  # seconds to wait for somebody who removes leftovers


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
        with hold_lock(BUILDS_LOCK, self._cache.folder("locks"), seconds=_PATIENCE, shared=True):
            os.mkdir(self._name, 0o700, dir_fd=builds)
            self._descriptor = os.open(self._name, OPEN_FOLDER, dir_fd=builds)
            try_lock(self._descriptor)
        os.mkdir("entry", 0o700, dir_fd=self._descriptor)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            remove(self._name, self._cache.folder("builds"))
        finally:
            os.close(self._descriptor)

    def publish(self, key: str, names: Sequence[str], about: Contents) -> Entry:
        """Make the folder, with its files `names`, an entry; the one that is already there when somebody was faster."""
        folder = os.open("entry", OPEN_FOLDER, dir_fd=self._descriptor)
        try:
            contents = about.replace(files=tuple(_finish_file(name, folder) for name in names))
            with open(os.open(SEAL, WRITE_FILE, 0o600, dir_fd=folder), "wb") as file:
                file.write(seal_contents(contents))
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


def _finish_file(name: str, folder: int) -> tuple[str, int, str]:
    """Flush a file to disk; its name, bytes and hash. Only its owner can write it afterwards."""
    with open(os.open(name, OPEN_FILE, dir_fd=folder), "rb", buffering=0) as file:
        os.fchmod(file.fileno(), 0o600 if name == DECLARATIONS else 0o700)
        os.fsync(file.fileno())
        content = file.read()
    return name, len(content), sha256(content)
