"""The contract language: extents. Expressions, symbols solved for, shapes of any rank, calls of the library."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stddef.h>
#include <stdint.h>

/// ndcall: edges[n+1] -> widths[n]
void widths(const double *edges, double *widths, int n) { for (int i = 0; i < n; i++) widths[i] = edges[i + 1] - edges[i]; }

/// ndcall: pairs[2*n] -> sums[n]
void pair_sums(const double *pairs, double *sums, int n) { for (int i = 0; i < n; i++) sums[i] = pairs[2 * i] + pairs[2 * i + 1]; }

/// ndcall: x[n-1] -> y[n]
void lengthen(const double *x, double *y, int n) { y[0] = 0; for (int i = 1; i < n; i++) y[i] = x[i - 1]; }

/// ndcall: turned, a[(m if turned == 0 else k), (k if turned == 0 else m)], x[m]
int choose(int turned, const double *a, const double *x, int m, int k) { return a[0] + x[0] + turned > 2 ? 0 : 100 * m + k; }

/// ndcall: nmin, nmax -> r[nmax-nmin+1]
void span(int nmin, int nmax, double *r) { for (int i = nmin; i <= nmax; i++) r[i - nmin] = i; }

/// ndcall: a[n,n] -> trace
void trace(const double *a, int n, double *trace) { *trace = 0; for (int i = 0; i < n; i++) *trace += a[i * n + i]; }

/// ndcall: a[m,k], b[k,n] -> c[m,n]
void matmul(const double *a, const double *b, double *c, int m, int k, int n) {
    for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) {
        c[i * n + j] = 0;
        for (int l = 0; l < k; l++) c[i * n + j] += a[i * k + l] * b[l * n + j];
    }
}

/// ndcall: x[*] -> return; n = size(x)
double total(const double *x, size_t n) { double s = 0; for (size_t i = 0; i < n; i++) s += x[i]; return s; }

/// ndcall: x[*n] -> y[*n]; rank = ndim(x)
void doubled(int rank, const int64_t *n, const double *x, double *y) {
    int64_t size = 1;
    for (int i = 0; i < rank; i++) size *= n[i];
    for (int64_t i = 0; i < size; i++) y[i] = 2 * x[i];
}

/// ndcall: x[*s], y[*s] -> return; n = size(x)
double dot(const double *x, const double *y, size_t n) { double s = 0; for (size_t i = 0; i < n; i++) s += x[i] * y[i]; return s; }

int table_size(int order) { return order * (order + 1) / 2; }

/// ndcall: -> t[table_size(order)]
void table(int order, double *t) { for (int i = 0; i < order * (order + 1) / 2; i++) t[i] = i; }

/// ndcall: a[m,n] -> s[min(m,n)], t[max(m,n) / 2], u[m*n % 4]
void mixed(const double *a, int m, int n, double *s, double *t, double *u) { (void)a; (void)m; (void)n; (void)t; (void)u; s[0] = 5; }

/// ndcall: dims[2], x[dims[0], dims[1]] -> return
double by_item(const int *dims, const double *x) { return x[dims[0] * dims[1] - 1]; }

/// ndcall: x[n]
int last_byte(const uint8_t *x, int n) { return x[n - 1]; }

/// ndcall: -> y[n*n]
void big(int64_t n, uint8_t *y) { if (n) y[0] = 1; }

/// ndcall: a[m,n] -> return; dims = shape(a)
long area(const double *a, const short *dims) { (void)a; return (long)dims[0] * dims[1]; }

/// ndcall: a[m,n] -> return; dims = [n, m, 7]
long listed(const double *a, const long *dims) { (void)a; return 100 * dims[0] + 10 * dims[1] + dims[2]; }
/// ndcall: a[m,n] -> return; dims = shape(a)
long columns(const double *a, const int *dims) { (void)a; return dims[1]; }

/// ndcall: k, x[10 / k] -> return
int divided(int k, const double *x) { (void)x; return k; }

/// ndcall: k, x[n + 10 / k] -> return
int divided_rest(int k, int n, const double *x) { (void)x; (void)k; return n; }

/// ndcall: k -> y[10 / k]
void divided_result(int k, double *y) { (void)k; (void)y; }

/// ndcall: x[n]; k = 10 / n
int divided_value(const double *x, int n, int k) { (void)x; (void)n; return k; }

/// ndcall: k; dims = [10 / k]
int divided_item(int k, const int *dims) { (void)k; return dims[0]; }

/// ndcall: a[m,k], b[n,k] -> c[m,n]
void products(const double *a, const double *b, double *c, long m, long n, long k) { (void)a; (void)b; (void)c; (void)m; (void)n; (void)k; }

/// ndcall: y[m], x[n*m] -> return
int several(const double *y, const double *x, int n, int m) { (void)x; (void)y; return 10 * n + m; }

/// ndcall: x[*]; n = len(x)
int length_of(const double *x, int n) { (void)x; return n; }
/// ndcall: x[*], axis; n = shape(x, axis)
int extent_of(const double *x, int axis, int n) { (void)x; (void)axis; return n; }
/// ndcall: rows a[m,n]
long count_rows(unsigned char *const *a, long m, long n) { (void)a; (void)n; return m; }

/// ndcall: n; check n > 0 else "too few"
int checked(int n) { return n; }
/// ndcall: -> t[checked(k)]
void checked_result(int k, double *t) { (void)k; (void)t; }
double fixed_block(const double a[3][4]) { return a[2][3]; }
double vla(int m, int n, const double a[m][n]) { return a[m - 1][n - 1]; }
void vla_out(int n, const double x[n], double y[n]) { for (int i = 0; i < n; i++) y[i] = x[i] + 1; }
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE)


def test_an_extent_is_solved_for_its_symbol(lib):
    assert lib.widths([1, 2, 4, 8]).tolist() == [1, 2, 4]
    assert lib.pair_sums([1, 2, 3, 4]).tolist() == [3, 7]
    assert lib.lengthen([1, 2]).tolist() == [0, 1, 2]


def test_an_extent_without_a_solution_is_refused(lib, refusal):
    assert refusal(ndcall.ShapeError, lib.pair_sums, [1, 2, 3]) == (
        "pair_sums(pairs): argument 'pairs' has length 3, and no integer n makes 2*n equal to 3\n"
        "  expected  (2*n,) float64, C-contiguous\n"
        "  got       (3,) float64"
    )


def test_a_solution_below_zero_is_refused(lib):
    with pytest.raises(ndcall.ShapeError):
        lib.widths([])


def test_a_conditional_extent_is_solved_for_the_branch_that_is_taken(lib):
    assert lib.choose(0, np.zeros((3, 2)), np.zeros(3)) == 302
    assert lib.choose(1, np.zeros((3, 2)), np.zeros(2)) == 203
    with pytest.raises(ndcall.ShapeError, match=r"'[ax]'"):
        lib.choose(0, np.zeros((3, 2)), np.zeros(2))


def test_numbers_that_nothing_determines_stay_arguments(lib):
    assert lib.span(2, 5).tolist() == [2, 3, 4, 5]
    with pytest.raises(ndcall.ShapeError):
        lib.span(5, 2)


def test_a_symbol_bound_twice_must_agree(lib, refusal):
    assert lib.trace(np.eye(3)) == 3
    assert np.array_equal(lib.matmul(np.ones((2, 3)), np.ones((3, 4))), np.full((2, 4), 3))
    assert refusal(ndcall.ShapeError, lib.trace, np.ones((2, 3))) == (
        "trace(a): argument 'a' has extent 3 along axis 1\n"
        "  expected  (n, n) float64, C-contiguous, where n = 2 from 'a'\n"
        "  got       (2, 3) float64"
    )
    assert refusal(ndcall.ShapeError, lib.matmul, np.ones((2, 3)), np.ones((4, 5))) == (
        "matmul(a, b): argument 'b' (2nd of 2) has extent 4 along axis 0\n"
        "  expected  (k, n) float64, C-contiguous, where k = 3 from 'a'\n"
        "  got       (4, 5) float64"
    )


@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (2, 0, 3), (1, 2, 3, 4, 5)])
def test_any_shape_is_taken_flat(lib, shape):
    x = np.arange(float(np.prod(shape, dtype=int))).reshape(shape)
    assert lib.total(x) == x.sum()
    assert np.array_equal(lib.doubled(x), 2 * x)


def test_arrays_of_one_shape_name_must_have_one_shape(lib, refusal):
    assert lib.dot(np.ones((2, 3)), np.ones((2, 3))) == 6
    assert refusal(ndcall.ShapeError, lib.dot, np.ones((2, 3)), np.ones((3, 2))) == (
        "dot(x, y): argument 'y' (2nd of 2) has another shape than argument 'x'\n"
        "  expected  (*s) float64, C-contiguous, where s = (2, 3) from 'x'\n"
        "  got       (3, 2) float64"
    )
    with pytest.raises(ndcall.ShapeError, match="'y'"):
        lib.doubled(np.ones((2, 3)), out=np.ones(6))


def test_an_extent_may_ask_a_function_of_the_library(lib):
    assert lib.table(4).tolist() == list(range(10))


def test_extents_know_min_max_and_integer_division(lib):
    s, t, u = lib.mixed(np.ones((3, 5)))
    assert (s.shape, t.shape, u.shape) == ((3,), (2,), (3,))


def test_an_extent_may_be_an_element_of_another_array(lib):
    assert lib.by_item([2, 3], np.arange(6.0).reshape(2, 3)) == 5
    with pytest.raises(ndcall.ShapeError, match="'x'"):
        lib.by_item([2, 4], np.arange(6.0).reshape(2, 3))


def test_an_extent_that_overflows_is_refused(lib):
    assert lib.big(2).tolist() == [1, 0, 0, 0]
    with pytest.raises(ndcall.ContractError, match="64 bits"):
        lib.big(2**40)


def test_a_result_of_more_bytes_than_memory_can_hold_is_refused_in_every_call(lib, refusal):
    many = np.zeros((2**33, 0))
    for _ in range(3):  # the first call binds the function; the later ones take the fast path
        assert refusal(ndcall.ShapeError, lib.products, many, many).splitlines()[0] == (
            "products(a, b): argument 'c' (the result) would have more bytes than memory can hold"
        )
        assert lib.products(many[:2], many[:3]).shape == (2, 3)


def test_a_shape_is_passed_in_the_integers_that_c_declares(lib):
    assert lib.area(np.zeros((3, 4))) == 12
    with pytest.raises(ndcall.RangeError, match="short"):
        lib.area(np.zeros((2**15, 1)))


def test_a_list_of_expressions_is_passed_as_a_vector(lib):
    assert lib.listed(np.zeros((3, 4))) == 437


def test_an_item_of_a_vector_that_does_not_fit_is_refused_where_the_call_goes_straight_through(lib, refusal):
    assert "path      straight through" in str(ndcall.show(lib.columns))
    assert lib.columns(np.zeros((0, 2**31 - 1))) == 2**31 - 1
    assert refusal(ndcall.RangeError, lib.columns, np.zeros((0, 2**31))) == "columns(a): dims[1] = 2147483648 does not fit C's int"


def test_an_extent_that_divides_by_zero_is_refused_wherever_it_stands(lib, refusal):
    assert (lib.divided(5, [1, 2]), lib.divided_rest(5, [1, 2, 3]), lib.divided_value([1, 2])) == (5, 1, 5)
    assert refusal(ndcall.RangeError, lib.divided, 0, [1.0]) == "divided(k, x): extent 10/k: division by zero in 10/k"
    assert refusal(ndcall.ShapeError, lib.divided_rest, 0, [1.0]).startswith("divided_rest(k, x): argument 'x' (2nd of 2) has length 1\n")
    assert refusal(ndcall.ShapeError, lib.divided_result, 0) == (
        "divided_result(k): argument 'y' (the result) has extent 10/k: division by zero in 10/k"
    )
    assert lib.divided_item(5) == 2
    assert refusal(ndcall.RangeError, lib.divided_item, 0) == "divided_item(k): dims = [10/k]: division by zero in [10/k]"
    assert refusal(ndcall.RangeError, lib.divided_value, []) == "divided_value(x): k = 10/n: division by zero in 10/n"


def test_an_axis_that_is_not_there_has_no_extent(lib, refusal):
    x = np.zeros((3, 2))
    assert (lib.length_of(x), lib.extent_of(x, 0), lib.extent_of(x, 1)) == (3, 3, 2)
    assert refusal(ndcall.RangeError, lib.length_of, np.zeros(())) == (
        "length_of(x): n = len(x): 'x' has no axis, and so no length, in len(x)"
    )
    for axis in (-1, 2):
        assert refusal(ndcall.RangeError, lib.extent_of, x, axis) == (
            f"extent_of(x, axis): n = shape(x, axis): 'x' has no axis {axis} (it has 2) in shape(x, axis)"
        )


def test_a_table_of_more_rows_than_memory_can_point_to_is_refused(lib):
    assert lib.count_rows(np.zeros((3, 0), np.uint8)) == 3
    with pytest.raises(MemoryError):
        lib.count_rows(np.zeros((2**61, 0), np.uint8))


def test_a_function_that_an_extent_asks_is_held_to_its_contract(lib, refusal):
    assert lib.checked_result(2).tolist() == [0, 0]
    assert refusal(ndcall.ShapeError, lib.checked_result, 0) == (
        "checked_result(k): argument 't' (the result) has extent checked(k): checked(0): too few (n = 0)"
    )


def test_a_function_of_the_contract_that_changes_what_it_is_asked_about_is_refused(load_c, refusal):
    code = """
static double *kept;
static int changes;
/// ndcall: inout x[n], times
void keep(double *x, int n, int times) { kept = x; changes = times; }
double bump(double v) { if (changes && changes--) kept[0] += 1; return v + 1; }
/// ndcall: x[n] -> y[n]; check bump(x[0]) > 0
void copy(const double *x, int n, double *y) { for (int i = 0; i < n; i++) y[i] = x[i]; }
struct held { double *x; int n; };
double first(const struct held *h) { return h->x[0]; }
"""
    lib = load_c(code, contracts="struct held: x[n]; check bump(x[0]) > 0\n")
    x = np.ones(2)
    lib.keep(x, 3)  # what it changes in the end does not matter: looks go on until nothing is new
    assert lib.copy(x).tolist() == [4, 1]
    lib.keep(x, -1)
    changing = "the contract asks bump(), which changes what it is asked about each time"
    assert refusal(ndcall.ArgumentError, lib.copy, x) == f"copy(x): {changing}"
    assert refusal(ndcall.ArgumentError, lib.held, x=x) == f"held(x): {changing}"


def test_an_extent_that_many_numbers_would_solve_is_refused(lib, refusal):
    assert lib.several([1, 2], [1, 2, 3, 4, 5, 6]) == 32
    assert refusal(ndcall.RangeError, lib.several, [], []) == "several(y, x): nothing in this call determines 'n'"


def test_a_dimension_that_does_not_fit_int_is_refused(lib):
    never_touched = np.zeros(2**31, np.uint8)  # pages that nobody reads take no memory
    with pytest.raises(ndcall.RangeError, match="n = 2147483648, which does not fit C's int"):
        lib.last_byte(never_touched)


def test_extents_that_c_states_need_no_contract(lib):
    assert lib.fixed_block(np.arange(12.0).reshape(3, 4)) == 11
    assert lib.vla(np.arange(6.0).reshape(2, 3)) == 5
    with pytest.raises(ndcall.ShapeError):
        lib.fixed_block(np.ones((4, 3)))
    y = np.zeros(2)
    lib.vla_out([1, 2], y)
    assert y.tolist() == [2, 3]


def test_one_value_where_the_body_goes_on_is_refused(tmp_path, refusal):
    (tmp_path / "code.c").write_text("void fill(double *x, int n) { for (int i = 0; i < n; i++) x[i] = i; }\n")
    assert refusal(ndcall.BindError, ndcall.load, tmp_path / "code.c", contracts={"fill": "n -> x"}) == (
        "fill cannot be called: contracts=:1:12: the body of fill goes on behind the first value of 'x': write 'x[n]'\n"
        "  fill: n -> x\n             ^\n"
        "  declared  void fill(double *x, int n)\n  contract  n -> x   (contracts=)"
    )
