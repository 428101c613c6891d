// Why an argument of a ctypes function is refused: the exceptions of ndcall.compat, which are also what scripts of ctypes catch.
#pragma once

#include <string>

#include "call/address_demand.hpp"
#include "python/numpy_api.hpp"

namespace ndcall {

// "float64", or the fields, as far as they fit a line.
std::string show_any_dtype(PyArray_Descr* descr);

// Sets what from_param raises for an object that does not meet the demand: it knows of no function. Always null. Throws std::bad_alloc.
PyObject* refuse_parameter(const AddressDemand& demand, PyObject* object);

// "dadd", and "dadd: the 3rd of 4 arguments", for messages. They run Python code.
std::string name_ctypes_function(PyObject* function);
std::string name_ctypes_argument(PyObject* function, Py_ssize_t position, Py_ssize_t count);

// Sets the exception for the argument at a position, from 0. Always null. `subject` is the beginning of its text.
PyObject* raise_ctypes_mismatches(const std::string& subject, Py_ssize_t position, Mismatches mismatches);

// The first argument that does not meet the ndpointer of its place; -1: none, or too few for ctypes to look at. Runs no Python code.
// `converters`: a tuple, from_param of each of argtypes.
Py_ssize_t find_refused_array(PyObject* converters, PyObject* const* arguments, Py_ssize_t count) noexcept;
bool has_ndpointers(PyObject* converters) noexcept;

// Sets the exception for that one. Always null. Throws std::bad_alloc.
PyObject* refuse_argument(PyObject* function, PyObject* converter, PyObject* const* arguments, Py_ssize_t count, Py_ssize_t position);

}  // namespace ndcall
