#include "python/numpy_classes.hpp"

#include "python/owned.hpp"

namespace ndcall {
namespace {

// Nobody can own an instance before its module was imported.
Owned<> find_module(const char* name) {
    const auto key = Owned<>::steal(PyUnicode_FromString(name));
    return Owned<>::steal(key ? PyImport_GetModule(key.get()) : nullptr);
}

// Its type says so: isinstance would ask the object's own __class__, which may be the caller's code.
int is_instance(PyObject* array, const char* module_name, const char* class_name) {
    if (PyArray_CheckExact(array)) return 0;
    const Owned<> module = find_module(module_name);
    if (!module) return PyErr_Occurred() != nullptr ? -1 : 0;
    const auto type = Owned<>::steal(PyObject_GetAttrString(module.get(), class_name));
    if (!type) return -1;
    return PyType_Check(type.get()) && PyType_IsSubtype(Py_TYPE(array), reinterpret_cast<PyTypeObject*>(type.get())) ? 1 : 0;
}

}  // namespace

int is_matrix(PyObject* array) { return is_instance(array, "numpy", "matrix"); }
int is_masked_array(PyObject* array) { return is_instance(array, "numpy.ma", "MaskedArray"); }

int has_masked_elements(PyObject* array) {
    const int is_masked = is_masked_array(array);
    if (is_masked <= 0) return is_masked;
    if (PyArray_HASFIELDS(reinterpret_cast<PyArrayObject*>(array))) return 1;
    const Owned<> module = find_module("numpy.ma");
    const auto answer = Owned<>::steal(module ? PyObject_CallMethod(module.get(), "is_masked", "O", array) : nullptr);
    return answer ? PyObject_IsTrue(answer.get()) : -1;
}

}  // namespace ndcall
