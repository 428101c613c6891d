"""A C++ exception that leaves a C function becomes one of Python, on every way to C; what was there for the result goes with it."""

from __future__ import annotations

import ctypes
import subprocess

import ndcall
import numpy as np
import pytest
from ndcall.compat import ctypeslib

SOURCE = """
#include <cstddef>
#include <new>
#include <stdexcept>
static void fail(int kind) {
    switch (kind) {
        case 1: throw std::bad_alloc();
        case 2: throw std::out_of_range("beyond");
        case 3: throw std::invalid_argument("no");
        case 4: throw std::runtime_error("went wrong");
        case 5: throw 5;
    }
}
extern "C" int plain(int kind) { fail(kind); return kind; }
extern "C" void array(const double *x, double *y, ptrdiff_t n) {
    fail(static_cast<int>(x[0]));
    for (ptrdiff_t i = 0; i < n; i++) y[i] = x[i];
}
extern "C" int text(const char *name) { fail(name[0] - '0'); return 0; }
"""
DECLARATIONS = "int plain(int kind); void array(const double *x, double *y, ptrdiff_t n); int text(const char *name);"
KINDS = {
    1: (MemoryError, ""),
    2: (IndexError, "beyond"),
    3: (ValueError, "no"),
    4: (ndcall.CallError, "went wrong"),
    5: (ndcall.CallError, "threw something that is no std::exception"),
}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cpp")
    (folder / "code.cpp").write_text(SOURCE)
    subprocess.run(["gcc", "-shared", "-fPIC", "code.cpp", "-o", "libcode.so", "-lstdc++"], cwd=folder, check=True)
    return str(folder / "libcode.so")


@pytest.fixture(scope="module")
def lib(path):
    return ndcall.load(path, declarations=DECLARATIONS, contracts={"array": "x[n] -> y[n]"})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["plain", "array", "text"])
def test_an_exception_that_leaves_c_is_one_of_python(lib, refusal, name, kind):
    argument = {"plain": kind, "array": np.full(3, float(kind)), "text": str(kind)}[name]
    expected, words = KINDS[kind]
    for _ in range(2):  # the second call of two of them goes straight through
        assert refusal(expected, lib[name], argument) == (f"{name}: {words}" if words else "")
    assert lib.plain(0) == 0
    assert lib.array([0.0, 1.0]).tolist() == [0, 1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_that_ctypes_knows_raises_the_same(path, refusal, kind):
    plain = ctypeslib.CDLL(path).plain
    plain.argtypes = [ctypes.c_int]
    expected, words = KINDS[kind]
    assert refusal(expected, plain, kind) == (f"plain: {words}" if words else "")
    assert plain(0) == 0
