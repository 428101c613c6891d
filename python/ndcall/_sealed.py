"""Small text files with a length and a hash: rows of words, which are read back whole or not at all.

::

    ndcall KIND VERSION LENGTH SHA256
    word<tab>word<tab>...

A file that was cut, changed or written for another version is None to its reader. Nothing in it is ever executed or unpickled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ._digest import sha256

VERSION = 2  # of the rows that this package writes; another number is another file

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n"})
_MEANINGS = {"\\\\": "\\", "\\t": "\t", "\\n": "\n"}


def seal_rows(kind: str, rows: Iterable[Sequence[str]]) -> bytes:
    """The bytes of a file of `kind` that holds `rows`; paths that are no UTF-8 survive."""
    lines = ["\t".join(word.translate(_ESCAPES) for word in row) + "\n" for row in rows]
    body = "".join(lines).encode("utf-8", "surrogateescape")
    return f"ndcall {kind} {VERSION} {len(body)} {sha256(body)}\n".encode() + body


def open_rows(kind: str, data: bytes) -> list[list[str]] | None:
    """The rows of a sealed file; None when it is not exactly what was written."""
    head, _, body = data.partition(b"\n")
    if data[: len(head) + 1] != f"ndcall {kind} {VERSION} {len(body)} {sha256(body)}\n".encode():
        return None
    text = body.decode("utf-8", "surrogateescape")
    return [[_unescape(word) for word in line.split("\t")] for line in text.split("\n")[:-1]]


def _unescape(word: str) -> str:
    if "\\" not in word:
        return word
    parts = []
    at = 0
    while (slash := word.find("\\", at)) >= 0:
        parts += [word[at:slash], _MEANINGS.get(word[slash : slash + 2], "")]
        at = slash + 2
    return "".join(parts) + word[at:]
