"""In which file and line an entry was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .bytes import Bytes
from .entries import read_number
from .limits import DamagedError, Patience

if TYPE_CHECKING:
    from elftools.dwarf.compileunit import CompileUnit
    from elftools.dwarf.die import DIE
    from elftools.dwarf.dwarfinfo import DWARFInfo
    from elftools.dwarf.typeunit import TypeUnit

_Forms = dict[int, Callable[[], object]]

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
    info = unit.dwarfinfo
    section, begin = info.debug_line_sec, read_number(unit.get_top_DIE(), "DW_AT_stmt_list")
    if section is None or begin is None:
        raise DamagedError("a unit has no table of files")
    table = Bytes(section.stream, info.config.little_endian, begin)
    _, width = table.read_length()
    version = table.read_number(2)
    table.skip(2 if version >= 5 else 0)  # sizes of addresses and segment selectors
    table.skip(width)
    table.skip(5 if version >= 4 else 4)  # how lines are coded
    table.skip(max(table.read_number(1) - 1, 0))  # operands of opcodes
    return _find_row(table, _list_forms(table, info, width), number, patience) if version >= 5 else _find_old_row(table, number, patience)


def _find_old_row(table: Bytes, number: int, patience: Patience) -> bytes:
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


def _find_row(table: Bytes, forms: _Forms, number: int, patience: Patience) -> bytes:
    for is_files in (False, True):  # folders have a table of the same form in front
        columns = [(table.read_leb(), table.read_leb()) for _ in range(table.read_number(1))]
        count = table.read_leb()
        if count and not columns:
            raise DamagedError("a table of files has rows without columns")
        if is_files and number >= count:
            raise DamagedError("an entry lies in a file that is not in the table")
        for _ in range(number if is_files else count):
            patience.spend()
            _read_row(columns, forms)
    return _read_row(columns, forms)


def _read_row(columns: list[tuple[int, int]], forms: _Forms) -> bytes:
    """The name in a row."""
    name: object = b""
    for content, form in columns:
        if form not in forms:
            raise DamagedError(f"a table of files has the form {form:#x}")
        value = forms[form]()
        name = value if content == _PATH else name
    return name if isinstance(name, bytes) else b""


def _list_forms(table: Bytes, info: DWARFInfo, width: int) -> _Forms:
    """How values are read, by DW_FORM_*. Each takes a byte at least: however many rows a table claims, it ends with its bytes."""
    return {
        0x05: lambda: table.read_number(2),
        0x06: lambda: table.read_number(4),
        0x07: lambda: table.read_number(8),
        0x08: table.read_string,
        0x09: lambda: table.skip(table.read_leb()),
        0x0B: lambda: table.read_number(1),
        0x0E: lambda: info.get_string_from_table(table.read_number(width)),
        0x0F: table.read_leb,
        0x1E: lambda: table.read_number(16),
        0x1F: lambda: info.get_string_from_linetable(table.read_number(width)),
    }
