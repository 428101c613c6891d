#include "python/ctypes_strict.hpp"

#include <new>
#include <string>

#include "call/overlap.hpp"
#include "plan/wording.hpp"
#include "python/ndpointer_check.hpp"
#include "python/raise.hpp"

namespace ndcall {
namespace {

StridedRange range_of(PyObject* object) {
    PyArrayObject* array = AddressReader::array(object);
    return {reinterpret_cast<std::uintptr_t>(PyArray_DATA(array)), PyArray_NDIM(array), PyArray_DIMS(array), PyArray_STRIDES(array),
            static_cast<std::size_t>(PyDataType_ELSIZE(PyArray_DESCR(array)))};
}

bool is_written(PyObject* converter) {
    if (!Py_IS_TYPE(converter, get_ndpointer_check_type())) return false;
    return (reinterpret_cast<const NdpointerCheckObject*>(converter)->demand->flags & NPY_ARRAY_WRITEABLE) != 0;
}

// "dadd: the 3rd of 4 arguments".
std::string name_argument(const char* function, Py_ssize_t position, Py_ssize_t count) {
    return std::string(function) + ": the " + print_position(static_cast<std::size_t>(position), static_cast<std::size_t>(count)) +
           (count == 1 ? " argument" : " arguments");
}

bool refuse_overlap(const std::string& argument, Overlap overlap, const std::string& partner) {
    const std::string words = overlap == Overlap::Shared ? " overlaps " : " could not be proved disjoint from ";
    raise_text("OverlapError", argument + ", which C may write," + words + partner);
    return false;
}

bool check_written(const char* function, PyObject* const* arguments, Py_ssize_t count, Py_ssize_t written) {
    const StridedRange range = range_of(arguments[written]);
    if (const Overlap overlap = find_self_overlap(range); overlap != Overlap::None)
        return refuse_overlap(name_argument(function, written, count), overlap, "itself");
    for (Py_ssize_t other = 0; other < count; ++other) {
        if (other == written || !PyArray_Check(arguments[other])) continue;
        const Overlap overlap = find_overlap(range, range_of(arguments[other]));
        if (overlap == Overlap::None) continue;
        return refuse_overlap(name_argument(function, written, count), overlap,
                              "the " + print_position(static_cast<std::size_t>(other), static_cast<std::size_t>(count)));
    }
    return true;
}

bool check_argument(const char* function, PyObject* converters, PyObject* const* arguments, Py_ssize_t count, Py_ssize_t position) {
    if (!PyArray_Check(arguments[position])) return true;
    if (!PyArray_ISALIGNED(AddressReader::array(arguments[position]))) {
        raise_text("LayoutError", name_argument(function, position, count) + " is not aligned");
        return false;
    }
    const bool has_converter = position < PyTuple_GET_SIZE(converters);
    return !has_converter || !is_written(PyTuple_GET_ITEM(converters, position)) || check_written(function, arguments, count, position);
}

}  // namespace

bool check_strictly(const char* function, PyObject* converters, PyObject* const* arguments, Py_ssize_t count) {
    try {
        for (Py_ssize_t position = 0; position < count; ++position)
            if (!check_argument(function, converters, arguments, count, position)) return false;
        return true;
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
        return false;
    }
}

}  // namespace ndcall
