// The subclasses of ndarray that mean something else than their elements.
#pragma once

#include "python/numpy_api.hpp"

namespace ndcall {

// All answer 1, 0, or -1 with an exception set. The object is an ndarray, exact or not.
int is_matrix(PyObject* array);
int is_masked_array(PyObject* array);

// Of an array of structs, and of whatever cannot be told, 1.
int has_masked_elements(PyObject* array);

}  // namespace ndcall
