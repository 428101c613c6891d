#include "python/convert_array.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <limits>

#include "call/widening.hpp"
#include "plan/types.hpp"
#include "python/describe_object.hpp"
#include "python/dtype.hpp"

namespace ndcall {
namespace {

// Of no subclass, whose __array_finalize__ could change the array that is looked at.
Owned<PyArrayObject> make_contiguous(PyArrayObject* array) {
    PyArray_Descr* descr = find_builtin(read_dtype(PyArray_DESCR(array)));
    Py_INCREF(descr);  // PyArray_FromArray takes it
    constexpr int flags = NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED | NPY_ARRAY_NOTSWAPPED | NPY_ARRAY_ENSUREARRAY;
    return Owned<PyArrayObject>::steal(reinterpret_cast<PyArrayObject*>(PyArray_FromArray(array, descr, flags)));
}

// "holds 9007199254740993 at [3], which float64 cannot hold exactly"
Conversion refuse_element(PyArrayObject* array, npy_intp flat, const DType& target, const std::string& prefix, Mismatch& mismatch) {
    const auto iterator = Owned<>::steal(PyArray_IterNew(reinterpret_cast<PyObject*>(array)));
    if (!iterator) return Conversion::PythonError;
    PyArray_ITER_GOTO1D(reinterpret_cast<PyArrayIterObject*>(iterator.get()), flat);
    const auto value = Owned<>::steal(PyArray_GETITEM(array, static_cast<char*>(PyArray_ITER_DATA(iterator.get()))));
    if (!value) return Conversion::PythonError;
    mismatch.kind = MismatchKind::Range;
    mismatch.problem = "holds " + describe_object(value.get()) + show_index(flat, PyArray_NDIM(array), PyArray_DIMS(array), prefix) +
                       ", which " + name_dtype(target) + " cannot hold exactly";
    return Conversion::Refused;
}

// False: the element has no next or previous one.
template <class T>
bool shift_element(char* at, int shift) {
    T value;
    std::memcpy(&value, at, sizeof value);
    if (value == (shift > 0 ? std::numeric_limits<T>::max() : std::numeric_limits<T>::min())) return false;
    value = static_cast<T>(shift > 0 ? value + 1 : value - 1);
    std::memcpy(at, &value, sizeof value);
    return true;
}

struct ShiftRow {
    char kind;
    std::uint32_t itemsize;
    bool (*shift_element)(char*, int);
};
constexpr ShiftRow shift_rows[] = {
    {'i', 4, shift_element<std::int32_t>},  {'i', 8, shift_element<std::int64_t>},  {'i', 2, shift_element<std::int16_t>},
    {'i', 1, shift_element<std::int8_t>},   {'u', 8, shift_element<std::uint64_t>}, {'u', 4, shift_element<std::uint32_t>},
    {'u', 2, shift_element<std::uint16_t>}, {'u', 1, shift_element<std::uint8_t>},
};

}  // namespace

Owned<PyArrayObject> make_array(PyArray_Descr* descr, int ndim, const npy_intp* shape, bool fortran, bool zero_fill) {
    Py_INCREF(descr);  // both functions take it, also when they fail
    PyObject* array = zero_fill ? PyArray_Zeros(ndim, shape, descr, fortran) : PyArray_Empty(ndim, shape, descr, fortran);
    return Owned<PyArrayObject>::steal(reinterpret_cast<PyArrayObject*>(array));
}

Conversion convert_elements(PyArrayObject* from, PyArrayObject* to, const std::string& prefix, Mismatch& mismatch) {
    const DType source = read_dtype(PyArray_DESCR(from)), target = read_dtype(PyArray_DESCR(to));
    const Widening widening = find_widening(source, target);
    if (widening == Widening::Never) {
        mismatch.kind = MismatchKind::Dtype;
        const std::string place = prefix.empty() ? "" : " at [" + prefix.substr(0, prefix.size() - 2) + "]";
        mismatch.problem =
            "holds a " + show_dtype(PyArray_DESCR(from)) + " array" + place + ", which is not converted to " + name_dtype(target);
        return Conversion::Refused;
    }
    if (widening == Widening::ByValue) {
        const npy_intp found = find_unkept(from, target);
        if (found < 0) return Conversion::PythonError;
        if (found < PyArray_SIZE(from)) return refuse_element(from, found, target, prefix, mismatch);
    }
    return PyArray_CopyInto(to, from) == 0 ? Conversion::Done : Conversion::PythonError;
}

npy_intp find_unkept(PyArrayObject* array, const DType& target) {
    const Owned<PyArrayObject> flat = make_contiguous(array);
    if (!flat) return -1;
    const auto count = static_cast<std::size_t>(PyArray_SIZE(flat.get()));
    const auto* data = static_cast<const std::byte*>(PyArray_DATA(flat.get()));
    return static_cast<npy_intp>(find_unrepresentable(read_dtype(PyArray_DESCR(flat.get())), target, data, count));
}

Conversion shift_elements(PyArrayObject* array, int shift, Mismatch& mismatch) {
    const DType dtype = read_dtype(PyArray_DESCR(array));
    const ShiftRow* row = std::find_if(std::begin(shift_rows), std::end(shift_rows),
                                       [&](const ShiftRow& known) { return known.kind == dtype.kind && known.itemsize == dtype.itemsize; });
    if (row == std::end(shift_rows)) {
        PyErr_SetString(PyExc_SystemError, "only integers count from 1");
        return Conversion::PythonError;
    }
    const auto iterator = Owned<>::steal(PyArray_IterNew(reinterpret_cast<PyObject*>(array)));
    if (!iterator) return Conversion::PythonError;
    while (PyArray_ITER_NOTDONE(iterator.get())) {
        if (row->shift_element(static_cast<char*>(PyArray_ITER_DATA(iterator.get())), shift)) {
            PyArray_ITER_NEXT(iterator.get());
            continue;
        }
        const npy_intp flat = reinterpret_cast<PyArrayIterObject*>(iterator.get())->index;
        mismatch.kind = MismatchKind::Range;
        mismatch.problem = std::string("holds the ") + (shift > 0 ? "largest " : "smallest ") + name_dtype(dtype) +
                           show_index(flat, PyArray_NDIM(array), PyArray_DIMS(array), "") + ", which has no " +
                           (shift > 0 ? "next one" : "one before it") + " (C counts from 1)";
        return Conversion::Refused;
    }
    return Conversion::Done;
}

std::string show_index(npy_intp flat, int ndim, const npy_intp* shape, const std::string& prefix) {
    std::string out;
    for (int axis = ndim - 1; axis >= 0; --axis) {
        out = std::to_string(flat % shape[axis]) + (out.empty() ? "" : ", ") + out;
        flat /= shape[axis];
    }
    return ndim == 0 ? std::string() : " at [" + prefix + out + "]";
}

}  // namespace ndcall
