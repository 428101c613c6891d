"""Saved libraries whose code is installed: found by name and SONAME, or named when loading."""

from __future__ import annotations

import subprocess
from pathlib import Path

import ndcall
import pytest

SOURCE = "double gain = 2;\nint root(double x) { return x < 0 ? -1 : 0; }\n"


@pytest.fixture
def source(tmp_path):
    (tmp_path / "code.c").write_text(SOURCE)
    return tmp_path / "code.c"


@pytest.fixture
def installed(source, tmp_path):
    """libcode.so.3 with its SONAME, and libcode.so, in a folder of their own."""
    folder = tmp_path / "lib"
    folder.mkdir()
    build = ["gcc", "-shared", "-fPIC", "-Wl,-soname,libcode.so.3", str(source), "-o", str(folder / "libcode.so.3")]
    subprocess.run(build, check=True)
    (folder / "libcode.so").symlink_to("libcode.so.3")
    (tmp_path / "code.h").write_text("double gain;\nint root(double x);\nint missing(int x);\n")
    return folder


def test_an_installed_library_is_named_and_not_copied(installed, tmp_path):
    lib = ndcall.load(tmp_path / "code.h", library="code", library_dirs=installed)
    files = ndcall.save(lib, tmp_path / "named.ndcall")
    assert files == (str(tmp_path / "named.ndcall"),)
    assert (tmp_path / "named.ndcall").read_text().startswith('ndcall saved 1\nlibrary named "code" soname "libcode.so.3"\n')
    loaded = ndcall.load(tmp_path / "named.ndcall", library_dirs=installed)
    assert loaded.root(1) == 0
    assert repr(loaded) == f"<ndcall library named.ndcall: 3 names from {installed}/libcode.so.3>"
    with pytest.raises(ndcall.BindError, match="the symbol 'missing' is not in"):  # as of a header
        loaded.missing(1)
    (installed / "libcode.so").unlink()  # as where only the library is installed, without what compiling needs
    assert ndcall.load(tmp_path / "named.ndcall", library_dirs=installed).root(1) == 0


def test_a_library_that_calls_itself_otherwise_is_refused(installed, source, tmp_path, refusal):
    ndcall.save(ndcall.load(tmp_path / "code.h", library="code", library_dirs=installed), tmp_path / "named.ndcall")
    (installed / "libcode.so.3").unlink()
    for soname, found in (("-Wl,-soname,libcode.so.4", "libcode.so.4"), ("-g", "a library without a SONAME")):
        subprocess.run(["gcc", "-shared", "-fPIC", soname, str(source), "-o", str(installed / "libcode.so.4")], check=True)
        (installed / "libcode.so").unlink()
        (installed / "libcode.so").symlink_to("libcode.so.4")
        assert refusal(ndcall.LoadError, ndcall.load, tmp_path / "named.ndcall", library_dirs=installed) == (
            f"{installed}/libcode.so is not the library that was saved\n  saved     'code', which calls itself libcode.so.3\n"
            f"  found     {found}\n  fix       install libcode.so.3, or name another library with library="
        )
    assert ndcall.load(tmp_path / "named.ndcall", library="code", library_dirs=installed).root(1) == 0


def test_a_library_that_is_nowhere_lists_the_places(installed, tmp_path, refusal):
    ndcall.save(ndcall.load(tmp_path / "code.h", library="code", library_dirs=installed), tmp_path / "named.ndcall")
    text = refusal(ndcall.LoadError, ndcall.load, tmp_path / "named.ndcall")
    assert text.startswith("library 'code' was not found")
    assert text.endswith(f"\n  wanted    by {tmp_path / 'named.ndcall'}; library_dirs= names its folder, library= another library")


def test_a_library_that_is_named_instead_is_not_looked_for_with_a_compiler(installed, tmp_path, refusal):
    ndcall.save(ndcall.load(tmp_path / "code.h", library="code", library_dirs=installed), tmp_path / "named.ndcall")
    text = refusal(ndcall.LoadError, ndcall.load, tmp_path / "named.ndcall", library="no_such_library")
    assert text.startswith("library 'no_such_library' was not found\n  tried     ")
    assert "(the toolchain)" not in text
    assert "(the toolchain)" in refusal(ndcall.LoadError, ndcall.load, tmp_path / "code.h", library="no_such_library")


def test_a_library_given_by_its_path_is_copied_unless_it_is_named(installed, tmp_path, refusal):
    lib = ndcall.load(tmp_path / "code.h", library=installed / "libcode.so.3")
    text, library = ndcall.save(lib, tmp_path / "copied.ndcall")
    assert Path(library).read_bytes() == (installed / "libcode.so.3").read_bytes()
    assert ndcall.load(text).root(1) == 0
    assert ndcall.save(lib, tmp_path / "named.ndcall", library="code") == (str(tmp_path / "named.ndcall"),)
    assert ndcall.load(tmp_path / "named.ndcall", library_dirs=installed).root(1) == 0
    assert refusal(ValueError, ndcall.save, lib, tmp_path / "x.ndcall", library="./libcode.so") == (
        "library= holds './libcode.so': an installed library is named without a folder"
    )
    assert refusal(ValueError, ndcall.save, lib, tmp_path / "x.ndcall", library=["code", "m"]) == (
        f"library= names 2, but the functions come from 1: {installed}/libcode.so.3"
    )


def test_declarations_that_were_typed_are_saved(tmp_path):
    lib = ndcall.load("libm.so.6", declarations="/* The cube root. */ double cbrt(double x); double hypot(double, double);")
    ndcall.save(lib, tmp_path / "m.ndcall")
    loaded = ndcall.load(tmp_path / "m.ndcall")
    assert (loaded.cbrt(8), loaded.hypot(3, 4)) == (2.0, 5.0)
    assert loaded.cbrt.__doc__ == lib.cbrt.__doc__


def test_a_linker_script_is_saved_as_the_libraries_it_stands_for(installed, tmp_path):
    subprocess.run(["gcc", "-shared", "-fPIC", "-xc", "/dev/null", "-o", str(installed / "libempty.so")], check=True)
    (installed / "libboth.so").write_text(f"GROUP ( {installed}/libcode.so.3 {installed}/libempty.so )\n")
    lib = ndcall.load(tmp_path / "code.h", library="both", library_dirs=installed)
    ndcall.save(lib, tmp_path / "both.ndcall")
    assert (
        (tmp_path / "both.ndcall")
        .read_text()
        .startswith('ndcall saved 1\nlibrary named "libcode.so.3" soname "libcode.so.3"\nlibrary named "libempty.so"\n')
    )
    assert ndcall.load(tmp_path / "both.ndcall", library_dirs=installed).root(1) == 0


def test_the_soname_of_a_damaged_library_is_no_crash(installed, tmp_path):
    from ndcall._elf import read_soname

    data = (installed / "libcode.so.3").read_bytes()
    assert read_soname(str(installed / "libcode.so.3")) == "libcode.so.3"
    for size in (*range(0, 1200, 7), *range(1200, len(data), 401)):
        (tmp_path / "cut").write_bytes(data[:size])
        assert read_soname(str(tmp_path / "cut")) in ("", "libcode.so.3")
    for at in range(0, 1200, 3):
        (tmp_path / "wrong").write_bytes(data[:at] + b"\xff" + data[at + 1 :])
        assert isinstance(read_soname(str(tmp_path / "wrong")), str)
