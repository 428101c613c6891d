// One name, several C functions: families and overloads.
#pragma once

#include "python/function_object.hpp"

namespace ndcall {

// Calls the only member; of several the first that fits without conversion, then in order (families: the smallest that holds all inputs).
// A new reference, or null with an exception set.
PyObject* call_members(FunctionState& state, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords);

}  // namespace ndcall
