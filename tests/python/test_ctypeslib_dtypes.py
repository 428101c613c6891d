"""as_ctypes_type of ndcall.compat.ctypeslib."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest
from ndcall.compat import ctypeslib

SCALARS = [*"?bBhHiIlLqQpPfd", *(f">{code}" for code in "?bhHiqfd"), *(f"<{code}" for code in "hiqfd")]
REFUSED = ["e", "g", "F", "D", "G", ">c16", "S1", "S3", "U1", "O", "M8[s]", "m8", "V4"]
COMPOSED = {
    "a subarray": np.dtype((np.int32, (2, 3))),
    "fields": np.dtype([("a", "u2"), ("b", "u4")]),
    "aligned fields": np.dtype([("a", "u1"), ("b", "u4"), ("c", "u1")], align=True),
    "fields out of order": np.dtype({"names": ["b", "a"], "formats": ["i2", "i4"], "offsets": [4, 0]}),
    "fields with titles": np.dtype([(("title", "a"), "i4"), ("b", "f8")]),
    "fields of fields": np.dtype([("a", [("x", "f4"), ("y", "f4", (2,))]), ("b", ">i2")]),
    "a union": np.dtype({"names": ["a", "b"], "offsets": [0, 0], "formats": ["u2", "u4"]}),
    "a padded union": np.dtype({"names": ["a", "b"], "offsets": [0, 0], "formats": ["u2", "u4"], "itemsize": 5}),
    "one field and padding": np.dtype({"names": ["a"], "formats": ["u2"], "offsets": [2], "itemsize": 8}),
    "overlapping fields": np.dtype({"names": ["a", "b"], "offsets": [0, 2], "formats": ["u4", "u4"]}),
    "a field of text": np.dtype([("a", "S3")]),
}


def describe(ctype):
    """A type with its fields: two structures are never the same class."""
    if issubclass(ctype, ctypes.Array):
        return "array", ctype._length_, describe(ctype._type_)
    if issubclass(ctype, (ctypes.Structure, ctypes.Union)):
        fields = [(name, describe(kind), getattr(ctype, name).offset if name else None) for name, kind in ctype._fields_]
        return ctype.__bases__, ctype.__name__, ctypes.sizeof(ctype), fields
    return ctype


def convert(module, dtype):
    try:
        return describe(module.as_ctypes_type(dtype))
    except Exception as error:
        return type(error)


@pytest.mark.parametrize("dtype", [*SCALARS, *REFUSED])
def test_a_number_becomes_what_numpy_makes_of_it(dtype):
    assert convert(ctypeslib, dtype) == convert(np.ctypeslib, dtype)


@pytest.mark.parametrize("dtype", COMPOSED.values(), ids=COMPOSED.keys())
def test_fields_become_what_numpy_makes_of_them(dtype):
    assert convert(ctypeslib, dtype) == convert(np.ctypeslib, dtype)


def test_what_is_refused_is_named(refusal):
    assert refusal(NotImplementedError, ctypeslib.as_ctypes_type, "S3") == "Converting dtype('S3') to a ctypes type"
    assert refusal(NotImplementedError, ctypeslib.as_ctypes_type, COMPOSED["overlapping fields"]) == (
        "Overlapping fields: 'b' begins at byte 2, the one before it ends at 4"
    )


def test_extended_types_are_those_of_this_machine(refusal):
    assert ctypeslib.as_ctypes_type("g", extended=True) is ctypes.c_longdouble
    assert ctypeslib.as_ctypes_type("c16", extended=True).__name__ == "c_complex128"
    fields = ctypeslib.as_ctypes_type([("z", "c8"), ("h", "f2")], extended=True)._fields_
    assert [(name, ctype.__name__) for name, ctype in fields] == [("z", "c_complex64"), ("h", "c_float16")]
    assert refusal(NotImplementedError, ctypeslib.as_ctypes_type, ">c16", extended=True) == (
        "Converting dtype('>c16') to a ctypes type: only in this machine's byte order"
    )


def test_c_intp_is_as_wide_as_a_pointer():
    assert ctypeslib.c_intp is np.ctypeslib.c_intp
    assert ctypes.sizeof(ctypeslib.c_intp) == ctypes.sizeof(ctypes.c_void_p)
