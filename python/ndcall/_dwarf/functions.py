"""Which entries describe the functions that a library exports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from .entries import Entries, find_attribute, read_language, read_name, read_number
from .limits import Patience
from .ranges import Ranges

if TYPE_CHECKING:
    from elftools.dwarf.compileunit import CompileUnit
    from elftools.dwarf.die import DIE
    from elftools.dwarf.dwarfinfo import DWARFInfo

    from .files import Exports

_OTHER_LANGUAGES = {
    **dict.fromkeys((0x07, 0x08, 0x0E, 0x22, 0x23, 0x2D), "Fortran"),
    **dict.fromkeys((0x03, 0x0D, 0x2E, 0x2F), "Ada"),
    **dict.fromkeys((0x31, 0x8001), "assembly"),
    0x13: "D",
    0x16: "Go",
    0x1C: "Rust",
}


class Function(NamedTuple):
    """A function that other files may call."""

    chain: list[DIE]  # its entry, and those that it completes: where a copy of it was inlined, they have the names and types
    address: int | None  # None: its code lies in several pieces, or was merged with another's
    is_told: bool  # whether all that it takes is said


class Functions:
    """The functions of a library by name, read from its units as far as a question needs."""

    def __init__(self, info: DWARFInfo, exports: Exports, patience: Patience) -> None:
        self.languages: set[str] = set()  # of units that are not read
        self.is_split = False  # whether a unit only says where its entries are
        type_units: dict[int, CompileUnit] = {}
        self.entries = Entries(patience, type_units)
        self._exports = exports
        self._ranges = Ranges(info, patience)
        self._by_name: dict[str, list[Function]] = {}
        self._addresses: set[int] = set()  # where functions begin, static ones too
        self._unread: dict[int, CompileUnit] = {}  # units that are not in the two tables yet, by their place
        for unit in info.iter_CUs():
            patience.spend()
            if unit.header.get("unit_type") == "DW_UT_type":
                type_units[unit["type_signature"]] = unit
            else:
                self._unread[unit.cu_offset] = unit

    def has_told(self) -> bool:
        """Whether there is one of which all is said; to be asked before anything else."""
        while self._unread:
            functions = self._read(next(iter(self._unread)))
            if any(one.is_told and name in self._exports for name, one in functions):
                return True
        return False

    def find(self, name: str) -> list[Function]:
        """What an exported name may stand for; several where the debug information does not say which."""
        addresses = self._exports.get(name, set())
        for address in addresses:
            self._read(self._ranges.find_unit(address))
        while addresses:
            # Of two with one name, such as a weak one and the one that replaces it, the address tells.
            found = [one for one in self._by_name.get(name, ()) if one.address in addresses]
            # A function of another name may begin there: then this is an alias.
            if found or not self._unread or not addresses.isdisjoint(self._addresses):
                return found or self._by_name.get(name, [])
            self._read(next(iter(self._unread)))
        return []

    def _read(self, place: int | None) -> list[tuple[str, Function]]:
        """Take the functions of a unit into the tables, and give them; none of one that was read before."""
        if place is None or place not in self._unread:
            return []
        unit = self._unread[place]
        functions = list(self._list_functions(unit)) if self._is_wanted(unit) else []
        del self._unread[place]
        for name, function in functions:
            self._by_name.setdefault(name, []).append(function)
        return functions

    def _is_wanted(self, unit: CompileUnit) -> bool:
        top = unit.get_top_DIE()
        if "DW_AT_dwo_name" in top.attributes or "DW_AT_GNU_dwo_name" in top.attributes:
            self.is_split = True
        elif read_language(unit):
            return True
        else:
            number = read_number(top, "DW_AT_language") or 0
            self.languages.add(_OTHER_LANGUAGES.get(number, f"the language {number:#x}"))
        return False

    def _list_functions(self, unit: CompileUnit) -> Iterator[tuple[str, Function]]:
        """Each with the name under which other files know it."""
        is_c = read_language(unit) == "C"
        for entry in self.entries.list_children(unit.get_top_DIE()):
            if entry.tag != "DW_TAG_subprogram" or "DW_AT_declaration" in entry.attributes:
                continue
            address = read_number(entry, "DW_AT_low_pc")
            if address is not None:
                self._addresses.add(address)
            chain = self.entries.list_origins(entry)
            if not find_attribute(chain, "DW_AT_external"):
                continue
            # An old-style definition may take anything, and looks as all do under `gcc -g1`. In C++ there is no such, nor is it marked.
            is_told = bool(find_attribute(chain, "DW_AT_prototyped"))
            if not is_c and not is_told:
                is_told = find_attribute(chain, "DW_AT_type") is not None or self._has_parameters(chain)
            name = read_name(chain, "DW_AT_linkage_name", "DW_AT_MIPS_linkage_name", "DW_AT_name")
            if not is_c and name.startswith("_Z"):
                continue  # what C++ mangles may take objects in ways that ctypes has no types for
            yield name, Function(chain, address, is_told)

    def _has_parameters(self, chain: list[DIE]) -> bool:
        return any(child.tag == "DW_TAG_formal_parameter" for entry in chain for child in self.entries.list_children(entry))
