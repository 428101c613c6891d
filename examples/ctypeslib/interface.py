"""`add` for four dtypes and `filter2d`: the complete example of *Using Python as glue* in NumPy's user guide, without its mistakes.

Build:  gcc -shared -fPIC -O2 -o code.so ../code.c ../filter.c
"""

import ctypes
import os

import numpy as np
from numpy import ctypeslib

__all__ = ["add", "filter2d"]

lib = ctypeslib.load_library("code", os.path.dirname(os.path.abspath(__file__)))

# From the smallest to the largest: the first that holds every value is taken.
ADDERS = {"sadd": np.float32, "cadd": np.complex64, "dadd": np.float64, "zadd": np.complex128}

for name, dtype in ADDERS.items():
    read = ctypeslib.ndpointer(dtype, flags="aligned, contiguous")
    written = ctypeslib.ndpointer(dtype, flags="aligned, contiguous, writeable")
    function = getattr(lib, name)  # lib[name] would be another object each time
    function.argtypes = [read, read, written, ctypes.c_long]
    function.restype = None

lib.dfilter2d.argtypes = [
    ctypeslib.ndpointer(np.float64, ndim=2, flags="aligned"),
    ctypeslib.ndpointer(np.float64, ndim=2, flags="aligned, contiguous, writeable"),
    ctypes.POINTER(ctypeslib.c_intp),
    ctypes.POINTER(ctypeslib.c_intp),
]
lib.dfilter2d.restype = None


def select(dtype):
    """The function that adds such numbers, and the dtype that it takes."""
    for name, own in ADDERS.items():
        if np.can_cast(dtype, own):
            return getattr(lib, name), own
    raise TypeError(f"nothing adds {dtype} without losing digits")


def add(a, b):
    """The sum of two arrays of one shape."""
    a, b = np.asanyarray(a), np.asanyarray(b)
    if a.shape != b.shape:
        raise ValueError(f"a has shape {a.shape}, b {b.shape}")  # C would read past the end of the shorter
    function, dtype = select(np.result_type(a, b))
    a = np.require(a, dtype, ["CONTIGUOUS", "ALIGNED"])
    b = np.require(b, dtype, ["CONTIGUOUS", "ALIGNED"])
    c = np.empty(a.shape, dtype)
    function(a, b, c, a.size)
    return c


def filter2d(a):
    """The weighted sum of each pixel and its eight neighbours, for an image with any steps."""
    a = np.require(a, np.float64, ["ALIGNED"])
    b = np.zeros(a.shape)  # not zeros_like: it would take over an order that dfilter2d does not write
    lib.dfilter2d(a, b, a.ctypes.strides, a.ctypes.shape)
    return b


if __name__ == "__main__":
    print(add([1, 2, 3], [0.5, 0.5, 0.5]))
    print(filter2d(np.eye(5)))
