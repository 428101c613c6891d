// Python and NumPy's C-API for several translation units: every file of this folder includes this one, and never their headers.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

// The table of NumPy's functions is one symbol of the module. module.cpp defines NDCALL_IMPORTS_NUMPY before it includes this and fills
// the table with import_array(); the others find it filled.
#define PY_ARRAY_UNIQUE_SYMBOL ndcall_numpy_api
#ifndef NDCALL_IMPORTS_NUMPY
#define NO_IMPORT_ARRAY
#endif
#ifndef NPY_NO_DEPRECATED_API
#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#endif
#ifndef NPY_TARGET_VERSION
#define NPY_TARGET_VERSION NPY_2_0_API_VERSION
#endif
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>

#include <cstddef>

#include "call/array_view.hpp"

namespace ndcall {

static_assert(sizeof(npy_intp) == sizeof(std::ptrdiff_t), "shapes are read where NumPy keeps them");
static_assert(c_contiguous == NPY_ARRAY_C_CONTIGUOUS && f_contiguous == NPY_ARRAY_F_CONTIGUOUS, "flags are read as NumPy writes them");
static_assert(aligned == NPY_ARRAY_ALIGNED && writeable == NPY_ARRAY_WRITEABLE, "flags are read as NumPy writes them");

}  // namespace ndcall
