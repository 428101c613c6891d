"""ctypeslib.draft: from argtypes to the call of ndcall.load that takes their place."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_float, c_int, c_long, c_void_p

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
const char *greet(void) { return "hello"; }
void swapped(const unsigned short *a, unsigned short *b, int n) { while (n--) b[n] = (unsigned short)(a[n] >> 8 | a[n] << 8); }
double trace(double **rows, int n) { double t = 0; for (int i = 0; i < n; i++) t += rows[i][i]; return t; }
double third(double *x, double (*rows)[2]) { return x[2] + rows[1][1]; }
struct point { double x, y; int tag; };
struct mesh { int count; float *x; struct point ends[2]; struct mesh *next; const char *name; };
struct point make_point(double x, double y) { struct point p = {x, y, 3}; return p; }
double norm(struct point p) { return p.x * p.x + p.y * p.y; }
void move(struct point *p, double dx) { p->x += dx; }
void move_all(struct point *p, int n, double dx) { while (n--) p[n].x += dx; }
double first(const struct mesh *m) { return m->x[m->count - 1] + m->ends[1].y; }
"""


class Point(ctypes.Structure):
    _fields_ = (("x", c_double), ("y", c_double), ("tag", c_int))


class Mesh(ctypes.Structure):
    pass


Mesh._fields_ = (("count", c_int), ("x", POINTER(c_float)), ("ends", Point * 2), ("next", POINTER(Mesh)), ("name", c_char_p))


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
    lib.greet.argtypes, lib.greet.restype = [], c_char_p
    lib.swapped.argtypes, lib.swapped.restype = [module.ndpointer(">u2", 1), module.ndpointer("<u2", 1), c_int], None
    lib.trace.argtypes, lib.trace.restype = [POINTER(POINTER(c_double)), c_int], c_double
    lib.third.argtypes, lib.third.restype = [c_double * 3, POINTER(c_double * 2)], c_double
    lib.make_point.argtypes, lib.make_point.restype = [c_double, c_double], Point
    lib.norm.argtypes, lib.norm.restype = [Point], c_double
    lib.move.argtypes, lib.move.restype = [POINTER(Point), c_double], None
    lib.move_all.argtypes, lib.move_all.restype = [module.ndpointer(np.dtype(Point), 1), c_int, c_double], None
    lib.first.argtypes, lib.first.restype = [POINTER(Mesh)], c_double


DRAFT = '''\
# Drafted by ndcall from what a script has told ctypes of libcode.so. Nobody has read it yet.
#
# ctypes knows no names, no lengths, and not what C writes: so each array has a length of its own, and is 'inout'. Where n is the length of
# all and C writes the last, `f: inout a[a0], inout b[b0], n` becomes `f: a[n] -> b[n]`; n is then no argument, and b a result.
# What a script passes with byref is an array of one here; `-> a` makes it a result. A pointer to a struct is one struct; `inout p[n]` is an
# array of them. An ndpointer without an order took arrays of any steps: here they lie in one piece, and `a[m:,n:]` takes any steps. A
# c_char_p is taken for text that C reads.

import ndcall

lib = ndcall.load(
    {path!r},
    declarations="""
struct Point {{ double x; double y; int tag; }};
struct Mesh {{ int count; float *x; struct Point ends[2]; struct Mesh *next; const char *name; }};
int answer(void);
void corner(double *a);
void dadd(double *a, double *b, double *c, long n);
void fill(void *a, unsigned char n, unsigned long m);
double first(struct Mesh *p);
const char *greet(void);
int length(const char *s);
struct Point make_point(double x, double y);
void move(struct Point *p, double x);
void move_all(struct Point *a, int n, double x);
double norm(struct Point p);
void swapped(unsigned short *a, unsigned short *b, int n);
double third(double *a, double *b);
double trace(double **a, int n);
double weighted(double *a, double *b, int n);
""",
    contracts="""
struct Mesh: x[*]
answer:
corner: inout fortran a[2,3]
dadd: inout a[a0], inout b[b0], inout c[c0], n
# fill: argument 1 is the memory of an array in this line; a handle, as make returns one, has no line yet, and goes through ctypes
fill: inout a: any[*], n, m
first: inout p
# greet: the result is a str here, not bytes
greet:
length: s
make_point: x, y
move: inout p, x
move_all: inout a[a0], n, x
norm: p
# swapped: argument 1 has swapped bytes, for which no line has a word: pass the same bytes, a.view("u2")
swapped: inout a[a0], inout b[b0], n
third: inout a[3], inout b[b0,2]
# trace: argument 1 is a table of rows in this line: an ordinary array of two dimensions
trace: inout rows a[a0,a1], n
weighted: inout a[*], inout b[*], n
""",
)

# No line of this version of ndcall says these. Go on calling them through ctypes: both share the library, and arrays and numbers go from
# one to the other.
#   apply: argument 1 is CFUNCTYPE(c_double, c_double): a callback has no line yet
#   make: restype is c_void_p: memory that C owns has no line yet
'''


def load_draft(lib):
    """The library that a draft loads."""
    names = {}
    exec(ctypeslib.draft(lib), names)
    return names["lib"]


@pytest.mark.parametrize("module", [ctypeslib, np.ctypeslib], ids=["ours", "numpy"])
def test_a_draft_has_a_prototype_and_a_line_for_each_function(path, module):
    lib = ctypes.CDLL(path)
    describe(lib, module)
    assert ctypeslib.draft(lib) == DRAFT.format(path=path)


def test_the_drafted_call_takes_the_same_arguments_in_the_same_order(path):
    lib = ctypes.CDLL(path)
    describe(lib, ctypeslib)
    drafted = load_draft(lib)
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
    assert (drafted.length("four"), drafted.answer(), drafted.greet()) == (4, 42, "hello")
    big, little = np.array([1, 513], ">u2"), np.zeros(2, "<u2")
    drafted.swapped(big.view("u2"), little, 2)
    assert little.tolist() == [1, 513]
    assert drafted.trace(np.diag([1.0, 2, 3]), 3) == 6
    assert drafted.third(a, np.arange(6.0).reshape(3, 2)) == 5


def test_the_drafted_structs_are_those_of_the_script(path):
    lib = ctypes.CDLL(path)
    describe(lib, ctypeslib)
    drafted = load_draft(lib)
    point = drafted.make_point(3, 4)
    assert (point.tag, drafted.norm(point), lib.norm(lib.make_point(3, 4))) == (3, 25, 25)
    drafted.move(point, 2)
    assert point.x == 5
    points = np.zeros(3, np.dtype(Point))
    drafted.move_all(points, 3, 1.5)
    assert points["x"].tolist() == [1.5] * 3
    mesh = drafted.Mesh(count=2, x=np.array([1, 2], "f4"))
    mesh.next = mesh.name = None
    assert drafted.first(mesh) == 2


def test_an_optional_array_stays_one(path):
    lib = ctypes.CDLL(path)
    lib.weighted.argtypes, lib.weighted.restype = [ndpointer(float, 1), ndpointer(float, shape=(None,), optional=True), c_int], c_double
    text = ctypeslib.draft(lib)
    assert "weighted: inout a[a0], inout b[b0]?, n\n" in text


def define(*fields, base=ctypes.Structure, **members):
    return type("Mine", (base,), {**members, "_fields_": fields})


UNION = define(("i", c_int), ("f", c_float), base=ctypes.Union)
HEADER = "give ndcall.load the header, which has it"
REFUSED = {
    "a class of one's own": (
        type("Own", (), {"from_param": classmethod(lambda cls, one: one)}),
        "argument 1 is Own, which only Python knows: do what its from_param does before the call",
    ),
    "a callback": (
        ctypes.CFUNCTYPE(None, c_int, POINTER(Point)),
        "argument 1 is CFUNCTYPE(None, c_int, POINTER(Point)): a callback has no line yet",
    ),
    "texts": (POINTER(c_char_p), "argument 1 is POINTER(c_char_p): an array of texts has no line yet"),
    "wide text": (ctypes.c_wchar_p, "argument 1 is c_wchar_p: that has no line yet"),
    "a pointer that C sets": (POINTER(c_void_p), "argument 1 is POINTER(c_void_p): a pointer that C sets has no line yet"),
    "a table of structures": (POINTER(POINTER(Point)), "argument 1 is POINTER(POINTER(Point)): that has no line yet"),
    "an object of Python": (ctypes.py_object, "argument 1 is py_object, which has no line yet"),
    "a swapped number": (
        c_int.__ctype_be__,
        f"argument 1 is {c_int.__ctype_be__.__name__} with swapped bytes: declare it as an integer, and swap the value",
    ),
    "an array of text": (ndpointer("S4"), "argument 1 is ndpointer_|S4: an array of |S4 has no line yet"),
    "an array of objects": (ndpointer("O"), "argument 1 is ndpointer_|O: an array of object has no line yet"),
    "a union": (UNION, "argument 1 is Mine: a union has no line yet"),
    "a union inside": (POINTER(define(("u", UNION))), f"member u of Mine is Mine: {HEADER}"),
    "a packed structure": (
        POINTER(define(("a", ctypes.c_char), ("b", c_double), _pack_=1, _layout_="ms")),
        f"member b of Mine lies at byte 1, where C would not put it: {HEADER}",
    ),
    "a packed dtype": (ndpointer([("a", "i1"), ("b", "f8")]), f"member b of item lies at byte 1, where C would not put it: {HEADER}"),
    "a dtype with a hole": (
        ndpointer(np.dtype({"names": ["a"], "formats": ["i4"], "itemsize": 12})),
        f"item has 12 bytes, which C would not give it: {HEADER}",
    ),
    "a handle": (POINTER(define()), "Mine has no members: a handle has no line yet"),
    "a bit-field": (define(("a", c_int, 3)), f"member a of Mine is a bit-field: {HEADER}"),
    "a name": (define(("double", c_int)), f"member double of Mine is no name of C: {HEADER}"),
    "a swapped structure": (
        POINTER(define(("a", c_int), base=ctypes.BigEndianStructure)),
        f"member a of Mine is {c_int.__ctype_be__.__name__} with swapped bytes: {HEADER}",
    ),
    "a structure with a callback": (define(("f", ctypes.CFUNCTYPE(None))), f"member f of Mine is CFUNCTYPE(None): {HEADER}"),
}
RESULTS = {
    POINTER(c_double): "restype is POINTER(c_double): memory that C owns has no line yet",
    ndpointer(float, shape=(2,)): "restype is ndpointer_<f8_2: memory that C owns has no line yet",
    UNION: "restype is Mine, which has no line yet",
    c_int.__ctype_be__: f"restype is {c_int.__ctype_be__.__name__} with swapped bytes",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_line_is_listed_with_its_reason(path, name):
    kind, reason = REFUSED[name]
    lib = ctypes.CDLL(path)
    lib.corner.argtypes, lib.corner.restype = [kind], None
    assert ctypeslib.draft(lib).endswith(f"\n# one to the other.\n#   corner: {reason}\n")


def test_a_handle_inside_a_structure_is_a_pointer(path):
    lib = ctypes.CDLL(path)
    lib.corner.argtypes, lib.corner.restype = [POINTER(define(("n", c_int), ("next", POINTER(define()))))], None
    assert "\nstruct Mine { int n; void *next; };\n" in ctypeslib.draft(lib)


@pytest.mark.parametrize("restype", RESULTS)
def test_a_result_that_has_no_line_is_listed_too(path, restype):
    lib = ctypes.CDLL(path)
    lib.corner.argtypes, lib.corner.restype = [], restype
    assert ctypeslib.draft(lib).endswith(f"\n# one to the other.\n#   corner: {RESULTS[restype]}\n")


def test_what_is_listed_goes_on_through_ctypes_in_the_same_library(tmp_path, build_library):
    path = build_library("static int n; int count(void) { return ++n; }", tmp_path / "counter.so")
    lib = ctypes.CDLL(path)
    lib.count.argtypes = []
    drafted = load_draft(lib)
    assert [lib.count(), drafted.count(), lib.count()] == [1, 2, 3]


@pytest.mark.parametrize("kind", [ndpointer(float, ndim=0), ndpointer(float, shape=())], ids=["ndim", "shape"])
def test_an_array_without_dimensions_has_no_brackets(path, kind):
    lib = ctypes.CDLL(path)
    lib.corner.argtypes, lib.corner.restype = [kind], None
    assert load_draft(lib).corner.contract == "inout a"


def test_a_class_with_a_line_break_in_its_name_stays_in_the_comment(path):
    lib = ctypes.CDLL(path)
    lib.corner.argtypes = [type("Odd\nraise SystemExit", (), {"from_param": None})]
    exec(ctypeslib.draft(lib))


def test_names_do_not_run_out(path):
    lib = ctypes.CDLL(path)
    lib.dadd.argtypes, lib.dadd.restype = [c_int] * 6 + [c_double], None
    assert "void dadd(int n, int m, int k, int l, int n_4, int n_5, double x);" in ctypeslib.draft(lib)
