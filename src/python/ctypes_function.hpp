// ndcall._core.CtypesFunction: ctypes' own function type with a vectorcall slot. A class that inherits from it, as a CDLL makes one for each
// library, makes genuine ctypes functions; those whose argtypes and restype we know are called through a plan, all others by ctypes.
//
// A plan takes a call or leaves it whole: an argument that it does not know at sight goes to ctypes with all the others, so that results and
// exceptions are those of ctypes.
#pragma once

#include <string>

#include "python/owned.hpp"

namespace ndcall {

// The type, made at the first use: importing ndcall does not need it. Borrowed; null with an exception set.
PyTypeObject* find_ctypes_function_type();

// "plan", or "ctypes: " and why. `arguments`: a tuple, or null to ask about the function alone. Nothing is called.
std::string describe_ctypes_path(PyObject* function, PyObject* arguments);

}  // namespace ndcall
