"""ndpointer of ndcall.compat.ctypeslib: its classes, and the flags in every form."""

from __future__ import annotations

import ctypes
import gc
import weakref
from decimal import Decimal

import ndcall
import numpy as np
import pytest
from ndcall.compat import ctypeslib

FLAGS = {
    "C": 0x1,
    "C_CONTIGUOUS": 0x1,
    "contiguous": 0x1,
    "F": 0x2,
    "FORTRAN": 0x2,
    "F_CONTIGUOUS": 0x2,
    "A": 0x100,
    "ALIGNED": 0x100,
    "W": 0x400,
    "WRITEABLE": 0x400,
    "O": 0x4,
    "OWNDATA": 0x4,
    "X": 0x2000,
    "WRITEBACKIFCOPY": 0x2000,
    "aligned, contiguous,writeable": 0x501,
}


@pytest.mark.parametrize(("words", "bits"), FLAGS.items())
def test_flags_are_words(words, bits):
    assert ctypeslib.ndpointer(flags=words)._flags_ == bits == np.ctypeslib.ndpointer(flags=words)._flags_
    assert ctypeslib.ndpointer(flags=tuple(words.split(",")))._flags_ == bits


@pytest.mark.parametrize("form", [7, np.int64(7), True, np.ones(3).flags, ["C", "W"], ("C",)], ids=repr)
def test_flags_are_numbers_flags_of_an_array_and_sequences(form):
    assert ctypeslib.ndpointer(flags=form)._flags_ == np.ctypeslib.ndpointer(flags=form)._flags_


def test_a_flag_that_is_said_twice_is_the_same_flag():
    assert np.ctypeslib.ndpointer(flags="C,C")._flags_ == 0x2  # NumPy adds them: this asks for Fortran's order
    assert ctypeslib.ndpointer(flags="C,C") is ctypeslib.ndpointer(flags="C_CONTIGUOUS")


@pytest.mark.parametrize("word", ["U", "updateifcopy"])
def test_a_flag_that_is_gone_is_read_as_its_successor_with_a_warning(word):
    message = rf"\Aflag {word.upper()} is gone from NumPy; WRITEBACKIFCOPY is read instead\Z"
    with pytest.warns(DeprecationWarning, match=message) as caught:
        assert ctypeslib.ndpointer(flags=f"C,{word}")._flags_ == 0x2001
    assert caught[0].filename == __file__


def test_a_flag_that_is_none_is_a_keyerror_with_the_nearest(refusal):
    with pytest.raises(KeyError):
        np.ctypeslib.ndpointer(flags="WRITABLE")
    assert issubclass(ndcall.UnknownNameError, KeyError)
    assert (
        refusal(ndcall.UnknownNameError, ctypeslib.ndpointer, flags="WRITABLE") == "there is no flag 'WRITABLE'; did you mean 'WRITEABLE'?"
    )


@pytest.mark.parametrize("form", [3.5, (1, 2), b"C", [None]], ids=repr)
def test_what_cannot_be_flags_is_a_typeerror(form):
    for module in (ctypeslib, np.ctypeslib):
        with pytest.raises(TypeError, match=r"\Ainvalid flags specification"):
            module.ndpointer(flags=form)


def test_the_same_specification_is_the_same_class_and_no_other_is():
    make = ctypeslib.ndpointer
    assert make(float, 2, flags="C,W") is make("f8", ndim=np.int64(2), flags=["WRITEABLE", "C"])
    assert make(shape=2) is make(shape=(2,)) is make(shape=[2])
    assert len({make(), make(ndim=2), make(shape=2), make(float), make(flags="C"), make(optional=True)}) == 6


def test_a_class_that_nobody_uses_is_forgotten():
    alive = weakref.ref(ctypeslib.ndpointer(shape=(12345, 1)))
    gc.collect()
    assert alive() is None


def test_a_class_shows_its_specification():
    kind = ctypeslib.ndpointer("f8", 2, (2, 3), "C")
    assert kind.__name__ == "ndpointer_<f8_2d_2x3_C_CONTIGUOUS"
    assert kind.__module__ == "ndcall.compat.ctypeslib"
    assert (kind._dtype_, kind._ndim_, kind._shape_, kind._flags_) == (np.dtype("f8"), 2, (2, 3), 1)
    assert issubclass(kind, ctypes.c_void_p)
    assert ctypeslib.ndpointer().__name__ == "ndpointer_any"


def test_a_class_of_ones_own_may_take_none_as_the_recipes_say():
    base = ctypeslib.ndpointer(float, flags="C")

    def from_param(cls, obj):
        return None if obj is None else base.from_param(obj)

    kind = type(base.__name__, (base,), {"from_param": classmethod(from_param)})
    assert kind.from_param(None) is None
    kind.from_param(np.ones(3))
    with pytest.raises(TypeError):
        kind.from_param(np.ones(3, int))


def test_none_is_taken_when_the_class_says_so():
    with pytest.raises(TypeError):
        ctypeslib.ndpointer(float).from_param(None)
    assert ctypeslib.ndpointer(float, optional=True).from_param(None) is None


def test_an_extent_of_none_stands_for_any():
    kind = ctypeslib.ndpointer(float, shape=(None, 3))
    kind.from_param(np.ones((7, 3)))
    for wrong in (np.ones((3, 7)), np.ones(3), np.ones((2, 2, 3))):
        with pytest.raises(TypeError):
            kind.from_param(wrong)


@pytest.fixture(scope="module")
def lib(tmp_path_factory, build_library):
    text = """
        #include <stdlib.h>
        double *counted(long n) { double *made = malloc(n * sizeof *made); while (n--) made[n] = n; return made; }
        double *nothing(void) { return 0; }
        static int released;
        void release(void *memory) { released++; free(memory); }
        int count_released(void) { return released; }
    """
    return ctypes.CDLL(build_library(text, tmp_path_factory.mktemp("made") / "made.so"))


def test_what_c_returns_is_an_array_when_dtype_and_shape_are_known(lib):
    lib.counted.argtypes = [ctypes.c_long]
    lib.counted.restype = ctypeslib.ndpointer(float, shape=(2, 3))
    assert lib.counted(6).tolist() == [[0, 1, 2], [3, 4, 5]]
    for vague in (ctypeslib.ndpointer(float), ctypeslib.ndpointer(float, shape=(None,))):
        lib.counted.restype = vague
        assert type(lib.counted(6)) is vague


@pytest.mark.parametrize("two", [2.0, Decimal(2), np.int8(2)], ids=repr)
def test_an_extent_may_be_whatever_equals_an_integer(lib, two):
    kind = ctypeslib.ndpointer(float, shape=(two, 3))
    assert kind is ctypeslib.ndpointer(float, shape=(2, 3))
    assert kind.__name__ == "ndpointer_<f8_2x3"
    lib.counted.argtypes, lib.counted.restype = [ctypes.c_long], kind
    assert lib.counted(6).shape == (2, 3)


def test_null_is_no_array(lib, refusal):
    lib.nothing.restype = ctypeslib.ndpointer(float, shape=(3,))
    assert refusal(ValueError, lib.nothing) == "NULL pointer access"


def test_memory_that_c_made_is_given_back_with_its_array(lib, refusal):
    lib.counted.restype = ctypeslib.ndpointer(float, shape=(3,), free=lib.release)
    before = lib.count_released()
    made = lib.counted(3)
    part = made[1:]
    del made
    assert lib.count_released() == before
    assert part.tolist() == [1, 2]
    del part
    assert lib.count_released() == before + 1
    assert refusal(TypeError, ctypeslib.ndpointer, float, free=lib.release) == (
        "ndpointer(free=...) gives arrays: it needs a dtype, and a shape without None"
    )


def test_memory_behind_a_pointer_is_given_back_with_its_array(lib):
    lib.counted.restype = ctypes.POINTER(ctypes.c_double)
    before = lib.count_released()
    made = ctypeslib.as_array(lib.counted(4), (2, 2), free=lib.release)
    assert made.tolist() == [[0, 1], [2, 3]]
    del made
    assert lib.count_released() == before + 1
