"""Functions of ndcall.compat's CDLL: genuine functions of ctypes, the same results and exceptions, and which way each call takes."""

from __future__ import annotations

import copy
import ctypes
import gc
import os
import pickle
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from ctypes import POINTER, Structure, byref, c_char, c_char_p, c_double, c_float, c_int, c_int8, c_long, c_ubyte, c_uint, c_ulong, c_void_p
from pathlib import Path
from typing import Any

import ndcall
import numpy as np
import pytest
from ndcall._core import NdpointerCheck
from ndcall.compat import ctypeslib
from ndcall.compat._ctypes_library import CDLL, cdll, explain_path

SOURCE = r"""
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
struct point { double x, y; };
struct wide { long a, b, c, d, e; };
void scale(const double *x, double factor, double *y, long n) { for (long i = 0; i < n; i++) y[i] = factor * x[i]; }
int8_t add_bytes(int8_t a, int8_t b) { return (int8_t)(a + b); }
uint8_t add_octets(uint8_t a, uint8_t b) { return (uint8_t)(a + b); }
int16_t half(int16_t a) { return a / 2; }
unsigned complement(unsigned a) { return ~a; }
unsigned long same_wide(unsigned long a) { return a; }
long negate(long a) { return -a; }
bool invert(bool a) { return !a; }
float add_floats(float a, float b) { return a + b; }
double add_doubles(double a, double b) { return a + b; }
double sum_point(const struct point *p) { return p->x + p->y; }
void move_point(struct point *p, double dx) { p->x += dx; }
double *find_x(struct point *p) { return p ? &p->x : NULL; }
const char *skip(const char *text, int n) { return text ? text + n : NULL; }
void *same(void *p) { return p; }
uintptr_t address_of(const void *p) { return (uintptr_t)p; }
void set_first(double *x, double value) { x[0] = value; }
double sum(int count, ...) { va_list l; va_start(l, count); double s = 0; while (count--) s += va_arg(l, double); va_end(l); return s; }
double sum_ten(double a, double b, double c, double d, double e, double f, double g, double h, double i, double j)
    { return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j; }
long mix(char a, long b, long c, long d, long e, long f, short g, long h, double k)
    { return a + b + c + d + e + f + 10 * g + 100 * h + (long)k; }
long sum_many(long a, ...) { va_list l; va_start(l, a); for (int i = 1; i < 40; i++) a += i * va_arg(l, long); va_end(l); return a; }
long take_wide(struct wide w) { return w.a + w.e; }
int apply(int (*f)(int), int x) { return f(x); }
int twice(int x) { return 2 * x; }
static volatile int flag;
void raise_flag(void) { flag = 1; }
int wait_for_flag(void) { while (!flag) {} return flag; }
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("library")
    (folder / "code.c").write_text(SOURCE, encoding="utf-8")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", folder / "code.c", "-o", folder / "libcode.so"], check=True)
    return str(folder / "libcode.so")


@pytest.fixture
def lib(path: str) -> CDLL:
    return CDLL(path)


class Point(Structure):
    _fields_ = (("x", c_double), ("y", c_double))


class Tagged(Point):
    pass


class Wide(Structure):
    _fields_ = tuple((name, c_long) for name in "abcde")


class Handle(c_void_p):
    pass


class Vector(c_void_p):
    from_param = NdpointerCheck(np.float64, 1, flags=0x1)


class Untold(ctypes._Pointer):
    """Nobody said what it points to."""


class MaybeVector(c_void_p):
    from_param = NdpointerCheck(np.float64, optional=True)


class AsParameter:
    def __init__(self, value: Any) -> None:
        self._as_parameter_ = value


class Money(int):
    def __float__(self) -> float:
        return 99.0


def outcome(library: Any, name: str, argtypes: Any, restype: Any, arguments: tuple[Any, ...]) -> Any:
    """The result in a form that can be compared, or the exception's class and text."""
    function = library[name]
    function.argtypes, function.restype = argtypes, restype
    try:
        result = function(*arguments)
    except Exception as error:
        return type(error), str(error)
    if isinstance(result, ctypes._Pointer):
        return type(result), result[0] if result else None
    return (type(result), result.value) if isinstance(result, ctypes._SimpleCData) else (type(result), repr(result))


X = np.arange(3.0)
DOUBLES = (c_double * 3)(1, 2, 3)
POINT = Point(1, 2)
TEXT = ctypes.create_string_buffer(b"hello", 10)

# (function, argtypes, restype, arguments, does the plan take it)
CASES: list[tuple[str, Any, Any, tuple[Any, ...], bool]] = [
    *[("add_bytes", [c_int8] * 2, c_int8, (a, b), ok) for a, b, ok in ((1, -3, True), (127, 1, True), (128, 1, False), (-129, 0, False))],
    *[
        ("add_octets", [c_ubyte] * 2, c_ubyte, (a, b), ok)
        for a, b, ok in ((255, 1, True), (256, 1, False), (-1, 0, False), (True, 2, True))
    ],
    *[("half", [ctypes.c_short], ctypes.c_short, (a,), ok) for a, ok in ((-32768, True), (32767, True), (32768, False))],
    *[("complement", [c_uint], c_uint, (a,), ok) for a, ok in ((0, True), (2**32 - 1, True), (2**32, False), (2**63, False), (-1, False))],
    *[("same_wide", [c_ulong], c_ulong, (a,), ok) for a, ok in ((2**64 - 1, True), (2**63, True), (2**64, False), (-1, False))],
    *[("negate", [c_long], c_long, (a,), ok) for a, ok in ((2**63 - 1, True), (-(2**63) + 1, True), (2**63, False), (Money(5), True))],
    *[("negate", [c_long], c_long, (a,), False) for a in (1.0, "1", None, np.int64(3), b"1", AsParameter(4), c_int(3), 1j)],
    *[("negate", [c_long], c_long, (a,), True) for a in (c_long(4),)],
    *[("invert", [ctypes.c_bool], ctypes.c_bool, (a,), ok) for a, ok in ((True, True), (False, True), (5, False), ("", False))],
    *[("invert", [ctypes.c_bool], ctypes.c_bool, (ctypes.c_bool(a),), True) for a in (True, False)],
    *[("add_floats", [c_float] * 2, c_float, (a, 0.1), ok) for a, ok in ((0.5, True), (3, True), (1e39, False), (float("inf"), True))],
    ("add_floats", [c_float] * 2, c_float, (c_float(1.5), np.float64(2)), True),
    ("add_floats", [c_float] * 2, c_float, (np.float32(1), 2.0), False),
    *[("add_doubles", [c_double] * 2, c_double, (a, 0.5), ok) for a, ok in ((1.5, True), (2**60, True), (10**400, False), (True, False))],
    *[("add_doubles", [c_double] * 2, c_double, (a, 0.5), False) for a in ("1", None, Money(1), AsParameter(2.0), c_float(1))],
    ("add_doubles", [c_double] * 2, c_double, (c_double(1.5), float("nan")), True),
    ("sum_point", [POINTER(Point)], c_double, (POINT,), True),
    ("sum_point", [POINTER(Point)], c_double, (Tagged(3, 4),), True),
    ("sum_point", [POINTER(Point)], c_double, (ctypes.pointer(POINT),), True),
    ("sum_point", [POINTER(Point)], c_double, ((Point * 2)((1, 2), (3, 4)),), True),
    ("sum_point", [POINTER(Point)], c_double, (byref(POINT),), False),
    ("sum_point", [POINTER(Point)], c_double, (ctypes.pointer(Tagged(3, 4)),), False),
    ("sum_point", [POINTER(Point)], c_double, (DOUBLES,), False),
    ("sum_point", [POINTER(Point)], c_double, (5,), False),
    ("sum_point", [POINTER(Point)], c_double, (bytes(16),), False),
    ("same", [Untold], c_void_p, (None,), False),
    ("find_x", [POINTER(Point)], POINTER(c_double), (POINT,), True),
    ("find_x", [POINTER(Point)], POINTER(c_double), (None,), True),
    *[("skip", [c_char_p, c_int], c_char_p, (a, 1), True) for a in (b"hello", None, c_char_p(b"hello"), TEXT)],
    ("skip", [c_char_p, c_int], c_char_p, (ctypes.cast(TEXT, POINTER(c_char)), 2), True),
    *[("skip", [POINTER(c_char), c_int], c_char_p, (a, 1), True) for a in (b"hello", TEXT)],
    *[("skip", [c_char_p, c_int], c_char_p, (a, 1), False) for a in ("hello", 5, byref(TEXT), DOUBLES, bytearray(b"hello"))],
    *[("same", [c_void_p], c_void_p, (a,), True) for a in (None, 0, 5, 2**64 - 1, c_void_p(7), Handle(8), b"x", DOUBLES, TEXT)],
    *[("same", [c_void_p], c_void_p, (a,), True) for a in (ctypes.pointer(POINT), X.ctypes.data, X.ctypes.data_as(POINTER(c_double)))],
    *[("same", [c_void_p], c_void_p, (a,), False) for a in (-1, 2**64, X.ctypes, byref(POINT), c_char_p(b"x"), X, 1.5, POINT)],
    *[("same", [Handle], Handle, (a,), ok) for a, ok in ((Handle(3), True), (None, True), (9, True), (c_void_p(4), False))],
    ("same", [c_void_p], c_int, (3,), True),
    ("same", [c_void_p], None, (3,), True),
    ("same", [c_void_p], type("Int", (c_int,), {}), (3,), True),
    ("same", [c_void_p], str, (3,), False),
    ("same", [c_void_p], abs, (-3,), False),
    ("same", [c_void_p], POINTER(c_void_p), (None,), True),
    *[("address_of", [Vector], c_ulong, (a,), True) for a in (X, X.view(np.recarray))],
    *[("address_of", [MaybeVector], c_ulong, (a,), True) for a in (X, None)],
    ("sum_ten", [c_double] * 10, c_double, tuple(float(i) for i in range(10)), True),
    ("mix", [c_int8, *[c_long] * 5, ctypes.c_short, c_long, c_double], c_long, (1, 2, 3, 4, 5, 6, -7, 8, 9.5), True),
    ("sum", [c_int, c_double, c_double], c_double, (2, 1.5, 2.5), True),
    ("sum", [c_int, c_double], c_double, (2, 1.5, c_double(2.5)), False),
    ("sum_many", [c_long] * 40, c_long, tuple(range(40)), False),
    ("take_wide", [Wide], c_long, (Wide(1, 2, 3, 4, 5),), False),
    ("negate", [c_long.__ctype_be__], c_long, (4,), False),
    ("negate", [c_long], c_long.__ctype_be__, (4,), False),
    ("negate", [c_long], c_long, (), False),
    ("negate", [c_long], c_long, (1, 2), False),
    ("twice", None, c_int, (4,), False),
    ("negate", [ctypes.py_object], c_long, (X,), False),
]


@pytest.mark.parametrize(("name", "argtypes", "restype", "arguments", "is_planned"), CASES)
def test_a_call_ends_as_with_ctypes(path, name, argtypes, restype, arguments, is_planned):
    assert outcome(CDLL(path), name, argtypes, restype, arguments) == outcome(ctypes.CDLL(path), name, argtypes, restype, arguments)
    function = CDLL(path)[name]
    function.argtypes, function.restype = argtypes, restype
    assert (explain_path(function, *arguments) == "plan" and len(arguments) == len(argtypes)) == is_planned


def test_arrays_are_read_and_written_where_they_lie(lib):
    lib.scale.argtypes, lib.scale.restype = [Vector, c_double, Vector, c_long], None
    x, y = np.arange(4.0), np.zeros(4)
    assert lib.scale(x, 2, y, 4) is None
    np.testing.assert_array_equal(y, 2 * x)
    assert explain_path(lib.scale, x, 2, y, 4) == "plan"
    lib.scale(x, 3, x, 4)  # ctypes knows nothing of overlap, and neither do old scripts
    np.testing.assert_array_equal(x, [0, 3, 6, 9])


REFUSALS = [  # argument, class, beginning and end of the text
    (X[::2], ctypeslib.LayoutError, "is not C-contiguous", "float64, 1 dimension, C-contiguous\n  got       (2,) float64, strides (16,)"),
    (None, ctypeslib.ArgumentError, "is no array", "float64, 1 dimension, C-contiguous\n  got       None"),
    (np.float64(1), ctypeslib.ArgumentError, "is no array", "float64, 1 dimension, C-contiguous\n  got       np.float64(1.0)"),
    (
        np.ones((2, 2)),
        ctypeslib.ShapeError,
        "has 2 dimensions, not 1 dimension",
        "float64, 1 dimension, C-contiguous\n  got       (2, 2) float64",
    ),
    (X > 1, ctypeslib.DtypeError, "has dtype bool, not float64", "float64, 1 dimension, C-contiguous\n  got       (3,) bool"),
]


@pytest.mark.parametrize(("argument", "kind", "problem", "rest"), REFUSALS)
def test_a_refused_array_is_an_exception_of_ours_and_of_ctypes(lib, path, argument, kind, problem, rest):
    lib.scale.argtypes, other = [Vector, c_double, Vector, c_long], ctypes.CDLL(path).scale
    other.argtypes = lib.scale.argtypes
    with pytest.raises(kind) as caught:
        lib.scale(X, 2, argument, 3)
    told = f"{problem}\n  expected  {rest}"
    assert str(caught.value).partition("\n  fix")[0] == f"scale: the 3rd of 4 arguments {told}"
    assert type(caught.value) is kind
    assert issubclass(kind, getattr(ndcall, kind.__name__))
    assert issubclass(kind, ctypes.ArgumentError)
    assert (caught.value.problem, caught.value.position) == (problem, 2)
    with pytest.raises(ctypes.ArgumentError) as by_ctypes:  # which keeps the words
        other(X, 2, argument, 3)
    noun = "array" if isinstance(argument, np.ndarray) else "argument"
    assert str(by_ctypes.value).partition("\n  fix")[0] == f"argument 3: {kind.__name__}: the {noun} {told}"
    with pytest.raises(TypeError) as by_itself:
        Vector.from_param(argument)
    assert type(by_itself.value) is kind


def test_a_refused_array_is_ours_on_every_way_that_a_call_goes(lib):
    def refuse(*arguments):
        with pytest.raises(ctypeslib.LayoutError, match=r"^scale: the 3rd of 4 arguments is not C-contiguous\n"):
            lib.scale(*arguments)

    lib.scale.argtypes = [Vector, c_double, Vector, c_long]
    refuse(X, AsParameter(c_double(2)), X[::2], 2)
    lib.scale.argtypes = [POINTER(c_double), c_double, Vector, c_long]
    refuse(byref(c_double()), 2.0, X[::2], 2)
    lib.scale.argtypes = [ctypes.py_object, c_double, Vector, c_long]
    for _ in range(2):  # the first call finds out which way
        refuse(X, 2.0, X[::2], 2)
    lib.scale.errcheck = lambda result, function, arguments: result
    refuse(X, 2.0, X[::2], 2)
    refuse(X, 2.0, X[::2], "no number either")  # arrays first
    with pytest.raises(TypeError, match=r"^this function takes at least 4 arguments \(3 given\)$"):
        lib.scale(X, 2.0, X[::2])


def test_none_and_nothing_else_is_null_where_the_ndpointer_is_optional(lib):
    lib.address_of.argtypes = [MaybeVector]
    for checked in (None, lambda result, function, arguments: result):
        if checked:
            lib.address_of.errcheck = checked  # then ctypes calls
        assert lib.address_of(None) == 0
        for other in ("x", 0, b"x", [1.0]):
            with pytest.raises(ctypeslib.ArgumentError, match=r"^address_of: the 1st of 1 argument is no array\n"):
                lib.address_of(other)


def test_refusals_can_be_pickled(lib):
    lib.scale.argtypes = [Vector, c_double, Vector, c_long]
    with pytest.raises(ctypeslib.LayoutError) as caught:
        lib.scale(X, 2, X[::2], 3)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), again.position) == (ctypeslib.LayoutError, str(caught.value), 2)


def test_a_function_is_one_of_ctypes(lib):
    function = lib.twice
    function.argtypes, function.restype = [c_int], c_int
    assert isinstance(function, ctypes._CFuncPtr)
    assert type(function).__name__ == "_FuncPtr"
    assert function.__name__ == "twice"
    assert bool(function)
    assert ctypes.sizeof(function) == ctypes.sizeof(c_void_p)
    address = ctypes.cast(function, c_void_p).value
    assert ctypes.CFUNCTYPE(c_int, c_int)(address)(4) == 8
    assert ctypes.cast(function, ctypes.CFUNCTYPE(c_int, c_int))(5) == 10
    lib.apply.argtypes = [type(function), c_int]
    assert lib.apply(function, 21) == 42
    assert explain_path(lib.apply) == "ctypes: the 1st of 2 of argtypes is converted by itself"
    again = ctypes.cast(address, type(function))
    again.argtypes = [c_int]
    assert again(6) == 12
    assert explain_path(again) == "ctypes: it is a callback, has paramflags or was cast"


def test_a_library_is_one_of_ctypes(path, lib):
    assert isinstance(lib, ctypes.CDLL)
    assert lib._name == path
    assert isinstance(lib._handle, int)
    assert lib.twice is lib.twice
    assert lib["twice"] is not lib["twice"]
    assert repr(lib).startswith(f"<CDLL '{path}', handle ")
    with pytest.raises(AttributeError, match="undefined symbol: no_such"):
        _ = lib.no_such
    with pytest.raises(AttributeError, match="undefined symbol: no_such"):
        lib["no_such"]
    assert cdll[path] is cdll[path]
    assert isinstance(cdll.LoadLibrary(path), CDLL)
    with pytest.raises(OSError, match=r"nowhere\.so") as by_ctypes:
        ctypes.CDLL("/nowhere.so")
    with pytest.raises(ndcall.LoadError) as caught:
        CDLL("/nowhere.so")
    assert str(caught.value) == str(by_ctypes.value)
    with pytest.raises(OSError if sys.version_info < (3, 12) else AttributeError, match="nowhere"):
        cdll["/nowhere.so"]


def test_nothing_of_it_can_be_pickled_as_with_ctypes(path):
    for library in (CDLL(path), ctypes.CDLL(path)):
        with pytest.raises(ValueError, match=r"^ctypes objects containing pointers cannot be pickled$"):
            pickle.dumps(library.twice)
        with pytest.raises(ValueError, match=r"^ctypes objects containing pointers cannot be pickled$"):
            copy.copy(library.twice)


def test_what_is_set_is_what_is_read(lib):
    argtypes = [c_int]
    function = lib.twice
    assert function.argtypes is None
    assert function.restype is c_int
    function.argtypes = argtypes
    function.restype = c_long
    assert function.argtypes is argtypes
    assert function.restype is c_long
    assert function(3) == 6
    with pytest.raises(TypeError, match=r"^item 1 in _argtypes_ has no from_param method$"):
        function.argtypes = [5]
    assert function.argtypes is argtypes
    del function.argtypes
    assert function.argtypes is None
    assert explain_path(function) == "ctypes: argtypes is not set"
    assert function(3) == 6


def test_each_new_setting_holds_from_the_next_call_on(lib):
    function = lib.add_doubles
    function.argtypes, function.restype = [c_double, c_double], c_double
    assert function(1, 2) == 3.0
    function.restype = None
    assert function(1, 2) is None
    function.argtypes, function.restype = [c_double], c_double
    with pytest.raises(TypeError, match=r"^this function takes at least 1 argument"):
        function()
    function.argtypes = (c_double, c_double)
    function.errcheck = lambda result, called, arguments: (result, called is function, arguments)
    assert function(1, 2) == (3.0, True, (1, 2))
    assert explain_path(function) == "ctypes: errcheck is set"
    del function.errcheck
    assert function(1, 2) == 3.0
    assert explain_path(function) == "plan"


def test_a_list_that_is_changed_later_changes_nothing(path):
    for library in (CDLL(path), ctypes.CDLL(path)):
        argtypes = [c_double, c_double]
        library.add_doubles.argtypes, library.add_doubles.restype = argtypes, c_double
        argtypes[0] = c_int
        assert library.add_doubles(1.5, 2) == 3.5


def test_argtypes_from_an_iterator_are_left_to_ctypes(lib):
    lib.twice.argtypes = iter([c_int])
    assert lib.twice(4) == 8
    assert explain_path(lib.twice) == "ctypes: argtypes is not set"


def test_classes_with_a_conversion_of_their_own_are_asked(path):
    class Doubled(c_int):
        @classmethod
        def from_param(cls, value):
            return c_int(2 * value)

    for library in (CDLL(path), ctypes.CDLL(path)):
        library.twice.argtypes = [Doubled]
        assert library.twice(3) == 12
        with pytest.raises(ctypes.ArgumentError, match=r"^argument 1: .*TypeError"):
            library.twice([])


def test_a_check_of_the_returned_value_is_asked(path):
    class Status(c_int):
        def _check_retval_(self):
            if self.value < 0:
                raise OSError(self.value, "negative")
            return self.value + 1

    for library in (CDLL(path), ctypes.CDLL(path)):
        library.negate.argtypes, library.negate.restype = [c_long], Status
        assert library.negate(-5) == 6
        with pytest.raises(OSError, match="negative"):
            library.negate(5)
    assert explain_path(CDLL(path).negate, 5) == "ctypes: argtypes is not set"


def test_a_class_whose_items_type_is_code_may_change_the_function_that_is_called(lib):
    class Items:
        def __get__(self, instance: object, kind: type) -> Any:
            lib.same.argtypes = [c_void_p]
            junk.extend(bytes(200) for _ in range(100))
            return c_int

    junk: list[bytes] = []
    numbers = type("numbers", (c_int * 3,), {})
    numbers._type_ = Items()
    lib.same.argtypes, lib.same.restype = [POINTER(c_int)], c_void_p
    values = numbers(1, 2, 3)
    for _ in range(20):
        lib.same.argtypes = [POINTER(c_int)]
        assert lib.same(values) == ctypes.addressof(values)


def test_keywords_are_treated_as_ctypes_treats_them(path):
    results = []
    for library in (CDLL(path), ctypes.CDLL(path)):
        library.twice.argtypes = [c_int]
        results.append((library.twice(3, ignored=4), library.twice(*[3]), library.twice(*(3,))))
        with pytest.raises(TypeError, match=r"^this function takes at least 1 argument \(0 given\)$"):
            library.twice(x=3)
    assert results[0] == results[1] == (6, 6, 6)


def test_paramflags_stay_with_ctypes(path):
    for library in (CDLL(path), ctypes.CDLL(path)):
        prototype = type("Prototype", (library._FuncPtr,), {"_flags_": 1, "_restype_": c_int, "_argtypes_": (c_int,)})
        function = prototype(("twice", library), ((1, "x", 21),))
        assert function() == function(x=21) == 42
        assert prototype(("twice", library))(4) == 8


def test_a_function_from_an_address_is_planned_too(lib):
    address = ctypes.cast(lib.twice, c_void_p).value
    function = lib._FuncPtr(address)
    function.argtypes = [c_int]
    assert function(4) == 8
    assert explain_path(function, 4) == "plan"


def test_a_function_at_no_address_is_left_to_ctypes(lib):
    function = lib._FuncPtr(0)
    function.argtypes = [c_int]
    assert explain_path(function, 4) == "ctypes: its address is NULL"


def test_a_class_is_not_asked_by_code_of_its_own_what_its_items_are(lib):
    class Meta(type(POINTER(c_int))):
        def __getattribute__(cls, name):
            asked.append(name)
            return super().__getattribute__(name)

    asked: list[str] = []

    class Odd(ctypes._Pointer, metaclass=Meta):
        _type_ = Point

    pointer = Odd(POINT)
    lib.sum_point.argtypes, lib.sum_point.restype = [POINTER(Point)], c_double
    asked.clear()
    assert explain_path(lib.sum_point, pointer) == "ctypes: the plan does not take the 1st of 1 argument"
    assert asked == []
    assert lib.sum_point(pointer) == 3.0


def test_a_python_function_behind_the_type_stays_with_ctypes(lib):
    class Callback(lib._FuncPtr):
        _flags_ = 1
        _restype_ = c_int
        _argtypes_ = (c_int,)

    callback = Callback(lambda value: value + 1)
    callback.argtypes = [c_int]
    assert callback(4) == 5
    assert explain_path(callback) == "ctypes: it is a callback, has paramflags or was cast"
    lib.apply.argtypes = [Callback, c_int]
    assert lib.apply(callback, 6) == 7


def test_a_class_with_its_own_call_is_called_by_it(lib):
    class Loud(lib._FuncPtr):
        _flags_ = 1
        _restype_ = c_int

        def __call__(self, *arguments):
            return "called", *arguments

    function = Loud(("twice", lib))
    function.argtypes = [c_int]
    assert function(4) == ("called", 4)


def test_errno_is_left_to_ctypes(path):
    library = CDLL(path, use_errno=True)
    library.twice.argtypes = [c_int]
    assert library.twice(4) == 8
    assert explain_path(library.twice) == "ctypes: it is called with ctypes' own errno, or by another convention than C's"


def test_a_pydll_holds_the_gil_and_tells_of_pythons_exceptions():
    for module in (ctypes, ctypeslib):
        api = module.PyDLL(None)
        api.PyGILState_Check.argtypes, api.PyGILState_Check.restype = [], c_int
        assert api.PyGILState_Check() == 1
        api.PyErr_BadInternalCall.argtypes, api.PyErr_BadInternalCall.restype = [], None
        with pytest.raises(SystemError):
            api.PyErr_BadInternalCall()
        library = module.CDLL(None)
        library.PyGILState_Check.argtypes, library.PyGILState_Check.restype = [], c_int
        assert library.PyGILState_Check() == 0
    assert explain_path(api.PyGILState_Check) == explain_path(api.PyErr_BadInternalCall) == "plan"
    assert isinstance(ctypeslib.pydll.LoadLibrary(None), ctypes.PyDLL)
    assert isinstance(api, ctypeslib.CDLL)


def test_a_function_that_no_library_of_ours_has_is_told_so(path):
    assert explain_path(ctypes.CDLL(path).twice) == "ctypes: it is no function of a library opened by ndcall.compat"


def test_another_thread_runs_while_c_waits(lib):
    for function in (lib.wait_for_flag, lib.raise_flag):
        function.argtypes = []
    lib.raise_flag.restype = None
    timer = threading.Timer(0.05, lib.raise_flag)
    timer.start()
    assert lib.wait_for_flag() == 1
    timer.join()
    assert explain_path(lib.wait_for_flag) == "plan"


def test_a_function_that_is_changed_during_its_call_ends_that_call_as_it_began(lib):
    libc = CDLL(None)
    libc.usleep.argtypes, libc.usleep.restype = [c_uint], c_int
    results = []
    thread = threading.Thread(target=lambda: results.append(libc.usleep(100_000)))
    thread.start()
    while thread.is_alive():
        libc.usleep.argtypes, libc.usleep.restype = [c_uint], c_void_p
        libc.usleep.argtypes, libc.usleep.restype = [c_uint], c_int
    assert results == [0]


def test_a_converter_that_changes_the_function_while_it_is_looked_up_does_no_harm(lib):
    class Meta(type(c_int)):
        def __getattribute__(cls, name):
            if name == "from_param" and changes:
                changes.pop()
                lib.twice.argtypes = [c_int]
                assert lib.twice(3) == 6
            return super().__getattribute__(name)

    changes: list[int] = []

    class Odd(c_int, metaclass=Meta):
        pass

    changes.extend([1, 1])
    lib.twice.argtypes = [Odd]
    assert lib.twice(5) == 10


def test_memory_of_a_class_with_its_own_buffer_is_that_which_ctypes_passes(path):
    class Fake(Point):
        def __buffer__(self, flags):
            raise AssertionError("asked")

    for library in (CDLL(path), ctypes.CDLL(path)):
        library.sum_point.argtypes, library.sum_point.restype = [POINTER(Point)], c_double
        assert library.sum_point(Fake(1, 2)) == 3.0


def test_a_library_goes_with_its_functions_and_leaves_no_reference(path):
    def use() -> list[weakref.ref[Any]]:
        library = CDLL(path)
        vector = type("Vector", (c_void_p,), {"from_param": NdpointerCheck(np.float64)})
        result = type("Result", (c_void_p,), {"library": library})  # a cycle through what the plan keeps
        library.same.argtypes, library.same.restype = [vector], result
        assert library.same(X).value == X.ctypes.data
        assert explain_path(library.same, X) == "plan"
        return [weakref.ref(library), weakref.ref(library.same), weakref.ref(result), weakref.ref(vector)]

    before = sys.getrefcount(X)
    references = use()
    gc.collect()
    assert [reference() for reference in references] == [None] * 4
    assert sys.getrefcount(X) == before


def count_blocks_left(step: Callable[[], Any], count: int) -> int:
    """Blocks of memory that `count` steps leave: the least of four rounds, because the interpreter fills stores of its own."""
    left = []
    for _ in range(4):
        gc.collect()
        before = sys.getallocatedblocks()
        for _ in range(count):
            step()
        gc.collect()
        left.append(sys.getallocatedblocks() - before)
    return min(left)


def test_calls_and_new_settings_leave_nothing_behind(lib):
    def step() -> None:
        lib.scale.argtypes, lib.scale.restype = [Vector, c_double, Vector, c_long], None
        y = np.zeros(3)
        lib.scale(X, 2, y, 3)
        with pytest.raises(ctypes.ArgumentError):
            lib.scale(X, 2, None, 3)
        lib.find_x.argtypes, lib.find_x.restype = [POINTER(Point)], POINTER(c_double)
        lib.find_x(POINT)

    assert count_blocks_left(step, 300) < 100  # one block a step would be 300


def test_importing_ndcall_imports_nothing_of_it():
    code = "import sys, ndcall; print([name for name in sys.modules if name.startswith('ndcall.compat')])"
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=dict(os.environ)).stdout
    assert printed == "[]\n"


def test_where_the_module_lies_is_no_package_of_its_own():
    assert Path(sys.modules[CDLL.__module__].__file__ or "").name == "_ctypes_library.py"
