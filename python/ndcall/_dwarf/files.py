"""Finding the debug information of a library: in its own file, else in a separate one where debuggers look for it."""

from __future__ import annotations

import os
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from .._exceptions import ReadError
from .._paths import Place, show_tried
from .limits import MOST_BYTES, MOST_SECTIONS, DamagedError, Patience, UnreadError

if TYPE_CHECKING:
    from elftools.dwarf.dwarfinfo import DWARFInfo
    from elftools.elf.elffile import ELFFile

Exports = dict[str, set[int]]  # addresses of what a library defines, by name

_DEBUG_FOLDER = "/usr/lib/debug"
_CHUNK = 1 << 20
_SYMBOL = {32: "IIIBBH", 64: "IBBHQQ"}


def open_debug_info(path: str, patience: Patience) -> tuple[DWARFInfo, Exports]:
    """The debug information of a library, copied into memory, and what the library exports.

    Raises
    ------
    ReadError
        There is none, or nothing is installed that reads it.
    """
    try:
        from elftools.elf.elffile import ELFFile
    except ImportError as error:
        raise ReadError(f"debug_info= needs the Python package 'pyelftools', which {_explain_import(error)}") from None
    with _open(path) as file:
        elf = _check_sections(ELFFile(file))
        exports = _read_exports(elf, patience)
        if elf.get_section_by_name(".debug_info") is not None:
            return _copy(elf), exports
        tried: list[Place] = []
        for place, fits in _list_separate(path, elf):
            said = "not there"
            if os.path.isfile(place):
                with _open(place) as other:
                    if fits(other):
                        return _copy(_check_sections(ELFFile(other))), exports
                said = "of another build"
            tried.append(Place(place, said))
    fix = f"compile {os.path.basename(path)} with debug information (gcc -g), and do not strip it"
    raise ReadError("\n".join([f"{path} has no debug information", *show_tried(tried), f"  fix       {fix}"]))


def _explain_import(error: ImportError) -> str:
    """What is in the way. It imports `pdb`, and that `code`, of which name is many a library that lies beside a script."""
    if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("elftools"):
        return f"is not installed\n  fix       {sys.executable} -m pip install 'ndcall[debug]'"
    text = f"cannot be imported: {error}"
    if not error.path:
        return text
    fix = "if that is a library of yours, give it another name, or start Python with -P"
    return f"{text}\n  found     {error.path}, as the module '{error.name}'\n  fix       {fix}"


def _open(path: str) -> BinaryIO:
    try:
        return open(path, "rb")
    except OSError as error:
        raise UnreadError(f"{path}: {error.strerror}") from None


def _check_sections(elf: ELFFile) -> ELFFile:
    """The same, when its sections are those of a library and not too large for memory."""
    if elf["e_shoff"] and (elf["e_shentsize"] != elf.structs.Elf_Shdr.sizeof() or elf.num_sections() > MOST_SECTIONS):
        raise DamagedError("its table of sections is none")
    parts = [one for one in elf.iter_sections() if one.name.startswith((".debug_", ".zdebug_", ".dynsym", ".dynstr"))]
    if any(one.name.startswith(".zdebug_") for one in parts):
        raise UnreadError("it is compressed in an old form\n  fix       objcopy --decompress-debug-sections LIBRARY")
    if sum(one.data_size for one in parts) > MOST_BYTES:
        raise UnreadError(f"it has more than {MOST_BYTES >> 30} GiB")
    return elf


def _copy(elf: ELFFile) -> DWARFInfo:
    if elf.get_section_by_name(".gnu_debugaltlink") is not None:
        raise UnreadError("a part of it lies in another file (dwz -m)")
    return elf.get_dwarf_info(relocate_dwarf_sections=False, follow_links=False)


def _read_exports(elf: ELFFile, patience: Patience) -> Exports:
    section = elf.get_section_by_name(".dynsym")
    if section is None:
        return {}
    names, data = elf.get_section(section["sh_link"]).data(), section.data()
    form = struct.Struct(("<" if elf.little_endian else ">") + _SYMBOL[elf.elfclass])
    exports: Exports = {}
    for row in form.iter_unpack(data[: len(data) // form.size * form.size]):
        patience.spend()
        name, section_index, value = (row[0], row[3], row[4]) if elf.elfclass == 64 else (row[0], row[5], row[1])
        if section_index != 0 and name < len(names):
            exports.setdefault(names[name : names.find(b"\0", name)].decode("utf-8", "replace"), set()).add(value)
    return exports


def _list_separate(path: str, elf: ELFFile) -> Iterator[tuple[str, Callable[[BinaryIO], bool]]]:
    """Where the separate file may be, and what tells whether a file there is the right one."""
    from elftools.elf.elffile import ELFFile

    build_id = _read_build_id(elf)
    if build_id:
        place = os.path.join(_DEBUG_FOLDER, ".build-id", build_id[:2], f"{build_id[2:]}.debug")
        yield place, lambda file: _read_build_id(_check_sections(ELFFile(file))) == build_id
    link = elf.get_section_by_name(".gnu_debuglink")
    if link is None:
        return
    data = link.data()
    name = os.fsdecode(data.partition(b"\0")[0])
    if not name or os.path.basename(name) != name:
        raise DamagedError("its .gnu_debuglink names no file")
    checksum = int.from_bytes(data[-4:], "little" if elf.little_endian else "big")
    folder = os.path.dirname(os.path.realpath(path))
    for place in (folder, os.path.join(folder, ".debug"), _DEBUG_FOLDER + folder):
        yield os.path.join(place, name), lambda file: _sum_up(file) == checksum


def _read_build_id(elf: ELFFile) -> str:
    section = elf.get_section_by_name(".note.gnu.build-id")
    return "" if section is None else section.data()[16:].hex()  # behind three lengths and "GNU"


def _sum_up(file: BinaryIO) -> int:
    checksum = 0
    while chunk := file.read(_CHUNK):
        checksum = zlib.crc32(chunk, checksum)
    file.seek(0)
    return checksum
