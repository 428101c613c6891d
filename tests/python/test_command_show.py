"""`ndcall show`."""

from __future__ import annotations

from pathlib import Path

import ndcall
import pytest
from ndcall._command.frame import run

SCALE = """
#include <stddef.h>

enum mode { SOFT, HARD = 4 };

/// ndcall: x[n], factor -> y[n]
void scale(const double *x, double factor, double *y, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) y[i] = factor * x[i];
}
double half(double x) { return x / 2; }
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scale.c").write_text(SCALE)
    return tmp_path


def test_a_file_is_shown_with_a_line_for_each_function(folder, capsys):
    assert run(["show", "scale.c"]) == 0
    assert capsys.readouterr() == (
        "<ndcall function scale(x: float64[n], factor: float) -> y: float64[n]>\n<ndcall function half(x: float) -> float>\n",
        "",
    )


def test_a_function_is_shown_as_ndcall_show_does(folder, capsys):
    assert run(["show", "scale.c", "scale"]) == 0
    assert capsys.readouterr().out == ndcall.show(ndcall.load(folder / "scale.c").scale)


def test_a_thing_that_is_no_function_is_shown_by_its_value(folder, capsys):
    assert run(["show", "scale.c", "HARD"]) == 0
    assert capsys.readouterr().out == "4\n"


def test_a_misspelt_function_is_answered_with_the_nearest(folder, capsys):
    assert run(["show", "scale.c", "sclae"]) == 1
    assert capsys.readouterr().err == "ndcall: scale.c has no 'sclae'; did you mean 'scale'?\n"


def test_the_options_are_those_of_load(folder, capsys):
    (folder / "include").mkdir()
    (folder / "include" / "factor.h").write_text("#define FACTOR K\n")
    (folder / "other.c").write_text('#include "factor.h"\n#include <math.h>\ndouble other(double x) { return FACTOR * cbrt(x); }\n')
    options = ["-I", "include", "-D", "K=3", "-DFAST", "--flags", "-O1 -g0", "-l", "m", "-L", "include", "--compiler", "gcc"]
    assert run(["show", "scale.c", "--with", "other.c", *options, "--only", "*[eh]*", "--exclude", "scale"]) == 0
    assert capsys.readouterr().out == "<ndcall function half(x: float) -> float>\n<ndcall function other(x: float) -> float>\n"


def test_contracts_are_a_file_or_a_text(folder, capsys):
    (folder / "mine.contract").write_text("scale: x[n], factor -> unset y[n]\n")
    for given in ("mine.contract", "scale: x[n], factor -> unset y[n]"):
        assert run(["show", "scale.c", "scale", "--contracts", given]) == 0
        assert "-> unset y[n]   (" in capsys.readouterr().out


def test_a_header_is_shown_with_its_library(folder, capsys):
    (folder / "roots.h").write_text("double cbrt(double x); double sqrt(double x);\n")
    assert run(["show", "roots.h", "--library", "m", "--only", "cbrt"]) == 0
    assert capsys.readouterr().out == "<ndcall function cbrt(x: float) -> float>\n"


def test_a_header_alone_is_shown_with_what_could_be_called(folder, capsys):
    (folder / "scale.h").write_text(
        "enum mode { SOFT, HARD = 4 };\n/// ndcall: inout x[n]\nvoid negate(double *x, int n);\nvoid fill(double *x);\n"
    )
    note = "ndcall: no library was given, so nothing can be called: --library NAME names one\n"
    assert run(["show", "scale.h"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "<ndcall function negate(inout x: float64[n]) -> None>"
    assert out.splitlines()[1].startswith("<ndcall function fill, cannot be called: nothing says what 'x' (double *x) points to")
    assert err == note
    assert run(["show", "scale.h", "negate"]) == 0
    assert capsys.readouterr() == (
        "negate(inout x: float64[n]) -> None\n"
        f"  declared  void negate(double *x, int n)   ({folder}/scale.h:3)\n"
        f"  contract  inout x[n]   ({folder}/scale.h:2)\n",
        note,
    )
    assert run(["show", "scale.h", "HARD"]) == 0
    assert capsys.readouterr() == ("4\n", note)


def test_a_library_alone_is_refused_with_a_command_that_would_show_it(capsys):
    assert run(["show", "libm.so.6"]) == 1
    assert capsys.readouterr().err == (
        "ndcall: libm.so.6 does not say which types its functions take\n"
        "  fix       load its header: ndcall show HEADER.h --library libm.so.6, or type the prototypes: --declarations ...\n"
    )


def test_a_library_is_shown_with_typed_prototypes(capsys):
    assert run(["show", "libm.so.6", "--declarations", "double cbrt(double x);"]) == 0
    assert capsys.readouterr().out == "<ndcall function cbrt(x: float) -> float>\n"


def test_a_path_begins_in_the_working_directory(folder, capsys, monkeypatch):
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    assert run(["show", "../scale.c"]) == 0
    assert run(["show", "scale.c"]) == 1
    assert capsys.readouterr().err.endswith(f"  tried     {folder}/below/scale.c   (in the working directory)\n")
