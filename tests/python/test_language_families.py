"""The contract language: families, heads, names in Python, overloads."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stddef.h>
#include <stdint.h>
#define SUM(name, type) type name(const type *x, size_t n) { type s = 0; for (size_t i = 0; i < n; i++) s += x[i]; return s; }
SUM(ssum, float)
SUM(dsum, double)
SUM(isum, int32_t)

void sscale(float *x, int n, float a) { for (int i = 0; i < n; i++) x[i] *= a; }
void dscale(double *x, int n, double a) { for (int i = 0; i < n; i++) x[i] *= a; }

void capply(const void *alpha, void *x, int n) {
    const float *a = alpha; float *z = x;
    for (int i = 0; i < 2 * n; i += 2) { float r = a[0]*z[i] - a[1]*z[i+1]; z[i+1] = a[0]*z[i+1] + a[1]*z[i]; z[i] = r; }
}
void zapply(const void *alpha, void *x, int n) {
    const double *a = alpha; double *z = x;
    for (int i = 0; i < 2 * n; i += 2) { double r = a[0]*z[i] - a[1]*z[i+1]; z[i+1] = a[0]*z[i+1] + a[1]*z[i]; z[i] = r; }
}

#define SPLIT(name, type) void name(const type *x, int n, type *half, type *twice) { \\
    for (int i = 0; i < n; i++) half[i] = x[i] / 2, twice[i] = 2 * x[i]; }
SPLIT(ssplit, float)
SPLIT(dsplit, double)

double of_number(double x) { return 10 * x; }
int of_integer(int i) { return -i; }
double of_vector(const double *x, int n) { double s = 0; for (int i = 0; i < n; i++) s += x[i]; return s; }

void ends_of_number(double x, double *low, double *high) { *low = x - 1; *high = x + 1; }
void ends_of_vector(const double *x, int n, double *first, double *last) { *first = x[0]; *last = x[n - 1]; }

void unnamed(const double *, double *, int);
void unnamed(const double *p, double *q, int r) { for (int i = 0; i < r; i++) q[i] = p[i] / 2; }

double named_like_words(const double *copy, int rows) { double s = 0; for (int i = 0; i < rows; i++) s += copy[i]; return s; }
"""
CONTRACT = """
total = {s,d,i}sum: x[n]
{s,d}scale: inout x[n], a
{c,z}apply: alpha: {complex64,complex128}, inout x: {complex64,complex128}[n]
apply = {c,z}apply: alpha: {complex64,complex128}, inout x: {complex64,complex128}[n]
split = {s,d}split: x[n] -> half[n], twice[n]
f = of_number: x
f = of_vector: x[n]
g = of_number: x
g = of_integer: i
ends = ends_of_number: x -> low, high
ends = ends_of_vector: x[n] -> first, last; check n > 0
unnamed(source, target, count): source[count] -> target[count]
named_like_words(x, n): x[n]
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE, contract=CONTRACT)


def test_a_family_is_chosen_by_dtype(lib):
    assert lib.total(np.ones(3, np.float32)) == 3
    assert lib.total(np.array([0.1, 0.2])) == 0.1 + 0.2
    big = np.array([2**31 - 1, 0], np.int32)
    assert lib.total(big) == 2**31 - 1
    assert type(lib.total(big)) is int


def test_a_tuple_of_results_fixes_the_member(lib, refusal):
    half, twice = np.empty(2, np.float32), np.empty(2, np.float32)
    lib.split([1, 2], out=(half, twice))
    assert (half.tolist(), twice.tolist()) == ([0.5, 1], [2, 4])
    assert [result.dtype for result in lib.split([1, 2])] == [np.float64] * 2
    text = refusal(ndcall.DtypeError, lib.split, [1, 2], out=(half, np.empty(2)))
    assert text.startswith("split: no member takes these arguments\n  ssplit: ")


def test_without_a_python_name_each_member_stays_itself(lib):
    x = np.ones(2)
    lib.dscale(x, 3)
    assert x.tolist() == [3, 3]
    with pytest.raises(ndcall.DtypeError):
        lib.sscale(x, 3)


def test_braces_step_together(lib):
    x = np.array([1, 1j], np.complex64)
    lib.apply(2j, x)
    assert x.tolist() == [2j, -2]
    x = np.array([1, 1j])
    lib.apply(2j, x)
    assert x.tolist() == [2j, -2]
    lib.zapply(1j, x)
    assert x.tolist() == [-2, -2j]


def test_overloads_are_tried_in_order(lib):
    assert lib.f(2.0) == 20
    assert lib.f([1.0, 2.0]) == 3


def test_each_overload_has_its_own_names_of_results(lib):
    assert lib.ends(2.0)._asdict() == {"low": 1, "high": 3}
    assert lib.ends([4.0, 5.0])._asdict() == {"first": 4, "last": 5}


def test_a_member_that_takes_a_number_as_it_is_comes_before_one_that_converts_it(lib):
    assert lib.g(2.0) == 20
    assert lib.g(2) == -2
    assert lib.g(np.int16(2)) == -2
    assert lib.g(2**40) == 10 * 2.0**40


def test_when_no_member_fits_the_error_tells_the_first_mismatch_of_each(lib, refusal):
    text = refusal(ndcall.DtypeError, lib.apply, 1j, np.ones(2))
    assert "capply" in text
    assert "zapply" in text
    assert "complex64" in text
    assert "complex128" in text


def test_a_head_names_parameters_that_have_no_names(lib):
    assert lib.unnamed(source=[2, 4]).tolist() == [1, 2]


def test_a_head_renames_parameters_called_like_words(lib):
    assert lib.named_like_words(x=[1, 2]) == 3


def test_a_head_of_another_length_is_refused(load_c):
    with pytest.raises(ndcall.NdcallError, match="3"):
        load_c(SOURCE, contracts="unnamed(a, b): a[n] -> b[n]").unnamed([1.0])
