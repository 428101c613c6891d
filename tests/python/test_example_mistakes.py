"""The mistakes of older tutorials, made on examples/code.c and examples/mistakes.c: what ndcall answers to each, word for word."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest


@pytest.fixture(scope="module")
def code(examples):
    return ndcall.load(examples / "code.c")


@pytest.fixture(scope="module")
def lib(examples):
    return ndcall.load(examples / "mistakes.c")


def test_int_strides_are_given_as_int_and_not_as_64_bit_values(lib):
    image = np.arange(30.0).reshape(5, 6)
    assert lib.dfilter2d_int(image)[2, 2] == 4 * image[2, 2]
    assert np.array_equal(lib.dfilter2d_int(image.T), lib.dfilter2d_int(np.ascontiguousarray(image.T)))


def test_a_step_too_large_for_int_is_refused(lib, refusal):
    far = np.lib.stride_tricks.as_strided(np.zeros(1), (1, 1), (2**40, 8))
    shape = lib.dfilter2d_int(far).shape  # one row: its step is never taken
    assert shape == (1, 1)
    far = np.lib.stride_tricks.as_strided(np.zeros(1), (2, 1), (2**40, 8))
    text = refusal(ndcall.RangeError, lib.dfilter2d_int, far)
    assert text == ("dfilter2d_int(a): astrides[0] = 1099511627776 does not fit C's int")


def test_64_bit_values_handed_to_an_int_pointer_are_refused(lib, refusal):
    assert lib.volume([2, 3, 4]) == 24
    assert refusal(ndcall.DtypeError, lib.volume, np.array([2, 3, 4])) == (
        "volume(dims): argument 'dims' has dtype int64, which int32 does not hold\n"
        "  expected  (n,) int32, C-contiguous\n"
        "  got       (3,) int64\n"
        "  fix       dims = dims.astype(np.int32)   (a copy, 12 bytes; no value changes)"
    )


def test_n_larger_than_the_arrays_cannot_be_said(code, refusal):
    assert refusal(ndcall.ArgumentError, code.zadd, [1, 2, 3], [1, 2], [3, 4], 1000) == (
        "zadd(a, b): takes 2 inputs, or these and 1 result; 4 were given. C gets n from the contract and the arrays"
    )


def test_arrays_of_different_lengths_are_refused(code, refusal):
    assert refusal(ndcall.ShapeError, code.zadd, [1, 2, 3], [1, 2]) == (
        "zadd(a, b): argument 'b' (2nd of 2) has length 2\n"
        "  expected  (n,) complex128, C-contiguous, where n = 3 from 'a'\n"
        "  got       (2,) complex128"
    )


def test_a_result_of_another_length_is_refused(code, refusal):
    assert refusal(ndcall.ShapeError, code.dadd, np.ones(3), np.ones(3), np.ones(1000)) == (
        "dadd(a, b): argument 'c' (the result) has length 1000\n"
        "  expected  (n,) float64, C-contiguous, writeable (out), where n = 3 from 'a'\n"
        "  got       (1000,) float64"
    )


def test_a_list_is_no_place_for_a_result(code, refusal):
    assert refusal(ndcall.ArgumentError, code.zadd, [1, 2], [1, 2], [3, 4]) == (
        "zadd(a, b): argument 'c' (the result) is a list, and C writes only into an ndarray\n"
        "  expected  (n,) complex128, C-contiguous, writeable (out)\n"
        "  got       a list of 2\n"
        "  fix       c = np.array(c, np.complex128)   (results go to the array)"
    )


def test_a_result_of_another_dtype_is_refused(code, refusal):
    out = np.full(3, 7, np.float32)
    assert refusal(ndcall.DtypeError, code.dadd, np.ones(3), np.ones(3), out=out) == (
        "dadd(a, b): argument 'c' (the result) has dtype float32, not float64\n"
        "  expected  (n,) float64, C-contiguous, writeable (out)\n"
        "  got       (3,) float32\n"
        "  fix       c = np.zeros((3,), np.float64)   (a new array, 24 bytes)"
    )
    assert np.all(out == 7)


def test_a_result_that_overlaps_an_input_is_refused(code, refusal):
    memory = np.arange(5.0)
    assert refusal(ndcall.OverlapError, code.dadd, memory[:4], np.ones(4), out=memory[1:]) == (
        "dadd(a, b): argument 'c' (the result) overlaps argument 'a'\n"
        "  expected  memory of its own, because C writes it\n"
        "  got       (4,) float64, sharing memory with 'a'\n"
        "  fix       c = np.zeros((4,), np.float64)   (a new array, 32 bytes)"
    )
    assert np.array_equal(memory, np.arange(5.0))


def test_the_same_array_as_input_and_result_is_refused(code, refusal):
    a = np.ones(4)
    assert refusal(ndcall.OverlapError, code.dadd, a, np.ones(4), out=a) == (
        "dadd(a, b): argument 'c' (the result) overlaps argument 'a'\n"
        "  expected  memory of its own, because C writes it\n"
        "  got       (4,) float64, sharing memory with 'a'\n"
        "  fix       c = np.zeros((4,), np.float64)   (a new array, 32 bytes)"
    )


def misaligned(array):
    """The same values one byte further, as they lie in a packed record or a file."""
    memory = np.empty(array.nbytes + 1, np.uint8)
    moved = memory[1:].view(array.dtype)
    moved[...] = array
    return moved


def test_misaligned_and_byte_swapped_inputs_are_copied_and_right(code):
    a, b = np.arange(4.0), np.full(4, 0.5)
    assert not misaligned(a).flags.aligned
    assert np.array_equal(code.dadd(misaligned(a), b), a + b)
    assert np.array_equal(code.dadd(a.astype(">f8"), b.astype(">f8")), a + b)


def test_a_misaligned_result_is_refused(code, refusal):
    assert refusal(ndcall.LayoutError, code.dadd, np.ones(3), np.ones(3), out=misaligned(np.ones(3))) == (
        "dadd(a, b): argument 'c' (the result) is not aligned\n"
        "  expected  (n,) float64, C-contiguous, writeable (out)\n"
        "  got       (3,) float64, not aligned to 8 bytes\n"
        "  fix       c = np.zeros((3,), np.float64)   (a new array, 24 bytes)"
    )


def test_a_byte_swapped_result_is_refused(code, refusal):
    assert refusal(ndcall.DtypeError, code.dadd, np.ones(3), np.ones(3), out=np.ones(3, ">f8")) == (
        "dadd(a, b): argument 'c' (the result) is byte-swapped\n"
        "  expected  (n,) float64, C-contiguous, writeable (out)\n"
        "  got       (3,) >f8\n"
        "  fix       c = np.zeros((3,), np.float64)   (a new array, 24 bytes)"
    )


def test_a_read_only_result_is_refused(code, refusal):
    out = np.ones(3)
    out.flags.writeable = False
    assert refusal(ndcall.LayoutError, code.dadd, np.ones(3), np.ones(3), out=out) == (
        "dadd(a, b): argument 'c' (the result) is not writeable\n"
        "  expected  (n,) float64, C-contiguous, writeable (out)\n"
        "  got       (3,) float64, read-only\n"
        "  fix       c = np.zeros((3,), np.float64)   (a new array, 24 bytes)"
    )


def test_everything_wrong_with_an_inout_array_is_told_at_once(lib, refusal):
    x = np.arange(6.0)[::2]
    x.flags.writeable = False
    assert refusal(ndcall.LayoutError, lib.scale, x, 2) == (
        "scale(x, factor): argument 'x' (1st of 2) is not C-contiguous and not writeable\n"
        "  expected  (n,) float64, C-contiguous, writeable (inout)\n"
        "  got       (3,) float64, strides (16,), read-only\n"
        "  fix       x = np.array(x)   (a writeable copy, 24 bytes; results go to the copy)"
    )


def test_a_transposed_input_is_copied_and_right(lib):
    a = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(lib.transpose(a), a.T)
    assert np.array_equal(lib.transpose(a.T), a)


def test_a_transposed_array_handed_as_contiguous_is_refused_where_c_writes(lib, refusal):
    a = np.arange(6.0).reshape(2, 3)
    assert refusal(ndcall.LayoutError, lib.transpose, a, out=np.zeros((2, 3)).T) == (
        "transpose(a): argument 'b' (the result) is not C-contiguous\n"
        "  expected  (n, m) float64, C-contiguous, writeable (out)\n"
        "  got       (3, 2) float64, strides (8, 24)\n"
        "  fix       b = np.zeros((3, 2), np.float64)   (a new array, 48 bytes)"
    )


def test_a_copy_that_nobody_wants_is_refused(examples, refusal):
    strict = ndcall.load(examples / "mistakes.c", copy="never")
    a = np.arange(6.0).reshape(2, 3)
    assert refusal(ndcall.LayoutError, strict.transpose, a.T) == (
        "transpose(a): argument 'a' is not C-contiguous\n"
        '  expected  (m, n) float64, C-contiguous (copy="never")\n'
        "  got       (3, 2) float64, strides (8, 24)\n"
        "  fix       a = np.ascontiguousarray(a)   (a copy, 48 bytes)"
    )


def test_a_temporary_lives_until_c_has_returned(code):
    for _ in range(50):
        assert np.array_equal(code.dadd(np.arange(1000.0) * 2, np.arange(1000.0)), np.arange(1000.0) * 3)


def test_an_address_is_no_array(code, refusal):
    a = np.ones(3)
    assert refusal(ndcall.ShapeError, code.dadd, a.ctypes.data, a) == (
        f"dadd(a, b): argument 'a' (1st of 2) has 0 dimensions, not 1\n  expected  (n,) float64, C-contiguous\n  got       {a.ctypes.data}"
    )


def test_a_double_comes_back_as_a_double_and_a_pointer_whole(lib):
    assert lib.half(5) == 2.5
    assert lib.greeting() == "good morning"


def test_a_function_that_was_never_declared_is_an_error_of_the_compiler(load_c, refusal):
    text = refusal(ndcall.BuildError, load_c, "double f(double x) { return undeclared_function(x); }\n").splitlines()
    assert text[0] == "code.c could not be compiled (exit status 1)"
    assert "code.c:1:29: error: implicit declaration of function" in text[2]
    assert text[-1].startswith("  command   ")


def test_an_undefined_symbol_is_named_when_it_is_built(load_c, refusal):
    source = "double not_in_any_library(double x);\ndouble f(double x) { return not_in_any_library(x); }\n"
    assert refusal(ndcall.BuildError, load_c, source).splitlines()[:-1] == [
        "code.c: undefined symbol 'not_in_any_library'",
        "  used in   f",
        "  fix       name the library that has it with libraries=, or load the source that defines it in the same call",
    ]
