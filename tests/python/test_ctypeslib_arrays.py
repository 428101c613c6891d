"""as_array and as_ctypes of ndcall.compat.ctypeslib: one memory, seen from both sides."""

from __future__ import annotations

import ctypes
import gc
import weakref

import numpy as np
import pytest
from ndcall.compat import ctypeslib


class Pair(ctypes.Structure):
    _fields_ = (("tag", ctypes.c_char), ("value", ctypes.c_double))


class Row(ctypes.Structure):
    _fields_ = (("length", ctypes.c_int), ("data", ctypes.POINTER(ctypes.c_double)))


def outcome(function, *arguments, **named):
    """What a call gives, in a form that can be compared: the array, or the class of the exception."""
    try:
        result = function(*arguments, **named)
    except Exception as error:
        return type(error)
    return result.dtype, result.shape, result.tolist()


INTS = (ctypes.c_int * 6)(*range(6))
AS_ARRAY = {
    "an array": (INTS,),
    "an array with a shape, which is ignored": (INTS, (2,)),
    "an array of arrays": (((ctypes.c_short * 2) * 3)(),),
    "a structure": (Pair(b"x", 2.5),),
    "a number": (ctypes.c_float(2.5),),
    "a list": ([1, 2],),
    "a pointer without a shape": (ctypes.pointer(ctypes.c_int(3)),),
    "a pointer with a shape": (ctypes.cast(INTS, ctypes.POINTER(ctypes.c_int)), (2, 3)),
    "a pointer with a list as the shape": (ctypes.cast(INTS, ctypes.POINTER(ctypes.c_int)), [6]),
    "a pointer with numbers of NumPy as the shape": (ctypes.cast(INTS, ctypes.POINTER(ctypes.c_int)), (np.int64(2), np.uint8(3))),
    "a pointer with a number as the shape": (ctypes.pointer(ctypes.c_int(3)), 1),
    "a pointer with a negative shape": (ctypes.pointer(ctypes.c_int(3)), (-1,)),
    "a pointer with a shape that is not whole": (ctypes.pointer(ctypes.c_int(3)), (1.0,)),
    "a pointer with no items": (ctypes.pointer(ctypes.c_int(3)), (0, 4)),
    "a pointer to one item": (ctypes.pointer(ctypes.c_int(3)), ()),
    "a pointer to an array": (ctypes.pointer(INTS), (1,)),
    "a pointer to structures": (ctypes.pointer((Pair * 2)((b"x", 1), (b"y", 2))[0]), (1,)),
    "a NULL pointer": (ctypes.POINTER(ctypes.c_int)(), (3,)),
}


@pytest.mark.parametrize("arguments", AS_ARRAY.values(), ids=AS_ARRAY.keys())
@pytest.mark.filterwarnings("ignore:A builtin ctypes object gave a PEP3118:RuntimeWarning")
def test_as_array_gives_what_numpy_gives(arguments):
    assert outcome(ctypeslib.as_array, *arguments) == outcome(np.ctypeslib.as_array, *arguments)


def test_as_array_writes_through_a_pointer():
    array = ctypeslib.as_array(ctypes.pointer(INTS), ())
    array[5] = 50
    assert INTS[5] == 50
    array[5] = 5


def test_a_pointer_needs_a_shape_and_the_error_shows_one(refusal):
    assert refusal(TypeError, ctypeslib.as_array, ctypes.pointer(ctypes.c_int(3))) == (
        "as_array() requires a shape argument when called on a pointer: shape=(3,) for three items"
    )
    assert refusal(TypeError, ctypeslib.as_array, ctypes.pointer(ctypes.c_int(3)), 4) == (
        "as_array() takes a tuple as the shape, not 4; for one dimension (4,)"
    )


def test_memory_lives_as_long_as_the_array_that_shows_it():
    numbers = (ctypes.c_double * 3)(1, 2, 3)
    alive = weakref.ref(numbers)
    row = Row(3, ctypes.cast(numbers, ctypes.POINTER(ctypes.c_double)))
    array = ctypeslib.as_array(row.data, (3,))
    del numbers
    row.data = None  # lets go of what it pointed to; NumPy's array would dangle
    gc.collect()
    assert alive() is not None
    assert array.tolist() == [1, 2, 3]
    del array, row
    gc.collect()
    assert alive() is None


def test_a_pointer_that_is_set_anew_leaves_the_array_what_it_was():
    pointer = ctypes.pointer(ctypes.c_double(1.5))
    array = ctypeslib.as_array(pointer, (1,))
    pointer.contents = ctypes.c_double(2.5)
    gc.collect()
    assert array.tolist() == [1.5]


def test_there_and_back_leaves_nothing_for_the_garbage_collector():
    array = np.arange(100, dtype=np.short)
    memory = ctypeslib.as_ctypes(array)
    pointer = ctypes.pointer(ctypes.c_int(3))
    with np.testing.assert_no_gc_cycles():
        ctypeslib.as_array(memory)
        ctypeslib.as_array(pointer, (1,))


READ_ONLY = np.ones(3)
READ_ONLY.flags.writeable = False
AS_CTYPES = {
    "a matrix": np.arange(6.0).reshape(2, 3),
    "one value": np.array(3.0),
    "a number of NumPy": np.float64(3),
    "no items": np.empty((0, 3)),
    "swapped bytes": np.arange(3, dtype=">i4"),
    "steps": np.ones(6)[::2],
    "Fortran's order": np.asfortranarray(np.ones((2, 3))),
    "read-only": READ_ONLY,
    "complex": np.ones(2, complex),
    "structured": np.ones(2, [("a", "i4")]),
    "a list": [1, 2],
    "objects": np.array([None]),
}


@pytest.mark.parametrize("given", AS_CTYPES.values(), ids=AS_CTYPES.keys())
def test_as_ctypes_gives_what_numpy_gives(given):
    def convert(module):
        try:
            result = module.as_ctypes(given)
        except Exception as error:
            return type(error)
        return type(result), bytes(result)

    assert convert(ctypeslib) == convert(np.ctypeslib)


def test_as_ctypes_says_what_to_do(refusal):
    assert refusal(TypeError, ctypeslib.as_ctypes, np.ones(6)[::2]) == (
        "strided arrays not supported: np.ascontiguousarray(a) makes a copy that is"
    )
    assert refusal(TypeError, ctypeslib.as_ctypes, READ_ONLY) == "readonly arrays unsupported: a.copy() is writeable"
    assert refusal(NotImplementedError, ctypeslib.as_ctypes, np.ones(2, complex)) == (
        "Converting dtype('complex128') to a ctypes type: only with extended=True"
    )


def test_as_ctypes_keeps_its_array():
    array = np.ones(3)
    alive = weakref.ref(array)
    memory = ctypeslib.as_ctypes(array)
    del array
    assert alive() is not None
    del memory
    assert alive() is None


@pytest.mark.parametrize("dtype", ["c8", "c16", "G", "f2", "g"])
def test_numbers_that_ctypes_lacks_go_there_and_back_when_asked_for(dtype):
    array = np.arange(6).astype(dtype).reshape(2, 3)
    memory = ctypeslib.as_ctypes(array, extended=True)
    for back in (ctypeslib.as_array(memory), ctypeslib.as_array(ctypes.pointer(memory), ())):
        assert back.dtype == array.dtype
        assert back.shape == (2, 3)
        assert np.shares_memory(back, array)


def test_the_parts_of_a_complex_number_have_names():
    memory = ctypeslib.as_ctypes(np.array([1 + 2j]), extended=True)
    assert (memory[0].real, memory[0].imag) == (1, 2)


def test_a_structured_array_is_structures_when_asked_for():
    array = np.array([(1, 2.5), (2, 3.5)], dtype=np.dtype([("_ndcall_owner", "i4"), ("x", "f8")], align=True))
    memory = ctypeslib.as_ctypes(array, extended=True)
    assert [(one._ndcall_owner, one.x) for one in memory] == [(1, 2.5), (2, 3.5)]
    single = ctypeslib.as_ctypes(array[:1].reshape(()), extended=True)
    single.x = 7
    assert array["x"][0] == 7
