// Copies an array into memory of another dtype, order or alignment when no value can change, and says which value would.
#pragma once

#include <cstddef>
#include <string>

#include "plan/mismatch.hpp"
#include "python/numbers.hpp"
#include "python/numpy_api.hpp"
#include "python/owned.hpp"

namespace ndcall {

// Elements of `to`, an array of our own of the same shape, from those of `from`: any layout, byte order and alignment. The dtypes are those
// that widening.hpp allows, or equal. `prefix`: where `from` stands in a list, "1, " for its second item; empty for an array by itself.
Conversion convert_elements(PyArrayObject* from, PyArrayObject* to, const std::string& prefix, Mismatch& mismatch);

// A new array, C-ordered, Fortran-ordered after `fortran`; uninitialised unless `zero_fill`. `descr` is borrowed. Null with an exception
// set when memory ends or the size overflows. No byte of it, and still an address that is not NULL, when it has no elements.
Owned<PyArrayObject> make_array(PyArray_Descr* descr, int ndim, const npy_intp* shape, bool fortran, bool zero_fill);

// The flat C-order index of the first element that a number dtype cannot hold exactly; the size when it holds all. -1: an exception is set.
npy_intp find_unkept(PyArrayObject* array, const DType& target);

// Adds `shift` (1 or -1) to each element of a writeable native integer array of any layout: C counts from one. Refused at the
// first element that does not fit; those before it are shifted by then.
Conversion shift_elements(PyArrayObject* array, int shift, Mismatch& mismatch);

// " at [3]", " at [1, 2]": the place of a flat C-order index; empty for a 0-d array.
std::string show_index(npy_intp flat, int ndim, const npy_intp* shape, const std::string& prefix);

}  // namespace ndcall
