"""The ways in which an array gets into a call of ctypes.

Build:  gcc -shared -fPIC -O2 -o code.so ../code.c ../filter.c
"""

import ctypes
import os

import numpy as np
from numpy import ctypeslib

lib = ctypeslib.load_library("code", os.path.dirname(os.path.abspath(__file__)))

doubles = ctypes.POINTER(ctypes.c_double)
a, b = np.arange(4.0), np.ones(4)


def by_array():
    """argtypes of ndpointers: the array itself, and every call is checked."""
    vector = ctypeslib.ndpointer(float, ndim=1, flags="C")
    lib.dadd.argtypes, lib.dadd.restype = [vector, vector, vector, ctypes.c_long], None
    c = np.empty(4)
    lib.dadd(a, b, c, 4)
    return c


def by_required_array():
    """numpy.require makes of anything what an ndpointer takes."""
    vector = ctypeslib.ndpointer(float, ndim=1, flags="C, ALIGNED")
    lib.dadd.argtypes, lib.dadd.restype = [vector, vector, vector, ctypes.c_long], None
    steps = np.arange(8, dtype=np.int32)[::2]
    c = np.empty(4)
    lib.dadd(np.require(steps, float, ["C", "A"]), b, c, 4)
    return c


def by_pointer():
    """argtypes of POINTER: ndarray.ctypes.data_as; nothing of the array is checked."""
    lib.dadd.argtypes, lib.dadd.restype = [doubles, doubles, doubles, ctypes.c_long], None
    c = np.empty(4)
    lib.dadd(a.ctypes.data_as(doubles), b.ctypes.data_as(doubles), c.ctypes.data_as(doubles), 4)
    return c


def by_parameter():
    """Without argtypes: ndarray.ctypes has `_as_parameter_`, which ctypes passes on."""
    lib.dadd.argtypes, lib.dadd.restype = None, None
    c = np.empty(4)
    lib.dadd(a.ctypes, b.ctypes, c.ctypes, ctypes.c_long(4))
    return c


class Doubles:
    """argtypes of one's own: `from_param` makes of an argument what ctypes passes on."""

    @classmethod
    def from_param(cls, values):
        array = np.ascontiguousarray(values, dtype=float)
        return array.ctypes.data_as(ctypes.c_void_p)


def by_conversion():
    vector = ctypeslib.ndpointer(float, ndim=1, flags="C, W")
    lib.dadd.argtypes, lib.dadd.restype = [Doubles, Doubles, vector, ctypes.c_long], None
    c = np.empty(4)
    lib.dadd([0, 1, 2, 3], (1, 1, 1, 1), c, 4)
    return c


if __name__ == "__main__":
    for way in (by_array, by_required_array, by_pointer, by_parameter, by_conversion):
        print(f"{way.__name__}: {way()}")
