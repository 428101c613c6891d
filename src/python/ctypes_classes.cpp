#include "python/ctypes_classes.hpp"

#include <cstring>
#include <iterator>

#include "python/owned.hpp"

namespace ndcall {

CtypesClasses ctypes_classes;

namespace {

CtypesClasses& classes = ctypes_classes;

struct ClassRow {
    PyTypeObject* CtypesClasses::*place;
    const char* name;
};
constexpr ClassRow class_rows[] = {
    {&CtypesClasses::simple, "_SimpleCData"}, {&CtypesClasses::pointer, "_Pointer"},  {&CtypesClasses::array, "Array"},
    {&CtypesClasses::function, "_CFuncPtr"},  {&CtypesClasses::c_void_p, "c_void_p"}, {&CtypesClasses::c_char_p, "c_char_p"},
    {&CtypesClasses::c_char, "c_char"},
};

Type make_type(Kind kind, std::size_t size) {
    static const Type nothing;
    Type type;
    type.kind = kind;
    type.size = type.align = static_cast<std::uint32_t>(size);
    if (kind == Kind::Pointer) type.target = &nothing;
    return type;
}

// c_longlong is c_long where they have one size, and so on: then a row is found first and the other never.
const CtypesScalar scalar_rows[] = {
    {"c_bool", make_type(Kind::Bool, sizeof(bool))},
    {"c_byte", make_type(Kind::Signed, sizeof(char))},
    {"c_ubyte", make_type(Kind::Unsigned, sizeof(char))},
    {"c_short", make_type(Kind::Signed, sizeof(short))},
    {"c_ushort", make_type(Kind::Unsigned, sizeof(short))},
    {"c_int", make_type(Kind::Signed, sizeof(int))},
    {"c_uint", make_type(Kind::Unsigned, sizeof(int))},
    {"c_long", make_type(Kind::Signed, sizeof(long))},
    {"c_ulong", make_type(Kind::Unsigned, sizeof(long))},
    {"c_longlong", make_type(Kind::Signed, sizeof(long long))},
    {"c_ulonglong", make_type(Kind::Unsigned, sizeof(long long))},
    {"c_float", make_type(Kind::Float, sizeof(float))},
    {"c_double", make_type(Kind::Float, sizeof(double))},
    {"c_void_p", make_type(Kind::Pointer, sizeof(void*))},
    {"c_char_p", make_type(Kind::Pointer, sizeof(void*))},
};
const PyTypeObject* scalar_classes[std::size(scalar_rows)] = {};

getbufferproc get_buffer = nullptr;  // of all ctypes classes
PyObject *array_name = nullptr, *no_arguments = nullptr;

// byref has no class that one could import.
bool find_reference_class(PyObject* module) {
    const auto value = Owned<>::steal(PyObject_CallNoArgs(reinterpret_cast<PyObject*>(classes.c_void_p)));
    const auto reference = Owned<>::steal(value ? PyObject_CallMethod(module, "byref", "O", value.get()) : nullptr);
    if (reference) classes.reference = reinterpret_cast<PyTypeObject*>(Py_NewRef(reinterpret_cast<PyObject*>(Py_TYPE(reference.get()))));
    return classes.reference != nullptr;
}

// A slot: a dictionary for one attribute would double the price of an address.
PyTypeObject* make_address_class() {
    const auto arguments = Owned<>::steal(
        Py_BuildValue("s(O){s(s)ss}", "ArrayAddress", classes.c_void_p, "__slots__", "_array", "__module__", "ndcall._core"));
    return arguments ? reinterpret_cast<PyTypeObject*>(
                           PyObject_CallObject(reinterpret_cast<PyObject*>(Py_TYPE(classes.c_void_p)), arguments.get()))
                     : nullptr;
}

// A new reference.
PyTypeObject* find_class(PyObject* module, const char* name) {
    auto found = Owned<>::steal(PyObject_GetAttrString(module, name));
    if (!found || PyType_Check(found.get())) return reinterpret_cast<PyTypeObject*>(found.release());
    PyErr_Format(PyExc_TypeError, "ctypes.%s is no class", name);
    return nullptr;
}

bool fill_classes() {
    const auto module = Owned<>::steal(PyImport_ImportModule("ctypes"));
    if (!module) return false;
    for (const ClassRow& row : class_rows)
        if (!(classes.*row.place = find_class(module.get(), row.name))) return false;
    for (std::size_t i = 0; i < std::size(scalar_rows); ++i)
        if (!(scalar_classes[i] = find_class(module.get(), scalar_rows[i].name))) return false;
    if (!find_reference_class(module.get())) return false;
    get_buffer = classes.c_void_p->tp_as_buffer->bf_getbuffer;
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

const CtypesScalar* find_scalar_class(const PyTypeObject* type) {
    while (type && type->tp_base != classes.simple) type = type->tp_base;
    for (std::size_t i = 0; type && i < std::size(scalar_rows); ++i)
        if (type == scalar_classes[i]) return &scalar_rows[i];
    return nullptr;
}

bool is_scalar_class(const PyTypeObject* type) { return type->tp_base == classes.simple && find_scalar_class(type); }

// Not by PyObject_GetBuffer: from Python 3.12 on a class can have a __buffer__ of its own, which ctypes does not ask either.
void* find_memory(PyObject* instance, Py_ssize_t size) {
    Py_buffer buffer;
    if (get_buffer(instance, &buffer, PyBUF_SIMPLE) < 0) {
        PyErr_Clear();
        return nullptr;
    }
    Py_DECREF(buffer.obj);  // ctypes' classes have no more to release
    return buffer.len >= size ? buffer.buf : nullptr;
}

PyObject* make_address(PyObject* array) {
    auto address = Owned<>::steal(classes.address->tp_new(classes.address, no_arguments, nullptr));
    if (!address) return nullptr;
    void* memory = find_memory(address.get(), sizeof(void*));
    if (!memory) return PyErr_NoMemory();
    void* data = PyArray_DATA(reinterpret_cast<PyArrayObject*>(array));
    std::memcpy(memory, &data, sizeof data);
    return PyObject_SetAttr(address.get(), array_name, array) < 0 ? nullptr : address.release();
}

}  // namespace ndcall
