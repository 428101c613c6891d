"""load_library(debug_info=True): argtypes and restype are held against what the library says of itself."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
import threading
from ctypes import POINTER, c_char_p, c_double, c_int, c_long, c_size_t

import ndcall
import numpy as np
import pytest
from ndcall._dwarf.limits import Patience
from ndcall.compat import ctypeslib
from ndcall.compat.ctypeslib import c_intp, ndpointer

CODE = """\
#include <stddef.h>
#include <stdint.h>
typedef intptr_t intp;
void old_filter(double *a, double *b, intp *strides, intp *dims) {}
double mean(const double *x, size_t n) { double s = 0; for (size_t i = 0; i < n; i++) s += x[i]; return s / n; }
void lengths(long n, int32_t m) {}
int printed(const char *format, ...) { return 0; }
int untold() { return 0; }
struct point { double x; int64_t tag; };
void move(struct point *p) {}
"""


class Point(ctypes.Structure):
    _fields_ = (("x", c_double), ("tag", c_long))


class Turned(ctypes.Structure):
    _fields_ = (("tag", c_long), ("x", c_double))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("debug_info")
    (place / "code.c").write_text(CODE, encoding="utf-8")
    subprocess.run(["gcc", "-g", "-shared", "-fPIC", "code.c", "-o", "code.so"], cwd=place, check=True)
    return place


@pytest.fixture
def lib(folder):
    return ctypeslib.load_library("code", folder, debug_info=True)


RIGHT = {
    "old_filter": (None, [ndpointer(float), ndpointer(float), POINTER(c_intp), ndpointer(np.intp)]),
    "mean": (c_double, [ndpointer(float), c_size_t]),
    "lengths": (None, [c_long, ctypes.c_uint32]),
    "printed": (c_int, [c_char_p, c_double]),
    "untold": (c_double, [c_double, c_int]),  # nothing is told of its parameters
    "move": (None, [POINTER(Point)]),
}


@pytest.mark.parametrize("name", RIGHT)
def test_types_that_fit_are_set_as_ever(lib, name):
    function = getattr(lib, name)
    function.restype, function.argtypes = RIGHT[name]
    assert (function.restype, list(function.argtypes)) == RIGHT[name]


def test_a_function_is_called_as_ever(lib):
    lib.mean.restype, lib.mean.argtypes = RIGHT["mean"]
    assert lib.mean(np.array([1.0, 2.0, 6.0]), 3) == 3
    assert ctypeslib.explain_path(lib.mean, np.array([1.0, 2.0, 6.0]), 3) == "plan"


WRONG = {
    "old_filter": (
        None,
        [ndpointer(float), ndpointer(float), POINTER(c_int), POINTER(c_int)],
        "old_filter: argument 3 'strides' is POINTER(c_int), and C takes intp *; argument 4 'dims' is POINTER(c_int), and C takes intp *\n"
        "  declared  void old_filter(double *a, double *b, intp *strides, intp *dims)   (code.c:4)\n"
        "  fix       argument 3: ctypes.POINTER(ctypes.c_long)\n"
        "  fix       argument 4: ctypes.POINTER(ctypes.c_long)",
    ),
    "mean": (
        c_double,
        [ndpointer(float)],
        "mean: argtypes has 1, and C takes 2\n  declared  double mean(const double *x, size_t n)   (code.c:5)",
    ),
    "lengths": (
        None,
        [c_int, c_long],
        "lengths: argument 1 'n' is c_int, and C takes long; argument 2 'm' is c_long, and C takes int32_t\n"
        "  declared  void lengths(long n, int32_t m)   (code.c:6)\n"
        "  fix       argument 1: ctypes.c_long\n"
        "  fix       argument 2: ctypes.c_int",
    ),
    "move": (
        None,
        [POINTER(Turned)],
        "move: argument 1 'p' is POINTER(Turned), and C takes struct point *: at byte 0 it has c_long where C has double x\n"
        "  declared  void move(struct point *p)   (code.c:10)",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_types_that_do_not_fit_are_told(lib, refusal, name):
    function = getattr(lib, name)
    function.restype, argtypes, text = WRONG[name]
    assert refusal(ndcall.BindError, setattr, function, "argtypes", argtypes) == text
    assert function.argtypes is None


def test_a_result_that_nobody_told_is_an_error_when_the_arguments_are_set(lib, refusal):
    assert refusal(ndcall.BindError, setattr, lib.mean, "argtypes", RIGHT["mean"][1]) == (
        "mean: restype is not set, and C returns double\n"
        "  declared  double mean(const double *x, size_t n)   (code.c:5)\n"
        "  fix       restype = ctypes.c_double, before argtypes"
    )


def test_such_a_library_is_one_of_its_own_and_may_be_strict_too(folder, lib):
    assert ctypeslib.load_library("code", folder) is not lib
    strict = ctypeslib.load_library("code", folder, debug_info=True, strict=True)
    strict.old_filter.restype, strict.old_filter.argtypes = None, [*[ndpointer(float, flags="W")] * 2, *[POINTER(c_intp)] * 2]
    a = np.zeros(3)
    with pytest.raises(ndcall.OverlapError):
        strict.old_filter(a, a, None, None)


def test_a_header_and_debug_information_are_not_both_taken(folder, refusal):
    assert refusal(TypeError, ctypeslib.load_library, "code", folder, header="code.c", debug_info=True) == (
        "load_library() takes header= or debug_info=, not both: each says what the functions take"
    )


def test_without_pyelftools_the_error_says_what_to_install(folder, monkeypatch, refusal):
    monkeypatch.setitem(sys.modules, "elftools.elf.elffile", None)
    assert refusal(ndcall.ReadError, ctypeslib.load_library, "code", folder, debug_info=True) == (
        "debug_info= needs the Python package 'pyelftools', which is not installed\n"
        f"  fix       {sys.executable} -m pip install 'ndcall[debug]'"
    )


def test_a_finalizer_may_set_argtypes_while_others_are_read(lib, monkeypatch):
    """Where a collection of garbage begins in the middle of a look-up: here, at its first step."""

    class Handle:
        def __del__(self):
            lib.mean.restype, lib.mean.argtypes = c_double, RIGHT["mean"][1]

    handles = [Handle()]
    spend = Patience.spend

    def collect(patience):
        handles.clear()
        spend(patience)

    monkeypatch.setattr(Patience, "spend", collect)
    setting = threading.Thread(target=lambda: setattr(lib.lengths, "argtypes", RIGHT["lengths"][1]), daemon=True)
    setting.start()
    setting.join(60)
    assert not setting.is_alive()
    assert lib.lengths.argtypes == RIGHT["lengths"][1]
    assert lib.mean.argtypes == RIGHT["mean"][1]


def test_a_library_of_the_users_that_python_takes_for_a_module_is_named(folder, tmp_path):
    """pyelftools imports pdb, and that code: many a script has a code.so beside it. Here it is a module that every version imports."""
    shutil.copy(folder / "code.so", tmp_path / "elftools.so")
    script = tmp_path / "script.py"
    script.write_text(
        "import ndcall\nfrom ndcall.compat import ctypeslib\n"
        "try:\n    ctypeslib.load_library('elftools', '.', debug_info=True)\n"
        "except ndcall.ReadError as error:\n    print(error)\n",
        encoding="utf-8",
    )
    ran = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout == (
        "debug_info= needs the Python package 'pyelftools', which cannot be imported: dynamic module does not define module export function"
        f" (PyInit_elftools)\n  found     {tmp_path}/elftools.so, as the module 'elftools'\n"
        "  fix       if that is a library of yours, give it another name, or start Python with -P\n"
    )
    assert subprocess.run([sys.executable, "-P", script], cwd=tmp_path, capture_output=True, text=True, check=True).stdout == ""


def test_pyelftools_is_imported_only_when_it_is_asked_for(folder):
    code = (
        "import sys; from ndcall.compat import ctypeslib\n"
        "ctypeslib.load_library('code', sys.argv[1]); assert not any(name.startswith('elftools') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True)
