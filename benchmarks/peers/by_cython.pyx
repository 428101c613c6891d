# cython: language_level=3
"""The kernels through typed memoryviews; the tests of lengths are this author's own."""
import numpy as np

cdef extern from "kernels.h":
    void c_add "add"(const double *, const double *, double *, long) nogil
    void c_add_five "add_five"(const double *, const double *, const double *, const double *, const double *, double *, long) nogil
    void c_add_scaled "add_scaled"(long, double, const double *, int, double *) nogil
    void c_add_strided "add_strided"(long, const double *, long, double *, long) nogil
    void c_mean_of_four "mean_of_four"(const double *, long, long, double *, long, long, long, long) nogil


def add(const double[::1] a, const double[::1] b, double[::1] c):
    cdef Py_ssize_t n = a.shape[0]
    if b.shape[0] != n or c.shape[0] != n:
        raise ValueError("lengths differ")
    if n:
        c_add(&a[0], &b[0], &c[0], n)


def add_new(const double[::1] a, const double[::1] b):
    cdef Py_ssize_t n = a.shape[0]
    if b.shape[0] != n:
        raise ValueError("lengths differ")
    result = np.empty(n)
    cdef double[::1] c = result
    if n:
        c_add(&a[0], &b[0], &c[0], n)
    return result


def add_threads(const double[::1] a, const double[::1] b, double[::1] c):
    cdef Py_ssize_t n = a.shape[0]
    if b.shape[0] != n or c.shape[0] != n:
        raise ValueError("lengths differ")
    if n:
        with nogil:
            c_add(&a[0], &b[0], &c[0], n)


def add_five(const double[::1] a, const double[::1] b, const double[::1] c, const double[::1] d, const double[::1] e, double[::1] f):
    cdef Py_ssize_t n = a.shape[0]
    if b.shape[0] != n or c.shape[0] != n or d.shape[0] != n or e.shape[0] != n or f.shape[0] != n:
        raise ValueError("lengths differ")
    if n:
        c_add_five(&a[0], &b[0], &c[0], &d[0], &e[0], &f[0], n)


def add_scaled(double alpha, const double[::1] x, int power, double[::1] y):
    cdef Py_ssize_t n = x.shape[0]
    if y.shape[0] != n:
        raise ValueError("lengths differ")
    if n:
        c_add_scaled(n, alpha, &x[0], power, &y[0])


def add_strided(const double[:] x, double[:] y):
    cdef Py_ssize_t n = x.shape[0]
    if y.shape[0] != n:
        raise ValueError("lengths differ")
    if n:
        c_add_strided(n, &x[0], x.strides[0] // 8, &y[0], y.strides[0] // 8)


def mean_of_four(const double[:, :] a, double[:, :] c):
    if a.shape[0] != c.shape[0] or a.shape[1] != c.shape[1]:
        raise ValueError("lengths differ")
    if a.shape[0] and a.shape[1]:
        c_mean_of_four(&a[0, 0], a.strides[0] // 8, a.strides[1] // 8, &c[0, 0], c.strides[0] // 8, c.strides[1] // 8, a.shape[0], a.shape[1])
