#include "python/ctypes_strict.hpp"

#include <string>

#include "call/overlap.hpp"
#include "plan/wording.hpp"
#include "python/ctypes_refusal.hpp"
#include "python/ndpointer_check.hpp"

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

bool refuse(const std::string& subject, Py_ssize_t position, MismatchKind kind, const std::string& problem) {
    Mismatch mismatch;
    mismatch.kind = kind;
    mismatch.problem = problem;
    raise_ctypes_mismatches(subject, position, {mismatch});
    return false;
}

bool refuse_overlap(PyObject* function, Py_ssize_t written, Py_ssize_t count, Overlap overlap, const std::string& partner) {
    const std::string words = overlap == Overlap::Shared ? "overlaps " : "could not be proved disjoint from ";
    return refuse(name_ctypes_argument(function, written, count) + ", which C may write,", written, MismatchKind::Overlap, words + partner);
}

bool check_written(PyObject* function, PyObject* const* arguments, Py_ssize_t count, Py_ssize_t written) {
    const StridedRange range = range_of(arguments[written]);
    if (const Overlap overlap = find_self_overlap(range); overlap != Overlap::None)
        return refuse_overlap(function, written, count, overlap, "itself");
    for (Py_ssize_t other = 0; other < count; ++other) {
        if (other == written || !PyArray_Check(arguments[other])) continue;
        const Overlap overlap = find_overlap(range, range_of(arguments[other]));
        if (overlap == Overlap::None) continue;
        return refuse_overlap(function, written, count, overlap,
                              "the " + print_position(static_cast<std::size_t>(other), static_cast<std::size_t>(count)));
    }
    return true;
}

bool check_argument(PyObject* function, PyObject* converters, PyObject* const* arguments, Py_ssize_t count, Py_ssize_t position) {
    if (!PyArray_Check(arguments[position])) return true;
    if (!PyArray_ISALIGNED(AddressReader::array(arguments[position])))
        return refuse(name_ctypes_argument(function, position, count), position, MismatchKind::Layout, "is not aligned");
    const bool has_converter = position < PyTuple_GET_SIZE(converters);
    return !has_converter || !is_written(PyTuple_GET_ITEM(converters, position)) || check_written(function, arguments, count, position);
}

}  // namespace

int check_strictly(PyObject* function, PyObject* converters, PyObject* const* arguments, Py_ssize_t count) {
    for (Py_ssize_t position = 0; position < count; ++position)
        if (!check_argument(function, converters, arguments, count, position)) return -1;
    return 0;
}

}  // namespace ndcall
