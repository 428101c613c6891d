"""The contract language: numbers by value and by reference, results through pointers, texts, members of a returned struct, from 1."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest

SOURCE = r"""
#include <errno.h>
#include <stddef.h>
#include <string.h>

/// ndcall: m, n -> sum
void add_by_reference(const int *m, const long *n, double *sum) { *sum = (double)*m + (double)*n; }

/// ndcall: x -> whole, part
void split(double x, long *whole, double *part) { *whole = (long)x; *part = x - (double)*whole; }

/// ndcall: a[n] -> q, r, return
int divide(const int *a, int n, int *q, int *r) { *q = a[0] / n; *r = a[0] % n; return n; }

/// ndcall: x[n] -> order[n] from 1
void order(const double *x, int n, int *order) {
    for (int i = 0; i < n; i++) {
        order[i] = 1;
        for (int j = 0; j < n; j++) order[i] += x[j] < x[i] || (x[j] == x[i] && j < i);
    }
}

/// ndcall: -> at[n] from 1
void smallest(int n, int *at) { for (int i = 0; i < n; i++) at[i] = -2147483647 - 1; }

/// ndcall: x[n], at[k] from 1 -> y[k]
void pick(const double *x, int n, const int *at, int k, double *y) { (void)n; for (int i = 0; i < k; i++) y[i] = x[at[i] - 1]; }

/// ndcall: x[n], start from 1 -> at from 1, return from 1
int largest(const double *x, int n, int start, unsigned *at) {
    *at = (unsigned)start;
    for (int i = start; i <= n; i++) if (x[i - 1] > x[*at - 1]) *at = (unsigned)i;
    return (int)*at;
}

/// ndcall: i from 1
long long signed_index(long long i) { return i; }
/// ndcall: i from 1
unsigned long long unsigned_index(unsigned long long i) { return i; }

size_t length(const char *text) { return strlen(text); }
const char *echo(const char *text) { return text; }
const char *weekday(int day) { return day == 1 ? "monday" : day == 2 ? "mañana" : NULL; }
/// ndcall: day -> return?
const char *maybe(int day) { return day == 1 ? "monday" : NULL; }
/// ndcall: text?
int is_null(const char *text) { return text == NULL; }
/// ndcall: text: bytes -> return
int first_byte(const char *text) { return (unsigned char)text[0]; }

typedef struct { double x, y; } pair;
/// ndcall: angle -> return.x, return.y
pair polar(double angle) { pair p = {angle * 2, angle * 3}; return p; }
pair whole_pair(double x) { pair p = {x, -x}; return p; }

void nothing(void) {}
double many(int a, double b, int c, double d, int e, double f, int g, double h, int i, double j, int k, double l, int m, double n,
            int o, double p, int q, double r, int s, double t) {
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k + 12 * l + 13 * m + 14 * n + 15 * o + 16 * p
           + 17 * q + 18 * r + 19 * s + 20 * t;
}
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE)


def test_numbers_by_reference_are_given_as_numbers(lib):
    assert lib.add_by_reference(2, 3) == 5.0
    with pytest.raises(ndcall.RangeError, match="'m'"):
        lib.add_by_reference(2**40, 3)


def test_results_through_pointers_are_python_numbers(lib):
    result = lib.split(2.75)
    assert result == (2, 0.75)
    assert type(result.whole) is int
    assert type(result.part) is float


def test_what_c_returns_stands_where_the_contract_says(lib):
    result = lib.divide([7, 0])
    assert result == (3, 1, 2)
    assert result.return_ == 2


def test_indices_from_one_are_indices_from_zero_in_python(lib):
    x = np.array([30.0, 10.0, 20.0])
    assert lib.order(x).tolist() == [2, 0, 1]
    assert lib.pick(x, [0, 2, 1]).tolist() == [30, 20, 10]


def test_an_index_that_c_cannot_count_to_is_refused_as_python_counts(lib, refusal):
    assert refusal(ndcall.RangeError, lib.largest, [9.0], 2**31 - 1) == (
        "largest(x, start): argument 'start' (2nd of 2) does not fit int\n"
        "  expected  an integer from -2147483648 to 2147483646\n  got       2147483647"
    )


def test_the_largest_index_of_64_bits_has_no_next_one(lib, refusal):
    assert lib.signed_index(2**63 - 2) == 2**63 - 1
    assert refusal(ndcall.RangeError, lib.signed_index, 2**63 - 1) == (
        "signed_index(i): argument 'i' does not fit long long\n"
        "  expected  an integer from -9223372036854775808 to 9223372036854775806\n  got       9223372036854775807"
    )
    for index in (0, 2**63 - 1, 2**63, 2**64 - 2):
        assert lib.unsigned_index(index) == index + 1
    assert refusal(ndcall.RangeError, lib.unsigned_index, 2**64 - 1) == (
        "unsigned_index(i): argument 'i' does not fit unsigned long long\n"
        "  expected  an integer from 0 to 18446744073709551614\n  got       18446744073709551615"
    )


def test_a_result_that_has_no_index_before_it_is_an_error(lib, refusal):
    assert refusal(ndcall.CallError, lib.smallest, 2) == (
        "result 'at' counts from one, but holds the smallest int32 at [0], which has no one before it (C counts from 1)"
    )


def test_a_single_index_from_one_is_an_index_from_zero_in_python(lib):
    assert lib.largest([9.0, 1.0, 5.0, 2.0], 1) == (2, 2)
    assert lib.largest([9.0, 1.0, 5.0, 2.0], 0) == (0, 0)
    assert "at : int\n    Counted from 0 here, from 1 in C." in lib.largest.__doc__
    for wrong in (1.0, "1", None, np.array(1.0), 2**31 - 1):
        with pytest.raises(ndcall.ContractError, match="'start'"):
            lib.largest([1.0], wrong)


@pytest.mark.parametrize(
    ("line", "reason"),
    {"f: x from 1": "'from 1' is for integers: 'x' is double", "g: i from 1 = 0": "whether it counts from 0 or from 1"}.items(),
)
def test_from_one_is_refused_where_it_means_nothing(load_c, line, reason):
    with pytest.raises(ndcall.BindError, match=reason):
        load_c("double f(double x) { return x; }\nint g(int i) { return i; }\n", contracts=line)


def test_text_goes_in_and_comes_back(lib):
    assert lib.length("café") == 5
    assert lib.length("") == 0
    assert lib.echo("güte") == "güte"
    assert lib.weekday(2) == "mañana"
    assert lib.first_byte(b"\xff") == 255


def test_text_is_text(lib):
    for wrong in (1, None, ["a"]):
        with pytest.raises(ndcall.ArgumentError):
            lib.length(wrong)
    with pytest.raises(ndcall.ContractError, match="zero byte"):
        lib.length("a\0b")


def test_a_text_that_is_no_utf_8_is_refused(lib, refusal):
    assert refusal(ndcall.RangeError, lib.length, "a\ud800") == (
        "length(text): argument 'text' holds a lone surrogate: it cannot be written as UTF-8"
    )


def test_null_where_text_was_promised_raises_unless_the_result_is_optional(lib):
    assert lib.maybe(1) == "monday"
    assert lib.maybe(5) is None
    with pytest.raises(ndcall.CallError, match="NULL"):
        lib.weekday(5)


def test_an_optional_text_may_be_none(lib):
    assert lib.is_null(None) == 1
    assert lib.is_null("x") == 0


def test_members_of_a_returned_struct_come_back_by_name(lib):
    result = lib.polar(1.0)
    assert result == (2, 3)
    assert (result.x, result.y) == (2, 3)


def test_a_returned_struct_comes_back_whole(lib):
    p = lib.whole_pair(2.0)
    assert (p.x, p.y) == (2, -2)


def test_a_function_of_nothing_gives_nothing(lib):
    assert lib.nothing() is None


def test_arguments_beyond_the_registers_arrive(lib):
    assert lib.many(*range(1, 21)) == sum(i * i for i in range(1, 21))


def test_too_few_and_too_many_and_unknown_arguments_are_told_together(lib, refusal):
    assert refusal(ndcall.ArgumentError, lib.split) == ("split(x): argument 'x' is missing\n  expected  float")
    text = refusal(ndcall.ArgumentError, lib.add_by_reference, 1, 2, o=3)
    assert "'o'" in text
    text = refusal(ndcall.ArgumentError, lib.split, 1.0, hole=True)
    assert "did you mean 'whole'?" in text
    assert "twice" in refusal(ndcall.ArgumentError, lib.split, 1.0, x=2.0)
