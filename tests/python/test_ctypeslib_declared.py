"""load_library(header=...): argtypes and restype are held against the declarations when they are set."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_float, c_int, c_long, c_size_t, c_void_p, c_wchar_p

import ndcall
import numpy as np
import pytest
from ndcall.compat import ctypeslib
from ndcall.compat.ctypeslib import c_intp, ndpointer

HEADER = """\
#include <stddef.h>
#include <stdint.h>
typedef struct { double re, im; } cdouble;
struct node { int a; double b; };
enum color { red, green };
void old_filter(double *a, double *b, int *strides, int *dims);
void lengths(const double *a, ptrdiff_t *dims, long n, int32_t m);
double mean(const double *x, size_t n);
void *make(void);
void zadd(cdouble *a, double *b, long n);
void texts(double **table, const char *name, unsigned char *bytes, void *any);
int printed(const char *format, ...);
void matrix(int n, double a[n][3], double (*b)[3]);
void call(double (*f)(double), struct node by_value, struct node *p, _Bool flag, enum color color);
int untold();
struct point { double x; int64_t tag; };
struct mesh { char name[6]; struct { int rows, columns; }; struct point ends[2]; double *values; unsigned bit : 3;
              union { int i; float f; } u; };
void widths(long *wide, int32_t *narrow, intptr_t *table, long n);
void move(struct point *p, double fixed[3], int square[2][2]);
void use_mesh(const struct mesh *m);
struct point make_point(void);
float half(float x);
typedef double callback(double);
void as_pointers(double three[3], double rows[][3], double f(double), callback g);
"""
CODE = """\
#include "code.h"
void old_filter(double *a, double *b, int *strides, int *dims) {}
void lengths(const double *a, ptrdiff_t *dims, long n, int32_t m) {}
double mean(const double *x, size_t n) { double s = 0; for (size_t i = 0; i < n; i++) s += x[i]; return s / n; }
void *make(void) { return 0; }
void zadd(cdouble *a, double *b, long n) {}
void texts(double **table, const char *name, unsigned char *bytes, void *any) {}
int printed(const char *format, ...) { return 0; }
void matrix(int n, double a[n][3], double (*b)[3]) {}
void call(double (*f)(double), struct node by_value, struct node *p, _Bool flag, enum color color) {}
int untold() { return 0; }
void widths(long *wide, int32_t *narrow, intptr_t *table, long n) {}
void move(struct point *p, double fixed[3], int square[2][2]) { p->x += fixed[2]; p->tag = 5; }
void use_mesh(const struct mesh *m) {}
struct point make_point(void) { struct point p = {1, 2}; return p; }
float half(float x) { return x / 2; }
void as_pointers(double three[3], double rows[][3], double f(double), callback g) {}
int undeclared(int n) { return n; }
"""


class Node(ctypes.Structure):
    _fields_ = (("a", c_int), ("b", c_double))


def define(*fields, base=ctypes.Structure):
    return type("Mine", (base,), {"_fields_": fields})


Point = define(("x", c_double), ("tag", ctypes.c_int64))
Mesh = define(
    *(("name", ctypes.c_char * 6), ("size", c_int * 2), ("ends", Point * 2), ("values", POINTER(c_double)), ("bit", ctypes.c_uint, 3)),
    ("u", define(("i", c_int), ("f", c_float), base=ctypes.Union)),
)
POINT = np.dtype(Point)

CALLBACK = ctypes.CFUNCTYPE(c_double, c_double)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, build_library):
    place = tmp_path_factory.mktemp("declared")
    (place / "code.h").write_text(HEADER, encoding="utf-8")
    build_library(CODE, place / "code.so", f"-I{place}")
    return place


@pytest.fixture
def lib(folder):
    return ctypeslib.load_library("code", folder, header="code.h")


def set_types(function, argtypes, restype=None):
    function.restype = restype
    function.argtypes = argtypes


RIGHT = {
    "old_filter": [ndpointer(float, ndim=2), ndpointer(float), POINTER(c_int), c_void_p],
    "lengths": [ndpointer(float), POINTER(c_intp), c_long, ctypes.c_uint32],
    "zadd": [ndpointer(complex), ndpointer(complex), c_long],
    "texts": [ndpointer(np.uintp), c_char_p, ndpointer("u1"), ndpointer()],
    "matrix": [c_int, ndpointer(float, 2), POINTER(c_double)],
    "call": [CALLBACK, Node, POINTER(Node), ctypes.c_bool, c_int],
    "widths": [POINTER(c_long), ndpointer("i4"), POINTER(c_intp), ctypes.c_ulonglong],
    "move": [POINTER(Point), ndpointer(float), c_int * 2 * 2],
    "use_mesh": [POINTER(Mesh)],
    "as_pointers": [ndpointer(float), ndpointer(float), CALLBACK, CALLBACK],
}


@pytest.mark.parametrize("name", RIGHT)
def test_types_that_fit_are_set_as_ever(lib, name):
    set_types(getattr(lib, name), RIGHT[name])
    assert list(getattr(lib, name).argtypes) == RIGHT[name]
    assert getattr(lib, name).restype is None


def test_other_forms_fit_too(lib):
    set_types(lib.texts, [POINTER(POINTER(c_double)), POINTER(ctypes.c_char), c_char_p, POINTER(c_int)])
    set_types(lib.matrix, [c_int, POINTER(c_double * 3), ndpointer(float)])
    set_types(lib.call, [c_void_p, Node, c_void_p, ctypes.c_ubyte, ctypes.c_uint])
    set_types(lib.printed, [c_char_p, c_int, c_double], c_int)
    set_types(lib.untold, [c_double], c_double)  # nothing is told of its parameters
    set_types(lib.undeclared, [c_int], c_int)  # the header does not have it
    lib.zadd.argtypes = None
    for point in (POINTER(define(("x", c_double), ("y", c_long))), ndpointer(POINT), Point * 2, c_void_p, ndpointer("V16")):
        set_types(lib.move, [point, POINTER(c_double), ndpointer(np.int32, 2)])
    parts = [
        ("name", "S6"),
        ("", "S2"),
        ("rows", "i4"),
        ("columns", "i4"),
        ("ends", POINT, (2,)),
        ("values", "u8"),
        ("bits", "u4"),
        ("u", "f4"),
    ]
    set_types(lib.use_mesh, [ndpointer(parts)])


def test_a_class_of_ones_own_is_not_judged(lib):
    class Own:
        @classmethod
        def from_param(cls, obj):
            return ndpointer(float).from_param(np.asarray(obj, float))

    set_types(lib.mean, [Own, c_size_t], c_double)
    assert lib.mean([1, 2, 6], 3) == 3


def test_a_function_is_called_as_ever(lib):
    set_types(lib.mean, [ndpointer(float), c_size_t], c_double)
    assert lib.mean(np.array([1.0, 2.0, 6.0]), 3) == 3
    assert isinstance(lib, ctypes.CDLL)
    assert lib.mean.__name__ == "mean"
    assert ctypeslib.explain_path(lib.mean, np.array([1.0, 2.0, 6.0]), 3) == "plan"


WRONG = {
    "lengths": (
        [ndpointer(float), POINTER(c_int), c_int, c_long],
        "lengths: argument 2 'dims' is POINTER(c_int), and C takes ptrdiff_t *; argument 3 'n' is c_int, and C takes long; "
        "argument 4 'm' is c_long, and C takes int32_t\n"
        "  declared  void lengths(const double *a, ptrdiff_t *dims, long n, int32_t m)   (code.h:7)\n"
        "  fix       argument 2: ctypes.POINTER(ctypes.c_long)\n"
        "  fix       argument 3: ctypes.c_long\n"
        "  fix       argument 4: ctypes.c_int",
    ),
    "old_filter": (
        [ndpointer(float), ndpointer(np.float32), POINTER(c_intp), POINTER(c_int)],
        "old_filter: argument 2 'b' is ndpointer_<f4, and C takes double *; argument 3 'strides' is POINTER(c_long), and C takes int *\n"
        "  declared  void old_filter(double *a, double *b, int *strides, int *dims)   (code.h:6)\n"
        "  fix       argument 2: ctypes.POINTER(ctypes.c_double)\n"
        "  fix       argument 3: ctypes.POINTER(ctypes.c_int)",
    ),
    "mean": (
        [ndpointer(float)],
        "mean: argtypes has 1, and C takes 2\n  declared  double mean(const double *x, size_t n)   (code.h:8)",
    ),
    "printed": (
        [],
        "printed: argtypes has 0, and C takes 1\n  declared  int printed(const char *format, ...)   (code.h:12)",
    ),
    "texts": (
        [POINTER(c_double), c_wchar_p, ndpointer("i4"), c_int],
        "texts: argument 1 'table' is POINTER(c_double), and C takes double **; argument 2 'name' is c_wchar_p, and C takes const char *; "
        "argument 3 'bytes' is ndpointer_<i4, and C takes unsigned char *; argument 4 'any' is c_int, and C takes void *\n"
        "  declared  void texts(double **table, const char *name, unsigned char *bytes, void *any)   (code.h:11)\n"
        "  fix       argument 1: ctypes.POINTER(ctypes.POINTER(ctypes.c_double))\n"
        "  fix       argument 2: ctypes.c_char_p\n"
        "  fix       argument 3: ctypes.POINTER(ctypes.c_ubyte)\n"
        "  fix       argument 4: ctypes.c_void_p",
    ),
    "widths": (  # `long` against 32 bits, on both sides
        [POINTER(c_int), ndpointer(int), POINTER(c_int), c_int],
        "widths: argument 1 'wide' is POINTER(c_int), and C takes long *; argument 2 'narrow' is ndpointer_<i8, and C takes int32_t *; "
        "argument 3 'table' is POINTER(c_int), and C takes intptr_t *; argument 4 'n' is c_int, and C takes long\n"
        "  declared  void widths(long *wide, int32_t *narrow, intptr_t *table, long n)   (code.h:19)\n"
        "  fix       argument 1: ctypes.POINTER(ctypes.c_long)\n"
        "  fix       argument 2: ctypes.POINTER(ctypes.c_int)\n"
        "  fix       argument 3: ctypes.POINTER(ctypes.c_long)\n"
        "  fix       argument 4: ctypes.c_long",
    ),
    "move": (
        [POINTER(define(("tag", ctypes.c_int64), ("x", c_double))), c_float * 3, POINTER(c_double)],
        "move: argument 1 'p' is POINTER(Mine), and C takes struct point *: at byte 0 it has c_long where C has double x; "
        "argument 2 'fixed' is c_float_Array_3, and C takes double [3]; argument 3 'square' is POINTER(c_double), and C takes int [2][2]\n"
        "  declared  void move(struct point *p, double fixed[3], int square[2][2])   (code.h:20)\n"
        "  fix       argument 2: ctypes.POINTER(ctypes.c_double)",
    ),
    "use_mesh": (
        [ndpointer([("name", "S6"), ("", "S2"), ("size", "i4", 2), ("ends", "f8", (2, 2)), ("values", "u8"), ("", "u4", 2)])],
        "use_mesh: argument 1 'm' is ndpointer_|V64, and C takes const struct mesh *: "
        "at byte 24 it has float64 where C has int64_t ends[0].tag\n"
        "  declared  void use_mesh(const struct mesh *m)   (code.h:21)",
    ),
    "call": (
        [c_double, c_double, POINTER(c_double), c_int, c_long],
        "call: argument 1 'f' is c_double, and C takes double (*)(double); argument 2 'by_value' is c_double, and C takes struct node; "
        "argument 3 'p' is POINTER(c_double), and C takes struct node *; argument 4 'flag' is c_int, and C takes _Bool; "
        "argument 5 'color' is c_long, and C takes enum color\n"
        "  declared  void call(double (*f)(double), struct node by_value, struct node *p, _Bool flag, enum color color)   (code.h:14)\n"
        "  fix       argument 4: ctypes.c_bool",
    ),
    "as_pointers": (
        [ndpointer(np.float32), c_double, c_double, c_double],
        "as_pointers: argument 1 'three' is ndpointer_<f4, and C takes double [3]; "
        "argument 2 'rows' is c_double, and C takes double [][3]; argument 3 'f' is c_double, and C takes double (*)(double); "
        "argument 4 'g' is c_double, and C takes callback *\n"
        "  declared  void as_pointers(double three[3], double rows[][3], double f(double), callback g)   (code.h:25)\n"
        "  fix       argument 1: ctypes.POINTER(ctypes.c_double)",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_types_that_do_not_fit_are_told_all_at_once(lib, refusal, name):
    argtypes, text = WRONG[name]
    function = getattr(lib, name)
    function.restype = {"mean": c_double, "printed": c_int}.get(name)
    before = function.argtypes
    assert refusal(ndcall.BindError, setattr, function, "argtypes", argtypes) == text
    assert function.argtypes == before


def test_a_result_that_nobody_told_is_an_error_when_the_arguments_are_set(lib, refusal):
    """ctypes takes it for a C int: half of an address, and nothing of a double."""
    assert refusal(ndcall.BindError, setattr, lib.mean, "argtypes", [ndpointer(float), c_size_t]) == (
        "mean: restype is not set, and C returns double\n"
        "  declared  double mean(const double *x, size_t n)   (code.h:8)\n"
        "  fix       restype = ctypes.c_double, before argtypes"
    )
    assert refusal(ndcall.BindError, setattr, lib.make, "argtypes", []) == (
        "make: restype is not set, and C returns void *\n"
        "  declared  void *make(void)   (code.h:9)\n"
        "  fix       restype = ctypes.c_void_p, before argtypes"
    )
    assert refusal(ndcall.BindError, setattr, lib.make_point, "argtypes", []) == (
        "make_point: restype is not set, and C returns struct point\n  declared  struct point make_point(void)   (code.h:22)"
    )
    lib.printed.argtypes = [c_char_p]  # returns an int


RESULTS = {
    "mean": (c_float, "c_float, and C returns double", "double mean(const double *x, size_t n)   (code.h:8)", "ctypes.c_double"),
    "make": (c_int, "c_int, and C returns void *", "void *make(void)   (code.h:9)", "ctypes.c_void_p"),
    "make_point": (
        define(("x", c_float), ("y", c_float), ("tag", c_long)),
        "Mine, and C returns struct point: at byte 0 it has c_float where C has double x",
        "struct point make_point(void)   (code.h:22)",
        "",
    ),
    "half": (c_double, "c_double, and C returns float", "float half(float x)   (code.h:23)", "ctypes.c_float"),
    "matrix": (c_int, "c_int, and C returns void", "void matrix(int n, double a[n][3], double (*b)[3])   (code.h:13)", "None"),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_that_does_not_fit_is_an_error_when_it_is_set(lib, refusal, name):
    restype, said, declared, fix = RESULTS[name]
    text = refusal(ndcall.BindError, setattr, getattr(lib, name), "restype", restype)
    cure = f"\n  fix       restype = {fix}" if fix else ""
    assert text == f"{name}: restype is {said}\n  declared  {declared}{cure}"


def test_a_source_is_read_as_well_and_several_texts(folder):
    (folder / "more.c").write_text(
        "double mean(const double *x, unsigned long n);\nint undeclared(int n) { return n; }\n", encoding="utf-8"
    )
    lib = ctypeslib.load_library("code", folder, header=["code.h", folder / "more.c"])
    with pytest.raises(ndcall.BindError, match="argument 1 'n' is c_double, and C takes int"):
        lib.undeclared.argtypes = [c_double]


def test_a_structure_without_members_is_a_handle_behind_a_pointer_and_wrong_by_value(lib, refusal):
    class Handle(ctypes.Structure):
        pass

    lib.move.restype, lib.move.argtypes = None, [POINTER(Handle), POINTER(c_double), c_void_p]
    lib.call.restype = None
    assert refusal(ndcall.BindError, setattr, lib.call, "argtypes", [c_void_p, Handle, POINTER(Handle), ctypes.c_bool, c_int]) == (
        "call: argument 2 'by_value' is Handle, and C takes struct node: at byte 0 it has the middle of a member, or none, where C has"
        " int a\n"
        "  declared  void call(double (*f)(double), struct node by_value, struct node *p, _Bool flag, enum color color)   (code.h:14)"
    )


def test_a_function_without_a_name_is_left_alone(lib):
    for function in (ctypes.cast(lib.half, lib._FuncPtr), lib._FuncPtr(("half", lib))):
        function.restype, function.argtypes = c_float, [c_float]
        assert function(3) == 1.5


def test_argtypes_of_an_iterator_are_read_once_and_set(lib, refusal):
    lib.lengths.restype = None
    lib.lengths.argtypes = (kind for kind in [ndpointer(float), ndpointer(np.intp), c_long, c_int])
    assert lib.lengths.argtypes == (ndpointer(float), ndpointer(np.intp), c_long, c_int)
    assert refusal(ndcall.BindError, setattr, lib.lengths, "argtypes", iter([c_long])) == (
        "lengths: argtypes has 1, and C takes 4\n  declared  void lengths(const double *a, ptrdiff_t *dims, long n, int32_t m)   (code.h:7)"
    )


def test_what_was_set_is_deleted_as_ever(lib, refusal):
    set_types(lib.mean, [ndpointer(float), c_size_t], c_double)
    del lib.mean.argtypes, lib.mean.restype
    assert (lib.mean.argtypes, lib.mean.restype) == (None, c_int)
    assert "restype is not set" in refusal(ndcall.BindError, setattr, lib.mean, "argtypes", [ndpointer(float), c_size_t])


def test_a_library_with_a_header_is_one_of_its_own(folder):
    plain = ctypeslib.load_library("code", folder)
    checked = ctypeslib.load_library("code", folder, header="code.h")
    assert plain is not checked
    plain.mean.argtypes = [c_int]  # as ever


def test_a_header_that_is_nowhere_is_told_with_its_place(folder, refusal):
    text = refusal(ndcall.LoadError, ctypeslib.load_library, "code", folder, header="cod.h")
    assert text.startswith("header 'cod.h' was not found; did you mean 'code.h'")
    assert f"  tried     {folder}/cod.h   (beside the library)\n" in text


def test_a_list_without_headers_is_an_error(folder, refusal):
    assert refusal(ValueError, ctypeslib.load_library, "code", folder, header=[]) == "header= names no file"


def test_a_struct_of_more_members_than_anybody_writes_is_compared_as_far_as_a_thousand(tmp_path, build_library):
    nested = "".join(f"struct s{i} {{ struct s{i - 1} a, b; }};\n" for i in range(1, 13))
    (tmp_path / "deep.h").write_text(f"struct s0 {{ char a, b; }};\n{nested}void take(struct s12 *p);\n", encoding="utf-8")
    build_library("void take(void *p) {}", tmp_path / "deep.so")
    function = ctypeslib.load_library("deep", tmp_path, header="deep.h").take
    assert len(function._declarations_.members("take", 0)) <= 1000
    set_types(function, [c_void_p])
