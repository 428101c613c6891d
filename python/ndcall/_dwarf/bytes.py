"""Bytes of a section that are read one after the other."""

from __future__ import annotations

from typing import IO, Literal

from .limits import DamagedError


class Bytes:
    """A section; every step leads on in it, and none beyond its end."""

    def __init__(self, stream: IO[bytes], is_little_endian: bool, position: int = 0) -> None:
        stream.seek(0)
        self._data = stream.read()
        self._order: Literal["little", "big"] = "little" if is_little_endian else "big"
        self.position = position

    def is_at_end(self) -> bool:
        return self.position >= len(self._data)

    def skip(self, size: int) -> None:
        self.position += size
        if self.position > len(self._data):
            raise DamagedError("a table ends too early")

    def read_number(self, size: int) -> int:
        begin = self.position
        self.skip(size)
        return int.from_bytes(self._data[begin : self.position], self._order)

    def read_leb(self) -> int:
        """A number of as many bytes as it needs."""
        value = shift = 0
        while True:
            byte = self.read_number(1)
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def read_string(self) -> bytes:
        end = self._data.find(b"\0", self.position)
        if end < 0:
            raise DamagedError("a table ends too early")
        begin, self.position = self.position, end + 1
        return self._data[begin:end]

    def read_length(self) -> tuple[int, int]:
        """Where the part ends that begins here, and how many bytes its offsets have."""
        length, width = self.read_number(4), 4
        if length == 0xFFFFFFFF:
            length, width = self.read_number(8), 8
        return self.position + length, width
