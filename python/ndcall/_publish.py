"""A build in progress, and how it becomes an entry of the cache.

A builder works in a private folder, which it keeps locked. Library and declarations are flushed to disk, and the folder is renamed into
place by one call: an entry is there whole or not at all.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Sequence
from types import TracebackType

from ._cache import Cache
from ._digest import sha256
from ._entry import DECLARATIONS, SEAL, Contents, Entry, make_entry, seal_contents
from ._interrupt import finish
from ._locks import hold_lock, try_lock
from ._owned import OPEN_FILE, OPEN_FOLDER, WRITE_FILE, is_same_folder, remove
from ._removal import BUILDS_LOCK

_ATTEMPTS = 3  # at putting an entry where something damaged lies
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
        try:
            os.mkdir("entry", 0o700, dir_fd=self._descriptor)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            finish(lambda: remove(self._name, self._cache.folder("builds")))
        finally:
            os.close(self._descriptor)

    def is_in_place(self) -> bool:
        """Whether nobody has removed the folder."""
        return is_same_folder(self.path, os.fstat(self._descriptor))

    def publish(self, key: str, names: Sequence[str], about: Contents) -> Entry:
        """Make the folder, with its files `names`, an entry; the one that is already there when somebody was faster."""
        folder = os.open("entry", OPEN_FOLDER, dir_fd=self._descriptor)
        try:
            texts = {name: _finish_file(name, folder) for name in names}
            contents = about.replace(files=tuple((name, len(text), sha256(text)) for name, text in texts.items()))
            with open(os.open(SEAL, WRITE_FILE, 0o600, dir_fd=folder), "wb") as file:
                # Not flushed to disk, unlike what it vouches for: when the power fails, it is whole, or the entry is none.
                file.write(seal_contents(contents))
            status = os.fstat(folder)
        finally:
            os.close(folder)
        made = make_entry(key, self._cache.path_of("entries", key), contents, texts.get(DECLARATIONS, b""), status)
        return self._put_in_place(key) or made

    def _put_in_place(self, key: str) -> Entry | None:
        """Rename the finished folder into the cache; the entry that somebody else put there meanwhile, if it is whole."""
        entries = self._cache.folder("entries")
        for attempt in range(_ATTEMPTS):
            try:
                os.rename("entry", key, src_dir_fd=self._descriptor, dst_dir_fd=entries)
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR) or attempt == _ATTEMPTS - 1:
                    raise
                found = self._cache.find_entry(key)
                if found is not None:
                    return found
                # What is there is damaged. It is moved, never written to: somebody may have loaded it while it was whole.
                with contextlib.suppress(FileNotFoundError):
                    os.rename(key, f"damaged-{attempt}", src_dir_fd=entries, dst_dir_fd=self._descriptor)
            else:
                break
        return None


def _finish_file(name: str, folder: int) -> bytes:
    """Flush a file to disk; its bytes. Only its owner can write it afterwards."""
    with open(os.open(name, OPEN_FILE, dir_fd=folder), "rb", buffering=0) as file:
        os.fchmod(file.fileno(), 0o600 if name == DECLARATIONS else 0o700)
        if name != DECLARATIONS:  # which their writer has flushed
            os.fsync(file.fileno())
        return file.read()
