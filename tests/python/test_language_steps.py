"""The contract language: steps. Named, in bytes, blank, lowest, leading dimensions, Fortran order."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stddef.h>

/// ndcall: x[n:incx]
double sum(int n, const double *x, int incx) { double s = 0; for (int i = 0; i < n; i++) s += (i + 1) * x[i * incx]; return s; }

/// ndcall: z[n:inc]
double sum_complex(int n, const double _Complex *z, int inc) {
    double s = 0; for (int i = 0; i < n; i++) s += (i + 1) * __real__ z[i * inc]; return s;
}

/// ndcall: inout x[n:incx], value
void set(int n, double *x, int incx, double value) { for (int i = 0; i < n; i++) x[i * incx] = value; }

/// ndcall: lowest x[n:incx]
double sum_lowest(int n, const double *x, int incx) {
    double s = 0;
    const double *first = incx < 0 ? x - (ptrdiff_t)(n - 1) * incx : x;
    for (int i = 0; i < n; i++) s += (i + 1) * first[i * incx];
    return s;
}

/// ndcall: inout lowest x[n:incx]
void number(int n, double *x, int incx) {
    double *first = incx < 0 ? x - (ptrdiff_t)(n - 1) * incx : x;
    for (int i = 0; i < n; i++) first[i * incx] = i;
}

/// ndcall: x[n:step bytes]
double sum_bytes(int n, const double *x, long step) {
    double s = 0; for (int i = 0; i < n; i++) s += (i + 1) * *(const double *)((const char *)x + i * step); return s;
}

/// ndcall: x[n:] -> return; step = stride(x, 0)
double sum_any(int n, const double *x, long step) { double s = 0; for (int i = 0; i < n; i++) s += (i + 1) * x[i * step]; return s; }

/// ndcall: x[n:] -> return; step = stride(x, 0)
long step_of(const double *x, int n, long step) { (void)x; (void)n; return step; }
/// ndcall: x[n:step]
long named_step_of(const double *x, int n, int step) { (void)x; (void)n; return step; }

/// ndcall: a[m:,n:] -> return; dims = shape(a); steps = byte_strides(a)
double sum_told(const double *a, int *dims, long *steps) {
    double s = 0;
    for (int i = 0; i < dims[0]; i++)
        for (int j = 0; j < dims[1]; j++) s += (i + 1) * *(const double *)((const char *)a + i * steps[0] + j * steps[1]);
    dims[0] = dims[1] = -1;
    steps[0] = steps[1] = 1;
    return s;
}

/// ndcall: a[m:lda, n] -> return
double rows_sum(int m, int n, const double *a, int lda) {
    double s = 0; for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) s += (i + 1) * a[i * lda + j]; return s;
}

/// ndcall: fortran a[m, n:lda] -> return
double columns_sum(int m, int n, const double *a, int lda) {
    double s = 0; for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) s += (i + 1) * a[i + j * lda]; return s;
}

/// ndcall: x[m,n] -> fortran y[m,n]
void to_columns(int m, int n, const double *x, double *y) {
    for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) y[i + j * m] = x[i * n + j];
}

/// ndcall: inout fortran a[m,n]
void number_columns(int m, int n, double *a) { for (int i = 0; i < m * n; i++) a[i] = i; }

/// ndcall: a[h:stride_in_bytes bytes, w, 3] -> return
long image_sum(const unsigned char *a, int stride_in_bytes, int w, int h) {
    long s = 0; for (int i = 0; i < h; i++) for (int j = 0; j < 3 * w; j++) s += (i + 1) * a[i * stride_in_bytes + j]; return s;
}
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE, copy="never")


@pytest.fixture(scope="module")
def copying(load_c):
    return load_c(SOURCE)


X = np.arange(1.0, 13.0)


def test_extents_and_steps_are_told_by_vectors_that_c_may_write(lib, copying):
    assert "path      straight through" in str(ndcall.show(lib.sum_told))
    a = np.arange(24.0).reshape(4, 6)
    for view in (a, a.T, a[::-1, ::2], a[1:3, 4:0:-1], a[:1], a[:, :0], np.asfortranarray(a)):
        shape, strides = view.shape, view.strides
        assert lib.sum_told(view) == ((np.arange(view.shape[0]) + 1) @ view).sum()
        assert (view.shape, view.strides) == (shape, strides)
    assert copying.sum_told(np.broadcast_to(a[0], (2, 6))) == 45
    assert copying.sum_told(a.astype(np.float32)) == lib.sum_told(a)
    assert copying.sum_told([[1, 2], [3, 4]]) == 17


def weighted(x):
    return float(np.arange(1, len(x) + 1) @ x)


def test_a_named_step_is_measured_on_the_array(lib):
    for x in (X, X[::2], X[1::5], X[:1], X[:0]):
        assert lib.sum(x) == weighted(x)


def test_a_named_step_writes_into_a_view(lib):
    x = np.zeros(6)
    lib.set(x[1::2], 5)
    assert x.tolist() == [0, 5, 0, 5, 0, 5]


def test_a_named_step_is_never_negative(copying, lib):
    assert copying.sum(X[::-1]) == weighted(X[::-1])
    with pytest.raises(ndcall.LayoutError):
        lib.sum(X[::-1])
    with pytest.raises(ndcall.LayoutError):
        copying.set(np.zeros(4)[::-1], 5)


def test_lowest_passes_the_lowest_address_and_a_negative_step(lib):
    for x in (X, X[::-1], X[::-3], X[8:2:-2]):
        assert lib.sum_lowest(x) == weighted(x)
    x = np.zeros(6)
    lib.number(x[::-2])
    assert x.tolist() == [0, 2, 0, 1, 0, 0]


def test_a_step_in_bytes_need_not_be_a_multiple_of_the_item(lib):
    record = np.zeros(4, [("flag", "u1"), ("pad", "V7"), ("value", "f8"), ("rest", "f4")])
    record["value"] = [1, 2, 3, 4]
    aligned = np.zeros(4, [("value", "f8"), ("n", "i8"), ("m", "i8")])
    aligned["value"] = [1, 2, 3, 4]
    assert lib.sum_bytes(aligned["value"]) == 30
    assert lib.sum_bytes(X[::4]) == weighted(X[::4])


def test_a_step_that_is_no_multiple_of_the_item_is_copied_when_read(copying):
    packed = np.zeros(4, [("value", "f8"), ("small", "f4")])
    packed["value"] = [1, 2, 3, 4]
    assert copying.sum(packed["value"]) == 30
    with pytest.raises(ndcall.LayoutError):
        copying.set(packed["value"], 5)


def test_a_step_of_aligned_items_that_is_no_multiple_of_them_is_copied_in_every_call(copying):
    packed = np.zeros(4, [("value", "c16"), ("small", "f8")])  # 24 bytes from item to item, and each is aligned
    packed["value"] = [1, 2, 3, 4 + 1j]
    assert packed["value"].flags.aligned
    for _ in range(3):  # the first call binds the function; the later ones take the fast path
        assert copying.sum_complex(packed["value"]) == 30
        assert copying.sum_complex(X.astype(complex)[:8:2]) == 50


def test_a_blank_step_takes_any_step_and_c_learns_it(lib):
    for x in (X, X[::2], X[::-1], X[::-3], X[:0]):
        assert lib.sum_any(x) == weighted(x)


def test_an_extent_of_one_has_the_contiguous_step(lib):
    one = np.lib.stride_tricks.as_strided(X, (1,), (-(2**40),))
    assert lib.sum(one) == 1
    assert lib.sum_any(one) == 1
    assert (lib.step_of(X[::3]), lib.named_step_of(X[::3])) == (3, 3)
    for step in (-(2**40), -8, 0, 3, 24):
        one = np.lib.stride_tricks.as_strided(X, (1,), (step,))
        assert (lib.step_of(one), lib.named_step_of(one)) == (1, 1)


def test_a_step_of_zero_is_copied_when_read_and_refused_when_written(copying, lib):
    same = np.broadcast_to(np.array(2.0), (4,))
    copying.set(X.copy(), 1)  # the first call binds the function; the later ones take the fast path
    assert copying.sum(X[:4]) == copying.sum(same) + 10 == 30
    with pytest.raises(ndcall.LayoutError):
        lib.sum(same)
    written = np.lib.stride_tricks.as_strided(np.zeros(1), (4,), (0,), writeable=True)
    with pytest.raises(ndcall.ContractError):
        copying.set(written, 1)


def test_a_leading_dimension_is_the_step_of_a_row(lib):
    big = np.arange(80.0).reshape(8, 10)
    for a in (big, big[2:5, 3:7], big[::2, 1:4], big[:1, 2:5], big[:0]):
        assert lib.rows_sum(a) == float((np.arange(1, len(a) + 1) @ a).sum())
    with pytest.raises(ndcall.LayoutError):
        lib.rows_sum(big[:, ::2])
    with pytest.raises(ndcall.LayoutError):
        lib.rows_sum(big.T)


def test_rows_that_overlap_are_copied_when_read(copying, lib):
    windows = np.lib.stride_tricks.sliding_window_view(X, 3)
    assert copying.rows_sum(windows) == float((np.arange(1, len(windows) + 1) @ windows).sum())
    with pytest.raises(ndcall.LayoutError):
        lib.rows_sum(windows)


def test_fortran_makes_the_first_axis_the_fast_one(lib):
    big = np.asfortranarray(np.arange(80.0).reshape(8, 10))
    for a in (big, big[2:5, 3:7], big[:4, ::2]):
        assert lib.columns_sum(a) == float((np.arange(1, len(a) + 1) @ a).sum())
    with pytest.raises(ndcall.LayoutError):
        lib.columns_sum(np.ones((3, 4)))


def test_a_fortran_result_is_allocated_in_fortran_order(lib):
    x = np.arange(6.0).reshape(2, 3)
    y = lib.to_columns(x)
    assert y.flags.f_contiguous
    assert np.array_equal(x, y)
    a = np.zeros((2, 3), order="F")
    lib.number_columns(a)
    assert a.tolist() == [[0, 2, 4], [1, 3, 5]]
    with pytest.raises(ndcall.LayoutError):
        lib.number_columns(np.zeros((2, 3)))


def test_a_step_in_bytes_of_the_rows_of_an_image(lib):
    image = np.arange(120, dtype=np.uint8).reshape(4, 10, 3)
    for a in (image, image[::2, 2:5], image[1:2]):
        assert lib.image_sum(a) == int((np.arange(1, len(a) + 1) * a.sum((1, 2), dtype=int)).sum())


def test_a_step_that_does_not_fit_the_c_type_is_refused_or_copied(lib):
    far = np.lib.stride_tricks.as_strided(np.zeros(1), (2,), (2**40,))
    with pytest.raises(ndcall.ContractError):
        lib.sum(far)
