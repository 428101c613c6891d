// What the caller gave, in a few words for a message: never runs the caller's code, never prints an array's elements.
#pragma once

#include <string>

#include "python/numpy_api.hpp"

namespace ndcall {

// "3.5", "'abc'", "None", "a list of 3", "a (3, 4) float64 array", "a Decimal". Only numbers, strings and bytes of Python and NumPy show
// their value, the long ones cut.
std::string describe_object(PyObject* object);

// "a Tensor", "an Image": the type's name alone.
std::string describe_type(PyObject* object);

// "(3, 4)", "(3,)", "()".
std::string show_shape(PyArrayObject* array);

}  // namespace ndcall
