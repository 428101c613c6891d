"""Whole headers: several at once, lists of others, names by macro, what is inline, and headers that nobody tidied up."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import ndcall
import pytest


@pytest.fixture
def build(tmp_path):
    """build(c_text): libcode.so of it, in the folder of the test; the path."""

    def make(text: str) -> Path:
        (tmp_path / "code.c").write_text(text)
        library = tmp_path / "libcode.so"
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", tmp_path / "code.c", "-o", library], check=True)
        return library

    return make


@pytest.fixture
def headers(tmp_path):
    """headers(name=text, ...): files NAME.h; their paths."""

    def write(**texts: str) -> list[Path]:
        for name, text in texts.items():
            (tmp_path / f"{name}.h").write_text(text)
        return [tmp_path / f"{name}.h" for name in texts]

    return write


def names_of(library: ndcall.Library) -> list[str]:
    return [name for name in library if isinstance(library[name], ndcall.Function)]


def test_a_header_may_need_what_one_before_it_declares(build, headers):
    paths = headers(first="typedef double real;\nreal one(void);\n", second="real two(real x);\n#define LIMIT ((real)3)\n")
    library = build("double one(void) { return 1; } double two(double x) { return 2 * x; }")
    lib = ndcall.load(paths, library=library)
    assert (names_of(lib), lib.one(), lib.two(2.5), lib.LIMIT) == (["one", "two"], 1, 5, 3)
    assert lib.two.source == "second.h:1"


def test_a_header_that_includes_another_of_the_list_changes_nothing(build, headers):
    paths = headers(second='#pragma once\n#include "third.h"\nint two(void);\n', third="#pragma once\nint three(void);\n")
    library = build("int two(void) { return 2; } int three(void) { return 3; }")
    for order in (paths, paths[::-1], [paths[0], paths[0]]):
        lib = ndcall.load(order, library=library)
        assert (lib.two(), lib.three()) == (2, 3)


def test_an_edited_header_of_several_is_read_again(build, headers):
    paths = headers(first="int one(void);\n", second="int two(void);\n")
    library = build("int one(void) { return 1; } int two(void) { return 2; } int three(void) { return 3; }")
    assert names_of(ndcall.load(paths, library=library)) == ["one", "two"]
    headers(second="int three(void);\n")
    assert names_of(ndcall.load(paths, library=library)) == ["one", "three"]


def test_a_header_that_only_includes_others_has_theirs(build, headers, tmp_path):
    (tmp_path / "include").mkdir()
    headers(**{"include/other": "#include <stddef.h>\nsize_t two(void);\n", "all": "#include <math.h>\n#include <other.h>\n"})
    lib = ndcall.load(tmp_path / "all.h", library=build("unsigned long two(void) { return 2; }"), include_dirs=tmp_path / "include")
    assert (names_of(lib), lib.two()) == (["two"], 2)


def test_a_header_that_declares_nothing_is_an_error(build, headers, refusal):
    (path,) = headers(empty="#include <math.h>\n")
    text = refusal(ndcall.ReadError, ndcall.load, path, library=build("int one(void) { return 1; }"))
    assert text == (
        "empty.h declares nothing, and no header that it includes belongs to it\n"
        "  fix       load the headers that declare what is wanted: ndcall.load(['ONE.h', 'OTHER.h'], library=...)"
    )


def test_a_header_of_constants_alone_is_loaded(build, headers):
    (path,) = headers(numbers="#define ANSWER 42\n")
    assert ndcall.load(path, library=build("int one(void) { return 1; }")).ANSWER == 42


def test_a_macro_that_names_a_function_is_a_function(build, headers):
    (path,) = headers(
        versions="int create2(int n);\n#define create create2\n#define create_at(n) create2(n)\n#define absent absent2\n"
        "#define plain hidden_plain\nint plain(void);\n"
    )
    lib = ndcall.load(path, library=build("int create2(int n) { return n + 2; } int hidden_plain(void) { return 7; }"))
    assert names_of(lib) == ["create", "create2", "hidden_plain", "plain"]
    assert (lib.create(1), lib.create2(1), lib.plain()) == (3, 3, 7)
    assert (lib.create.declaration, lib.create.source) == ("int create2(int n)", "versions.h:2")


def test_an_array_whose_extent_the_header_leaves_open_has_the_one_of_the_library(build, headers):
    (path,) = headers(table="extern const double table[];\nextern int rows[][2];\nextern int *pointer;\n")
    lib = ndcall.load(path, library=build("const double table[] = {1, 2, 3}; int rows[2][2] = {{1, 2}, {3, 4}}; int *pointer;"))
    assert (lib.table.tolist(), lib.table.flags.writeable) == ([1, 2, 3], False)
    assert lib.rows.tolist() == [[1, 2], [3, 4]]


def test_what_the_linker_calls_otherwise_is_called_by_its_name_in_c(build, headers):
    (path,) = headers(large='long seek(long to) __asm__("seek64");\n')
    lib = ndcall.load(path, library=build("long seek64(long to) { return 2 * to; } long seek(long to) { return 0; }"))
    assert lib.seek(1 << 40) == 1 << 41


def test_headers_of_the_system_rename_for_large_files():
    lib = ndcall.load("unistd.h", library="libc.so.6", only=["lseek", "getpid"], defines={"_FILE_OFFSET_BITS": 64})
    assert lib.getpid() == os.getpid()
    with open(__file__, "rb") as file:
        assert lib.lseek(file.fileno(), 0, 2) == os.path.getsize(__file__)


def test_an_inline_function_is_called_where_the_library_holds_it(build, headers, refusal):
    (path,) = headers(quick="inline int held(int n) { return n + 1; }\ninline int missing(int n) { return n + 2; }\n")
    library = build("int held(int n) { return n + 1; }")
    lib = ndcall.load(path, library=library)
    assert lib.held(1) == 2
    assert refusal(ndcall.BindError, lib.missing, 1) == (
        f"missing cannot be called: it is inline, and not in {library}. Take `inline` away, or call it from a function of your own that"
        " is not inline\n  declared  inline int missing(int n)"
    )


def test_that_a_function_is_not_in_the_library_is_said_before_what_its_contract_lacks(build, headers, refusal):
    (path,) = headers(absent="void absent(double *x, int n);\n")
    library = build("int one(void) { return 1; }")
    assert refusal(ndcall.BindError, ndcall.load(path, library=library).absent) == (
        f"absent cannot be called: the symbol 'absent' is not in {library}\n  declared  void absent(double *x, int n)"
    )


def test_a_line_for_what_this_library_lacks_hinders_no_other(build, headers, refusal):
    (path,) = headers(versions="void old(double *x, int n);\nvoid absent(double *x, int n);\n")
    library = build("void old(double *x, int n) { for (int i = 0; i < n; i++) x[i] = n; }")
    lib = ndcall.load(path, library=library, contracts="{old,absent}: -> x[n]\n")
    assert lib.old(2).tolist() == [2, 2]
    assert refusal(ndcall.BindError, lib.absent, 2) == (
        f"absent cannot be called: the symbol 'absent' is not in {library}\n  declared  void absent(double *x, int n)\n"
        "  contract  -> x[n]   (contracts=)"
    )


def test_names_that_c_keeps_for_itself_are_offered_when_they_are_asked_for(build, headers):
    (path,) = headers(twice="int one(void);\nint __one(void);\n")
    library = build("int one(void) { return 1; } int __one(void) { return 2; }")
    assert list(ndcall.load(path, library=library)) == ["one"]
    assert ndcall.load(path, library=library, only="__one")["__one"]() == 2
    assert list(ndcall.load(path, library=library, exclude="__*")) == ["one"]
    assert "__one" not in ndcall.draft(path)


def test_a_header_that_has_only_names_of_that_kind_is_taken_as_it_is(build, headers):
    (path,) = headers(only="int __one(void);\n")
    assert ndcall.load(path, library=build("int __one(void) { return 2; }"))["__one"]() == 2


def test_a_header_that_is_nowhere_is_told_with_what_helps(refusal):
    text = refusal(ndcall.LoadError, ndcall.load, "mahth.h", library="m")
    assert text.startswith("header 'mahth.h' was not found; did you mean 'math.h'")
    text = refusal(ndcall.LoadError, ndcall.load, "no_such_library_at_all.h", library="m")
    assert text.endswith("\n  fix       include_dirs='FOLDER', or install the package that has it (on Debian one that ends with -dev)")


def test_pairs_of_doubles_are_complex_numbers(build, headers):
    (path,) = headers(pairs="typedef double pair[2];\nvoid conjugate(const pair *x, pair *y, int n);\n")
    library = build(
        "typedef double pair[2];\nvoid conjugate(const pair *x, pair *y, int n)"
        " { for (int i = 0; i < n; i++) { y[i][0] = x[i][0]; y[i][1] = -x[i][1]; } }"
    )
    lib = ndcall.load(path, library=library, contracts={"conjugate": "x: complex128[n] -> y: complex128[n]"})
    assert lib.conjugate([1 + 2j, 3]).tolist() == [1 - 2j, 3]


def test_streams_and_lists_of_arguments_cannot_come_from_python(build, headers, refusal):
    (path,) = headers(streams="#include <stdio.h>\n#include <stdarg.h>\nint put(FILE *to, int n);\nint list(int n, va_list rest);\n")
    library = build(
        "#include <stdio.h>\n#include <stdarg.h>\n"
        "int put(FILE *to, int n) { return to ? 0 : n; } int list(int n, va_list rest) { return n; }"
    )
    lib = ndcall.load(path, library=library)
    assert refusal(ndcall.BindError, lib.put, None, 1) == (
        "put cannot be called: 'to' is FILE *, a stream, which only C can open: handles are not bound yet\n"
        "  declared  int put(FILE *to, int n)"
    )
    assert refusal(ndcall.BindError, lib.list, 1, None) == (
        "list cannot be called: 'rest' is va_list, a list of arguments, which only C can make\n  declared  int list(int n, va_list rest)"
    )
    assert ndcall.load(path, library=library, contracts={"put": "to?, n -> return"}).put(3) == 3  # NULL


def test_one_broken_declaration_among_thousands_refuses_itself_alone(build, headers, refusal):
    text = "".join(f"int f{i}(int a, double b);\n" for i in range(5000)).replace("int f2500(", "int f2500(unknown_t ")
    (path,) = headers(many=text)
    lib = ndcall.load(path, library=build("".join(f"int f{i}(int a, double b) {{ return a + {i}; }}\n" for i in range(0, 5000, 100))))
    assert len(names_of(lib)) == 5000
    assert (lib.f0(1, 0.5), lib.f4900(1, 0.5)) == (1, 4901)
    assert "unknown_t" in refusal(ndcall.BindError, lib.f2500, 1, 0.5)


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ('int f(int a);\n#include "odd.h"\n', "a header that includes itself"),
        ("int k(a);\nint f(int a);\n", "a list of names where types belong"),
        ("__attribute__((nonnull, unheard_of(1, 2))) int f(int a) __attribute__((deprecated)) ;\n", "attributes"),
        ("#define f g\n#define g f\nint f(int a);\n", "macros that name each other"),
        ("#if 0\n#endif\n#error stop here\nint f(int a);\n", "an error that the header itself tells"),
        ('#include "missing.h"\nint f(int a);\n', "a header that is not there"),
        ("int f(int a)\n;;;;\n}\n", "a brace too many"),
        ("// \\\nint hidden;\nint f(int a);\n", "a comment that goes on"),
    ],
)
def test_an_odd_header_costs_no_more_than_what_is_odd(text, call, build, headers):
    (path,) = headers(odd=text)
    lib = ndcall.load(path, library=build("int f(int a) { return a + 1; }"))
    assert lib.f(1) == 2, call


def test_an_old_declaration_says_that_it_tells_no_parameters(build, headers, refusal):
    (path,) = headers(old="double old();\n")
    assert refusal(ndcall.BindError, ndcall.load(path, library=build("double old(x) double x; { return x; }")).old, 1.0) == (
        "old cannot be called: its declaration has no prototype: write `(void)` when it takes nothing, or the parameters' types\n"
        "  declared  double old()"
    )


@pytest.fixture(scope="module")
def interpreter():
    return ndcall.load("Python.h", library=sys.executable, include_dirs=sysconfig.get_path("include"))


def test_the_running_interpreter_is_a_library_of_its_own_header(interpreter):
    assert interpreter.Py_GetVersion() == sys.version
    assert "PyOS_strtol" in interpreter.PyOS_strtol.declaration
    assert interpreter.PyGILState_Check() == 1


def test_functions_of_the_interpreter_are_called_with_the_gil(interpreter):
    assert "held: it is a function of the running interpreter" in (interpreter.PyGILState_Check.__doc__ or "")
