"""Which unit the code at an address belongs to, by the table that gcc writes for debuggers (.debug_aranges)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .bytes import Bytes
from .limits import Patience

if TYPE_CHECKING:
    from elftools.dwarf.dwarfinfo import DWARFInfo


class Ranges:
    """Pieces of code, each with its unit. Clang writes no such table: nothing is found then, and nothing lost but time."""

    def __init__(self, info: DWARFInfo, patience: Patience) -> None:
        section = info.debug_aranges_sec
        rows = [] if section is None else sorted(_list_rows(Bytes(section.stream, info.config.little_endian), patience))
        self._begins = [begin for begin, _, _ in rows]
        self._rows = rows

    def find_unit(self, address: int) -> int | None:
        """Where the unit begins in the debug information."""
        position = bisect_right(self._begins, address) - 1
        if position < 0:
            return None
        begin, size, unit = self._rows[position]
        return unit if address < begin + size else None


def _list_rows(table: Bytes, patience: Patience) -> Iterator[tuple[int, int, int]]:
    """Begin and size of each piece, and where its unit begins."""
    while not table.is_at_end():
        begin = table.position
        end, width = table.read_length()
        table.skip(2)  # version
        unit = table.read_number(width)
        size = table.read_number(1)
        table.skip(1)  # size of segments
        table.skip((begin - table.position) % (2 * size) if size else 0)
        while size and table.position < end:
            patience.spend()
            piece = table.read_number(size), table.read_number(size)
            if piece[1]:
                yield *piece, unit
        table.position = end
