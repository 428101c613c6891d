"""CBLAS from its header and the installed library: views of larger arrays, without a copy."""

from __future__ import annotations

import ctypes.util

import ndcall
import numpy as np
import pytest

pytestmark = pytest.mark.skipif(ctypes.util.find_library("openblas") is None, reason="OpenBLAS is not installed")


@pytest.fixture(scope="module")
def lib(examples):
    return ndcall.load("cblas.h", library="openblas", only="cblas_*", contracts=examples / "cblas.contract", copy="never")


def test_dgemm_multiplies_and_adds(lib):
    a, b, c = np.arange(12.0).reshape(3, 4), 0.5 * np.arange(20).reshape(4, 5), np.ones((3, 5))
    assert lib.cblas_dgemm(a, b, c, alpha=2.0, beta=-1.0) is None
    assert c[0].tolist() == [69, 75, 81, 87, 93]


def test_dgemm_works_on_blocks_of_larger_arrays(lib):
    big = np.zeros((8, 10))
    big[2:5, 3:7] = np.arange(12.0).reshape(3, 4)
    result = np.zeros((6, 20))
    b = 0.5 * np.arange(20).reshape(4, 5)
    lib.cblas_dgemm(big[2:5, 3:7], b, result[1:4, 10:15])
    assert np.array_equal(result[1:4, 10:15], big[2:5, 3:7] @ b)
    assert np.count_nonzero(result) == np.count_nonzero(big[2:5, 3:7] @ b)


def test_dgemm_refuses_a_transposed_block(lib):
    with pytest.raises(ndcall.LayoutError, match="'a'"):
        lib.cblas_dgemm(np.ones((4, 3)).T, np.ones((4, 5)), np.ones((3, 5)))


def test_dgemm_refuses_shapes_that_do_not_fit(lib):
    with pytest.raises(ndcall.ShapeError, match="'b'"):
        lib.cblas_dgemm(np.ones((3, 4)), np.ones((3, 5)), np.ones((3, 5)))


def test_daxpy_adds_to_every_fourth_element(lib):
    x, y = np.arange(3.0), np.ones(12)
    lib.cblas_daxpy(2.0, x, y[1::4])
    assert y.tolist() == [1, 1, 1, 1, 1, 3, 1, 1, 1, 5, 1, 1]


def test_vectors_may_be_strided_and_reversed(lib):
    x, y = np.arange(20.0), np.arange(20.0) ** 2
    assert lib.cblas_ddot(x[::2], y[10:]) == x[::2] @ y[10:]
    assert lib.cblas_ddot(x[::-1], y) == x[::-1] @ y
    assert lib.cblas_ddot(x[::-3], y[:7]) == x[::-3] @ y[:7]
    z = np.zeros(6)
    lib.cblas_daxpy(1.0, np.arange(3.0), z[::-2])
    assert z.tolist() == [0, 2, 0, 1, 0, 0]


def test_interleaved_vectors_of_one_array_do_not_overlap(lib):
    z = np.arange(6.0)
    lib.cblas_daxpy(10.0, z[::2], z[1::2])
    assert z.tolist() == [0, 1, 2, 23, 4, 45]
    with pytest.raises(ndcall.OverlapError):
        lib.cblas_daxpy(1.0, z[:3], z[2:5])


def test_zdotc_comes_back_through_a_pointer(lib):
    x, y = np.array([1 + 2j, 3 - 1j, 0.5j]), np.array([2 - 1j, 1j, 4])
    assert lib.cblas_zdotc_sub(x, y) == -1 - 4j
    assert lib.cblas_zdotc_sub(x[::-1], y) == np.vdot(x[::-1], y)


def test_idamax_finds_the_largest(lib):
    assert lib.cblas_idamax(np.array([1.0, -7.0, 3.0])) == 1


def test_without_lowest_a_reversed_input_is_copied(examples):
    lib = ndcall.load("cblas.h", library="openblas", only="cblas_*", contracts=examples / "cblas.contract")
    x, y = np.arange(5.0), np.arange(5.0) ** 2
    assert lib.ddot_forward(x[::-1], y) == x[::-1] @ y


def test_without_lowest_a_reversed_vector_is_refused_where_c_writes(lib, refusal):
    assert refusal(ndcall.LayoutError, lib.daxpy_forward, 1.0, np.ones(3), np.ones(3)[::-1]) == (
        "daxpy_forward(alpha, x, y): argument 'y' (3rd of 3) has a step of -8 bytes along axis 0, and C may not be told a negative one\n"
        "  expected  (n,) float64, any positive step in elements, writeable (inout)\n"
        "  got       (3,) float64, strides (-8,)\n"
        "  fix       y = np.array(y)   (a writeable copy, 24 bytes; results go to the copy)"
    )


def test_only_offers_the_functions_that_it_names(lib):
    functions = {name for name in dir(lib) if isinstance(lib[name], ndcall.Function)}
    assert functions
    assert all(name.startswith("cblas_") for name in functions - {"ddot_forward", "daxpy_forward"})
    assert lib.CblasRowMajor == 101
