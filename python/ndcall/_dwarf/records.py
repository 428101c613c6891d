"""The members of structs, as far as they are compared."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from .bytes import Bytes
from .entries import Entries, read_name, read_number
from .limits import DEEPEST, DamagedError
from .types import POINTERS, QUALIFIERS, TypeWriter, quote_name

if TYPE_CHECKING:
    from elftools.dwarf.die import DIE

_PLUS = 0x23  # DW_OP_plus_uconst
_NAMES = frozenset({"DW_TAG_typedef", *QUALIFIERS})
_ITEMS = frozenset({"DW_TAG_array_type", *_NAMES})
_REACHED = frozenset({*POINTERS, *_ITEMS})  # through these a caller hands over a struct


class RecordWriter:
    """Writes the structs and unions that a writer of types has noted, and those that they hold.

    Members are written of structs that a parameter or the result is or points to, and of those within them. What these point to has a size
    only, or one struct would bring all that a library has. Unions are empty, and bit-fields left out: neither is compared.
    """

    def __init__(self, entries: Entries, types: TypeWriter) -> None:
        self._entries = entries
        self._types = types

    def write(self, owners: list[DIE], place: str) -> list[str]:
        """The lines of all of them; `owners` are the entries that have the types of parameters and result."""
        fields: dict[str, list[str]] = {}
        waiting = [self._find(owner, _REACHED) for owner in owners]
        while waiting:
            record = waiting.pop()
            tag = None if record is None else self._types.tags.get(record)
            if record is None or tag is None or tag in fields or record.tag == "DW_TAG_union_type":
                continue
            members = [child for child in self._entries.list_children(record) if child.tag == "DW_TAG_member"]
            fields[tag] = [line for member in members for line in self._write_member(member)]
            waiting += [self._find(member, _ITEMS) for member in members]
        # Only now, since members may speak of others.
        heads = {tag: f"{kind} {tag} {place} size {size} align 0" for tag, (kind, size) in self._types.records.items()}
        return [line for tag, head in heads.items() for line in (head, *fields.get(tag, ()))]

    def _write_member(self, member: DIE) -> list[str]:
        offset = _read_offset(member)
        if offset is None or "DW_AT_bit_size" in member.attributes:
            return []
        return [f"  field {quote_name(read_name([member]))} {self._types.write_type_of(member)} at {offset}"]

    def _find(self, owner: DIE, through: frozenset[str]) -> DIE | None:
        """The entry behind those that lead to it."""
        entry = self._entries.follow(owner, "DW_AT_type")
        for _ in range(DEEPEST * DEEPEST):
            if entry is None or entry.tag not in through:
                return entry if entry is None else self._entries.follow(entry, "DW_AT_signature") or entry
            entry = self._entries.follow(entry, "DW_AT_type")
        raise DamagedError("a type is made of itself")


def _read_offset(member: DIE) -> int | None:
    """Where a member lies; None where that is computed while the program runs."""
    offset = member.attributes.get("DW_AT_data_member_location")
    if offset is not None and isinstance(offset.value, list) and offset.value[:1] == [_PLUS]:
        return Bytes(io.BytesIO(bytes(offset.value[1:])), True).read_leb()  # up to DWARF 3 an expression: plus a number
    return read_number(member, "DW_AT_data_member_location")
