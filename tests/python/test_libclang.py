"""Which libclang the reader loads, and what is said when it cannot read."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import ndcall
import pytest
from ndcall import _reader

pytestmark = pytest.mark.unsanitized  # Python and the reader's command line


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "code.c"
    path.write_text("int f(void) { return 1; }\n")
    return path


def test_a_variable_names_the_library(monkeypatch, tmp_path):
    library = tmp_path / "libclang.so"
    library.touch()
    monkeypatch.setenv("NDCALL_LIBCLANG", str(library))
    assert _reader.find_libclang() == str(library)
    monkeypatch.setenv("NDCALL_LIBCLANG", "/nowhere/libclang.so")
    with pytest.raises(ndcall.LoadError) as caught:
        _reader.find_libclang()
    assert str(caught.value) == "NDCALL_LIBCLANG names '/nowhere/libclang.so', which is no file"


def test_a_package_comes_before_the_systems(monkeypatch, tmp_path):
    (tmp_path / "clang" / "native").mkdir(parents=True)
    library = tmp_path / "clang" / "native" / "libclang.so"
    library.touch()
    monkeypatch.delenv("NDCALL_LIBCLANG", raising=False)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert _reader.find_libclang() == str(library)
    assert "clang.cindex" not in sys.modules


def test_the_systems_newest_is_the_last_choice(monkeypatch, tmp_path):
    for version in ("9", "22", "14"):
        (tmp_path / f"llvm-{version}").mkdir()
        (tmp_path / f"llvm-{version}" / "libclang.so.1").touch()
    monkeypatch.delenv("NDCALL_LIBCLANG", raising=False)
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(_reader, "PLATFORM", _reader.PLATFORM.replace(libclang_patterns=(f"{tmp_path}/llvm-*/libclang.so*",)))
    assert _reader.find_libclang() == f"{tmp_path}/llvm-22/libclang.so.1"


def without_libclang(source):
    """What a process prints that loads `source` and finds no libclang."""
    code = f"""
        from ndcall import _reader
        _reader.find_libclang.__code__ = (lambda: "").__code__
        import ndcall
        try:
            print(ndcall.load({str(source)!r}).f())
        except ndcall.ReadError as error:
            print(error)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.stdout


def test_without_libclang_the_exact_command_is_told_and_a_warm_cache_needs_none(empty_cache, source):
    assert without_libclang(source) == (
        "no libclang was found, which reads C's types\n"
        "  tried     NDCALL_LIBCLANG   (not set)\n"
        "            the Python package 'clang'   (not installed)\n"
        "            /usr/lib/llvm-*/lib   (nothing there)\n"
        f"  fix       {sys.executable} -m pip install libclang-ng\n"
    )
    assert ndcall.load(source).f() == 1
    assert without_libclang(source) == "1\n"


def test_another_libclang_reads_again(empty_cache, source, monkeypatch, tmp_path):
    ndcall.load(source)
    link = tmp_path / "libclang.so"
    link.symlink_to(_reader.find_libclang())
    monkeypatch.setenv("NDCALL_LIBCLANG", str(link))
    ndcall.load(source)
    assert len(list((tmp_path / "cache").glob("entries/*"))) == 2


def test_a_library_that_is_no_libclang_is_told_with_the_cure(empty_cache, source, monkeypatch, tmp_path):
    library = tmp_path / "libclang.so"
    library.write_text("no library")
    monkeypatch.setenv("NDCALL_LIBCLANG", str(library))
    with pytest.raises(ndcall.ReadError) as caught:
        ndcall.load(source)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("code.c: ")
    assert lines[-1] == f"  fix       {sys.executable} -m pip install libclang-ng   (or NDCALL_LIBCLANG=/path/to/libclang.so)"


@pytest.mark.parametrize(
    ("status", "messages", "text"),
    [
        (None, "", "code.c: it could not be read within 120 s"),
        (5, "ndcall-read-c: out of time\n", "code.c: out of time"),
        (-11, "", "code.c: the reader was ended by signal 11"),
        (1, "", "code.c: the reader ended with status 1"),
    ],
)
def test_every_end_of_the_reader_is_told(status, messages, text):
    assert str(_reader.explain_failure(status, messages, ["code.c"])) == text


def test_a_reader_that_waits_for_ever_is_ended(empty_cache, monkeypatch, tmp_path):
    from ndcall import _compile

    os.mkfifo(tmp_path / "pipe.h")
    (tmp_path / "code.h").write_text('#include "pipe.h"\nint f(void);\n')
    monkeypatch.setattr(_compile, "WALL_SECONDS", 0.3)
    monkeypatch.setattr(_reader, "WALL_SECONDS", 0.3)
    with pytest.raises(ndcall.ReadError, match=r"^code\.h: it could not be read within 0 s$"):
        ndcall.load(tmp_path / "code.h", library="m")


def test_what_is_read_is_what_the_compiler_would_read(empty_cache, tmp_path):
    path = tmp_path / "code.c"
    path.write_text(
        "#if __STDC_VERSION__ < 199901L\n#define NUMBER double\n#else\n#define NUMBER int\n#endif\nNUMBER f(NUMBER x) { return x; }\n"
    )
    with pytest.raises(ndcall.ContractError):
        ndcall.load(path).f(2.5)
    assert ndcall.load(path, flags="-std=gnu89").f(2.5) == 2.5
