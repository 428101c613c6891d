"""SHA-256 without the price of OpenSSL.

Importing hashlib brings OpenSSL in, about 3 ms; a warm start hashes a few ten kilobytes, which the interpreter's own SHA-256 does in
less than a tenth of that. Large data go to hashlib all the same, which is some times faster per byte.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from typing import Any

_LARGE = 1 << 20  # bytes; above it OpenSSL has earned its import


def _find_builtin() -> Callable[[bytes], Any]:
    for module in ("_sha2", "_sha256"):  # since 3.12, until 3.11
        try:
            found: Callable[[bytes], Any] = __import__(module).sha256
        except ImportError:
            continue
        return found
    from hashlib import sha256

    return sha256


_builtin = _find_builtin()


def sha256(data: bytes) -> str:
    """The SHA-256 of `data` in hexadecimal digits."""
    if len(data) > _LARGE:
        import hashlib

        return hashlib.sha256(data).hexdigest()
    return str(_builtin(data).hexdigest())


def read_plain(path: str, size: int | None = None) -> bytes | None:
    """The bytes of a plain file, which has `size` of them where that is known; None for everything else. A device or a pipe, which may
    have no end, is never read, and neither is a file that has grown."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None  # opening alone does something to some devices
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            return file.read() if stat.S_ISREG(status.st_mode) and size in (None, status.st_size) else None
    except OSError:
        return None


def hash_file(path: str, size: int | None = None) -> str:
    """The SHA-256 of a plain file; "" when read_plain cannot read it."""
    text = read_plain(path, size)
    return "" if text is None else sha256(text)
