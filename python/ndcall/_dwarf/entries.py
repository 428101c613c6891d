"""Entries of debug information (DIEs): what belongs to one, and what it refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .limits import DEEPEST, DamagedError, Patience

if TYPE_CHECKING:
    from elftools.dwarf.compileunit import CompileUnit
    from elftools.dwarf.die import DIE
    from elftools.dwarf.typeunit import TypeUnit

_C = frozenset({0x01, 0x02, 0x0C, 0x1D, 0x2C, 0x3E})  # DW_LANG_*: C89 to C23
_CPP = frozenset({0x04, 0x1A, 0x21, 0x2A, 0x2B, 0x3A})
_WITHIN_UNIT = frozenset({"DW_FORM_ref1", "DW_FORM_ref2", "DW_FORM_ref4", "DW_FORM_ref8", "DW_FORM_ref_udata"})


class Entries:
    """How entries hang together. Each step leads on in the text, or is counted: one that is damaged cannot lead in a circle for ever."""

    def __init__(self, patience: Patience, type_units: Mapping[int, CompileUnit]) -> None:
        self._patience = patience
        self._type_units = type_units  # of DWARF 5, by signature

    def list_children(self, entry: DIE) -> Iterator[DIE]:
        """Those directly below an entry."""
        from elftools.dwarf.die import DIE

        unit = entry.cu
        position, end = entry.offset + entry.size, unit.cu_offset + unit.size
        depth = 1 if entry.has_children else 0
        while depth and position < end:
            self._patience.spend()
            child = DIE(unit, entry.stream, position)
            position += child.size
            if child.is_null():
                depth -= 1
                continue
            if depth == 1:
                yield child
            if child.has_children:
                behind = _find_sibling(child)
                depth += behind < position
                position = max(position, behind)

    def follow(self, entry: DIE, attribute: str) -> DIE | None:
        """The entry that an attribute refers to; None without it, which for a type says void."""
        reference = entry.attributes.get(attribute)
        if reference is None:
            return None
        self._patience.spend()
        unit = self._type_units.get(reference.raw_value) if reference.form == "DW_FORM_ref_sig8" else None
        if unit is not None:
            return unit.get_DIE_from_refaddr(unit.cu_offset + unit["type_offset"])
        return entry.get_DIE_from_attribute(attribute)

    def list_origins(self, entry: DIE) -> list[DIE]:
        """An entry, and those that it completes."""
        chain = [entry]
        for _ in range(DEEPEST):
            last = chain[-1]
            origin = self.follow(last, "DW_AT_abstract_origin") or self.follow(last, "DW_AT_specification")
            if origin is None:
                return chain
            chain.append(origin)
        raise DamagedError("an entry completes itself")


def find_attribute(chain: list[DIE], *names: str) -> Any:
    """The value of the first of these attributes that one of the entries has; None without."""
    return next((entry.attributes[name].value for name in names for entry in chain if name in entry.attributes), None)


def read_name(chain: list[DIE], *names: str) -> str:
    """A name that entries have, "" without."""
    name = find_attribute(chain, *(names or ("DW_AT_name",)))
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else ""


def read_number(entry: DIE, attribute: str) -> int | None:
    """A number that an entry has; None without, and where it is known only while the program runs."""
    value = entry.attributes.get(attribute)
    return value.value if value is not None and isinstance(value.value, int) and not value.form.startswith("DW_FORM_ref") else None


def read_language(unit: CompileUnit | TypeUnit) -> str:
    """ "C", "C++" or "" of a unit. One that only holds what units share has none, and is taken for C."""
    number = read_number(unit.get_top_DIE(), "DW_AT_language")
    return "C" if number is None or number in _C else "C++" if number in _CPP else ""


def _find_sibling(entry: DIE) -> int:
    """Where the next entry beside this one begins; 0 where that is not told."""
    sibling = entry.attributes.get("DW_AT_sibling")
    return sibling.value + entry.cu.cu_offset if sibling is not None and sibling.form in _WITHIN_UNIT else 0
