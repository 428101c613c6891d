#include "python/ctypes_result.hpp"

#include "python/ctypes_classes.hpp"
#include "python/fast_call.hpp"

namespace ndcall {
namespace {

const void* read_address(const FastRoute& route, const CallReturn& returned) {
    const void* address = nullptr;
    store_result(route.result, returned, &address);
    return address;
}

// As ctypes makes it: without __init__, and with nothing that it keeps.
PyObject* make_instance(PyObject* type, const FastRoute& route, const CallReturn& returned) {
    char raw[16] = {};
    store_result(route.result, returned, raw);
    return PyObject_CallMethod(type, "from_buffer_copy", "y#", raw, static_cast<Py_ssize_t>(route.result.size));
}

PyObject* wrap_unchecked(const CtypesResult& result, const FastRoute& route, const CallReturn& returned) {
    switch (result.form) {
        case CtypesResultForm::Nothing: Py_RETURN_NONE;
        case CtypesResultForm::Number: return wrap_return(route, returned);
        case CtypesResultForm::Instance: return make_instance(result.instance_type.get(), route, returned);
        default: break;
    }
    const void* address = read_address(route, returned);
    if (!address) Py_RETURN_NONE;
    return result.form == CtypesResultForm::Text ? PyBytes_FromString(static_cast<const char*>(address))
                                                 : PyLong_FromVoidPtr(const_cast<void*>(address));
}

}  // namespace

std::optional<CtypesResult> know_result(PyObject* restype) {
    CtypesResult result;
    if (restype == Py_None) return result;
    const CtypesClasses* classes = find_ctypes();
    if (!classes || !PyType_Check(restype)) return std::nullopt;
    auto* type = reinterpret_cast<PyTypeObject*>(restype);
    const CtypesScalar* scalar = find_scalar_class(type);
    if (!scalar && !PyType_IsSubtype(type, classes->pointer)) return std::nullopt;
    result.type = (scalar ? scalar : find_scalar_class(classes->c_void_p))->type;
    result.instance_type = Owned<>::share(restype);
    if (type == classes->c_void_p)
        result.form = CtypesResultForm::Address;
    else if (type == classes->c_char_p)
        result.form = CtypesResultForm::Text;
    else
        result.form = scalar && is_scalar_class(type) ? CtypesResultForm::Number : CtypesResultForm::Instance;
    result.check = Owned<>::steal(PyObject_GetAttrString(restype, "_check_retval_"));
    PyErr_Clear();
    return result;
}

PyObject* wrap_ctypes_result(const CtypesResult& result, const FastRoute& route, const CallReturn& returned) {
    PyObject* value = wrap_unchecked(result, route, returned);
    if (!value || !result.check) return value;
    const auto unchecked = Owned<>::steal(value);
    return PyObject_CallOneArg(result.check.get(), value);
}

}  // namespace ndcall
