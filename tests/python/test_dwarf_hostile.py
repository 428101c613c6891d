"""Debug information that is damaged, or made to mislead, is a ReadError: never a crash, another exception, or a reading without end."""

from __future__ import annotations

import random
import subprocess

import ndcall
import pytest
from elftools.elf.elffile import ELFFile
from ndcall._dwarf import limits
from ndcall._dwarf.library import DebugInformation

pytestmark = pytest.mark.unsanitized  # nothing here is in C++ but a parser that is fuzzed under the sanitizers

CODE = """\
typedef double real;
struct node { struct node *next; };
real f(const real *x, struct node *n, int (*compare)(const void *, const void *)) { return x[0]; }
real g(const real *x) { return f(x, 0, 0) + f(x + 1, 0, 0); }
"""
INLINING = "-O2 -fno-semantic-interposition"
FLAGS = {"DWARF 5": INLINING, "DWARF 4": f"{INLINING} -gdwarf-4 -fdebug-types-section"}


@pytest.fixture(scope="module", params=FLAGS)
def built(request, tmp_path_factory):
    """The bytes of a library."""
    path = tmp_path_factory.mktemp("hostile") / "code.so"
    command = ["gcc", "-g", *FLAGS[request.param].split(), "-shared", "-fPIC", "-x", "c", "-", "-o", str(path)]
    subprocess.run(command, input=CODE, text=True, check=True)
    return path


def read(path):
    library = DebugInformation(str(path))
    return [library.outline(name) for name in ("f", "g", "nowhere")]


def mutate(data: bytes, spans: list[tuple[int, int]], chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        offset, size = chance.choice(spans)
        at = offset + chance.randrange(size)
        out[at] = chance.choice((0, 0x7F, 0x80, 0xFF, chance.randrange(256), (out[at] + 1) & 255, (out[at] - 1) & 255))
    return bytes(out[: chance.randrange(len(out))] if chance.random() < 0.05 else out)


def test_changed_bytes_give_a_read_error_or_something_to_read(built, tmp_path):
    chance = random.Random(6)
    data = built.read_bytes()
    with open(built, "rb") as file:
        elf = ELFFile(file)
        parts = [(part["sh_offset"], part["sh_size"]) for part in elf.iter_sections() if part.name.startswith((".debug_", ".dyn"))]
        parts.append((elf["e_shoff"], elf["e_shnum"] * elf["e_shentsize"]))
    path = tmp_path / "changed.so"
    told = []
    for _ in range(100):
        path.write_bytes(mutate(data, parts, chance))
        try:
            read(path)
        except ndcall.ReadError as error:
            told.append(str(error))
    assert all(text.startswith((f"the debug information of {path}", f"{path} has no debug information")) for text in told)
    assert 15 < len(told) < 85


def patch(source, path, section, at, data):
    """A copy of a library with other bytes at a place in a section."""
    path.write_bytes(source.read_bytes())
    with open(path, "r+b") as file:
        file.seek(ELFFile(file).get_section_by_name(section)["sh_offset"] + at)
        file.write(data)
    return path


def find_entries(path, tag, attribute):
    with open(path, "rb") as file:
        unit = next(ELFFile(file).get_dwarf_info().iter_CUs())
        found = [one for one in unit.iter_DIEs() if one.tag == tag and attribute in one.attributes]
    assert found
    return [(one.attributes[attribute].offset, (one.offset - unit.cu_offset).to_bytes(4, "little")) for one in found]


LOOPS = {
    "DW_TAG_typedef DW_AT_type": "a type is made of itself",
    "DW_TAG_const_type DW_AT_type": "a type is made of itself",
    "DW_TAG_pointer_type DW_AT_type": "a type is nested too deeply",
    "DW_TAG_subprogram DW_AT_abstract_origin": "an entry completes itself",
}


@pytest.mark.parametrize("loop", LOOPS)
def test_what_refers_to_itself_is_damaged(built, tmp_path, refusal, loop):
    path = tmp_path / "loop.so"
    path.write_bytes(built.read_bytes())
    for at, own in find_entries(built, *loop.split()):
        patch(path, path, ".debug_info", at, own)
    assert refusal(ndcall.ReadError, read, path) == f"the debug information of {path} is damaged: {LOOPS[loop]}"


def test_a_neighbour_that_lies_behind_is_not_gone_to(built, tmp_path):
    path = tmp_path / "back.so"
    path.write_bytes(built.read_bytes())
    for at, own in find_entries(built, "DW_TAG_subprogram", "DW_AT_sibling"):
        patch(path, path, ".debug_info", at, own)
    assert read(path) == read(built)


def test_after_damage_nothing_more_is_read(built, tmp_path, refusal):
    """What is not found then is not known to be missing."""
    path = tmp_path / "loop.so"
    path.write_bytes(built.read_bytes())
    for at, own in find_entries(built, "DW_TAG_typedef", "DW_AT_type"):
        patch(path, path, ".debug_info", at, own)
    library = DebugInformation(str(path))
    text = refusal(ndcall.ReadError, library.outline, "f")
    assert refusal(ndcall.ReadError, library.outline, "nowhere") == text


def test_a_table_that_claims_rows_of_nothing_is_damaged(tmp_path, refusal, build_library):
    """pyelftools would make that many rows."""
    path = tmp_path / "code.so"
    build_library(CODE, path, "-gdwarf-5")
    with open(path, "rb") as file:
        table = ELFFile(file).get_section_by_name(".debug_line").data()
    behind_opcodes = 18 + table[17] - 1
    huge = b"\xff" * 9 + b"\x01"
    patch(path, path, ".debug_line", behind_opcodes, b"\0" + huge)
    assert refusal(ndcall.ReadError, read, path) == (
        f"the debug information of {path} is damaged: a table of files has rows without columns"
    )


def test_a_table_of_addresses_that_leads_elsewhere_is_not_followed(tmp_path, build_library):
    path = tmp_path / "code.so"
    build_library(CODE, path)
    patch(path, path, ".debug_aranges", 6, (1 << 20).to_bytes(4, "little"))
    assert read(path)[0] is not None
    assert read(path)[2] is None


def test_a_table_of_addresses_that_ends_too_early_is_damaged(tmp_path, refusal, build_library):
    path = tmp_path / "code.so"
    build_library(CODE, path)
    patch(path, path, ".debug_aranges", 0, (1 << 20).to_bytes(4, "little"))
    assert refusal(ndcall.ReadError, read, path) == f"the debug information of {path} is damaged: a table ends too early"


def test_types_that_double_with_every_typedef_are_too_long(tmp_path, refusal, build_library):
    doubling = "".join(f"typedef void (*f{i})(f{i - 1}, f{i - 1});\n" for i in range(1, 25))
    path = build_library(f"typedef void (*f0)(int);\n{doubling}void f(f24 x) {{}}\n", tmp_path / "code.so")
    text = refusal(ndcall.ReadError, DebugInformation(path).outline, "f")
    assert text == f"the debug information of {path} is damaged: a type is too long"


def test_a_reading_that_takes_too_long_ends(built, refusal, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.0)
    text = refusal(ndcall.ReadError, read, built)
    assert text == f"the debug information of {built} is damaged: it could not be read within 0 s"


def test_a_file_that_is_no_library_is_damaged(tmp_path, refusal):
    path = tmp_path / "text.so"
    path.write_text("hello")
    assert refusal(ndcall.ReadError, DebugInformation, str(path)) == (
        f"the debug information of {path} is damaged: ELFError: Magic number does not match"
    )
    missing = str(tmp_path / "missing.so")
    assert refusal(ndcall.ReadError, DebugInformation, missing) == (
        f"the debug information of {missing} is not read: {missing}: No such file or directory"
    )
