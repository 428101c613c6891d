"""Library functions that a contract calls, and that call back to code of the caller's: it has the arrays of the call."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import ndcall
import numpy as np
import pytest

# From NumPy 2.5 on, which goes on doing what these tests are about.
pytestmark = pytest.mark.filterwarnings("ignore:Setting the (dtype|shape) on a NumPy array:DeprecationWarning")

SOURCE = """
static int (*hook)(int);
void set_hook(int (*f)(int)) { hook = f; }
int ask(int n) { return hook ? hook(n) : n; }
/// ndcall: x[n], k -> s, y[ask(k)]
void sum_sized(const double *x, long n, int k, double *s, double *y) {
    *s = 0;
    for (long i = 0; i < n; i++) *s += x[i];
    y[0] = k;
}
/// ndcall: x[n], k -> s, y[k]; told = [ask(k)]
void sum_told(const double *x, long n, int k, double *s, double *y, const int *told) { sum_sized(x, n, told[0], s, y); }
/// ndcall: x[n], k -> s, y[k]; check y[0] == 0 and ask(k) > 0
void sum_checked(const double *x, long n, int k, double *s, double *y) { sum_sized(x, n, k, s, y); }
typedef struct { long n; int k; const double *x; } sized;
/// ndcall: s
double sum_struct(const sized *s) { double t = 0; for (long i = 0; i < s->n; i++) t += s->x[i]; return t; }
/// ndcall: s, inout x[n], k -> y[k]; check y[0] == 0 and ask(k) > 0
void sum_beside(const sized *s, double *x, long n, int k, double *y) { x[0] = sum_struct(s) + (double)n; y[0] = k; }
"""
CONTRACT = "struct sized: x[n]; k = ask(n)\n"
SIZE = 1000


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE, contract=CONTRACT)


@pytest.fixture
def call_back(lib: Any) -> Iterator[Callable[..., None]]:
    """call_back(bite): what a library function of a contract runs, through a callback that the library was given."""
    library = ctypes.CDLL(lib._ndcall_state.core.paths[0])
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)
    kept = []

    def arm(bite: Callable[[], None]) -> None:
        def run(n: int) -> int:
            bite()
            return n

        kept.append(kind(run))
        library.set_hook(kept[-1])

    yield arm
    library.set_hook(None)


@pytest.mark.parametrize("name", ["sum_sized", "sum_told", "sum_checked"])
def test_a_library_function_in_a_contract_may_call_back_to_code_that_bites(lib, refusal, call_back, name):
    x = np.ones(SIZE)
    assert lib[name](x, 3)[0] == SIZE
    call_back(lambda: x.resize(1, refcheck=False))
    text = refusal(ndcall.ShapeError, lib[name], x, 3)
    assert text.splitlines()[0] == f"{name}(x, k): argument 'x' (1st of 2) has length 1"
    x = np.ones(SIZE)
    call_back(lambda: setattr(x, "dtype", np.int64))
    text = refusal(ndcall.ArgumentError, lib[name], x, 3)
    assert text.splitlines()[0] == (f"{name}(x, k): argument 'x' (1st of 2) was changed by code that ran while the arguments were read")


def test_a_library_function_in_the_line_of_a_struct_may_call_back_too(lib, refusal, call_back):
    x = np.ones(SIZE)
    s = lib.sized(x=x)
    assert lib.sum_struct(s) == SIZE
    call_back(lambda: x.resize(1, refcheck=False))
    text = refusal(ndcall.ShapeError, setattr, s, "x", x)
    assert text.splitlines()[0] == "sized(x): argument 'x' has length 1"
    assert refusal(ndcall.ArgumentError, lib.sum_struct, s).splitlines()[1] == "  fix       s.x = ...   (the array again, as it is now)"


def test_a_library_function_in_a_contract_may_call_back_to_code_that_folds_a_struct_s_array(lib, refusal, call_back):
    x = np.ones(SIZE)
    s, beside = lib.sized(x=x), np.ones(2)

    def fold() -> None:  # the memory of its shape goes to others, by which x would reach as far as `beside`
        x.shape = (2, SIZE // 2)
        step = 8 if x.ctypes.data < beside.ctypes.data else -8
        junk.extend(np.lib.stride_tricks.as_strided(beside, (2**40,), (step,)) for _ in range(20))

    junk: list[np.ndarray] = []
    call_back(fold)
    text = refusal(ndcall.ArgumentError, lib.sum_beside, s, beside, 3)
    assert text.splitlines()[1] == "  fix       s.x = ...   (the array again, as it is now)"
    assert beside.tolist() == [1, 1]
