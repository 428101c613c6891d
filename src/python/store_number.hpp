// The closed table of scalar conversions: a Python number becomes a raw C scalar, or it is said why not. Ends with "not listed: refused".
//
//   C bool      bool, np.bool_
//   C integer   what operator.index takes: int, bool, np.integer, 0-d integer arrays, objects with __index__; in range
//   C float     int and bool (exactly), float, np.floating, 0-d arrays of these: rounded, but never to infinity; long double exactly
//   C complex   what a C float takes, complex, np.complexfloating, 0-d arrays of these
#pragma once

#include <cstddef>
#include <cstdint>

#include "plan/plan.hpp"
#include "python/numpy_api.hpp"

namespace ndcall {

enum class Stored : std::uint8_t {
    Done,
    WrongKind,   // no number, or one of a kind that this type does not take
    DoesNotFit,  // beyond the range
    NotExact,    // an integer or long double that the type cannot hold exactly
    Masked,      // the masked constant of numpy.ma, or a masked 0-d array
    PythonError,
};

// `raw`: as many bytes as the type has, of any alignment; untouched unless Done.
Stored store_number_object(Scalar type, PyObject* object, std::byte* raw);

// May the table ask an __index__ that is the caller's code? Python's integers and NumPy's own scalars have none; a class made from NumPy's may.
inline bool asks_index(PyObject* object) {
    const bool is_numpys = PyArray_IsAnyScalar(object) && !PyType_HasFeature(Py_TYPE(object), Py_TPFLAGS_HEAPTYPE);
    return PyIndex_Check(object) && !PyLong_Check(object) && !is_numpys && !PyArray_Check(object);
}

// The fast path: exact types only, no allocation. False: ask store_number_object.
inline bool read_fast(PyObject* object, std::int64_t& value) {
    if (!PyLong_CheckExact(object)) return false;
    int overflow = 0;
    value = PyLong_AsLongLongAndOverflow(object, &overflow);
    return overflow == 0;
}
inline bool read_fast(PyObject* object, std::int32_t& value) {
    std::int64_t wide = 0;
    if (!read_fast(object, wide) || wide != static_cast<std::int32_t>(wide)) return false;
    value = static_cast<std::int32_t>(wide);
    return true;
}
inline bool read_fast(PyObject* object, double& value) {
    if (PyFloat_CheckExact(object)) {
        value = PyFloat_AS_DOUBLE(object);
        return true;
    }
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    std::int64_t integer = 0;
    if (!read_fast(object, integer) || integer > exact || integer < -exact) return false;
    value = static_cast<double>(integer);
    return true;
}
inline bool read_fast(PyObject* object, float& value) {
    // Rounding to infinity begins half a unit above the largest float; what lies near is left to the table.
    if (!PyFloat_CheckExact(object)) return false;
    const double wide = PyFloat_AS_DOUBLE(object);
    if (!(wide <= 3.4e38 && wide >= -3.4e38)) return false;
    value = static_cast<float>(wide);
    return true;
}

}  // namespace ndcall
