"""Where debug information is found, and what is said where it is not, or is of a form that is not read."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace

import ndcall
import pytest
from elftools.elf.elffile import ELFFile
from ndcall._dwarf import files
from ndcall._dwarf.library import DebugInformation

pytestmark = pytest.mark.unsanitized  # nothing here is in C++ but a parser that has tests of its own

CODE = "double mean(const double *x, unsigned long n) { return x[n]; }\n"
FORTRAN = 0x23  # DW_LANG_Fortran08


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with code.c; build(*flags) makes code.so there, and run(command) runs one."""
    (tmp_path / "code.c").write_text(CODE, encoding="utf-8")
    monkeypatch.setattr(files, "_DEBUG_FOLDER", str(tmp_path / "debug"))

    def run(command):
        subprocess.run(command.split(), cwd=tmp_path, check=True)

    def build(*flags):
        run(" ".join(["gcc", "-shared", "-fPIC", "code.c", "-o", "code.so", *flags]))

    return SimpleNamespace(folder=tmp_path, path=str(tmp_path / "code.so"), run=run, build=build)


def strip_into(place, name):
    """What distributions do: the debug information goes into a file of its own."""
    place.run(f"objcopy --only-keep-debug code.so {name}")
    place.run("strip --strip-debug code.so")


def test_a_library_without_debug_information_says_how_to_get_it(place, refusal):
    place.build("-Wl,--build-id=none")
    assert refusal(ndcall.ReadError, DebugInformation, place.path) == (
        f"{place.path} has no debug information\n  fix       compile code.so with debug information (gcc -g), and do not strip it"
    )


def test_a_stripped_library_says_where_its_debug_information_was_looked_for(place, refusal):
    place.build("-g", "-Wl,--build-id=0xabcdef")
    strip_into(place, "code.debug")
    place.run("objcopy --add-gnu-debuglink=code.debug code.so")
    (place.folder / "code.debug").write_bytes(b"another")
    (place.folder / ".debug").mkdir()
    assert refusal(ndcall.ReadError, DebugInformation, place.path) == (
        f"{place.path} has no debug information\n"
        f"  tried     {place.folder}/debug/.build-id/ab/cdef.debug   (not there)\n"
        f"            {place.folder}/code.debug   (of another build)\n"
        f"            {place.folder}/.debug/code.debug   (not there)\n"
        f"            {place.folder}/debug{place.folder}/code.debug   (not there)\n"
        "  fix       compile code.so with debug information (gcc -g), and do not strip it"
    )


@pytest.mark.parametrize("beside", ["code.debug", ".debug/code.debug"])
def test_a_separate_file_is_found_by_its_link(place, beside):
    place.build("-g", "-Wl,--build-id=none")
    (place.folder / ".debug").mkdir()
    strip_into(place, beside)
    place.run(f"objcopy --add-gnu-debuglink={beside} code.so")
    assert DebugInformation(place.path).outline("mean")[0] == "double mean(const double *x, unsigned long n)"


def test_a_separate_file_is_found_by_the_build_id(place, refusal):
    place.build("-g", "-Wl,--build-id=0xabcdef")
    (place.folder / "debug/.build-id/ab").mkdir(parents=True)
    strip_into(place, "debug/.build-id/ab/cdef.debug")
    assert DebugInformation(place.path).outline("mean")[2] == 1
    place.build("-Wl,--build-id=0xabcd00")
    (place.folder / "debug/.build-id/ab/cdef.debug").rename(place.folder / "debug/.build-id/ab/cd00.debug")
    assert "cd00.debug   (of another build)\n" in refusal(ndcall.ReadError, DebugInformation, place.path)


UNREAD = {
    "-g1": "it does not say what functions take\n  fix       compile with gcc -g, not -g1",
    "-g -gsplit-dwarf": "it lies in .dwo files\n  fix       compile without -gsplit-dwarf",
    "-g -gz=zlib-gnu": "it is compressed in an old form\n  fix       objcopy --decompress-debug-sections LIBRARY",
}


@pytest.mark.parametrize("flags", UNREAD)
def test_a_form_that_is_not_read_is_named(place, refusal, flags):
    place.build(flags)
    text = refusal(ndcall.ReadError, DebugInformation, place.path)
    assert text == f"the debug information of {place.path} is not read: {UNREAD[flags]}"


def test_a_part_in_a_file_that_several_libraries_share_is_named(place, refusal):
    place.build("-g")
    (place.folder / "link").write_bytes(b"shared.debug\0" + bytes(20))
    place.run("objcopy --add-section .gnu_debugaltlink=link code.so")
    text = refusal(ndcall.ReadError, DebugInformation, place.path)
    assert text == f"the debug information of {place.path} is not read: a part of it lies in another file (dwz -m)"


def test_another_language_is_named(place, refusal):
    place.build("-g")
    with open(place.path, "r+b") as file:
        elf = ELFFile(file)
        unit = next(elf.get_dwarf_info().iter_CUs())
        at = elf.get_section_by_name(".debug_info")["sh_offset"] + unit.get_top_DIE().attributes["DW_AT_language"].offset
        file.seek(at)
        file.write(bytes([FORTRAN]))
    assert refusal(ndcall.ReadError, DebugInformation, place.path) == (
        f'the debug information of {place.path} is not read: it is of Fortran, and only that of C and of C++ (extern "C") is'
    )


def test_more_than_memory_should_hold_is_not_read(place, refusal, monkeypatch):
    place.build("-g")
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    assert "is not read: it has more than 0 GiB" in refusal(ndcall.ReadError, DebugInformation, place.path)
