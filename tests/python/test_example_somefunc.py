"""examples/somefunc.c: one array in, one number out, with no contract beyond `x[n]`."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest


@pytest.fixture(scope="module")
def lib(examples):
    return ndcall.load(examples / "somefunc.c")


def test_the_one_argument_of_every_tutorial(lib):
    assert lib.somefunc(np.array([1, 2, 3], dtype=np.float64)) == 2.0


def test_lists_tuples_ranges_and_strided_arrays_are_taken_as_well(lib):
    assert lib.somefunc([1, 2, 3]) == 2.0
    assert lib.somefunc((1.0, 2.0)) == 1.5
    assert lib.somefunc(range(5)) == 2.0
    assert lib.somefunc(np.arange(10.0)[::3]) == 4.5
    assert lib.somefunc(np.arange(10.0)[::-1]) == 4.5
    assert lib.somefunc(memoryview(np.arange(3.0))) == 1.0


def test_an_empty_array_is_called_too(lib):
    assert lib.somefunc(np.array([])) == 0


def test_a_number_is_no_vector(lib, refusal):
    assert refusal(ndcall.ShapeError, lib.somefunc, 3.0) == (
        "somefunc(x): argument 'x' has 0 dimensions, not 1\n  expected  (n,) float64, C-contiguous\n  got       3.0"
    )


def test_none_is_no_vector(lib, refusal):
    assert refusal(ndcall.ArgumentError, lib.somefunc, None) == (
        "somefunc(x): argument 'x' is None\n  expected  (n,) float64, C-contiguous\n  got       None"
    )
