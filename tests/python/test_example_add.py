"""examples/code.c: four C functions, one Python function chosen by dtype."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest


@pytest.fixture(scope="module")
def lib(examples):
    return ndcall.load(examples / "code.c")


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
def test_add_takes_the_member_of_its_arguments_dtype(lib, dtype):
    a, b = np.arange(5).astype(dtype), np.full(5, 0.5, dtype)
    c = lib.add(a, b)
    assert c.dtype == dtype
    assert np.array_equal(c, a + b)


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        (np.float32, np.float64, np.float64),
        (np.float32, np.complex64, np.complex64),
        (np.float64, np.complex64, np.complex128),
        (np.int16, np.float32, np.float32),
        (np.int32, np.float32, np.float64),
        (np.bool_, np.bool_, np.float32),
    ],
)
def test_add_takes_the_smallest_member_that_holds_both_arguments_exactly(lib, first, second, result):
    a, b = np.ones(4, first), np.ones(4, second)
    c = lib.add(a, b)
    assert c.dtype == result
    assert np.array_equal(c, [2, 2, 2, 2])


def test_add_takes_lists_and_integers_where_no_value_changes(lib):
    assert lib.add([1, 2, 3], [4, 5, 6]).dtype == np.float64
    assert np.array_equal(lib.add([1, 2, 3], [4, 5, 6]), [5, 7, 9])
    assert np.array_equal(lib.add(np.array([1, 2]), [0.5, 0.25]), [1.5, 2.25])
    assert np.array_equal(lib.add([1 + 2j, 3], [1, 1]), [2 + 2j, 4])


def test_add_refuses_an_integer_that_no_member_holds(lib):
    with pytest.raises(ndcall.ContractError, match="9007199254740993"):
        lib.add([1, 2**53 + 1], [0, 0])


def test_out_fixes_the_member(lib):
    out = np.empty(3)
    a = np.ones(3, np.float32)
    assert lib.add(a, a, out=out) is out
    assert np.array_equal(out, [2, 2, 2])
    wide = np.empty(3, np.complex128)
    assert lib.add(a, a, out=wide) is wide
    assert np.array_equal(wide, [2, 2, 2])


def test_a_complex_number_never_silently_loses_its_imaginary_part(lib, refusal):
    for imaginary in (1.0, 0.0):
        a = np.array([1 + imaginary * 1j, 2])
        assert refusal(ndcall.DtypeError, lib.dadd, a, np.ones(2)) == (
            "dadd(a, b): argument 'a' (1st of 2) has dtype complex128, which float64 does not hold\n"
            "  expected  (n,) float64, C-contiguous\n"
            "  got       (2,) complex128"
        )


def test_complex_structs_are_numpy_complex_numbers(lib):
    z = lib.zadd([1 + 1j, 2], [1j, 1j])
    assert z.dtype == np.complex128
    assert np.array_equal(z, [1 + 2j, 2 + 1j])
    assert lib.cadd(np.ones(2, np.complex64), np.ones(2, np.complex64)).dtype == np.complex64


def test_each_member_stays_callable_by_its_c_name(lib):
    assert repr(lib.dadd) == "<ndcall function dadd(a: float64[n], b: float64[n]) -> c: float64[n]>"
    assert {"add", "zadd", "cadd", "dadd", "sadd"} <= set(dir(lib))


def test_add_shows_what_it_takes(lib):
    assert repr(lib.add).startswith("<ndcall function add(")
