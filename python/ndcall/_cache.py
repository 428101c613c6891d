"""The folder of what was built: who may own it, how an entry gets in, is checked and leaves.

::

    ROOT/                  0700, ours; never a symbolic link; every later operation goes through its descriptor
      entries/KEY/         one build: library.so, declarations, and `entry`, which holds the length and SHA-256 of both
      manifests/KEY        which headers a build read (see _manifest.py), leading to the KEY of an entry
      facts/KEY            what a compiler said of itself
      sources/KEY/NAME     sources that came with a pickle
      builds/NAME/         a build in progress, locked by its builder; an entry is one renamed folder of it
      locks/XX             permanent files; held (flock) while building, to spare others the same work

Nothing that is found in the cache is trusted: an entry is opened without following links, must be ours and no one else's to write, and
must match its hashes, or it is built again. Nothing in it is unpickled or executed before that.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable

from ._entry import SEAL, Entry, open_entry
from ._environment import say
from ._exceptions import LoadError
from ._locks import try_lock
from ._owned import OPEN_FOLDER, WRITE_FILE, Flaw, is_same_folder, read_file, refuse_folder_of_others, remove
from ._paths import refuse_undecodable
from ._platform import find_cache_home
from ._sealed import open_rows, seal_rows

FOLDERS = ("entries", "manifests", "facts", "sources", "builds", "locks")
_ATTEMPTS = 3
_SELDOM = 3600  # seconds between two touches of an entry, which keep it from being removed first


class Cache:
    """An open cache folder.

    Attributes
    ----------
    path : str
        Where it lies, absolute.
    """

    def __init__(self, path: str, descriptor: int) -> None:
        self.path = path
        self._root = descriptor
        self._folders: dict[str, int] = {}

    def folder(self, name: str) -> int:
        """The descriptor of one of FOLDERS, made when it is missing."""
        found = self._folders.get(name)
        if found is None:
            try:
                found = os.open(name, OPEN_FOLDER, dir_fd=self._root)
            except FileNotFoundError:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, 0o700, dir_fd=self._root)
                found = os.open(name, OPEN_FOLDER, dir_fd=self._root)
            except OSError as error:
                if error.errno in (errno.ELOOP, errno.ENOTDIR):
                    raise LoadError(f"{os.path.join(self.path, name)} is no folder: remove it, the cache makes it again") from None
                raise
            kept = found
            try:
                refuse_folder_of_others(os.path.join(self.path, name), os.fstat(found))
                kept = self._folders.setdefault(name, found)
            finally:
                if self._folders.get(name) != found:  # refused, or another thread was faster
                    os.close(found)
            return kept
        return found

    def path_of(self, folder: str, *names: str) -> str:
        return os.path.join(self.path, folder, *names)

    def read_rows(self, folder: str, name: str, kind: str) -> list[list[str]] | None:
        """The rows of a sealed file; None when it is missing or not what was written."""
        try:
            data = read_file(name, self.folder(folder))
        except LoadError:
            raise
        except OSError:
            return None  # a cache that cannot be written and lacks the folder
        if isinstance(data, Flaw):
            return None
        _touch(name, self.folder(folder))
        return open_rows(kind, data)

    def write_rows(self, folder: str, name: str, kind: str, rows: list[list[str]]) -> None:
        """Write a sealed file, whole or not at all."""
        self._write(seal_rows(kind, rows), name, self.folder(folder))

    def keep_source(self, name: str, text: bytes, digest: str) -> str:
        """The path of a source with this text, in a folder named after its hash."""
        with contextlib.suppress(FileExistsError):
            os.mkdir(digest, 0o700, dir_fd=self.folder("sources"))
        folder = os.open(digest, OPEN_FOLDER, dir_fd=self.folder("sources"))
        try:
            if read_file(name, folder, len(text)) != text:
                self._write(text, name, folder)
        finally:
            os.close(folder)
        return self.path_of("sources", digest, name)

    def _write(self, data: bytes, name: str, folder: int) -> None:
        """Write a file under another name, locked against being taken for a leftover, and rename it."""
        builds = self.folder("builds")
        for attempt in range(_ATTEMPTS):
            temporary = f"{os.getpid()}-{os.urandom(8).hex()}"
            try:
                with open(os.open(temporary, WRITE_FILE, 0o600, dir_fd=builds), "wb") as file:
                    try_lock(file.fileno())
                    file.write(data)
                    file.flush()
                    os.replace(temporary, name, src_dir_fd=builds, dst_dir_fd=folder)
                return
            except (FileNotFoundError, IsADirectoryError) as error:
                remove(temporary, builds)
                if attempt == _ATTEMPTS - 1:
                    raise
                if isinstance(error, IsADirectoryError):
                    remove(name, folder)  # a folder where a file belongs; the other error: removed before it was locked
            except BaseException:
                remove(temporary, builds)
                raise

    def find_entry(self, key: str) -> Entry | None:
        """The entry of this key, which counts as a use; None when there is none, or when it is not exactly what was published."""
        if not key.isalnum():
            return None  # what a damaged manifest names is no path of ours
        try:
            folder = os.open(key, OPEN_FOLDER, dir_fd=self.folder("entries"))
        except LoadError:
            raise
        except OSError:
            return None
        try:
            found = open_entry(key, self.path_of("entries", key), folder)
            if isinstance(found, Flaw):
                return None
            _touch(SEAL, folder)
            return found
        finally:
            os.close(folder)

    def has_builds(self) -> bool:
        """Whether somebody builds, or was killed while building."""
        try:
            return bool(os.listdir(self.folder("builds")))
        except OSError:
            return False

    def check(self) -> None:
        """LoadError when others have got hold of it since it was opened."""
        refuse_folder_of_others(self.path, os.fstat(self._root))

    def is_in_place(self) -> bool:
        """Whether its path still leads to it."""
        return is_same_folder(self.path, os.fstat(self._root))

    def __del__(self, close: Callable[[int], None] = os.close) -> None:
        # Not before: a thread that still uses a cache that was forgotten refers to it.
        for descriptor in (*self._folders.values(), self._root):
            close(descriptor)


def _touch(name: str, folder: int) -> None:
    """Note a use, for the removal of what was not used for longest; seldom, because it is a write."""
    with contextlib.suppress(OSError):
        if time.time() - os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime > _SELDOM:
            os.utime(name, dir_fd=folder, follow_symlinks=False)


def locate_root() -> tuple[str, bool]:
    """The cache's folder, and whether the user named it; "" where nobody says which folder is the user's."""
    given = os.environ.get("NDCALL_CACHE_DIR", "")
    if given:
        if not os.path.isabs(given):
            raise LoadError(f"NDCALL_CACHE_DIR is {given!r}: it must be an absolute path")
        return os.path.normpath(given), True
    home = find_cache_home()
    return home and os.path.join(home, "ndcall"), False


def _make_folders(path: str) -> None:
    """Make a folder and those above it, each private whatever the umask."""
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        pass
    except FileNotFoundError:
        _make_folders(os.path.dirname(path))
        with contextlib.suppress(FileExistsError):
            os.mkdir(path, 0o700)


def _open_root(path: str) -> int:
    try:
        return os.open(path, OPEN_FOLDER)
    except FileNotFoundError:
        _make_folders(path)
        return os.open(path, OPEN_FOLDER)


def _open_checked(path: str) -> Cache:
    """The cache at `path`; LoadError when it is not ours alone, OSError when it cannot be made."""
    try:
        root = _open_root(path)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR) and os.path.lexists(path):
            raise LoadError(f"the cache {path} is a symbolic link or no folder\n  fix       set NDCALL_CACHE_DIR to a folder") from None
        raise
    try:
        status = os.fstat(root)
        refuse_folder_of_others(path, status)
        if status.st_mode & 0o077:
            with contextlib.suppress(OSError):  # on a file system that is read only others may go on reading
                os.fchmod(root, 0o700)
        return Cache(path, root)
    except BaseException:
        os.close(root)
        raise


_open_caches: dict[str, Cache] = {}  # by path, the private one under ""; descriptors stay open, so that what was checked is what is used


def open_cache() -> Cache:
    """The cache of this user, checked anew.

    Raises
    ------
    LoadError
        It is not ours, others can write it, or this process runs with the rights of another user.
    """
    if os.geteuid() != os.getuid() or os.getegid() != os.getgid():
        raise LoadError("ndcall loads nothing from its cache while the effective user or group differs from the real one")
    path, is_given = locate_root()
    refuse_undecodable(path)
    if not path:
        return open_private_cache("~/.cache/ndcall", OSError(errno.ENOENT, "no home folder is known"))
    cache = _open_caches.get(path)
    if cache is not None:
        if cache.is_in_place():
            cache.check()
            return cache
        forget_cache(cache)
    try:
        cache = _open_checked(path)
    except LoadError:
        raise
    except OSError as error:
        if is_given:
            raise LoadError(f"the cache {path} cannot be used: {error.strerror}") from None
        return open_private_cache(path, error)
    return _open_caches.setdefault(path, cache)


def forget_cache(cache: Cache) -> None:
    """Open a cache anew the next time: it, or a folder in it, was removed."""
    for path, known in tuple(_open_caches.items()):
        if known is cache:
            _open_caches.pop(path, None)


def open_private_cache(refused: str, error: OSError) -> Cache:
    """A cache for this process only, where the user's own cannot be written; said once, removed at exit."""
    found = _open_caches.get("")
    if found is not None and found.is_in_place():
        return found  # a parent that forked this process has removed its own
    import atexit
    import shutil
    import tempfile

    try:
        path = os.path.realpath(tempfile.mkdtemp(prefix="ndcall-"))
    except OSError as other:
        raise LoadError(
            f"{refused} cannot be written ({error.strerror}), and neither can a temporary folder ({other.strerror})\n"
            "  fix       set NDCALL_CACHE_DIR to a folder that can be written"
        ) from None
    owner = os.getpid()

    def remove_folder() -> None:
        if os.getpid() == owner:  # a forked child leaves its parent's folder alone
            shutil.rmtree(path, ignore_errors=True)

    atexit.register(remove_folder)
    say(
        f"{refused} cannot be written ({error.strerror}); what is built serves this process only."
        " Set NDCALL_CACHE_DIR to a folder where it can be kept."
    )
    _open_caches[""] = cache = _open_checked(path)
    return cache
