"""The check behind an ndpointer: what it takes, what it hands to ctypes, and what it says when it refuses."""

import ctypes
import gc
import sys
import weakref
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from ndcall._core import NdpointerCheck

C, F, OWNER, ALIGNED, WRITEABLE, WRITEBACK = 0x1, 0x2, 0x4, 0x100, 0x400, 0x2000


def refusal_of(check: NdpointerCheck, argument: object) -> str:
    with pytest.raises(TypeError) as caught:
        check(argument)
    return str(caught.value)


def test_an_array_that_fits_becomes_its_address():
    array = np.arange(3.0)
    address = NdpointerCheck(np.float64, 1, (3,), C | ALIGNED | WRITEABLE)(array)
    assert isinstance(address, ctypes.c_void_p)
    assert address.value == array.ctypes.data


def test_the_address_keeps_its_array():
    array = np.arange(3.0)
    gone = weakref.ref(array)
    address = NdpointerCheck()(array)
    del array
    assert gone() is not None
    assert ctypes.cast(address, ctypes.POINTER(ctypes.c_double))[2] == 2.0
    del address
    gc.collect()
    assert gone() is None


def test_a_check_without_demands_takes_any_array_and_nothing_else():
    for array in (np.zeros(()), np.zeros((0, 3), ">i2"), np.array(["a"]), np.array([object()]), np.ma.zeros(2), np.rec.array([(1, 2.0)])):
        assert NdpointerCheck()(array).value == array.ctypes.data
    for other in (None, [1.0], 5, b"bytes", np.float64(1), memoryview(b"1")):
        with pytest.raises(TypeError, match=r"^the argument is no array\n"):
            NdpointerCheck()(other)


def test_none_is_null_where_the_check_is_optional():
    assert NdpointerCheck(np.float64, optional=True)(None) is None
    assert refusal_of(NdpointerCheck(np.float64), None) == "the argument is no array\n  expected  float64\n  got       None"


def test_equal_dtypes_are_taken_whatever_object_tells_them():
    fields = [("a", "i1"), ("b", "f8")]
    for demanded, given in (
        (np.dtype("l"), np.dtype("q")),
        (np.dtype(">f8"), np.dtype("=f8").newbyteorder()),
        (np.dtype(fields), np.dtype(fields)),
        (np.dtype("f8"), np.dtype("f8", metadata={"unit": "m"})),
        (np.dtype((np.record, fields)), np.dtype(fields)),
        (np.dtype("M8[s]"), np.dtype("M8[s]")),
    ):
        NdpointerCheck(demanded)(np.zeros(2, given))
    for demanded, given in (
        ("f8", ">f8"),
        ("i8", "u8"),
        ("i4", "f4"),
        ("M8[s]", "M8[ms]"),
        ("S3", "S4"),
        (np.dtype(fields), np.dtype(fields, align=True)),
        (np.dtype(fields), np.dtype([("a", "i1"), ("c", "f8")])),
    ):
        with pytest.raises(TypeError, match=r"^the array has dtype "):
            NdpointerCheck(demanded)(np.zeros(2, given))


def test_a_free_extent_takes_any_and_the_others_are_compared():
    check = NdpointerCheck(shape=(None, 3))
    for shape in ((0, 3), (7, 3)):
        check(np.zeros(shape))
    assert refusal_of(check, np.zeros((3, 4))) == (
        "the array has shape (3, 4), not (None, 3)\n  expected  (None, 3) any dtype\n  got       (3, 4) float64"
    )
    with pytest.raises(TypeError, match=r"^the array has shape \(3,\), not \(None, 3\)\n"):
        check(np.zeros(3))


def test_numbers_that_equal_an_extent_are_that_extent():
    NdpointerCheck(ndim=np.int8(2), shape=(2.0, True))(np.zeros((2, 1)))
    NdpointerCheck(ndim=Fraction(2), shape=(Decimal(2), Fraction(1)))(np.zeros((2, 1)))
    for shape in ((2.5,), ("2",), (-1,), (2**70,), (float("nan"),), (float("inf"),)):
        with pytest.raises(TypeError, match=r"^the array has shape"):
            NdpointerCheck(shape=shape)(np.zeros(2))
    with pytest.raises(TypeError, match=r"^the array has 1 dimension, not an ndim that no array has\n"):
        NdpointerCheck(ndim="1")(np.zeros(2))


def test_every_flag_bit_is_demanded_as_it_is():
    array = np.zeros((2, 3))
    for flag in (C, OWNER, ALIGNED, WRITEABLE, C | OWNER | ALIGNED | WRITEABLE):
        NdpointerCheck(flags=flag)(array)
    for flag in (F, C | F, WRITEBACK, 0x8000, -1):
        with pytest.raises(TypeError):
            NdpointerCheck(flags=flag)(array)


def test_a_wrong_layout_is_told_with_the_line_that_mends_it():
    assert refusal_of(NdpointerCheck(np.float64, 1, None, C | WRITEABLE), np.zeros(6)[::2]) == (
        "the array is not C-contiguous\n"
        "  expected  float64, 1 dimension, C-contiguous, writeable\n"
        "  got       (3,) float64, strides (16,)\n"
        '  fix       np.require(array, requirements="CW")   (a copy, 24 bytes; what C writes goes to the copy)'
    )


def test_a_dtype_is_mended_where_no_value_changes():
    assert refusal_of(NdpointerCheck(np.float64), np.zeros(2, np.float32)) == (
        "the array has dtype float32, not float64\n"
        "  expected  float64\n"
        "  got       (2,) float32\n"
        "  fix       np.require(array, np.float64)   (a copy, 16 bytes; what C writes goes to the copy)"
    )
    assert refusal_of(NdpointerCheck(np.int32), np.zeros(2)) == (
        "the array has dtype float64, not int32\n  expected  int32\n  got       (2,) float64"
    )


def test_no_line_is_told_where_none_mends_it():
    for check, array, problem in (
        (NdpointerCheck(">f8"), np.zeros(2, np.float32), "the array has dtype float32, not >f8"),
        (NdpointerCheck(flags=0x8000), np.zeros(2), "the array lacks the flags 0x8000"),
        (NdpointerCheck(shape=(3,), flags=C), np.zeros(8)[::2], "the array has shape (4,), not (3,); is not C-contiguous"),
    ):
        told = refusal_of(check, array).splitlines()
        assert (told[0], [line.split()[0] for line in told[1:]]) == (problem, ["expected", "got"])


def test_all_problems_are_told_together():
    assert refusal_of(NdpointerCheck(np.int64, 1, None, OWNER | WRITEABLE), np.frombuffer(bytes(16), np.int32).reshape(2, 2)) == (
        "the array has dtype int32, not int64; has 2 dimensions, not 1 dimension; is not writeable and not owner of its memory\n"
        "  expected  int64, 1 dimension, writeable, owner of its memory\n"
        "  got       (2, 2) int32, read-only"
    )


@pytest.mark.parametrize("flags", [C, F, ALIGNED, WRITEABLE, OWNER, C | ALIGNED | WRITEABLE | OWNER])
def test_the_line_that_mends_an_array_works(flags):
    base = np.zeros(3 * 8 * 4 + 1, np.uint8)[1:].view(np.float32).reshape(3, 8)[:, ::2]
    base.flags.writeable = False
    check = NdpointerCheck(np.float64, 2, (3, None), flags)
    fix = refusal_of(check, base).split("fix       ")[1].split("   (")[0]
    mended = eval(fix, {"np": np, "array": base})
    check(mended)
    np.testing.assert_array_equal(mended, base)


def test_a_class_with_this_check_serves_plain_ctypes():
    class Vector(ctypes.c_void_p):
        from_param = NdpointerCheck(np.float64, 1, flags=C)

    memmove = ctypes.CDLL(None).memmove
    memmove.argtypes, memmove.restype = [Vector, Vector, ctypes.c_size_t], ctypes.c_void_p
    source, target = np.arange(4.0), np.zeros(4)
    assert memmove(target, source, 32) == target.ctypes.data
    np.testing.assert_array_equal(target, source)
    with pytest.raises(ctypes.ArgumentError) as caught:
        memmove(target, source[::2], 16)
    assert str(caught.value) == (
        "argument 2: LayoutError: the array is not C-contiguous\n"
        "  expected  float64, 1 dimension, C-contiguous\n"
        "  got       (2,) float64, strides (16,)\n"
        '  fix       np.require(array, requirements="C")   (a copy, 16 bytes; what C writes goes to the copy)'
    )


def test_a_check_tells_what_it_was_made_of():
    check = NdpointerCheck("f8", 2, (None, 3), C, optional=True)
    assert (check.dtype, check.ndim, check.shape, check.flags, check.optional) == (np.dtype("f8"), 2, (None, 3), C, True)
    assert repr(check) == "<NdpointerCheck: (None, 3) float64, C-contiguous, or None>"


class Unwilling:
    def __index__(self):
        raise LookupError("unwilling")


def test_what_is_no_specification_is_refused():
    for arguments in (("no dtype",), (None, None, 5), (None, None, None, "C")):
        with pytest.raises(TypeError):
            NdpointerCheck(*arguments)
    with pytest.raises(OverflowError, match=r"^flags are the bits of a C int$"):
        NdpointerCheck(flags=2**64)
    for extents in ({"ndim": Unwilling()}, {"shape": (2, Unwilling())}, {"flags": Unwilling()}):
        with pytest.raises(LookupError, match=r"^unwilling$"):
            NdpointerCheck(**extents)
    for given, named in (((1, 2), {}), ((np.zeros(1),), {"more": 1}), ((), {"one": 1, "two": 2})):
        with pytest.raises(TypeError, match=r"^from_param\(\) takes exactly one argument \(2 given\)$"):
            NdpointerCheck()(*given, **named)


def test_checks_and_refusals_leave_no_references():
    dtype = np.dtype([("of", "f8"), ("this", "f8"), ("test", "f8")])
    array, check = np.zeros(3, dtype), NdpointerCheck(dtype, 2)
    before = sys.getrefcount(array), sys.getrefcount(dtype)
    for _ in range(100):
        NdpointerCheck(dtype, 1, (3,), C)(array)
        with pytest.raises(TypeError):
            check(array)
    gc.collect()
    assert (sys.getrefcount(array), sys.getrefcount(dtype)) == before
