"""Folders and files that belong to this user, and that nobody else can write: how they are opened, checked, read and removed.

A name is always looked up in a folder that is already open, and a symbolic link is never followed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat

from ._exceptions import LoadError
from ._value import Value

OPEN_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
OPEN_FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # a planted FIFO does not stop us
WRITE_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_OF_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_ATTEMPTS = 3
_MOST_BYTES = 1 << 28  # of a file whose size nothing tells: what we write is far smaller


class Flaw(Value):
    """Why something in the cache is not used."""

    kind: str  # "damaged", or "foreign": others own it or can write it
    what: str  # in words


def examine_status(name: str, status: os.stat_result) -> Flaw | None:
    """What is wrong with the owner and mode of a file or folder."""
    if status.st_uid != os.geteuid():
        return Flaw("foreign", f"{name} belongs to user {status.st_uid}")
    if status.st_mode & _OF_OTHERS:
        return Flaw("foreign", f"{name} can be written by others (mode {stat.S_IMODE(status.st_mode):04o})")
    return None


def read_file(name: str, folder: int, size: int | None = None) -> bytes | Flaw:
    """The bytes of a file that is ours alone to write, and has `size` bytes where that is known."""
    try:
        descriptor = os.open(name, OPEN_FILE, dir_fd=folder)
    except OSError as error:
        return Flaw("damaged", f"{name} cannot be opened ({error.strerror})")
    try:
        status = os.fstat(descriptor)
        flaw = examine_status(name, status)
        if flaw is not None:
            return flaw
        if not stat.S_ISREG(status.st_mode):
            return Flaw("damaged", f"{name} is no file")
        if status.st_size > _MOST_BYTES if size is None else status.st_size != size:
            return Flaw("damaged", f"{name} has {status.st_size} bytes")
        with open(descriptor, "rb", closefd=False, buffering=0) as file:
            return file.read()
    except OSError as error:
        return Flaw("damaged", f"{name} cannot be read ({error.strerror})")
    finally:
        os.close(descriptor)


def refuse_folder_of_others(path: str, status: os.stat_result) -> None:
    """LoadError for a folder of the cache in which others could put what they like."""
    if status.st_uid != os.geteuid():
        raise LoadError(
            f"the cache {path} belongs to user {status.st_uid}, not to user {os.geteuid()}, who runs this\n"
            f"  fix       set NDCALL_CACHE_DIR to a folder of your own"
        )
    if status.st_mode & _OF_OTHERS:
        raise LoadError(
            f"the cache {path} can be written by others (mode {stat.S_IMODE(status.st_mode):04o}); what is loaded from it could be theirs\n"
            f"  fix       look at what is in it, remove it, and make it again with mode 0700"
        )


def is_same_folder(path: str, status: os.stat_result) -> bool:
    """Whether the path still leads to what a descriptor showed."""
    try:
        return os.path.samestat(os.stat(path, follow_symlinks=False), status)
    except OSError:
        return False


def remove(name: str, folder: int) -> None:
    """Remove a file or a folder; what a file system keeps open goes at a later start."""
    with contextlib.suppress(OSError):
        if not stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=folder)
            return
        inner = os.open(name, OPEN_FOLDER, dir_fd=folder)
        try:
            _empty(name, inner, folder)
        finally:
            os.close(inner)


def _empty(name: str, inner: int, folder: int) -> None:
    """Remove an open folder with all that is in it; again, when a compiler whose starter was killed has put something there meanwhile."""
    for _ in range(_ATTEMPTS):
        for one in os.listdir(inner):
            remove(one, inner)
        try:
            os.rmdir(name, dir_fd=folder)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
        else:
            return
