"""The contract language: ok, check, warn with their texts, errno, alias, serial, gil, nogil, ignore."""

from __future__ import annotations

import errno
import os

import ndcall
import numpy as np
import pytest

SOURCE = r"""
#include <errno.h>
#include <stddef.h>

static const char *texts[] = {"no error", "singular", "not converged"};
const char *error_text(int code) { return texts[-code]; }

/// ndcall: x[n], code -> y[n]; ok return == 0 else error_text(return)
int solve(const double *x, double *y, int n, int code) { for (int i = 0; i < n; i++) y[i] = x[i]; return code; }

/// ndcall: x, limit -> root; ok return >= 0 else "illegal argument"; ok return == 0 else "no root found"; warn root > limit "a large root"
int root(double x, double limit, double *root) { (void)limit; *root = x * 2; return x < 0 ? -3 : x > 100 ? 5 : 0; }

/// ndcall: code; ok return == 0
int plain_ok(int code) { return code; }

/// ndcall: code; ok return == 0 else errno
int with_errno(int code) { errno = code; return code ? -1 : 0; }

/// ndcall: n -> x[n]; ok info == 0
void status_by_pointer(int n, double *x, int *info) { for (int i = 0; i < n; i++) x[i] = 1; *info = n > 3 ? n : 0; }

/// ndcall: x[n] -> return; check n & (n-1) == 0 else "n must be a power of two"; check x > 0
double transform(int n, const double *x) { return x[0] + n; }

/// ndcall: index[n], x[m] -> y[n]; check 0 <= index < m; check increasing(index) else "index must increase"
void pick(const int *index, int n, const double *x, int m, double *y) { (void)m; for (int i = 0; i < n; i++) y[i] = x[index[i]]; }

/// ndcall: x[n] -> return; check finite(x)
double finite_sum(const double *x, int n) { double s = 0; for (int i = 0; i < n; i++) s += x[i]; return s; }

/// ndcall: x[n] -> y[n]; alias x, y
void may_alias(const double *x, double *y, int n) { for (int i = 0; i < n; i++) y[i] = 2 * x[i]; }

/// ndcall: inout x[n:], y[n:]; sx = stride(x, 0); sy = stride(y, 0); alias x, y
void add_steps(double *x, const double *y, int n, long sx, long sy) { for (int i = 0; i < n; i++) x[i * sx] += y[i * sy]; }

/// ndcall: inout x[n], inout y[n]
void swap(double *x, double *y, int n) { for (int i = 0; i < n; i++) { double t = x[i]; x[i] = y[i]; y[i] = t; } }

/// ndcall: x[n]; check x > "a"
int beside_text(const double *x, int n) { (void)x; return n; }

/// ndcall: z[n]; check sorted(z)
int sorted_complex(const double _Complex *z, int n) { (void)z; return n; }

/// ndcall: a; serial
int counted(int a) { static int calls; return a + 0 * calls++; }
/// ndcall: a; gil
int holding(int a) { return a; }
/// ndcall: a; nogil
int releasing(int a) { return a; }
/// ndcall: a; ignore return
int ignored(int a) { return a; }
/// ndcall: n -> return; warn return > 2 "more than two"
int warned(int n) { return n; }
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE)


def test_a_status_becomes_an_exception_with_the_librarys_own_text(lib, refusal):
    assert lib.solve([1, 2], 0).tolist() == [1, 2]
    assert refusal(ndcall.CallError, lib.solve, [1, 2], -1) == "solve: singular (return = -1)"
    assert refusal(ndcall.CallError, lib.solve, [1, 2], -2) == "solve: not converged (return = -2)"


def test_several_tests_are_made_in_their_order(lib, refusal):
    assert lib.root(2.0, 100) == 4
    assert refusal(ndcall.CallError, lib.root, -1, 0) == "root: illegal argument (return = -3)"
    assert refusal(ndcall.CallError, lib.root, 101, 0) == "root: no root found (return = 5)"


def test_a_test_without_a_text_shows_the_condition(lib, refusal):
    assert refusal(ndcall.CallError, lib.plain_ok, 7) == "plain_ok: ok return == 0 failed (return = 7)"
    assert lib.plain_ok(0) is None


def test_errno_is_told_in_the_systems_words(lib, refusal):
    assert lib.with_errno(0) is None
    assert refusal(ndcall.CallError, lib.with_errno, errno.ENOENT) == f"with_errno: {os.strerror(errno.ENOENT)} (return = -1)"


def test_a_status_behind_a_pointer_is_tested_and_not_returned(lib):
    assert lib.status_by_pointer(2).tolist() == [1, 1]
    with pytest.raises(ndcall.CallError, match="info = 4"):
        lib.status_by_pointer(4)


def test_a_warning_comes_with_the_result(lib):
    with pytest.warns(ndcall.CallWarning, match="more than two"):
        assert lib.warned(3) == 3
    with pytest.warns(ndcall.CallWarning, match="a large root"):
        assert lib.root(50, 60) == 100


def test_a_check_is_made_before_the_call(lib, refusal):
    assert lib.transform([1.0, 2.0]) == 3
    assert refusal(ndcall.CheckError, lib.transform, [1.0, 2.0, 3.0]) == (
        "transform(x): n must be a power of two\n  expected  n & n-1 == 0\n  got       n = 3"
    )
    assert refusal(ndcall.CheckError, lib.transform, [1.0, 0.0]) == (
        "transform(x): check x > 0 failed\n  expected  x > 0\n  got       x[1] = 0.0"
    )


def test_a_check_of_every_index_protects_memory_and_names_the_offender(lib, refusal):
    assert lib.pick([0, 2], [5, 6, 7]).tolist() == [5, 7]
    for wrong, offender in (([0, 3], "m = 3, index[1] = 3"), ([-1, 2], "m = 3, index[0] = -1")):
        assert refusal(ndcall.CheckError, lib.pick, wrong, [5, 6, 7]) == (
            f"pick(index, x): check 0 <= index < m failed\n  expected  0 <= index < m\n  got       {offender}"
        )
    assert refusal(ndcall.CheckError, lib.pick, [0, 2, 1], [5, 6, 7]) == (
        "pick(index, x): index must increase\n  expected  increasing(index)\n  got       index[1] = 2, index[2] = 1"
    )


def test_an_element_that_fails_both_sides_of_a_check_is_named_once(load_c, refusal):
    lib = load_c("/// ndcall: x[n]; check 0 <= x < 10\ndouble first(const double *x, int n) { return n ? x[0] : 0; }\n")
    assert refusal(ndcall.CheckError, lib.first, [1, np.nan]) == (
        "first(x): check 0 <= x < 10 failed\n  expected  0 <= x < 10\n  got       x[1] = nan"
    )


def test_a_check_of_finite_values(lib):
    assert lib.finite_sum([1, 2]) == 3
    for wrong in (np.nan, np.inf):
        with pytest.raises(ndcall.CheckError, match=rf"x\[1\] = {wrong}"):
            lib.finite_sum([1, wrong])


def test_a_check_of_what_has_no_order_is_refused(lib, refusal):
    for function, got in ((lib.beside_text, 'an array compares with numbers in x > "a"'),
                          (lib.sorted_complex, "the elements of 'z' cannot be compared in sorted(z)")):  # fmt: skip
        assert refusal(ndcall.CheckError, function, [1.0, 2.0]).endswith(f"\n  got       {got}")


def test_alias_allows_the_very_same_array_and_nothing_else(lib):
    x = np.arange(4.0)
    assert lib.may_alias(x, out=x) is x
    assert x.tolist() == [0, 2, 4, 6]
    with pytest.raises(ndcall.OverlapError):
        lib.may_alias(x[:3], out=x[1:])


def test_alias_asks_for_the_same_steps_too(lib):
    x = np.arange(8.0)
    lib.add_steps(x[::2], x[::2])
    assert x.tolist() == [0, 1, 4, 3, 8, 5, 12, 7]
    for other in (x[:4], x[::2][:3], x[2::2]):
        with pytest.raises(ndcall.ContractError):
            lib.add_steps(x[::2], other)
    with pytest.raises(ndcall.OverlapError):
        lib.add_steps(x[::2], x[:4])  # the same first element, the same length


def test_the_same_object_as_two_inouts_is_refused(lib):
    x, y = np.arange(2.0), np.ones(2)
    lib.swap(x, y)
    assert (x.tolist(), y.tolist()) == ([1, 1], [0, 1])
    with pytest.raises(ndcall.OverlapError):
        lib.swap(x, x)


def test_the_lock_is_held_or_released_as_the_contract_says(lib):
    assert lib.counted(1) == lib.holding(1) == lib.releasing(1) == 1
    for name, word in (("counted", "serial"), ("holding", "gil"), ("releasing", "nogil")):
        assert word in str(ndcall.show(lib[name]))


def test_ignore_return_gives_nothing(lib):
    assert lib.ignored(3) is None
