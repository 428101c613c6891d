// What ndcall.compat uses: the function type of its libraries, and which path a call takes.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include "python/ctypes_function.hpp"
#include "python/module_parts.hpp"

namespace nb = nanobind;

namespace ndcall {

void add_ctypes(nb::module_& module) {
    module.def("get_ctypes_function_type", [] {
        PyTypeObject* type = find_ctypes_function_type();
        if (!type) throw nb::python_error();
        return nb::borrow(reinterpret_cast<PyObject*>(type));
    });
    module.def(
        "describe_ctypes_path",
        [](nb::handle function, const std::optional<nb::tuple>& arguments) {
            PyTypeObject* type = find_ctypes_function_type();
            if (!type) throw nb::python_error();
            if (!PyObject_TypeCheck(function.ptr(), type))
                return std::string("ctypes: it is no function of a library opened by ndcall.compat");
            std::string path = describe_ctypes_path(function.ptr(), arguments ? arguments->ptr() : nullptr);
            if (path.empty()) throw nb::python_error();
            return path;
        },
        nb::arg("function"), nb::arg("arguments").none());
}

}  // namespace ndcall
