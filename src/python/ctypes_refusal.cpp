#include "python/ctypes_refusal.hpp"

#include "call/explain.hpp"
#include "call/widening.hpp"
#include "plan/wording.hpp"
#include "python/array_refusal.hpp"
#include "python/describe_object.hpp"
#include "python/ndpointer_check.hpp"
#include "python/raise.hpp"

namespace ndcall {
namespace {

// The line that makes an array which fits, when it changes no value.
std::string find_fix(const AddressDemand& demand, PyArrayObject* array, bool has_dtype) {
    auto* wanted = has_dtype ? PyArray_DESCR(array) : static_cast<PyArray_Descr*>(const_cast<void*>(demand.identity));
    std::string dtype;
    if (!has_dtype) {
        const DType from = read_dtype(PyArray_DESCR(array)), to = read_dtype(wanted);
        const Widening widening = find_widening(from, to);
        const bool keeps_values = widening == Widening::Same || widening == Widening::Lossless;
        if (to.swapped || !keeps_values || !find_builtin({from.kind, false, from.itemsize}) || !find_builtin(to)) return {};
        dtype = ", " + write_dtype(wanted);
    }
    const std::string letters = find_requirements(demand.flags);
    if (letters.empty() && (demand.flags || dtype.empty())) return {};
    const std::string requirements = letters.empty() ? "" : std::string(dtype.empty() ? ", requirements=" : ", ") + '"' + letters + '"';
    const auto itemsize = static_cast<std::size_t>(PyDataType_ELSIZE(wanted));
    return "np.require(array" + dtype + requirements + ")   (a copy, " +
           print_bytes(static_cast<std::size_t>(PyArray_SIZE(array)) * itemsize) + "; what C writes goes to the copy)";
}

Mismatches list_array_mismatches(const AddressDemand& demand, PyArrayObject* array) {
    const bool has_dtype = !demand.identity || AddressReader::is_equivalent(reinterpret_cast<PyObject*>(array), demand.identity);
    // Before the view: it runs Python, where another thread may give the array another shape.
    const std::string dtype = show_any_dtype(PyArray_DESCR(array));
    Mismatches mismatches = list_mismatches(demand, view_array(array), PyArray_FLAGS(array), has_dtype, dtype);
    bool is_mendable = true;
    for (const Mismatch& mismatch : mismatches)
        is_mendable &= mismatch.kind == MismatchKind::Dtype || mismatch.kind == MismatchKind::Layout;
    const std::string fix = is_mendable ? find_fix(demand, array, has_dtype) : "";
    for (Mismatch& mismatch : mismatches) {
        mismatch.expected = describe_demand(demand);
        mismatch.got = describe_array(view_array(array));
        mismatch.fix = fix;
    }
    return mismatches;
}

Mismatches list_all_mismatches(const AddressDemand& demand, PyObject* object) {
    if (PyArray_Check(object)) return list_array_mismatches(demand, reinterpret_cast<PyArrayObject*>(object));
    Mismatch mismatch;
    mismatch.problem = "is no array";
    mismatch.expected = describe_demand(demand);
    mismatch.got = describe_object(object);
    return {mismatch};
}

// Null for every other converter.
const AddressDemand* find_demand(PyObject* converter) {
    return Py_IS_TYPE(converter, get_ndpointer_check_type()) ? reinterpret_cast<const NdpointerCheckObject*>(converter)->demand : nullptr;
}

bool is_met(const AddressDemand& demand, PyObject* object) {
    return PyArray_Check(object) ? meets<AddressReader>(demand, object) : object == Py_None && demand.is_optional;
}

}  // namespace

std::string show_any_dtype(PyArray_Descr* descr) {
    constexpr Py_ssize_t most_characters = 100;
    const auto text = Owned<>::steal(PyDataType_HASFIELDS(descr) ? PyObject_Str(reinterpret_cast<PyObject*>(descr)) : nullptr);
    Py_ssize_t size = 0;
    const char* characters = text ? PyUnicode_AsUTF8AndSize(text.get(), &size) : nullptr;
    PyErr_Clear();
    return characters && size <= most_characters ? characters : show_dtype(descr);
}

std::string name_ctypes_function(PyObject* function) {
    const auto name = Owned<>::steal(PyObject_GetAttrString(function, "__name__"));
    const char* text = name && PyUnicode_Check(name.get()) ? PyUnicode_AsUTF8(name.get()) : nullptr;
    PyErr_Clear();
    return text ? text : "a function without a name";
}

std::string name_ctypes_argument(PyObject* function, Py_ssize_t position, Py_ssize_t count) {
    return name_ctypes_function(function) + ": the " + print_position(static_cast<std::size_t>(position), static_cast<std::size_t>(count)) +
           (count == 1 ? " argument" : " arguments");
}

PyObject* raise_ctypes_mismatches(const std::string& subject, Py_ssize_t position, Mismatches mismatches) {
    for (Mismatch& mismatch : mismatches) mismatch.position = static_cast<std::int32_t>(position);
    const Owned<> type = find_exception(exception_name(mismatches), "ndcall.compat._exceptions");
    return type ? raise_report(type.get(), {"", 0, subject, std::move(mismatches)}) : nullptr;
}

PyObject* refuse_parameter(const AddressDemand& demand, PyObject* object) {
    return raise_ctypes_mismatches(PyArray_Check(object) ? "the array" : "the argument", -1, list_all_mismatches(demand, object));
}

Py_ssize_t find_refused_array(PyObject* converters, PyObject* const* arguments, Py_ssize_t count) noexcept {
    const Py_ssize_t wanted = PyTuple_GET_SIZE(converters);
    for (Py_ssize_t i = 0; count >= wanted && i < wanted; ++i) {
        const AddressDemand* demand = find_demand(PyTuple_GET_ITEM(converters, i));
        if (demand && !is_met(*demand, arguments[i])) return i;
    }
    return -1;
}

bool has_ndpointers(PyObject* converters) noexcept {
    bool has = false;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(converters); ++i) has |= find_demand(PyTuple_GET_ITEM(converters, i)) != nullptr;
    return has;
}

PyObject* refuse_argument(PyObject* function, PyObject* converter, PyObject* const* arguments, Py_ssize_t count, Py_ssize_t position) {
    return raise_ctypes_mismatches(name_ctypes_argument(function, position, count), position,
                                   list_all_mismatches(*find_demand(converter), arguments[position]));
}

}  // namespace ndcall
