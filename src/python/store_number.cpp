#include "python/store_number.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "call/half.hpp"
#include "python/numpy_classes.hpp"
#include "python/owned.hpp"

namespace ndcall {
namespace {

// What an object is worth, before any C type is looked at.
struct NumberObject {
    enum class Form : std::uint8_t { NotANumber, Bool, Integer, Real, Complex } form = Form::NotANumber;
    bool is_long = false;        // long double: never rounded
    bool is_numpy_bool = false;  // np.bool_ is no integer; Python's bool is one
    Owned<> integer;             // exact int
    long double real = 0, imaginary = 0;
};

enum class Reading : std::uint8_t { Done, Masked, PythonError };

using Form = NumberObject::Form;

void set_complex(NumberObject& number, long double real, long double imaginary, bool is_long) {
    number.form = Form::Complex;
    number.real = real;
    number.imaginary = imaginary;
    number.is_long = is_long;
}

void set_real(NumberObject& number, long double real, bool is_long) {
    number.form = Form::Real;
    number.real = real;
    number.is_long = is_long;
}

Reading set_integer(NumberObject& number, PyObject* object) {
    number.form = Form::Integer;
    number.integer = Owned<>::steal(PyNumber_Index(object));
    return number.integer ? Reading::Done : Reading::PythonError;
}

// NumPy's scalars beside np.float64 and np.complex128, which are Python's float and complex.
Reading read_numpy_scalar(PyObject* object, NumberObject& number) {
    alignas(16) std::byte raw[2 * sizeof(long double)];
    if (PyArray_IsScalar(object, Bool)) {
        number.form = Form::Bool;
        number.is_numpy_bool = true;
        number.real = object == PyArrayScalar_True ? 1 : 0;
    } else if (PyArray_IsScalar(object, Integer) && !PyArray_IsScalar(object, Timedelta)) {
        return set_integer(number, object);
    } else if (PyArray_IsScalar(object, Half)) {
        PyArray_ScalarAsCtype(object, raw);
        std::uint16_t half;
        std::memcpy(&half, raw, sizeof half);
        set_real(number, widen_half(half), false);
    } else if (PyArray_IsScalar(object, Float)) {
        PyArray_ScalarAsCtype(object, raw);
        float value;
        std::memcpy(&value, raw, sizeof value);
        set_real(number, value, false);
    } else if (PyArray_IsScalar(object, LongDouble)) {
        PyArray_ScalarAsCtype(object, raw);
        std::memcpy(&number.real, raw, sizeof number.real);
        set_real(number, number.real, true);
    } else if (PyArray_IsScalar(object, CFloat)) {
        PyArray_ScalarAsCtype(object, raw);
        float parts[2];
        std::memcpy(parts, raw, sizeof parts);
        set_complex(number, parts[0], parts[1], false);
    } else if (PyArray_IsScalar(object, CLongDouble)) {
        PyArray_ScalarAsCtype(object, raw);
        long double parts[2];
        std::memcpy(parts, raw, sizeof parts);
        set_complex(number, parts[0], parts[1], true);
    }
    return Reading::Done;
}

Reading read_python_number(PyObject* object, bool integer_is_wanted, NumberObject& number) {
    if (PyFloat_Check(object)) {
        set_real(number, PyFloat_AS_DOUBLE(object), false);
    } else if (PyBool_Check(object)) {
        if (set_integer(number, object) != Reading::Done) return Reading::PythonError;
        number.form = Form::Bool;
        number.real = object == Py_True ? 1 : 0;
    } else if (PyLong_Check(object)) {
        return set_integer(number, object);
    } else if (PyComplex_Check(object)) {
        set_complex(number, PyComplex_RealAsDouble(object), PyComplex_ImagAsDouble(object), false);
    } else if (PyArray_IsScalar(object, Generic)) {
        return read_numpy_scalar(object, number);
    } else if (integer_is_wanted && PyIndex_Check(object) && !PyArray_Check(object)) {
        return set_integer(number, object);
    }
    return Reading::Done;
}

// A 0-d array is a scalar of its dtype.
Reading read_number(PyObject* object, bool integer_is_wanted, NumberObject& number) {
    if (!PyArray_Check(object)) return read_python_number(object, integer_is_wanted, number);
    auto* array = reinterpret_cast<PyArrayObject*>(object);
    if (PyArray_NDIM(array) != 0 || !(PyArray_ISNUMBER(array) || PyArray_ISBOOL(array))) return Reading::Done;
    const int masked = has_masked_elements(object);
    if (masked != 0) return masked > 0 ? Reading::Masked : Reading::PythonError;
    const auto scalar = Owned<>::steal(PyArray_ToScalar(PyArray_DATA(array), array));
    return scalar ? read_python_number(scalar.get(), false, number) : Reading::PythonError;
}

template <class T>
Stored store_integer(const NumberObject& number, std::byte* raw) {
    if ((number.form != Form::Integer && number.form != Form::Bool) || number.is_numpy_bool) return Stored::WrongKind;
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(number.integer.get(), &overflow);
    T out;
    if (overflow == 0 && std::in_range<T>(value)) {
        out = static_cast<T>(value);
    } else if (overflow > 0 && sizeof(T) == sizeof(std::uint64_t) && !std::is_signed_v<T>) {
        const unsigned long long large = PyLong_AsUnsignedLongLong(number.integer.get());
        if (PyErr_Occurred() != nullptr) {
            PyErr_Clear();
            return Stored::DoesNotFit;
        }
        out = static_cast<T>(large);
    } else {
        return Stored::DoesNotFit;
    }
    std::memcpy(raw, &out, sizeof out);
    return Stored::Done;
}

Stored store_bool(const NumberObject& number, std::byte* raw) {
    if (number.form != Form::Bool) return Stored::WrongKind;
    *raw = std::byte{number.real != 0};
    return Stored::Done;
}

// An integer of more than 64 bits: a double and what it leaves, each exact, add up without rounding or not at all.
Stored widen_large(PyObject* integer, long double& value) {
    PyObject* rest = integer;
    Owned<> owned_rest;
    value = 0;
    for (int part = 0; part < 2; ++part) {
        const double head = PyLong_AsDouble(rest);
        if (head == -1 && PyErr_Occurred() != nullptr) {
            const bool is_too_large = PyErr_ExceptionMatches(PyExc_OverflowError) != 0;
            if (is_too_large) PyErr_Clear();
            return is_too_large ? Stored::DoesNotFit : Stored::PythonError;
        }
        const long double sum = value + head;
        if (sum - value != head) return Stored::NotExact;
        value = sum;
        const auto whole = Owned<>::steal(PyLong_FromDouble(head));
        owned_rest = Owned<>::steal(whole ? PyNumber_Subtract(rest, whole.get()) : nullptr);
        if (!owned_rest) return Stored::PythonError;
        rest = owned_rest.get();
    }
    int overflow = 0;
    return PyLong_AsLongLongAndOverflow(rest, &overflow) == 0 ? Stored::Done : Stored::NotExact;
}

// Any float holds fewer integers than long double: what is not exact here is exact nowhere.
static_assert(std::numeric_limits<long double>::digits >= 64);
Stored widen_integer(PyObject* integer, long double& value) {
    int overflow = 0;
    const long long small = PyLong_AsLongLongAndOverflow(integer, &overflow);
    value = static_cast<long double>(small);
    return overflow == 0 ? Stored::Done : widen_large(integer, value);
}

struct Half {
    std::uint16_t bits;
};

template <class T>
T round_to(long double value) {
    if constexpr (std::is_same_v<T, Half>)
        return {narrow_to_half(static_cast<double>(value))};
    else
        return static_cast<T>(value);
}
template <class T>
long double widen(T value) {
    if constexpr (std::is_same_v<T, Half>)
        return widen_half(value.bits);
    else
        return value;
}

template <class T>
Stored store_part(long double value, bool must_be_exact, std::byte* raw) {
    const T rounded = round_to<T>(value);
    if (std::isfinite(value)) {
        if (!std::isfinite(widen(rounded))) return Stored::DoesNotFit;
        if (must_be_exact && widen(rounded) != value) return Stored::NotExact;
    }
    std::memcpy(raw, &rounded, sizeof rounded);
    return Stored::Done;
}

template <class T>
Stored store_float(const NumberObject& number, std::byte* raw) {
    if (number.form == Form::Real) return store_part<T>(number.real, number.is_long, raw);
    if ((number.form != Form::Integer && number.form != Form::Bool) || number.is_numpy_bool) return Stored::WrongKind;
    long double value = 0;
    const Stored widened = widen_integer(number.integer.get(), value);
    return widened == Stored::Done ? store_part<T>(value, true, raw) : widened;
}

template <class T>
Stored store_complex(const NumberObject& number, std::byte* raw) {
    std::byte parts[2 * sizeof(T)] = {};
    const Stored real = number.form == Form::Complex ? store_part<T>(number.real, number.is_long, parts) : store_float<T>(number, parts);
    if (real != Stored::Done) return real;
    const Stored imaginary = store_part<T>(number.imaginary, number.is_long, parts + sizeof(T));
    if (imaginary != Stored::Done) return imaginary;
    std::memcpy(raw, parts, sizeof parts);
    return Stored::Done;
}

struct StoreRow {
    Scalar type;
    Stored (*store)(const NumberObject&, std::byte*);
};

// Not listed: refused.
constexpr StoreRow store_rows[] = {
    {{ScalarKind::Bool, 1}, store_bool},
    {{ScalarKind::Signed, 1}, store_integer<std::int8_t>},
    {{ScalarKind::Signed, 2}, store_integer<std::int16_t>},
    {{ScalarKind::Signed, 4}, store_integer<std::int32_t>},
    {{ScalarKind::Signed, 8}, store_integer<std::int64_t>},
    {{ScalarKind::Unsigned, 1}, store_integer<std::uint8_t>},
    {{ScalarKind::Unsigned, 2}, store_integer<std::uint16_t>},
    {{ScalarKind::Unsigned, 4}, store_integer<std::uint32_t>},
    {{ScalarKind::Unsigned, 8}, store_integer<std::uint64_t>},
    {{ScalarKind::Float, 2}, store_float<Half>},
    {{ScalarKind::Float, 4}, store_float<float>},
    {{ScalarKind::Float, 8}, store_float<double>},
    {{ScalarKind::Float, sizeof(long double)}, store_float<long double>},
    {{ScalarKind::Complex, 8}, store_complex<float>},
    {{ScalarKind::Complex, 16}, store_complex<double>},
    {{ScalarKind::Complex, 2 * sizeof(long double)}, store_complex<long double>},
};

bool store_fast(Scalar type, PyObject* object, std::byte* raw) {
    if (type == Scalar{ScalarKind::Float, 8}) {
        double value = 0;
        if (!read_fast(object, value)) return false;
        std::memcpy(raw, &value, sizeof value);
        return true;
    }
    if (type == Scalar{ScalarKind::Signed, 8}) {
        std::int64_t value = 0;
        if (!read_fast(object, value)) return false;
        std::memcpy(raw, &value, sizeof value);
        return true;
    }
    return false;
}

}  // namespace

Stored store_number_object(Scalar type, PyObject* object, std::byte* raw) {
    if (store_fast(type, object, raw)) return Stored::Done;
    NumberObject number;
    const bool integer_is_wanted = type.kind == ScalarKind::Signed || type.kind == ScalarKind::Unsigned;
    const Reading reading = read_number(object, integer_is_wanted, number);
    if (reading != Reading::Done) return reading == Reading::Masked ? Stored::Masked : Stored::PythonError;
    for (const StoreRow& row : store_rows)
        if (row.type == type) return row.store(number, raw);
    return Stored::WrongKind;
}

}  // namespace ndcall
