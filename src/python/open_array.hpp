// Asks an object for the array that it is or offers, once.
#pragma once

#include "plan/mismatch.hpp"
#include "python/numbers.hpp"
#include "python/numpy_api.hpp"
#include "python/owned.hpp"

namespace ndcall {

// The ways, in this order; the first one that the object has is the only one asked, and its own exception comes out unchanged:
// an ndarray itself, the buffer protocol, __array_interface__, DLPack on the CPU, __array__. `array` is of any dtype and layout, and keeps
// the memory (an exported buffer too). Lists and numbers are not asked here. `ran_foreign_code`: anything but an ndarray.
// `raw_bytes`: the dtype that the memory of bytes, bytearray and the like is seen as; null: these are refused.
Conversion open_array(PyObject* object, PyArray_Descr* raw_bytes, Owned<PyArrayObject>& array, bool& ran_foreign_code, Mismatch& mismatch);

}  // namespace ndcall
