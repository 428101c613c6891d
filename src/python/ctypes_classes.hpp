// What is used of ctypes: its classes, by name, and the memory of its instances, by the buffer protocol. Nothing of its private structs.
#pragma once

#include "declaration/type.hpp"
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
    PyTypeObject* reference = nullptr;  // of what byref gives
    PyTypeObject* address = nullptr;    // ours: a c_void_p with a slot for the array that it keeps
};

// The C type behind a class of one value.
struct CtypesScalar {
    const char* name;  // "c_int"
    Type type;
};

// Imports ctypes at the first use. Null with an exception set.
const CtypesClasses* find_ctypes();

// The same, for those who hold something that find_ctypes was needed for.
extern CtypesClasses ctypes_classes;

// Of ctypes' own numbers and pointers and of what inherits from them; null for others: py_object, wide characters, swapped bytes.
const CtypesScalar* find_scalar_class(const PyTypeObject* type);
bool is_scalar_class(const PyTypeObject* type);  // one of ctypes' own, whose results are Python's numbers

// The address of an instance's own memory, valid as long as it lives and is not resized. Null when it has fewer bytes, never an exception.
// `instance` is of a ctypes class. Runs no Python code.
void* find_memory(PyObject* instance, Py_ssize_t size);

// A new instance of `address`: of the array's elements, keeping the array. Null with an exception set.
PyObject* make_address(PyObject* array);

}  // namespace ndcall
