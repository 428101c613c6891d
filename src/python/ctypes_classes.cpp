#include "python/ctypes_classes.hpp"

#include <cstring>

#include "python/owned.hpp"

namespace ndcall {
namespace {

struct ClassRow {
    PyTypeObject* CtypesClasses::*place;
    const char* name;
};
constexpr ClassRow class_rows[] = {
    {&CtypesClasses::simple, "_SimpleCData"}, {&CtypesClasses::pointer, "_Pointer"},  {&CtypesClasses::array, "Array"},
    {&CtypesClasses::function, "_CFuncPtr"},  {&CtypesClasses::c_void_p, "c_void_p"}, {&CtypesClasses::c_char_p, "c_char_p"},
    {&CtypesClasses::c_char, "c_char"},
};

CtypesClasses classes;
PyObject *array_name = nullptr, *no_arguments = nullptr;

// A slot: a dictionary for one attribute would double the price of an address.
PyTypeObject* make_address_class() {
    const auto arguments = Owned<>::steal(
        Py_BuildValue("s(O){s(s)ss}", "ArrayAddress", classes.c_void_p, "__slots__", "_array", "__module__", "ndcall._core"));
    return arguments ? reinterpret_cast<PyTypeObject*>(
                           PyObject_CallObject(reinterpret_cast<PyObject*>(Py_TYPE(classes.c_void_p)), arguments.get()))
                     : nullptr;
}

bool fill_classes() {
    const auto module = Owned<>::steal(PyImport_ImportModule("ctypes"));
    if (!module) return false;
    for (const ClassRow& row : class_rows) {
        auto found = Owned<>::steal(PyObject_GetAttrString(module.get(), row.name));
        if (!found) return false;
        if (!PyType_Check(found.get())) {
            PyErr_Format(PyExc_TypeError, "ctypes.%s is no class", row.name);
            return false;
        }
        classes.*row.place = reinterpret_cast<PyTypeObject*>(found.release());
    }
    array_name = PyUnicode_InternFromString("_array");
    no_arguments = PyTuple_New(0);
    classes.address = array_name && no_arguments ? make_address_class() : nullptr;
    return classes.address != nullptr;
}

}  // namespace

const CtypesClasses* find_ctypes() {
    static bool filled = false;
    if (!filled) filled = fill_classes();
    return filled ? &classes : nullptr;
}

void* find_memory(PyObject* instance, Py_ssize_t size) {
    Py_buffer buffer;
    if (PyObject_GetBuffer(instance, &buffer, PyBUF_SIMPLE) < 0) return nullptr;
    void* memory = buffer.len >= size ? buffer.buf : nullptr;
    PyBuffer_Release(&buffer);
    if (!memory) PyErr_Format(PyExc_TypeError, "%s has fewer bytes than its class", Py_TYPE(instance)->tp_name);
    return memory;
}

PyObject* make_address(PyObject* array) {
    auto address = Owned<>::steal(classes.address->tp_new(classes.address, no_arguments, nullptr));
    if (!address) return nullptr;
    void* memory = find_memory(address.get(), sizeof(void*));
    if (!memory) return nullptr;
    void* data = PyArray_DATA(reinterpret_cast<PyArrayObject*>(array));
    std::memcpy(memory, &data, sizeof data);
    return PyObject_SetAttr(address.get(), array_name, array) < 0 ? nullptr : address.release();
}

}  // namespace ndcall
