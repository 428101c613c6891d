"""The kernels in Python, compiled by numba for exactly these types."""

# mypy: ignore-errors
import numpy as np
from numba import njit

VECTOR, STEPS, PLANE = "float64[::1]", "float64[:]", "float64[:,:]"


@njit(f"void({VECTOR},{VECTOR},{VECTOR})")
def add(a, b, c):
    for i in range(a.shape[0]):
        c[i] = a[i] + b[i]


@njit(f"void({VECTOR},{VECTOR},{VECTOR})", nogil=True)
def add_threads(a, b, c):
    for i in range(a.shape[0]):
        c[i] = a[i] + b[i]


@njit(f"{VECTOR}({VECTOR},{VECTOR})")
def add_new(a, b):
    c = np.empty(a.shape[0])
    for i in range(a.shape[0]):
        c[i] = a[i] + b[i]
    return c


@njit(f"void({VECTOR},{VECTOR},{VECTOR},{VECTOR},{VECTOR},{VECTOR})")
def add_five(a, b, c, d, e, f):
    for i in range(a.shape[0]):
        f[i] = a[i] + b[i] + c[i] + d[i] + e[i]


@njit(f"void(float64,{VECTOR},int32,{VECTOR})")
def add_scaled(alpha, x, power, y):
    for _ in range(power):
        alpha *= alpha
    for i in range(x.shape[0]):
        y[i] += alpha * x[i]


@njit(f"void({STEPS},{STEPS})")
def add_strided(x, y):
    for i in range(x.shape[0]):
        y[i] += x[i]


@njit(f"void({PLANE},{PLANE})")
def mean_of_four(a, c):
    for i in range(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            c[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])
