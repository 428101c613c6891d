"""load_library(strict=True): arrays that C may write share no memory, and all are aligned."""

from __future__ import annotations

import ctypes
from ctypes import c_double, c_long

import ndcall
import numpy as np
import pytest
from ndcall.compat import ctypeslib
from ndcall.compat.ctypeslib import ndpointer

CODE = """\
void dadd(const double *a, const double *b, double *c, long n) { for (long i = 0; i < n; i++) c[i] = a[i] + b[i]; }
void zero(double *a) { a[0] = 0; }
"""
READ, WRITTEN = ndpointer(float), ndpointer(float, flags="W")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, build_library):
    place = tmp_path_factory.mktemp("strict")
    (place / "code.c").write_text(CODE, encoding="utf-8")
    build_library(CODE, place / "code.so")
    return place


def describe(lib):
    lib.dadd.restype, lib.zero.restype = None, None
    lib.dadd.argtypes, lib.zero.argtypes = [READ, READ, WRITTEN, c_long], [WRITTEN]
    return lib


@pytest.fixture
def lib(folder):
    return describe(ctypeslib.load_library("code", folder, strict=True))


def test_arrays_apart_are_called_by_the_plan(lib):
    a, c = np.arange(8.0), np.zeros(8)
    lib.dadd(a, a, c, 8)  # what C reads may overlap
    lib.dadd(a[:4], a[2:6], c[:4], 4)
    memory = np.zeros(8)
    lib.dadd(memory[:4], memory[:4], memory[4:], 4)
    assert c.tolist() == [2, 4, 6, 8, 8, 10, 12, 14]
    assert ctypeslib.explain_path(lib.dadd, a, a, c, 8) == "plan"


def test_an_array_that_c_writes_and_another_overlap(lib, refusal):
    a = np.arange(8.0)
    assert refusal(ctypeslib.OverlapError, lib.dadd, a[:4], a[4:], a[3:7], 4) == (
        "dadd: the 3rd of 4 arguments, which C may write, overlaps the 1st of 4"
    )
    assert refusal(ctypeslib.OverlapError, lib.dadd, np.ones(4), a, a, 4) == (
        "dadd: the 3rd of 4 arguments, which C may write, overlaps the 2nd of 4"
    )
    assert a.tolist() == list(range(8))


def test_an_array_that_lies_on_itself_is_not_written(lib, refusal):
    row = np.lib.stride_tricks.as_strided(np.zeros(1), (4,), (0,))
    assert refusal(ctypeslib.OverlapError, lib.zero, row) == "zero: the 1st of 1 argument, which C may write, overlaps itself"


def test_an_array_that_is_not_aligned_is_refused(lib, refusal):
    askew = np.zeros(33, np.uint8)[1:].view(np.float64)
    assert refusal(ctypeslib.LayoutError, lib.dadd, np.ones(4), askew, np.ones(4), 4) == "dadd: the 2nd of 4 arguments is not aligned"


def test_calls_that_ctypes_makes_are_looked_at_too(lib, refusal):
    a = np.arange(4.0)
    lib.dadd.errcheck = lambda result, function, arguments: result
    assert ctypeslib.explain_path(lib.dadd) == "ctypes: errcheck is set"
    assert refusal(ctypeslib.OverlapError, lib.dadd, a, a, a, 4) == "dadd: the 3rd of 4 arguments, which C may write, overlaps the 1st of 4"
    pointers = ctypes.POINTER(c_double)
    lib.dadd.argtypes = [pointers, READ, WRITTEN, c_long]
    with pytest.raises(ctypeslib.OverlapError):
        lib.dadd(a.ctypes.data_as(pointers), a, a, 4)
    with pytest.raises(TypeError):
        lib.dadd(a)


def test_a_converter_of_the_script_says_nothing_of_what_c_writes(lib, refusal):
    class Convert:
        __slots__ = ("first", "second")  # which lie where a converter of ours has its demand

        def __call__(self, array):
            return array.ctypes

    class Anything:
        from_param = Convert()

    Anything.from_param.second = b"\xff" * 64
    a, askew = np.ones(4), np.zeros(33, np.uint8)[1:].view(np.float64)
    lib.dadd.argtypes = [Anything, Anything, Anything, c_long]
    lib.dadd(a, a, a, 4)
    assert a.tolist() == [2] * 4
    assert refusal(ctypeslib.LayoutError, lib.dadd, a, a, askew, 4) == "dadd: the 3rd of 4 arguments is not aligned"


def test_more_arguments_than_argtypes_are_looked_at_and_left_to_ctypes(lib, refusal):
    a, b = np.ones(4), np.ones(4)
    askew = np.zeros(33, np.uint8)[1:].view(np.float64)
    assert refusal(ctypeslib.LayoutError, lib.dadd, a, a, b, 4, askew) == "dadd: the 5th of 5 arguments is not aligned"
    with pytest.raises(ctypes.ArgumentError):
        lib.dadd(a, a, b, 4, *[a] * 200)  # whatever lies behind the converters is not looked at as if it were some


def test_without_argtypes_nothing_is_known_of_what_c_writes(lib):
    a = np.ones(4)
    lib.zero.argtypes = None
    assert ctypeslib.explain_path(lib.zero) == "ctypes: argtypes is not set"
    lib.zero(a.ctypes)
    assert a[0] == 0


def test_a_header_goes_with_it(folder):
    lib = describe(ctypeslib.load_library("code", folder, header="code.c", strict=True))
    a = np.ones(4)
    with pytest.raises(ctypeslib.OverlapError):
        lib.dadd(a, a, a, 4)
    with pytest.raises(ndcall.BindError):
        lib.zero.argtypes = [c_long]


def test_another_library_of_the_same_file_is_as_ever(lib, folder):
    a = np.ones(4)
    describe(ctypeslib.load_library("code", folder)).dadd(a, a, a, 4)
    assert a.tolist() == [2] * 4
