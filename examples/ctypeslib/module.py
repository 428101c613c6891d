"""Arrays of one, two and three dimensions, as C programs take them, through ctypes.

Build:  gcc -shared -fPIC -O2 -o module.so ../arrays.c
"""

import ctypes
import os

import numpy as np
from numpy.ctypeslib import ndpointer

lib = ctypes.CDLL(os.path.join(os.path.dirname(os.path.abspath(__file__)), "module.so"))

vector = ndpointer(np.float64, ndim=1, flags="C_CONTIGUOUS")
block = ndpointer(np.float64, ndim=3, flags="C_CONTIGUOUS")
table = ndpointer(np.uintp, flags="C_CONTIGUOUS")  # of addresses

lib.np_array_1dim.argtypes = [ctypes.c_int, vector, vector]
lib.np_array_2dim.argtypes = [ctypes.c_int, ctypes.c_int, table, table]
lib.np_array_3dim.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int, block, block]
lib.np_array_3ptr.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int, table, table]
for name in ("np_array_1dim", "np_array_2dim", "np_array_3dim", "np_array_3ptr"):
    getattr(lib, name).restype = None  # lib[name] would be another object each time


def make_rows(array):
    """The addresses of the rows of an array: C's double ** of a matrix."""
    first, step = array.__array_interface__["data"][0], array.strides[-2]
    return (first + np.arange(np.prod(array.shape[:-1])) * step).astype(np.uintp)


def one_dimension():
    x = np.arange(10.0)
    y = np.zeros_like(x)
    lib.np_array_1dim(x.size, x, y)
    return y


def two_dimensions():
    x = np.arange(9.0).reshape(3, 3)
    y = np.zeros_like(x)
    lib.np_array_2dim(*x.shape, make_rows(x), make_rows(y))
    return y


def three_dimensions():
    x = np.arange(24.0).reshape(2, 3, 4)
    y = np.zeros_like(x)
    lib.np_array_3dim(*x.shape, x, y)
    return y


def three_dimensions_by_pointers():
    x = np.arange(24.0).reshape(2, 3, 4)
    y = np.zeros_like(x)
    rows = [make_rows(x), make_rows(y)]  # C's double **, and the tables of their addresses: double ***
    planes = [make_rows(one.reshape(x.shape[:2])) for one in rows]
    lib.np_array_3ptr(*x.shape, *planes)
    return y


if __name__ == "__main__":
    for example in (one_dimension, two_dimensions, three_dimensions, three_dimensions_by_pointers):
        print(f"{example.__name__}:\n{example()}")
