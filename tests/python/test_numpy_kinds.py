"""What kinds of arrays and array-likes are taken, copied, viewed and refused."""

from __future__ import annotations

import array
import pickle
import warnings

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stddef.h>
#include <stdint.h>
double sum(const double *x, long n) { double s = 0; for (long i = 0; i < n; i++) s += x[i]; return s; }
int64_t isum(const int64_t *x, long n) { int64_t s = 0; for (long i = 0; i < n; i++) s += x[i]; return s; }
void scale(double *x, long n, double f) { for (long i = 0; i < n; i++) x[i] *= f; }
double sum2(const double *x, long m, long n) { double s = 0; for (long i = 0; i < m * n; i++) s += x[i]; return s; }
double dot(const double *x, const double *y, long n) { double s = 0; for (long i = 0; i < n; i++) s += x[i] * y[i]; return s; }
"""
CONTRACT = """
sum: x[n]
isum: x[n]
scale: inout x[n], f
sum2: x[m,n]
dot: x[n], y[n]
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE, contract=CONTRACT)


class Subclass(np.ndarray):
    pass


def test_a_subclass_is_viewed_and_written(lib):
    x = np.arange(3.0).view(Subclass)
    assert lib.sum(x) == 3
    lib.scale(x, 2)
    assert x.tolist() == [0, 2, 4]


def test_a_matrix_is_an_input(lib):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matrix = np.matrix([[1.0, 2.0], [3.0, 4.0]])
    assert lib.sum2(matrix) == 10


def test_a_masked_array_is_taken_without_a_mask_and_refused_with_one(lib):
    x = np.ma.masked_array([1.0, 2.0, 3.0])
    assert lib.sum(x) == 6
    x[1] = np.ma.masked
    with pytest.raises(ndcall.ArgumentError, match="mask"):
        lib.sum(x)
    with pytest.raises(ndcall.ArgumentError, match=r"[Mm]asked"):
        lib.scale(np.ma.masked_array([1.0, 2.0]), 2)


def test_an_unpickled_array_is_an_array(lib):
    x = pickle.loads(pickle.dumps(np.arange(3.0)))
    assert lib.sum(x) == 3
    lib.scale(x, 2)
    assert x.tolist() == [0, 2, 4]


def test_a_long_long_array_is_an_int64_array(lib):
    assert lib.isum(np.arange(4, dtype=np.longlong)) == 6
    assert lib.isum(np.arange(4, dtype=">i8")) == 6


def test_unsigned_64_bit_values_are_looked_at_one_by_one(lib, refusal):
    with pytest.raises(ndcall.ContractError):
        lib.isum(np.array([2**63], np.uint64))
    assert lib.sum(np.array([2**52, 2**53], np.uint64)) == 2.0**52 + 2.0**53
    with pytest.raises(ndcall.RangeError, match=r"\[1\]"):
        lib.sum(np.array([1, 2**53 + 1], np.int64))


def test_sequences_buffers_and_protocols_are_inputs(lib):
    class Interface:
        def __init__(self, x):
            self.x = x
            self.__array_interface__ = x.__array_interface__

    class Array:
        asked = 0

        def __array__(self, dtype=None, copy=None):
            Array.asked += 1
            return np.arange(3.0)

    assert lib.sum([1, 2.5]) == 3.5
    assert lib.sum((1, 2)) == 3
    assert lib.sum(range(3)) == 3
    assert lib.sum(array.array("d", [1, 2])) == 3
    assert lib.sum(memoryview(array.array("d", [1, 2]))) == 3
    assert lib.sum(Interface(np.arange(3.0))) == 3
    assert lib.sum(Array()) == 3
    assert Array.asked == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "12",
        b"12345678",
        {1.0, 2.0},
        {"a": 1},
        [[1.0], [1.0, 2.0]],
        ["1", "2"],
        np.array(["1"]),
        np.array([object()]),
        np.array(["2020-01-01"], "M8[D]"),
        np.array([1], "m8[s]"),
        np.zeros(2, [("a", "f8")]),
        None,
        object(),
    ],
    ids=lambda wrong: type(wrong).__name__ + getattr(getattr(wrong, "dtype", None), "str", ""),
)
def test_what_is_no_vector_of_numbers_is_refused(lib, wrong):
    with pytest.raises(ndcall.ContractError):
        lib.sum(wrong)


def test_real_numbers_are_never_taken_from_complex_ones(lib):
    for wrong in (np.array([1 + 0j]), [1 + 0j]):
        with pytest.raises(ndcall.DtypeError):
            lib.sum(wrong)


def test_a_large_copy_warns_once_for_each_argument(load_c):
    lib = load_c(SOURCE, contract=CONTRACT)
    big = np.ones(2 * 200_000)[::2]
    with pytest.warns(ndcall.CopyWarning, match="'x'"):
        lib.sum(big)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lib.sum(big)
        lib.sum(np.ones(20)[::2])
    with pytest.warns(ndcall.CopyWarning, match="'y'"):
        lib.dot(np.ones(200_000), big)


def test_zero_dimensional_arrays_are_scalars(lib):
    x = np.ones(2)
    lib.scale(x, np.array(3.0))
    assert x.tolist() == [3, 3]
    with pytest.raises(ndcall.ContractError):
        lib.scale(x, np.array([3.0]))


def test_inputs_may_be_read_only_and_may_overlap(lib):
    x = np.arange(4.0)
    x.flags.writeable = False
    assert lib.dot(x[:3], x[1:]) == 0 + 2 + 6
    assert lib.dot(x, x) == 14


def test_an_exception_of_foreign_code_comes_out_unchanged(lib):
    class Failing:
        def __array__(self, dtype=None, copy=None):
            raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        lib.sum(Failing())


def test_an_argument_that_shrinks_while_another_is_asked_is_seen(lib):
    x = np.ones(1000)

    class Shrinking:
        def __array__(self, dtype=None, copy=None):
            x.resize(1, refcheck=False)
            return np.ones(1000)

    with pytest.raises(ndcall.ShapeError):
        lib.dot(x, Shrinking())
