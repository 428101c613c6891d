// ndcall._core: the cold classes by nanobind, and the types of functions and structs, whose call path is plain C-API.
#define NDCALL_IMPORTS_NUMPY
#include "python/numpy_api.hpp"

#include <nanobind/nanobind.h>

#include "python/fast_call.hpp"
#include "python/function_object.hpp"
#include "python/module_parts.hpp"
#include "python/ndpointer_check.hpp"
#include "python/raise.hpp"
#include "python/struct_object.hpp"

namespace nb = nanobind;

namespace ndcall {

void raise_python(const char* exception, const std::string& text) {
    raise_text(exception, text);
    throw nb::python_error();
}

// C's text is in any encoding.
nb::object decode_text(const std::string& raw) {
    return nb::steal(PyUnicode_DecodeUTF8(raw.data(), static_cast<Py_ssize_t>(raw.size()), "replace"));
}

namespace {

bool refuse_interpreter() {
#ifdef Py_GIL_DISABLED
    PyErr_SetString(PyExc_ImportError, "ndcall is not tested with free-threaded Python yet: use the ordinary build of this version");
    return true;
#else
    if (PyInterpreterState_Get() == PyInterpreterState_Main()) return false;
    PyErr_SetString(PyExc_ImportError, "ndcall is not tested in sub-interpreters yet: import it in the main interpreter");
    return true;
#endif
}

int import_numpy() {
    import_array1(-1);
    return 0;
}

}  // namespace

}  // namespace ndcall

NB_MODULE(_core, module) {
    using namespace ndcall;
    if (refuse_interpreter() || import_numpy() < 0 || !make_function_type() || !make_struct_type() || !make_fast_names() ||
        !make_ndpointer_check_type())
        throw nb::python_error();
    nb::set_leak_warnings(false);  // functions of a library that lives until the interpreter ends
    module.attr("Function") = nb::borrow(reinterpret_cast<PyObject*>(get_function_type()));
    module.attr("NdpointerCheck") = nb::borrow(reinterpret_cast<PyObject*>(get_ndpointer_check_type()));
    module.attr("__version__") = NDCALL_VERSION;
    add_declarations(module);
    add_library(module);
    add_functions(module);
    add_ctypes(module);
    add_system(module);
}
