"""The contract language: what is passed and what comes back. Order, inout, copy, defaults, optional items, fixed values, both sides."""

from __future__ import annotations

import inspect

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stddef.h>

/// ndcall: x[n] -> y[n]
void square(const double *x, double *y, size_t n) { for (size_t i = 0; i < n; i++) y[i] = x[i] * x[i]; }

/// ndcall: x[n] -> low, high, sum
void describe(const double *x, size_t n, double *low, double *high, double *sum) {
    *low = *high = x[0]; *sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (x[i] < *low) *low = x[i];
        if (x[i] > *high) *high = x[i];
        *sum += x[i];
    }
}

/// ndcall: inout x[n], step = 1
void shift(double *x, size_t n, double step) { for (size_t i = 0; i < n; i++) x[i] += step; }

/// ndcall: a[m,n], k = 10*n, j = k + m -> return
int limits(const double *a, int m, int n, int k, int j) { (void)a; return 10000 * m + 1000 * n + 10 * j + k; }

/// ndcall: x[n]?, first = x[0], length = len(x), more = late + 1, late = 2 -> return
int asks(const double *x, int n, int first, int length, int more, int late) {
    (void)x;
    return n + 10 * first + 100 * length + 1000 * more + 10000 * late;
}

/// ndcall: x[n] -> y[n], z[n]
void both(const double *x, double *y, double *z, int n) { for (int i = 0; i < n; i++) { y[i] = x[i]; z[i] = -x[i]; } }

/// ndcall: copy x[n] -> y[n]
void destroy(double *x, double *y, size_t n) { for (size_t i = 0; i < n; i++) { y[i] = 10 * x[i]; x[i] = -1; } }

/// ndcall: x[n] -> x
void halve(double *x, size_t n) { for (size_t i = 0; i < n; i++) x[i] /= 2; }

/// ndcall: x[*], k -> x
void bump(double *x, int k) { x[0] += k; }
/// ndcall: x[n], z[n] -> x, y[n]; check x > 0
void add_both(double *x, const double *z, double *y, size_t n) { for (size_t i = 0; i < n; i++) { x[i] += z[i]; y[i] = x[i]; } }

typedef struct { size_t n; const double *x; int count; } series;
/// ndcall: s, z[n] -> s, y[n]
void count_up(series *s, const double *z, double *y, size_t n) { s->count++; y[0] = z[0] * (double)n; }

/// ndcall: x[*] -> x; n = size(x)
void negate(double *x, size_t n) { for (size_t i = 0; i < n; i++) x[i] = -x[i]; }

/// ndcall: t, step -> t, steps
void advance(double *t, double step, int *steps) { *t += step; *steps += 1; }

/// ndcall: x[n], weights[n]? -> return
double mean(const double *x, const double *weights, size_t n) {
    double sum = 0, all = 0;
    for (size_t i = 0; i < n; i++) { double w = weights ? weights[i] : 1; sum += w * x[i]; all += w; }
    return sum / all;
}

/// ndcall: x[n] -> y[n], info[2]?
void with_info(const double *x, double *y, size_t n, double *info) {
    for (size_t i = 0; i < n; i++) y[i] = x[i] + 1;
    if (info) { info[0] = (double)n; info[1] = n ? y[0] : 0; }
}

/// ndcall: x[n] -> total, biggest?
void with_number(const double *x, size_t n, double *total, double *biggest) {
    *total = 0;
    for (size_t i = 0; i < n; i++) *total += x[i];
    if (biggest) { *biggest = x[0]; for (size_t i = 0; i < n; i++) if (x[i] > *biggest) *biggest = x[i]; }
}

/// ndcall: x[n], p -> return; mode = 2
double moment(int mode, const double *x, size_t n, double p) {
    double sum = p; for (size_t i = 0; i < n; i++) sum += mode * x[i]; return sum;
}

/// ndcall: b[n], a[n] -> c[n]
void subtract(const double *a, const double *b, double *c, size_t n) { for (size_t i = 0; i < n; i++) c[i] = a[i] - b[i]; }

/// ndcall: -> unset y[n]
void fill(double *y, size_t n, double value) { for (size_t i = 0; i < n; i++) y[i] = value; }

/// ndcall: -> y[n]
void fill_first(double *y, size_t n) { if (n) y[0] = 1; }

/// ndcall: x[n]; ignore return
int shuffle(const double *x, size_t n) { return n && x[0] > 0; }

/// ndcall: -> y[n]; n = 3
int forgotten(double *y, int n) { for (int i = 0; i < n; i++) y[i] = 1; return -1; }

double no_contract(double a, int b) { return a * b; }

void lambda(int in, double *out) { *out = in; }

"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE, contract="struct series: x[n], count\n", contracts={"lambda": "in -> out"})


def test_a_result_is_allocated_and_returned(lib):
    assert lib.square([1, 2, 3]).tolist() == [1, 4, 9]


def test_a_result_given_by_position_or_name_or_out_is_written_and_returned(lib):
    x = np.arange(3.0)
    for call in (lambda y: lib.square(x, y), lambda y: lib.square(x, y=y), lambda y: lib.square(x, out=y), lambda y: lib.square(y=y, x=x)):
        y = np.empty(3)
        assert call(y) is y
        assert y.tolist() == [0, 1, 4]


def test_several_results_come_back_as_a_named_tuple(lib):
    result = lib.describe([3.0, 1.0, 2.0])
    assert result == (1.0, 3.0, 6.0)
    assert (result.low, result.high, result.sum) == (1.0, 3.0, 6.0)
    assert all(type(value) is float for value in result)


def test_an_inout_argument_is_changed_and_not_returned(lib):
    x = np.arange(3.0)
    assert lib.shift(x) is None
    assert x.tolist() == [1, 2, 3]
    assert lib.shift(x, 10) is None
    assert lib.shift(x, step=-10) is None
    assert x.tolist() == [1, 2, 3]


def test_a_default_may_depend_on_the_arrays_and_on_other_defaults(lib):
    assert lib.limits(np.zeros((1, 2))) == 10000 + 2000 + 210 + 20
    assert lib.limits(np.zeros((1, 2)), 3) == 10000 + 2000 + 40 + 3
    assert lib.limits(np.zeros((1, 2)), j=0) == 10000 + 2000 + 20
    assert str(inspect.signature(lib.limits)).startswith("(a: float64[m, n], k: int = 10*n, j: int = k+m")


def test_a_default_may_ask_an_array_for_its_items_and_length(lib, refusal):
    assert lib.asks([7, 8]) == 2 + 70 + 200 + 3000 + 20000
    assert lib.asks([7, 8], 1, 1, late=4) == 2 + 10 + 100 + 5000 + 40000
    assert lib.asks(first=1, length=1) == 0 + 10 + 100 + 3000 + 20000
    assert refusal(ndcall.RangeError, lib.asks) == (
        "asks(x, first, length, more, late): nothing in this call determines 'first', which is x[0]"
    )
    assert refusal(ndcall.RangeError, lib.asks, [2.0**40]).endswith(": first = 1099511627776.0 does not fit C's int")


def test_an_inout_argument_is_never_converted(lib):
    for wrong in ([1.0, 2.0], np.arange(3), np.arange(6.0)[::2], np.arange(3, dtype=np.float32), np.ones((3, 1))):
        with pytest.raises(ndcall.ContractError):
            lib.shift(wrong)


def test_copy_hands_c_a_copy_to_destroy(lib):
    x = np.arange(3.0)
    assert lib.destroy(x).tolist() == [0, 10, 20]
    assert x.tolist() == [0, 1, 2]
    assert lib.destroy([1, 2]).tolist() == [10, 20]


def test_copy_hands_c_a_copy_even_where_copies_are_errors(load_c):
    lib = load_c(SOURCE, contract="struct series: x[n], count\n", copy="never", contracts={"lambda": "in -> out"})
    x = np.arange(3.0)
    lib.destroy(x)
    assert x.tolist() == [0, 1, 2]


def test_a_name_on_both_sides_is_copied_in_and_returned(lib):
    x = np.arange(3.0)
    assert lib.halve(x).tolist() == [0, 0.5, 1]
    assert x.tolist() == [0, 1, 2]
    assert lib.halve([1, 2]).tolist() == [0.5, 1]


def test_the_keyword_of_a_name_on_both_sides_is_the_input_and_out_takes_the_result(lib):
    y = np.zeros(3)
    assert lib.halve(x=np.arange(3.0), out=y) is y
    assert y.tolist() == [0, 0.5, 1]


def test_memory_given_for_a_name_on_both_sides_is_written_when_nothing_is_refused_any_more(lib, refusal):
    x, y, z, out = np.ones(2), np.zeros(2), np.array([5.0, 6.0]), np.array([-1.0, -2.0])
    text = refusal(ndcall.OverlapError, lib.add_both, x, z, out=(z, y))
    assert text.splitlines()[0] == "add_both(x, z): argument 'x' (the result) overlaps argument 'z'"
    text = refusal(ndcall.CheckError, lib.add_both, -x, z, out=(out, y))
    assert text.splitlines()[-1] == "  got       x[0] = -1.0"
    text = refusal(ndcall.ShapeError, lib.add_both, x, z, out=(out, np.zeros(3)))
    assert text.splitlines()[0] == "add_both(x, z): argument 'y' (the result) has length 3"
    assert (z.tolist(), out.tolist(), y.tolist()) == ([5, 6], [-1, -2], [0, 0])
    assert lib.add_both(x, z, out=(out, y)).x is out
    assert (out.tolist(), y.tolist()) == ([6, 7], [6, 7])


def test_memory_given_for_a_name_on_both_sides_has_the_shape_of_the_input(lib, refusal):
    out = np.ones((2, 3))
    text = refusal(ndcall.ShapeError, lib.negate, np.ones(3), out=out)
    assert text.splitlines()[0] == "negate(x): argument 'x' (the result) has shape (2, 3) as a result, and (3,) as an input"
    assert out.min() == 1
    assert lib.negate(np.ones((2, 3)), out=out).max() == -1


def test_a_struct_given_for_a_name_on_both_sides_is_written_when_nothing_is_refused_any_more(lib, refusal):
    s, other, z = lib.series(x=np.ones(3), count=1), lib.series(x=np.zeros(2), count=5), np.ones(4)
    refusal(ndcall.OverlapError, lib.count_up, s, z, out=(other, z))
    assert (other.count, other.n) == (5, 2)
    assert lib.count_up(s, z, out=(other, np.zeros(4))).s is other
    assert (other.count, other.n, s.count) == (2, 3, 1)


def test_a_number_on_both_sides_goes_in_and_comes_back(lib):
    assert lib.advance(1.0, 0.5) == (1.5, 1)


def test_an_optional_array_that_is_absent_is_null(lib):
    assert lib.mean([1.0, 3.0]) == 2
    assert lib.mean([1.0, 3.0], None) == 2
    assert lib.mean([1.0, 3.0], [3, 1]) == 1.5
    with pytest.raises(ndcall.ShapeError):
        lib.mean([1.0, 3.0], [1, 2, 3])


def test_an_optional_result_is_computed_when_asked_for(lib):
    assert lib.with_info([1, 2]).tolist() == [2, 3]
    y, info = lib.with_info([1, 2], info=True)
    assert y.tolist() == [2, 3]
    assert info.tolist() == [2, 2]
    given = np.zeros(2)
    assert lib.with_info([1, 2], info=given).info is given
    assert lib.with_number([1, 5, 2]) == 8
    assert lib.with_number([1, 5, 2], biggest=True) == (8, 5)


def test_a_fixed_value_is_hidden(lib):
    assert lib.moment([1, 2], 0.5) == 6.5
    assert "mode" not in inspect.signature(lib.moment).parameters
    with pytest.raises(ndcall.ArgumentError) as caught:
        lib.moment([1, 2], 0.5, mode=3)
    assert str(caught.value) == "moment(x, p): argument 'mode' is not taken: the contract says mode = 2"


def test_a_length_that_is_given_by_name_is_refused_with_the_array_that_tells_it(lib, refusal):
    text = "moment(x, p): argument 'n' is not taken: it is found from 'x'"
    assert refusal(ndcall.ArgumentError, lib.moment, [1, 2], 0.5, n=2) == text


def test_the_left_side_orders_the_arguments(lib):
    assert lib.subtract([1, 1], [3, 4]).tolist() == [2, 3]
    assert lib.subtract(a=[3, 4], b=[1, 1]).tolist() == [2, 3]


def test_items_that_need_no_word_keep_their_place(lib):
    assert list(inspect.signature(lib.moment).parameters)[:2] == ["x", "p"]


def test_results_are_zero_where_c_writes_nothing(lib):
    for _ in range(10):
        np.full(100, 7.0)
        assert lib.fill_first(100).sum() == 1


def test_a_size_that_no_array_binds_is_an_argument(lib):
    assert lib.fill(3, 2.5).tolist() == [2.5, 2.5, 2.5]
    assert lib.fill(n=2, value=1).tolist() == [1, 1]
    y = np.zeros(2)
    assert lib.fill(2, 4.0, y) is y


def test_a_negative_size_is_a_shape_error(load_c):
    lib = load_c("void fill(double *y, long n) { for (long i = 0; i < n; i++) y[i] = 1; }\n", contract="fill: -> y[n]\n")
    assert lib.fill(2).tolist() == [1, 1]
    with pytest.raises(ndcall.ShapeError, match="-1"):
        lib.fill(-1)


def test_ignore_return_drops_what_c_returns(lib):
    assert lib.shuffle([1.0]) is None


def test_a_status_that_nobody_tests_is_not_ignored_by_accident(lib, refusal):
    text = refusal(ndcall.BindError, lib.forgotten)
    assert "ok return == 0" in text
    assert "ignore return" in text


def test_a_function_of_numbers_needs_no_contract(lib):
    assert lib.no_contract(2.5, 4) == 10
    assert lib.no_contract.contract == ""


def test_a_python_keyword_gets_an_underscore_and_so_does_out(lib):
    assert lib["lambda"](3) == 3
    assert lib.lambda_(in_=3) == 3
    assert "out_" not in inspect.signature(lib.lambda_).parameters or lib.lambda_(3, out_=True) == 3


def test_too_many_arguments_are_counted(lib, refusal):
    assert refusal(ndcall.ArgumentError, lib.square, [1], [1], [1]) == (
        "square(x): takes 1 input, or this and 1 result; 3 were given. C gets n from the contract and the arrays"
    )
    assert refusal(ndcall.ArgumentError, lib.describe, [1], 1) == (
        "describe(x): takes 1 input; 2 were given. C gets n from the contract and the arrays"
    )


def test_an_argument_that_is_missing_is_told_also_when_others_are_given_by_name(lib, refusal):
    for named in ({"a": np.ones(2)}, {"b": np.ones(2)}, {"c": np.ones(2)}):
        missing = [name for name in ("b", "a") if name not in named]
        told = refusal(ndcall.ArgumentError, lib.subtract, **named)
        assert [line for line in told.splitlines() if "is missing" in line] == [
            f"{'subtract(b, a): ' if name == missing[0] else ''}argument '{name}' ({'1st' if name == 'b' else '2nd'} of 2) is missing"
            for name in missing
        ]


def test_results_that_are_no_arrays_and_several_arrays_are_not_given_as_one(lib, refusal):
    assert refusal(ndcall.ArgumentError, lib.describe, [1.0], low=np.zeros(1)) == (
        "describe(x): argument 'low' is a result that is returned as a number: it takes no array"
    )
    y, z = np.zeros(2), np.zeros(2)
    assert lib.both([1.0, 2.0], out=(y, z)).z is z
    assert refusal(ndcall.ArgumentError, lib.both, [1.0, 2.0], out=y) == (
        "both(x): argument 'out' takes a tuple of 2 arrays, one per result"
    )


def test_parameters_without_a_name_go_by_position(load_c):
    lib = load_c("double subtract(double x, double y) { return x - y; }\n")
    assert lib.subtract(5, y=3) == 2
    lib = ndcall.load("libm.so.6", declarations="double fmax(double, double);")
    assert lib.fmax(1, 2) == 2
    with pytest.raises(ndcall.ArgumentError):
        lib.fmax(arg1=1, arg2=2)
