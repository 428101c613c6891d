"""ctypeslib.draft: from argtypes to the call of ndcall.load that takes their place."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_int, c_long, c_void_p

import numpy as np
import pytest
from ndcall.compat import ctypeslib
from ndcall.compat.ctypeslib import ndpointer

CODE = """\
#include <string.h>
void dadd(const double *a, const double *b, double *c, long n) { while (n--) c[n] = a[n] + b[n]; }
double weighted(double *x, double *w, int n) { double t = 0; for (int i = 0; i < n; i++) t += w ? x[i] * w[i] : x[i]; return t; }
void fill(void *p, unsigned char value, unsigned long size) { memset(p, value, size); }
void corner(double *a) { a[2] = 7; }
int length(const char *s) { return (int)strlen(s); }
double apply(double (*f)(double), double x) { return f(x); }
void *make(void) { return 0; }
int answer(void) { return 42; }
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory, build_library):
    return build_library(CODE, tmp_path_factory.mktemp("drafted") / "libcode.so")


def describe(lib, module):
    vector = module.ndpointer(float, ndim=1, flags="C")
    lib.dadd.argtypes, lib.dadd.restype = [vector, vector, vector, c_long], None
    lib.weighted.argtypes, lib.weighted.restype = [POINTER(c_double), module.ndpointer(float), c_int], c_double
    lib.fill.argtypes, lib.fill.restype = [c_void_p, ctypes.c_ubyte, ctypes.c_ulong], None
    lib.corner.argtypes, lib.corner.restype = [module.ndpointer(float, shape=(2, 3), flags="F")], None
    lib.length.argtypes = [c_char_p]
    lib.apply.argtypes, lib.apply.restype = [ctypes.CFUNCTYPE(c_double, c_double), c_double], c_double
    lib.make.argtypes, lib.make.restype = [], c_void_p
    lib.answer.argtypes = []


DRAFT = '''\
# Drafted by ndcall from what a script has told ctypes of libcode.so. Nobody has read it yet.
#
# ctypes knows no names, no lengths, and not what C writes: so each array has a length of its own, and is 'inout'. Where n is the length of
# all and C writes the last, `f: inout a[a0], inout b[b0], n` becomes `f: a[n] -> b[n]`; n is then no argument, and b a result.
# A c_char_p is taken for text that C reads.

import ndcall

lib = ndcall.load(
    {path!r},
    declarations="""
int answer(void);
void corner(double *a);
void dadd(double *a, double *b, double *c, long n);
void fill(void *a, unsigned char n, unsigned long m);
int length(const char *s);
double weighted(double *a, double *b, int n);
""",
    contracts="""
answer:
corner: inout fortran a[2,3]
dadd: inout a[a0], inout b[b0], inout c[c0], n
fill: inout a: any[*], n, m
length: s
weighted: inout a[*], inout b[*], n
""",
)

# No line of this version of ndcall says these:
#   apply: argument 1 is CFunctionType, which is not bound yet
#   make: restype is c_void_p: what C owns is not bound yet
'''


@pytest.mark.parametrize("module", [ctypeslib, np.ctypeslib], ids=["ours", "numpy"])
def test_a_draft_has_a_prototype_and_a_line_for_each_function(path, module):
    lib = ctypes.CDLL(path)
    describe(lib, module)
    assert ctypeslib.draft(lib) == DRAFT.format(path=path)


def test_the_drafted_call_takes_the_same_arguments_in_the_same_order(path):
    lib = ctypes.CDLL(path)
    describe(lib, ctypeslib)
    names = {}
    exec(ctypeslib.draft(lib), names)
    drafted = names["lib"]
    a, b, c = np.arange(3.0), np.ones(3), np.zeros(3)
    drafted.dadd(a, b, c, 3)
    assert c.tolist() == [1, 2, 3]
    assert drafted.weighted(a, b, 3) == lib.weighted(a.ctypes.data_as(POINTER(c_double)), b, 3) == 3
    columns = np.zeros((2, 3), order="F")
    drafted.corner(columns)
    assert columns[0, 1] == 7
    letters = np.zeros(4, "u1")
    drafted.fill(letters, 7, 4)
    assert letters.tolist() == [7] * 4
    assert (drafted.length("four"), drafted.answer()) == (4, 42)


def test_an_optional_array_stays_one(path):
    lib = ctypes.CDLL(path)
    lib.weighted.argtypes, lib.weighted.restype = [ndpointer(float, 1), ndpointer(float, shape=(None,), optional=True), c_int], c_double
    text = ctypeslib.draft(lib)
    assert "weighted: inout a[a0], inout b[b0]?, n\n" in text


class Point(ctypes.Structure):
    pass


REFUSED = {
    "a class of one's own": (
        type("Own", (), {"from_param": classmethod(lambda cls, one: one)}),
        "argument 1 is Own, which only Python knows",
    ),
    "structures": (
        POINTER(Point),
        "argument 1 is POINTER(Point): give ndcall.load the header, which has it",
    ),
    "swapped bytes": (ndpointer(">f8"), "argument 1 is ndpointer_>f8: give ndcall.load the header, which has it"),
    "pointers to pointers": (POINTER(POINTER(c_double)), "argument 1 is POINTER(POINTER(c_double)), which is not bound yet"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_line_is_listed_with_its_reason(path, name):
    kind, reason = REFUSED[name]
    lib = ctypes.CDLL(path)
    lib.corner.argtypes, lib.corner.restype = [kind], None
    assert ctypeslib.draft(lib).endswith(f"\n\n# No line of this version of ndcall says these:\n#   corner: {reason}\n")


def test_names_do_not_run_out(path):
    lib = ctypes.CDLL(path)
    lib.dadd.argtypes, lib.dadd.restype = [c_int] * 6 + [c_double], None
    assert "void dadd(int n, int m, int k, int l, int n_4, int n_5, double x);" in ctypeslib.draft(lib)
