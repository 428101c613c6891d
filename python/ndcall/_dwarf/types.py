"""Types of debug information as the core's text form has them (src/declaration/text.hpp)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .entries import Entries, read_language, read_name, read_number
from .limits import DEEPEST, LONGEST, DamagedError

if TYPE_CHECKING:
    from elftools.dwarf.die import DIE

QUALIFIERS = {
    "DW_TAG_const_type": "const ",
    "DW_TAG_volatile_type": "volatile ",
    "DW_TAG_restrict_type": "restrict ",
    "DW_TAG_atomic_type": "",  # which DWARF has only since version 5
}
POINTERS = frozenset({"DW_TAG_pointer_type", "DW_TAG_reference_type", "DW_TAG_rvalue_reference_type"})
_RECORDS = {"DW_TAG_structure_type": "struct", "DW_TAG_class_type": "struct", "DW_TAG_union_type": "union"}
_LETTERS = {0x03: "c", 0x04: "f", 0x05: "i", 0x06: "i", 0x07: "u", 0x08: "u", 0x10: "u"}  # of numbers, by DW_ATE_*
_BOOLEAN = 0x02
_WORDS = {  # C's own, by what the text form calls them
    "i1": "signed char",
    "i2": "short",
    "i4": "int",
    "i8": "long",
    "u1": "unsigned char",
    "u2": "unsigned short",
    "u4": "unsigned int",
    "u8": "unsigned long",
    "f2": "_Float16",
    "f4": "float",
    "f8": "double",
    "f12": "long double",
    "f16": "long double",
    "c8": "float _Complex",
    "c16": "double _Complex",
    "c24": "long double _Complex",
    "c32": "long double _Complex",
}
_EXTENDED = re.compile(r"_?_?(Decimal|Float128|float128|BitInt|ExtInt|Accum|Fract|Sat|Imaginary)")  # of these the size tells too little
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


class TypeWriter:
    """Writes types, and notes the structs and unions that they speak of; their members are for records.py."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._written: dict[tuple[DIE | None, str], str] = {}
        self.records: dict[str, tuple[str, int]] = {}  # kind and size by tag
        self.tags: dict[DIE, str] = {}  # of structs and unions whose size is known

    def write_function(self, chain: list[DIE]) -> tuple[str, list[DIE]]:
        """The type of a function, from its entry and those that it completes, and the entries that have its result's and parameters' types.

        Where a copy of the function was inlined, the last of the chain has the types.
        """
        result = next((entry for entry in chain if "DW_AT_type" in entry.attributes), chain[-1])
        described = next(filter(self._tells_parameters, chain), chain[-1])
        return self._write_function(result, described, True, 0), [result, *self._list_parameters(described)]

    def _list_parameters(self, entry: DIE) -> list[DIE]:
        return [child for child in self._entries.list_children(entry) if child.tag == "DW_TAG_formal_parameter"]

    def _tells_parameters(self, entry: DIE) -> bool:
        parameters = self._list_parameters(entry)
        return bool(parameters) and all("DW_AT_type" in child.attributes for child in parameters)

    def _write_function(self, entry: DIE, described: DIE, has_prototype: bool, depth: int) -> str:
        """A function that returns the type of an entry and takes what another, or the same, describes."""
        parameters = []
        for child in self._entries.list_children(described) if has_prototype else ():
            if child.tag == "DW_TAG_formal_parameter":
                parameters.append(self._write_parameter(child, depth))
            elif child.tag == "DW_TAG_unspecified_parameters":
                parameters.append("...")
        return f"{'fn' if has_prototype else 'oldfn'}({', '.join(parameters)}) -> {self.write_type_of(entry, depth + 1)}"

    def write_type_of(self, entry: DIE, depth: int = 0) -> str:
        return self._write(self._entries.follow(entry, "DW_AT_type"), "", depth)

    def _write_parameter(self, entry: DIE, depth: int) -> str:
        name = read_name(self._entries.list_origins(entry))
        return (f"{name}: " if _IDENTIFIER.fullmatch(name) else "") + self.write_type_of(entry, depth + 1)

    def _write(self, entry: DIE | None, qualifiers: str, depth: int) -> str:
        """A type; `qualifiers` are those in front of it."""
        spelling = ""
        for _ in range(DEEPEST):
            if entry is None or (entry.tag != "DW_TAG_typedef" and entry.tag not in QUALIFIERS):
                break
            spelling = spelling or (read_name([entry]) if entry.tag == "DW_TAG_typedef" else "")
            qualifiers += QUALIFIERS.get(str(entry.tag), "")
            entry = self._entries.follow(entry, "DW_AT_type")
        else:
            raise DamagedError("a type is made of itself")
        if depth > DEEPEST:
            raise DamagedError("a type is nested too deeply")
        qualifiers = "".join(word for word in QUALIFIERS.values() if word in qualifiers)
        known = (entry, f"{qualifiers}{spelling}")
        if known not in self._written:
            self._written[known] = self._write_new(entry, qualifiers, spelling, depth)
        return self._written[known]

    def _write_new(self, entry: DIE | None, qualifiers: str, spelling: str, depth: int) -> str:
        shown = f"{quote_name(spelling)}=" if spelling else ""
        tag = None if entry is None else entry.tag
        if entry is None:
            text = qualifiers + shown + "void"
        elif tag in POINTERS:
            text = qualifiers + shown + "*" + self.write_type_of(entry, depth + 1)
        elif tag == "DW_TAG_array_type" and "DW_AT_GNU_vector" not in entry.attributes:
            items = self._write(self._entries.follow(entry, "DW_AT_type"), qualifiers, depth + 1)  # qualifiers of an array are its items'
            text = shown + self._write_extents(entry) + items
        elif tag == "DW_TAG_subroutine_type":
            has_prototype = "DW_AT_prototyped" in entry.attributes or read_language(entry.cu) != "C"
            text = shown + self._write_function(entry, entry, has_prototype, depth)
        else:
            text = qualifiers + self._write_plain(entry, spelling)
        if len(text) > LONGEST:
            raise DamagedError("a type is too long")
        return text

    def _write_extents(self, entry: DIE) -> str:
        extents = ""
        for child in self._entries.list_children(entry):
            if child.tag == "DW_TAG_subrange_type":
                count, last = read_number(child, "DW_AT_count"), read_number(child, "DW_AT_upper_bound")
                if count is None and last is not None:
                    count = (last + 1) % (1 << 64)  # -1 says that there is none
                extents += f"[{'' if count is None else count}]"
        return extents or "[]"

    def _write_plain(self, entry: DIE, spelling: str) -> str:
        """A type that is not made of others. One in a unit of its own (-fdebug-types-section) is only mentioned here."""
        entry = self._entries.follow(entry, "DW_AT_signature") or entry
        size = read_number(entry, "DW_AT_byte_size") or 0
        shown = f"{quote_name(spelling)}=" if spelling else ""
        if entry.tag in _RECORDS:
            tag = self._choose_tag(entry, spelling, size)
            return f"{shown}{_RECORDS[str(entry.tag)]} {tag}" + (f"/{size}/0" if size else "")
        if entry.tag == "DW_TAG_enumeration_type":
            name = read_name([entry]) or spelling
            return f"{shown}enum {quote_name(name if _IDENTIFIER.fullmatch(name) else '')} {self._write_base(entry, size)}"
        word, head = _read_number_type(entry, size) if entry.tag == "DW_TAG_base_type" else (read_name([entry]), "other")
        if head == "other":
            return f"{quote_name(spelling or word or str(entry.tag))}=other" + (f"/{size}/0" if size else "")
        return f"{quote_name(spelling or word)}={head}" if spelling or word else head

    def _write_base(self, entry: DIE, size: int) -> str:
        """The integer that an enum is."""
        base = self._entries.follow(entry, "DW_AT_type")
        head = self._write_plain(base, "").rpartition("=")[2] if base is not None and base.tag == "DW_TAG_base_type" else ""
        return head if head[:1] in ("i", "u") else f"u{size if size in (1, 2, 4, 8) else 4}"

    def _choose_tag(self, entry: DIE, spelling: str, size: int) -> str:
        """The name of a struct or union: its typedef's where it has none, and another one where two have the same."""
        name = read_name([entry]) or spelling
        if not _IDENTIFIER.fullmatch(name):
            name = f"unnamed.{read_number(entry, 'DW_AT_decl_line') or 0}"
        told = (_RECORDS[str(entry.tag)], size)
        if size == 0:
            return name
        tag, count = name, 1
        while self.records.setdefault(tag, told) != told:
            count += 1
            tag = f"{name}.{count}"
        self.tags[entry] = tag
        return tag


def _read_number_type(entry: DIE, size: int) -> tuple[str, str]:
    """C's words for a number, "" where they are the usual ones, and what the text form calls it."""
    encoding, name = read_number(entry, "DW_AT_encoding"), read_name([entry])
    word = _order_words(name)
    if encoding == _BOOLEAN and size == 1:
        return "", "bool"
    if name == "char" and size == 1:
        return "", "char"
    head = f"{_LETTERS.get(encoding or 0, '?')}{size}"
    is_plain = head in _WORDS and not _EXTENDED.search(name) and (head != "f16" or word == "long double")
    return ("" if word == _WORDS.get(head) else word), head if is_plain else "other"


def _order_words(name: str) -> str:
    """ "long unsigned int" and "complex double" as C has them, "unsigned long" and "double _Complex"; "" for the "complex" of clang."""
    words = name.split()
    sign = "unsigned " if "unsigned" in words else "signed " if "signed" in words and "char" in words else ""
    rest = [word for word in words if word not in ("unsigned", "signed", "complex")]
    if len(rest) > 1 and "int" in rest:
        rest.remove("int")
    if "complex" in words:
        return " ".join([*rest, "_Complex"]) if rest else ""
    return sign + " ".join(rest or ["int"])


def quote(text: str) -> str:
    """A string of the text form."""
    marks = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(marks.get(one, one if one >= " " and one != "\x7f" else f"\\x{ord(one):02x}") for one in text) + '"'


def quote_name(name: str) -> str:
    """A name of the text form, which stands in quotes where it is none of C's."""
    return name if _IDENTIFIER.fullmatch(name) else quote(name)
