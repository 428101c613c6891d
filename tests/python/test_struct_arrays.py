"""Arrays that a struct object keeps, and that their owner changes behind its back: C never follows the old address."""

from __future__ import annotations

import copy

import ndcall
import numpy as np
import pytest

SOURCE = """
typedef struct { long n; double *x; } vec;
/// ndcall: v
double total(const vec *v) { double s = 0; for (long i = 0; i < v->n; i++) s += v->x[i]; return s; }
/// ndcall: v, k
double plus(const vec *v, long k) { return total(v) + k; }
/// ndcall: inout v
void negate(vec *v) { for (long i = 0; i < v->n; i++) v->x[i] = -v->x[i]; }
/// ndcall: v -> v
void negated(vec *v) { negate(v); }
"""
REFUSED = (
    "{}: argument 'v'{} holds an array in 'x' whose memory, shape, dtype or flags were changed since\n"
    "  fix       v.x = ...   (the array again, as it is now)"
)


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE, contract="struct vec: x[n]\n")


@pytest.fixture
def a():
    return np.arange(1000.0)


def shrink(a):
    a.resize(3, refcheck=False)


def fold(a):
    a.shape = (10, 100)


def protect(a):
    a.flags.writeable = False


def reinterpret(a):
    a.dtype = np.int64


@pytest.mark.filterwarnings("ignore:Setting the:DeprecationWarning")
@pytest.mark.parametrize("change", [shrink, fold, protect, reinterpret])
def test_an_array_that_was_changed_after_the_struct_got_it_is_refused(lib, refusal, a, change):
    v = lib.vec(x=a)
    assert lib.total(v) == 499500
    change(a)
    assert refusal(ndcall.ArgumentError, lib.total, v) == REFUSED.format("total(v)", "")
    assert refusal(ndcall.ArgumentError, lib.negate, v) == REFUSED.format("negate(v)", "")
    assert refusal(ndcall.ArgumentError, lib.negated, copy.copy(v)) == REFUSED.format("negated(v)", "")


def test_the_fix_works(lib, a):
    v = lib.vec(x=a)
    shrink(a)
    v.x = a
    assert (v.n, lib.total(v)) == (3, 3)


def test_an_array_that_a_later_argument_changes_is_refused(lib, refusal, a):
    class Late:
        def __index__(self):
            shrink(a)
            return 1

    v = lib.vec(x=a)
    assert refusal(ndcall.ArgumentError, lib.plus, v, Late()) == REFUSED.format("plus(v, k)", " (1st of 2)")


def test_an_array_that_holds_other_numbers_is_the_same_array(lib, a):
    v = lib.vec(x=a)
    a[:] = 1
    assert lib.total(v) == 1000
    assert lib.negate(v) is None
    assert lib.total(v) == -1000


def test_where_no_copy_is_allowed_a_struct_gets_the_callers_array_or_none(load_c, refusal):
    strict = load_c(
        SOURCE.replace("double *x;", "const double *x;", 1).partition("/// ndcall: inout")[0], contract="struct vec: x[n]\n", copy="never"
    )
    a = np.arange(4.0)
    v = strict.vec(x=a)
    a[0] = 10
    assert strict.total(v) == 16
    for copied, fix in ([1, 2], "x = np.array(x, np.float64)"), (a[::2], "x = np.ascontiguousarray(x)"):
        with pytest.raises(ndcall.ContractError) as caught:
            strict.vec(x=copied)
        assert (caught.value.argument, caught.value.fix.split("   (")[0]) == ("x", fix)
        with pytest.raises(ndcall.ContractError) as caught:
            v.x = copied
        assert caught.value.expected == '(n,) float64, C-contiguous (copy="never")'
    assert strict.total(v) == 16
