"""examples/integers.c: integers of a fixed width against integers whose width the platform chooses."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest


@pytest.fixture(scope="module")
def lib(examples):
    return ndcall.load(examples / "integers.c")


@pytest.mark.parametrize(
    ("function", "dtype"),
    [("negate_int16", np.int16), ("negate_int", np.intc), ("negate_long", np.long)],
)
def test_a_c_type_and_its_numpy_type_fit(lib, function, dtype):
    y = lib[function](np.array([1, -2, 3], dtype))
    assert y.dtype == dtype
    assert y.tolist() == [-1, 2, -3]


def test_size_t_is_uintp(lib):
    y = lib.double_size(np.array([1, 2, 3], np.uintp))
    assert y.dtype == np.uintp
    assert y.tolist() == [2, 4, 6]


def test_longlong_is_taken_where_it_is_as_wide_as_long(lib):
    x = np.array([1, 2], np.longlong)
    assert lib.negate_long(x).tolist() == [-1, -2]
    out = np.zeros(2, np.longlong)
    assert lib.negate_long(x, out=out) is out
    assert out.tolist() == [-1, -2]


def test_an_input_that_widens_is_converted(lib):
    assert lib.negate_long(np.array([1, 2], np.int8)).tolist() == [-1, -2]
    assert lib.sum_int64(np.array([True, False, True])) == 2
    assert lib.sum_int64(np.array([2**32 - 1], np.uint32)) == 2**32 - 1
    assert lib.double_size(np.array([3], np.uint8)).tolist() == [6]


def test_an_input_that_narrows_is_refused(lib, refusal):
    assert refusal(ndcall.DtypeError, lib.negate_int16, np.array([1, 2], np.int32)) == (
        "negate_int16(x): argument 'x' has dtype int32, which int16 does not hold\n"
        "  expected  (n,) int16, C-contiguous\n"
        "  got       (2,) int32\n"
        "  fix       x = x.astype(np.int16)   (a copy, 4 bytes; no value changes)"
    )


def test_an_input_that_loses_its_sign_is_refused(lib):
    with pytest.raises(ndcall.DtypeError, match="int64"):
        lib.double_size(np.array([1, 2], np.int64))


def test_a_list_of_integers_is_taken_when_each_one_fits(lib):
    assert lib.negate_int16([1, -32767]).tolist() == [-1, 32767]
    with pytest.raises(ndcall.RangeError, match=r"40000"):
        lib.negate_int16([1, 40000])
    with pytest.raises(ndcall.RangeError, match=r"-1"):
        lib.double_size([-1])


def test_floats_are_no_integers(lib):
    with pytest.raises(ndcall.DtypeError):
        lib.negate_int([1.0, 2.0])
    with pytest.raises(ndcall.DtypeError):
        lib.negate_int(np.array([1.0, 2.0]))


def test_a_result_of_another_width_is_refused_by_both_names(lib, refusal):
    assert refusal(ndcall.DtypeError, lib.negate_int, [1, 2], out=np.zeros(2, np.int64)) == (
        "negate_int(x): argument 'y' (the result) has dtype int64, not int32\n"
        "  expected  (n,) int32, C-contiguous, writeable (out)\n"
        "  got       (2,) int64\n"
        "  fix       y = np.zeros((2,), np.int32)   (a new array, 8 bytes)"
    )


def test_an_inout_of_another_width_is_refused_by_both_names(lib, refusal):
    x = np.array([65535, 1], np.uint16)
    assert lib.count_up(x) is None
    assert x.tolist() == [0, 2]
    text = refusal(ndcall.DtypeError, lib.count_up, np.zeros(2, np.int16))
    assert "int16" in text
    assert "uint16" in text
    with pytest.raises(ndcall.ArgumentError):
        lib.count_up([1, 2])


def test_a_scalar_that_does_not_fit_is_refused_by_name(lib, refusal):
    assert lib.area(3, 4) == 12
    assert refusal(ndcall.RangeError, lib.area, 3, 2**31) == (
        "area(width, height): argument 'height' (2nd of 2) does not fit int\n"
        "  expected  an integer from -2147483648 to 2147483647\n"
        "  got       2147483648"
    )
    with pytest.raises(ndcall.ArgumentError):
        lib.area(3.0, 4)
    assert lib.area(np.int64(3), True) == 3
