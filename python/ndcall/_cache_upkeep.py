"""The cache seen from outside: what it holds, whether that is whole, and its removal. Builders at work are not disturbed.

A load needs none of this.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator

from ._cache import Cache, locate_root, open_cache
from ._entry import Contents, open_entry, read_contents
from ._exceptions import LoadError
from ._owned import OPEN_FOLDER, Flaw
from ._removal import Kept, discard, list_kept, remove_leftovers
from ._value import Value


class HeldEntry(Value):
    """One build that the cache holds."""

    key: str
    path: str  # of its folder, absolute
    name: str  # what was loaded: "filter.c"; "" where that cannot be read
    files: tuple[str, ...]  # the sources or headers, absolute
    size: int  # bytes
    last_used: float  # seconds since the epoch; noted once an hour at most
    flaw: Flaw | None  # what is wrong with it; None: whole, or not looked at


class Cleared(Value):
    """What a removal freed."""

    entries: int
    size: int  # bytes, with those of manifests and of what was asked of compilers


def find_cache_path() -> str:
    """Where the cache lies, absolute. It need not exist.

    Raises
    ------
    LoadError
        NDCALL_CACHE_DIR is not an absolute path, or no home folder is known.
    """
    path, _ = locate_root()
    if not path:
        raise LoadError("there is no cache: no home folder is known\n  fix       set HOME, or NDCALL_CACHE_DIR to a folder for the cache")
    return path


def list_entries(*, verify: bool = False) -> list[HeldEntry]:
    """What the cache holds, the last used first; with `verify` every byte is compared with its hash.

    Raises
    ------
    LoadError
        The cache is refused: it is not ours alone.
    """
    with _opened() as cache:
        if cache is None:
            return []
        held = [_describe(cache, kept, verify) for kept in list_kept(cache) if kept.folder == "entries"]
    return sorted(held, key=lambda one: (-one.last_used, one.key))


def clear_cache(*, unused_for: float = 0.0) -> Cleared:
    """Remove what was not used for so many seconds; without them everything. Builders at work finish as if nothing had happened.

    Raises
    ------
    LoadError
        The cache is refused: it is not ours alone.
    """
    with _opened() as cache:
        if cache is None:
            return Cleared(0, 0)
        newest = time.time() - unused_for
        gone = [kept for kept in list_kept(cache) if (not unused_for or kept.last_used <= newest) and discard(kept, cache)]
        remove_leftovers(cache)
    return Cleared(sum(kept.folder == "entries" for kept in gone), sum(kept.size for kept in gone))


@contextlib.contextmanager
def _opened() -> Iterator[Cache | None]:
    """The user's cache, checked as a load checks it; None where there is none yet."""
    yield open_cache() if os.path.lexists(find_cache_path()) else None


def _describe(cache: Cache, kept: Kept, verify: bool) -> HeldEntry:
    path = cache.path_of("entries", kept.name)
    contents, flaw = _examine(kept.name, path, cache.folder("entries"), verify)
    return HeldEntry(
        key=kept.name,
        path=path,
        name="" if contents is None else contents.name,
        files=() if contents is None else contents.sources,
        size=kept.size,
        last_used=kept.last_used,
        flaw=flaw,
    )


def _examine(key: str, path: str, entries: int, verify: bool) -> tuple[Contents | None, Flaw | None]:
    try:
        folder = os.open(key, OPEN_FOLDER, dir_fd=entries)
    except OSError as error:
        return None, Flaw("damaged", f"its folder cannot be opened ({error.strerror})")
    try:
        contents = read_contents(folder)
        if isinstance(contents, Flaw):
            return None, contents
        found = open_entry(key, path, folder) if verify else None
        return contents, found if isinstance(found, Flaw) else None
    finally:
        os.close(folder)
