"""SHA-256 without the price of OpenSSL.

Importing hashlib brings OpenSSL in, about 3 ms; a warm start hashes a few ten kilobytes, which the interpreter's own SHA-256 does in
less than a tenth of that. Large data go to hashlib all the same, which is some times faster per byte.
"""

from __future__ import annotations

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
