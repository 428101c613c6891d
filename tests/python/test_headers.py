"""Whole headers: several at once, lists of others, names by macro, what is inline, and headers that nobody tidied up."""

from __future__ import annotations

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


def test_streams_and_lists_of_arguments_cannot_come_from_python(build, headers, refusal):
    (path,) = headers(streams="#include <stdio.h>\n#include <stdarg.h>\nint put(FILE *to, int n);\nint list(int n, va_list rest);\n")
    text = "#include <stdio.h>\n#include <stdarg.h>\nint put(FILE *to, int n) { return to ? 0 : n; } int list(int n, va_list rest) { return n; }"
    library = build(text)
    lib = ndcall.load(path, library=library)
    assert refusal(ndcall.BindError, lib.put, None, 1) == (
        "put cannot be called: 'to' is FILE *, a stream, which only C can open: handles are not bound yet\n  declared  int put(FILE *to, int n)"
    )
    assert refusal(ndcall.BindError, lib.list, 1, None) == (
        "list cannot be called: 'rest' is va_list, a list of arguments, which only C can make\n  declared  int list(int n, va_list rest)"
    )
    assert ndcall.load(path, library=library, contracts={"put": "to?, n -> return"}).put(3) == 3  # NULL


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
