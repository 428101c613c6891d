"""In which file and line an entry was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .entries import read_number
from .limits import DamagedError, Patience

if TYPE_CHECKING:
    from elftools.dwarf.compileunit import CompileUnit
    from elftools.dwarf.die import DIE
    from elftools.dwarf.typeunit import TypeUnit

_PATH = 1  # DW_LNCT_path


def find_place(chain: list[DIE], patience: Patience) -> tuple[str, int] | None:
    """File and line of a function; None for one that nobody wrote."""
    for entry in chain:
        line, number = read_number(entry, "DW_AT_decl_line"), read_number(entry, "DW_AT_decl_file")
        if line and number is not None:
            return _read_file(entry.cu, number, patience).decode("utf-8", "replace"), line
    return None


def _read_file(unit: CompileUnit | TypeUnit, number: int, patience: Patience) -> bytes:
    """The name of a file by its number in a unit's table of files, which stands in front of its table of lines.

    pyelftools reads such a table whole, by the count that stands in it, which may be any number.
    """
    section, begin = unit.dwarfinfo.debug_line_sec, read_number(unit.get_top_DIE(), "DW_AT_stmt_list")
    if section is None or begin is None:
        raise DamagedError("a unit has no table of files")
    table = _Table(unit, section.stream.getvalue(), begin)  # type: ignore[attr-defined]  # a BytesIO, which does not copy
    is_long = table.read_number(4) == 0xFFFFFFFF
    table.skip(8 if is_long else 0)
    version = table.read_number(2)
    table.skip(2 if version >= 5 else 0)  # sizes of addresses and segment selectors
    table.offset_size = 8 if is_long else 4
    table.skip(table.offset_size)
    table.skip(5 if version >= 4 else 4)  # how lines are coded
    table.skip(max(table.read_number(1) - 1, 0))  # operands of opcodes
    return _find_row(table, number, patience) if version >= 5 else _find_old_row(table, number, patience)


def _find_old_row(table: _Table, number: int, patience: Patience) -> bytes:
    while table.read_string():  # folders
        patience.spend()
    for position in range(1, number + 1):
        patience.spend()
        name = table.read_string()
        if not name:
            break
        if position == number:
            return name
        for _ in ("folder", "time", "length"):
            table.read_leb()
    raise DamagedError("an entry lies in a file that is not in the table")


def _find_row(table: _Table, number: int, patience: Patience) -> bytes:
    for is_files in (False, True):  # folders have a table of the same form in front
        columns = [(table.read_leb(), table.read_leb()) for _ in range(table.read_number(1))]
        count = table.read_leb()
        if count and not columns:
            raise DamagedError("a table of files has rows without columns")
        if is_files and number >= count:
            raise DamagedError("an entry lies in a file that is not in the table")
        for _ in range(number if is_files else count):
            patience.spend()
            table.read_row(columns)
    return table.read_row(columns)


class _Table:
    """Bytes that are read one after the other."""

    def __init__(self, unit: CompileUnit | TypeUnit, data: bytes, at: int) -> None:
        self._info, self._data, self._at = unit.dwarfinfo, data, at
        self._order = "little" if unit.dwarfinfo.config.little_endian else "big"
        self.offset_size = 4
        # Each takes a byte at least: however many rows a table claims, it ends with its bytes.
        self._forms: dict[int, Callable[[], object]] = {
            0x05: lambda: self.read_number(2),
            0x06: lambda: self.read_number(4),
            0x07: lambda: self.read_number(8),
            0x08: self.read_string,
            0x09: lambda: self.skip(self.read_leb()),
            0x0B: lambda: self.read_number(1),
            0x0E: lambda: self._info.get_string_from_table(self.read_number(self.offset_size)),
            0x0F: self.read_leb,
            0x1E: lambda: self.read_number(16),
            0x1F: lambda: self._info.get_string_from_linetable(self.read_number(self.offset_size)),
        }

    def skip(self, size: int) -> None:
        self._at += size
        if self._at > len(self._data):
            raise DamagedError("a table of files ends too early")

    def read_number(self, size: int) -> int:
        begin = self._at
        self.skip(size)
        return int.from_bytes(self._data[begin : self._at], self._order)  # type: ignore[arg-type]

    def read_leb(self) -> int:
        value = shift = 0
        while True:
            byte = self.read_number(1)
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def read_string(self) -> bytes:
        end = self._data.find(b"\0", self._at)
        if end < 0:
            raise DamagedError("a table of files ends too early")
        begin, self._at = self._at, end + 1
        return self._data[begin:end]

    def read_row(self, columns: list[tuple[int, int]]) -> bytes:
        """The name in a row."""
        name: object = b""
        for content, form in columns:
            if form not in self._forms:
                raise DamagedError(f"a table of files has the form {form:#x}")
            value = self._forms[form]()
            name = value if content == _PATH else name
        return name if isinstance(name, bytes) else b""
