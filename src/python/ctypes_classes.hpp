// What is used of ctypes: its classes, by name, and the memory of its instances, by the buffer protocol. Nothing of its private structs.
#pragma once

#include "python/numpy_api.hpp"

namespace ndcall {

// The modules keep the classes; these references are for ever.
struct CtypesClasses {
    PyTypeObject* simple = nullptr;   // _SimpleCData, above c_int and all others of one value
    PyTypeObject* pointer = nullptr;  // _Pointer, above every POINTER(...)
    PyTypeObject* array = nullptr;    // Array
    PyTypeObject* function = nullptr;
    PyTypeObject* c_void_p = nullptr;
    PyTypeObject* c_char_p = nullptr;
    PyTypeObject* c_char = nullptr;
    PyTypeObject* address = nullptr;  // ours: a c_void_p with a slot for the array that it keeps
};

// Imports ctypes at the first use. Null with an exception set.
const CtypesClasses* find_ctypes();

// The address of an instance's own memory, valid as long as it lives and is not resized; null with an exception set when it is shorter than `size` bytes.
void* find_memory(PyObject* instance, Py_ssize_t size);

// A new instance of `address`: of the array's elements, keeping the array. Null with an exception set.
PyObject* make_address(PyObject* array);

}  // namespace ndcall
