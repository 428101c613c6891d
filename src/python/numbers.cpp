#include "python/numbers.hpp"

#include <complex>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "call/frame.hpp"
#include "call/half.hpp"
#include "plan/types.hpp"
#include "python/describe_object.hpp"
#include "python/owned.hpp"
#include "text/nearest.hpp"

namespace ndcall {
namespace {

// "int (int32)", "int32_t", "double (float64)": C's word, and NumPy's where it says more.
std::string name_type(const Cell& cell) {
    const std::string dtype = cell.type.kind == ScalarKind::Pointer ? "address" : name_dtype(make_dtype(cell.type));
    if (cell.ctype.empty() || cell.ctype == dtype) return dtype;
    return cell.ctype == dtype + "_t" ? cell.ctype : cell.ctype + " (" + dtype + ")";
}

const std::string& short_name(const Cell& cell, std::string& fallback) {
    if (!cell.ctype.empty()) return cell.ctype;
    return fallback = name_dtype(make_dtype(cell.type));
}

// "an integer from -128 to 127"; of what C counts from 1, as it is counted in Python.
std::string say_range(const Cell& cell) {
    const bool is_signed = cell.type.kind == ScalarKind::Signed;
    const int digits = cell.type.size * 8 - (is_signed ? 1 : 0);
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() >> (64 - digits), shift = cell.from_one ? 1 : 0;
    if (cell.from_one && !is_signed) return "an integer from 0 to " + std::to_string(most - 1);
    return "an integer from " + (is_signed ? "-" + std::to_string(most + 1) : "0") + " to " + std::to_string(most - shift);
}

bool is_integer(Scalar type) { return type.kind == ScalarKind::Signed || type.kind == ScalarKind::Unsigned; }

const char* say_kind(const Cell& cell) {
    if (cell.is_character) return "is neither one ASCII character nor an integer";
    switch (cell.type.kind) {
        case ScalarKind::Bool: return "is not a bool";
        case ScalarKind::Signed:
        case ScalarKind::Unsigned: return "is not an integer";
        case ScalarKind::Float: return "is not a real number";
        case ScalarKind::Complex: return "is not a number";
        case ScalarKind::Pointer: break;
    }
    return "is an address, which Python has no number for";
}

// A cast that changes nothing, where there is one.
std::string find_fix(const Cell& cell, PyObject* object) {
    const std::string name = cell.name;
    if (PyArray_Check(object) && PyArray_NDIM(reinterpret_cast<PyArrayObject*>(object)) > 0)
        return PyArray_SIZE(reinterpret_cast<PyArrayObject*>(object)) == 1 ? name + " = " + name + ".item()" : "";
    if (PyArray_IsScalar(object, Bool) && cell.type.kind != ScalarKind::Bool) return name + " = int(" + name + ")";
    if (PyFloat_Check(object) && is_integer(cell.type)) {
        const double value = PyFloat_AS_DOUBLE(object);
        if (value >= -0x1p53 && value <= 0x1p53 && value == static_cast<double>(static_cast<std::int64_t>(value)))
            return name + " = int(" + name + ")";
    }
    if (PyComplex_Check(object) && cell.type.kind == ScalarKind::Float && PyComplex_ImagAsDouble(object) == 0)
        return name + " = " + name + ".real";
    return {};
}

Conversion refuse(const Cell& cell, Stored stored, PyObject* object, Mismatch& mismatch) {
    std::string fallback;
    const std::string& name = short_name(cell, fallback);
    mismatch.expected = name_type(cell);
    mismatch.got = describe_object(object);
    switch (stored) {
        case Stored::DoesNotFit:
            mismatch.kind = MismatchKind::Range;
            mismatch.problem = "does not fit " + name;
            if (is_integer(cell.type)) mismatch.expected = say_range(cell);
            break;
        case Stored::NotExact:
            mismatch.kind = MismatchKind::Range;
            mismatch.problem = "has no exact value in " + name;
            break;
        case Stored::Masked:
            mismatch.kind = MismatchKind::Object;
            mismatch.problem = "is masked";
            break;
        default:
            mismatch.kind = MismatchKind::Object;
            mismatch.problem = object == Py_None ? "is None" : say_kind(cell);
            mismatch.fix = find_fix(cell, object);
    }
    return Conversion::Refused;
}

// The name as the user writes it: without the prefix that the contract strips.
std::string_view visible_name(const Enumeration& enumeration, std::size_t index) {
    std::string_view name = enumeration.names[index];
    if (name.starts_with(enumeration.prefix)) name.remove_prefix(enumeration.prefix.size());
    return name;
}

std::optional<std::int64_t> find_value(const Enumeration& enumeration, std::string_view name) {
    for (std::size_t i = 0; i < enumeration.names.size(); ++i)
        if (visible_name(enumeration, i) == name) return enumeration.values[i];
    return std::nullopt;
}

std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(' ');
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

Conversion refuse_name(const Enumeration& enumeration, std::string_view name, Mismatch& mismatch) {
    constexpr std::size_t most_shown = 8;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < enumeration.names.size(); ++i) names.emplace_back(visible_name(enumeration, i));
    mismatch.kind = MismatchKind::Object;
    mismatch.problem = "names no member of " + enumeration.name + suggest_nearest(name, names);
    for (std::size_t i = 0; i < names.size() && i < most_shown; ++i) mismatch.expected += (i > 0 ? ", '" : "'") + names[i] + "'";
    if (names.size() > most_shown) mismatch.expected += " or " + std::to_string(names.size() - most_shown) + " more";
    if (enumeration.joins) mismatch.expected += "; several joined by '|'";
    mismatch.got = "'" + std::string(name) + "'";
    return Conversion::Refused;
}

Conversion convert_name(const Cell& cell, const Enumeration& enumeration, std::string_view text, std::byte* raw, Mismatch& mismatch) {
    std::int64_t value = 0;
    for (bool is_last = false; !is_last;) {
        const std::size_t bar = enumeration.joins ? text.find('|') : std::string_view::npos;
        is_last = bar == std::string_view::npos;
        const std::string_view name = enumeration.joins ? trim(text.substr(0, bar)) : text;
        const std::optional<std::int64_t> found = find_value(enumeration, name);
        if (!found) return refuse_name(enumeration, name, mismatch);
        value |= *found;
        if (!is_last) text.remove_prefix(bar + 1);
    }
    // A member is no larger than its enum's type: the low bytes are all of it.
    std::memcpy(raw, &value, cell.type.size);
    return Conversion::Done;
}

// One ASCII character; others have no single byte.
bool store_character(PyObject* object, std::byte* raw) {
    if (PyUnicode_Check(object) && PyUnicode_GET_LENGTH(object) == 1 && PyUnicode_READ_CHAR(object, 0) < 0x80) {
        *raw = static_cast<std::byte>(PyUnicode_READ_CHAR(object, 0));
        return true;
    }
    if (PyBytes_Check(object) && PyBytes_GET_SIZE(object) == 1) {
        *raw = static_cast<std::byte>(PyBytes_AS_STRING(object)[0]);
        return true;
    }
    return false;
}

bool add_one(Scalar type, std::byte* raw) {
    if (type == Scalar{ScalarKind::Unsigned, sizeof(std::uint64_t)}) {  // the only one whose largest is no number of the language
        std::uint64_t index;
        std::memcpy(&index, raw, sizeof index);
        const bool is_largest = __builtin_add_overflow(index, std::uint64_t{1}, &index);
        std::memcpy(raw, &index, sizeof index);
        return !is_largest;
    }
    Number number;
    if (!load_number(type, raw, number) || number.integer == std::numeric_limits<std::int64_t>::max()) return false;
    return store_number(type, raw, Number::of(number.integer + 1));
}

template <class T>
T read_raw(const std::byte* raw) {
    T value;
    std::memcpy(&value, raw, sizeof value);
    return value;
}

PyObject* wrap_long_double(int type_number, const std::byte* raw) {
    const auto descr = Owned<PyArray_Descr>::steal(PyArray_DescrFromType(type_number));
    alignas(16) std::byte copy[2 * sizeof(long double)];
    std::memcpy(copy, raw, sizeof copy);
    return PyArray_Scalar(copy, descr.get(), nullptr);
}

PyObject* wrap_integer(Scalar type, const std::byte* raw) {
    Number number;
    if (type.kind == ScalarKind::Unsigned && type.size == sizeof(std::uint64_t))
        return PyLong_FromUnsignedLongLong(read_raw<std::uint64_t>(raw));
    if (!load_number(type, raw, number)) {
        PyErr_Format(PyExc_SystemError, "ndcall has no C integer of %d bytes", static_cast<int>(type.size));
        return nullptr;
    }
    return PyLong_FromLongLong(number.integer);
}

PyObject* wrap_float(std::uint8_t size, const std::byte* raw) {
    if (size == sizeof(double)) return PyFloat_FromDouble(read_raw<double>(raw));
    if (size == sizeof(float)) return PyFloat_FromDouble(read_raw<float>(raw));
    return size == sizeof(std::uint16_t) ? PyFloat_FromDouble(widen_half(read_raw<std::uint16_t>(raw)))
                                         : wrap_long_double(NPY_LONGDOUBLE, raw);
}

PyObject* wrap_complex(std::uint8_t size, const std::byte* raw) {
    if (size == 2 * sizeof(double)) return PyComplex_FromDoubles(read_raw<double>(raw), read_raw<double>(raw + sizeof(double)));
    if (size == 2 * sizeof(float)) return PyComplex_FromDoubles(read_raw<float>(raw), read_raw<float>(raw + sizeof(float)));
    return wrap_long_double(NPY_CLONGDOUBLE, raw);
}

}  // namespace

Conversion convert_number(const Plan& plan, const Cell& cell, PyObject* object, std::byte* raw, Mismatch& mismatch) {
    if (cell.enumeration != none && PyUnicode_Check(object)) {
        Py_ssize_t size = 0;
        const char* text = PyUnicode_AsUTF8AndSize(object, &size);
        if (text == nullptr) return Conversion::PythonError;
        return convert_name(cell, plan.enumerations[cell.enumeration], {text, static_cast<std::size_t>(size)}, raw, mismatch);
    }
    if (cell.is_character && store_character(object, raw)) return Conversion::Done;
    Stored stored = store_number_object(cell.type, object, raw);
    if (stored == Stored::Done && cell.from_one && !add_one(cell.type, raw)) stored = Stored::DoesNotFit;
    if (stored == Stored::Done) return Conversion::Done;
    return stored == Stored::PythonError ? Conversion::PythonError : refuse(cell, stored, object, mismatch);
}

PyObject* wrap_number(const Plan&, const Cell& cell, const std::byte* raw) {
    if (cell.from_one) {
        const auto index = Owned<>::steal(wrap_integer(cell.type, raw)), one = Owned<>::steal(PyLong_FromLong(1));
        return index && one ? PyNumber_Subtract(index.get(), one.get()) : nullptr;
    }
    if (cell.is_character) {
        const auto character = static_cast<char>(*raw);
        return PyUnicode_DecodeLatin1(&character, 1, nullptr);
    }
    switch (cell.type.kind) {
        case ScalarKind::Bool: return PyBool_FromLong(*raw != std::byte{0});
        case ScalarKind::Signed:
        case ScalarKind::Unsigned: return wrap_integer(cell.type, raw);
        case ScalarKind::Float: return wrap_float(cell.type.size, raw);
        case ScalarKind::Complex: return wrap_complex(cell.type.size, raw);
        case ScalarKind::Pointer: break;
    }
    return PyLong_FromVoidPtr(read_raw<void*>(raw));
}

}  // namespace ndcall
