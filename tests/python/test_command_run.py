"""`ndcall run`: a call from the shell."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ndcall._command.frame import run

TEXT = """
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum mode { SOFT, HARD = 4 };

/// ndcall: x[n], factor = 2 -> y[n]
void scale(const double *x, double factor, double *y, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) y[i] = factor * x[i];
}
/// ndcall: inout x[n]
void negate(float *x, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) x[i] = -x[i];
    printf("negated %td\\n", n);
}
/// ndcall: x[n] -> lo, hi
void range(const int *x, ptrdiff_t n, int *lo, int *hi) {
    *lo = *hi = x[0];
    for (ptrdiff_t i = 0; i < n; i++) {
        if (x[i] < *lo) *lo = x[i];
        if (x[i] > *hi) *hi = x[i];
    }
}
double half(double x) { return x / 2; }
typedef struct { int id; double weight; } Item;
Item make(int id) { Item item = {id, 0.5}; return item; }
int length(const char *text) { return (int)strlen(text); }
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "code.c").write_text(TEXT)
    np.save(tmp_path / "x.npy", [1.0, 2.0])
    return tmp_path


def test_complex_numbers_for_real_ones_are_refused_in_our_words_alone(folder, capsys):
    assert run(["run", "code.c", "scale", "[1, 2j]", "3"]) == 1
    assert capsys.readouterr().err == (
        "ndcall: scale(x, factor): argument 'x' (1st of 2) holds 2j at [1], which is not converted to float64\n"
        "  expected  (n,) float64, C-contiguous\n  got       a list of 2\n"
    )


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("half 3", "1.5\n"),
        ("half -3", "-1.5\n"),
        ("half -.5", "-0.25\n"),
        ("half -- -1e-3", "-0.0005\n"),
        ("half -inf", "-inf\n"),
        ("half x=nan", "nan\n"),
        ("scale [1,2]", "array([2., 4.])\n"),
        ("scale x.npy -3", "array([-3., -6.])\n"),
        ("scale @x.npy factor=0.5", "array([0.5, 1. ])\n"),
        ("scale factor=-1 x=[1,2]", "array([-1., -2.])\n"),
        ("range [3,-1,2]", "lo = -1\nhi = 3\n"),
        ("length 'abc'", "3\n"),
    ],
)
def test_a_result_is_printed(folder, capfd, words, printed):
    assert run(["run", "code.c", *words.split()]) == 0
    assert capfd.readouterr() == (printed, "")


def test_an_array_that_c_changed_is_printed_after_what_c_printed(folder):
    words = [sys.executable, "-m", "ndcall", "run", "code.c", "negate", "[1, 2.5]"]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    assert ran.stdout == "negated 2\nx = array([-1. , -2.5], dtype=float32)\n"


def test_a_list_that_the_dtype_does_not_hold_is_refused_by_the_call(folder, capsys):
    assert run(["run", "code.c", "range", "[1.5, 2]"]) == 1
    assert capsys.readouterr().err == (
        "ndcall: range(x): argument 'x' holds 1.5 at [0], which is not converted to int32\n"
        "  expected  (n,) int32, C-contiguous\n"
        "  got       a list of 2\n"
    )


def test_an_array_of_a_wrong_dtype_is_refused_by_the_call(folder, capsys):
    assert run(["run", "code.c", "negate", "x.npy"]) == 1
    assert capsys.readouterr().err.startswith("ndcall: negate(x): argument 'x' has dtype float64, not float32\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["half", "abc"],
            "'abc' is no value: a text is written \"'abc'\"; a number is 3, -0.5 or 1+2j, a list [1, 2], an array the path of a .npy file",
        ),
        (
            ["half", "__import__('os').abort()"],
            "\"__import__('os').abort()\" is no value: a number is 3, -0.5 or 1+2j, a list [1, 2], an array the path of a .npy file",
        ),
        (["half", "(" * 3000], f"{'(' * 3000!r} is no value: a number is 3, -0.5 or 1+2j, a list [1, 2], an array the path of a .npy file"),
        (["half", "--onyl", "3"], "no such option: --onyl"),
        (["HARD"], "HARD is no function: it is 4"),
    ],
)
def test_a_wrong_command_line_is_explained(folder, capsys, words, told):
    assert run(["run", "code.c", *words]) == 2
    assert capsys.readouterr().err == (
        f"Usage: ndcall run [OPTIONS] FILE FUNCTION [ARGUMENTS]...\nTry 'ndcall run --help' for help.\n\nError: {told}\n"
    )


def test_a_misspelt_function_is_answered_with_the_nearest(folder, capsys):
    assert run(["run", "code.c", "haff", "3"]) == 1
    assert capsys.readouterr().err == "ndcall: code.c has no 'haff'; did you mean 'half'?\n"


def test_a_misspelt_file_is_answered_with_the_nearest(folder, capsys):
    assert run(["run", "code.c", "scale", "y.npy"]) == 1
    assert capsys.readouterr().err == (
        f"ndcall: array file 'y.npy' was not found; did you mean 'x.npy'?\n  tried     {folder}/y.npy   (in the working directory)\n"
    )


def test_a_file_of_pickled_objects_is_not_unpickled(folder, capsys):
    np.save(folder / "objects.npy", np.array([print], dtype=object), allow_pickle=True)
    (folder / "text.npy").write_text("1 2 3")
    assert run(["run", "code.c", "scale", "objects.npy"]) == 1
    assert capsys.readouterr().err == (
        "ndcall: objects.npy holds no array of numbers: Object arrays cannot be loaded when allow_pickle=False\n"
    )
    assert run(["run", "code.c", "scale", "text.npy"]) == 1
    assert capsys.readouterr().err.startswith("ndcall: text.npy holds no array of numbers: ")


def test_results_are_saved_and_nothing_is_overwritten_unasked(folder, capsys):
    assert run(["run", "code.c", "scale", "x.npy", "--out", "y.npy"]) == 0
    assert capsys.readouterr().out == ""
    assert np.load(folder / "y.npy").tolist() == [2, 4]
    assert run(["run", "code.c", "scale", "x.npy", "3", "--out", "y.npy"]) == 1
    assert capsys.readouterr().err == "ndcall: y.npy exists already: --force replaces it\n"
    assert np.load(folder / "y.npy").tolist() == [2, 4]
    assert run(["run", "code.c", "scale", "x.npy", "3", "--out", "y.npy", "--force"]) == 0
    assert np.load(folder / "y.npy").tolist() == [3, 6]


def test_what_is_no_array_is_not_saved_and_leaves_the_file_as_it_was(folder, capsys):
    before = (folder / "x.npy").read_bytes()
    assert run(["run", "code.c", "make", "3"]) == 0
    assert capsys.readouterr().out == "<Item id=3 weight=0.5>\n"
    assert run(["run", "code.c", "make", "3", "--out", "x.npy", "--force"]) == 1
    assert capsys.readouterr().err == "ndcall: x.npy: a result of type Item is no array\n"
    assert (folder / "x.npy").read_bytes() == before


def test_each_result_has_its_own_file(folder, capsys):
    assert run(["run", "code.c", "range", "[3, 1]", "--out", "lo.npy", "--out", "hi.npy"]) == 0
    assert (np.load(folder / "lo.npy"), np.load(folder / "hi.npy")) == (1, 3)
    assert run(["run", "code.c", "range", "[3, 1]", "--out", "only.npy"]) == 1
    assert capsys.readouterr().err == "ndcall: range has 2 results, and --out names 1 files: nothing was saved\n"
    assert not (folder / "only.npy").exists()


def test_two_processes_at_once_build_and_call_the_same(folder, monkeypatch):
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(folder / "cache"))
    words = [sys.executable, "-m", "ndcall", "run", "code.c", "half", "3"]
    processes = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate() for process in processes] == [(b"1.5\n", b"")] * 2


def test_a_missing_compiler_is_told_with_its_cure(folder, capsys, monkeypatch):
    monkeypatch.setenv("NDCALL_CC", "nocc")
    assert run(["run", "code.c", "half", "3"]) == 1
    assert capsys.readouterr().err == (
        "ndcall: the compiler of NDCALL_CC was not found: 'nocc' is no program in PATH\n"
        "  fix       install gcc (Debian: apt-get install gcc libc6-dev), or name a compiler: NDCALL_CC=clang\n"
    )
