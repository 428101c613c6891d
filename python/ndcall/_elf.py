"""What a shared library of ELF calls itself."""

from __future__ import annotations

import struct
from typing import BinaryIO

_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_STRTAB, _DT_SONAME = 5, 14
_MOST_DYNAMIC = 1 << 20  # bytes; real sections have some hundred
_LONGEST_NAME = 4096


def read_soname(path: str) -> str:
    """The SONAME of a library; "" when it has none, or is no ELF file of this machine's word size and byte order."""
    try:
        with open(path, "rb") as file:
            return _read_soname(file)
    except (OSError, struct.error, ValueError, OverflowError):  # offsets of a damaged file
        return ""


def _read_soname(file: BinaryIO) -> str:
    head = file.read(64)
    word_size, order = head[4:5], head[5:6]
    if head[:4] != b"\x7fELF" or word_size != bytes([struct.calcsize("P") // 4]) or order != bytes([1 if struct.pack("=H", 1)[0] else 2]):
        return ""
    is_64 = word_size == b"\2"
    (segments_at,) = struct.unpack_from("=Q" if is_64 else "=I", head, 32 if is_64 else 28)
    size, count = struct.unpack_from("=HH", head, 54 if is_64 else 42)
    form = "=IIQQQQ" if is_64 else "=IIIIII"  # type, flags or offset, ..., both orders hold offset, address and size in file
    loads: list[tuple[int, int, int]] = []  # address, offset, size
    dynamic = (0, 0)
    for i in range(count):
        file.seek(segments_at + i * size)
        row = struct.unpack(form, file.read(struct.calcsize(form)))
        kind = row[0]
        offset, address, length = (row[2], row[3], row[5]) if is_64 else (row[1], row[2], row[4])
        if kind == _PT_LOAD:
            loads.append((address, offset, length))
        elif kind == _PT_DYNAMIC:
            dynamic = (offset, min(length, _MOST_DYNAMIC))
    file.seek(dynamic[0])
    data = file.read(dynamic[1])
    pair = "=qQ" if is_64 else "=iI"
    entries = dict(struct.iter_unpack(pair, data[: len(data) // struct.calcsize(pair) * struct.calcsize(pair)]))
    if _DT_SONAME not in entries or _DT_STRTAB not in entries:
        return ""
    table = entries[_DT_STRTAB]
    for address, offset, length in loads:
        if address <= table < address + length:
            file.seek(offset + table - address + entries[_DT_SONAME])
            return file.read(_LONGEST_NAME).partition(b"\0")[0].decode()
    return ""
