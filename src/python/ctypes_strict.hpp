// The check that a library of ctypes may ask for beside its argtypes: what no from_param can see, because it is given one argument alone.
#pragma once

#include "python/numpy_api.hpp"

namespace ndcall {

// Every array that is an argument is aligned; one whose ndpointer demands WRITEABLE shares no memory with another array, nor with itself.
// `converters`: a tuple, from_param of each of argtypes. 0, or -1 with LayoutError or OverlapError set. Throws std::bad_alloc.
int check_strictly(PyObject* function, PyObject* converters, PyObject* const* arguments, Py_ssize_t count);

}  // namespace ndcall
