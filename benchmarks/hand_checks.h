/* What a patient author checks by hand: ndarray, native dtype, ndim, order, alignment, writeability, lengths, overlap of what is written with
   what is read. No more, and no less, than the contract promises. */
#pragma once
#define PY_SSIZE_T_CLEAN
#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#include <Python.h>
#include <numpy/arrayobject.h>
#include <stdint.h>

enum { IN = NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED, OUT = IN | NPY_ARRAY_WRITEABLE };

static int refuse(const char *name, const char *problem) {
    PyErr_Format(PyExc_TypeError, "argument %s: %s", name, problem);
    return 0;
}

static const char *problem_of(int missing) {
    if (missing & NPY_ARRAY_ALIGNED) return "not aligned";
    return missing & NPY_ARRAY_WRITEABLE ? "read-only" : "not contiguous in its order";
}

static inline int check_of(int type, const char *dtype, PyObject *object, const char *name, int ndim, int flags) {
    if (!PyArray_Check(object)) return refuse(name, "not a NumPy array");
    PyArrayObject *array = (PyArrayObject *)object;
    PyArray_Descr *descr = PyArray_DESCR(array);
    if (descr->type_num != type || !PyArray_ISNBO(descr->byteorder)) return refuse(name, dtype);
    if (PyArray_NDIM(array) != ndim) return refuse(name, "wrong number of dimensions");
    int missing = flags & ~PyArray_FLAGS(array);
    return missing ? refuse(name, problem_of(missing)) : 1;
}

static inline int check(PyObject *object, const char *name, int ndim, int flags) {
    return check_of(NPY_DOUBLE, "dtype is not native float64", object, name, ndim, flags);
}

static inline int check_length(PyObject *object, const char *name, int axis, npy_intp n) {
    if (PyArray_DIM((PyArrayObject *)object, axis) == n) return 1;
    PyErr_Format(PyExc_ValueError, "argument %s: length %zd, not %zd", name, PyArray_DIM((PyArrayObject *)object, axis), n);
    return 0;
}

static inline int check_apart(PyObject *read, PyObject *written, const char *name, npy_intp bytes) {
    uintptr_t x = (uintptr_t)PyArray_DATA((PyArrayObject *)read), y = (uintptr_t)PyArray_DATA((PyArrayObject *)written);
    if (!(x < y + (size_t)bytes && y < x + (size_t)bytes)) return 1;
    PyErr_Format(PyExc_ValueError, "argument %s: overlaps an input", name);
    return 0;
}

static inline int check_count(Py_ssize_t given, Py_ssize_t wanted) {
    if (given == wanted) return 1;
    PyErr_Format(PyExc_TypeError, "%zd arguments given, %zd taken", given, wanted);
    return 0;
}

static inline double *data_of(PyObject *object) { return PyArray_DATA((PyArrayObject *)object); }
static inline npy_intp length_of(PyObject *object, int axis) { return PyArray_DIM((PyArrayObject *)object, axis); }
