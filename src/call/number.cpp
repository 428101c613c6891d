// The raw bytes of one C scalar as a number of the contract language, and back.
#include <bit>
#include <cmath>
#include <complex>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "call/frame.hpp"
#include "call/half.hpp"

namespace ndcall {
namespace {

template <class T>
T read_raw(const std::byte* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

template <class T>
void write_raw(std::byte* bytes, T value) {
    std::memcpy(bytes, &value, sizeof value);
}

template <class T>
bool load_integer(const std::byte* bytes, Number& number) {
    const T value = read_raw<T>(bytes);
    if (!std::in_range<std::int64_t>(value)) return false;
    number = Number::of(static_cast<std::int64_t>(value));
    return true;
}

// A real number is stored in an integer when it is one (LAPACK hands sizes over in work[0]), and never rounded.
template <class T>
bool store_integer(std::byte* bytes, const Number& number) {
    if (number.form == Number::Form::Integer) {
        if (!std::in_range<T>(number.integer)) return false;
        write_raw(bytes, static_cast<T>(number.integer));
        return true;
    }
    if (number.form != Number::Form::Real || std::trunc(number.real) != number.real) return false;
    // Both bounds are powers of two or zero, so that double holds them exactly; max() itself it may not hold.
    const double limit = std::ldexp(1.0, std::numeric_limits<T>::digits);
    const double lowest = std::is_signed_v<T> ? -limit : 0.0;
    if (!(number.real >= lowest && number.real < limit)) return false;
    write_raw(bytes, static_cast<T>(number.real));
    return true;
}

bool load_bool(const std::byte* bytes, Number& number) {
    number = Number::of(*bytes != std::byte{0});
    return true;
}

bool store_bool(std::byte* bytes, const Number& number) {
    std::uint8_t value = 0;
    if (!store_integer<std::uint8_t>(reinterpret_cast<std::byte*>(&value), number) || value > 1) return false;
    *bytes = std::byte{value};
    return true;
}

// Signed, so that (void *)-1 and NULL come back as they went in.
bool load_pointer(const std::byte* bytes, Number& number) { return load_integer<std::intptr_t>(bytes, number); }

bool store_pointer(std::byte* bytes, const Number& number) {
    switch (number.form) {
        case Number::Form::Integer: return store_integer<std::intptr_t>(bytes, number);
        case Number::Form::Text: write_raw(bytes, number.text); return true;
        case Number::Form::Null: write_raw<const void*>(bytes, nullptr); return true;
        case Number::Form::Real: break;
    }
    return false;
}

template <class T>
bool load_float(const std::byte* bytes, Number& number) {
    const T value = read_raw<T>(bytes);
    number = Number::of_real(static_cast<double>(value));
    return !std::isinf(number.real) || std::isinf(value);
}

// An integer must be held exactly; a real number is rounded, but a finite one never becomes infinite.
template <class T>
bool convert_to_float(const Number& number, T& value) {
    static_assert(std::numeric_limits<long double>::digits >= 63, "every 64-bit integer is compared exactly");
    if (number.form == Number::Form::Integer) {
        value = static_cast<T>(number.integer);
        return static_cast<long double>(value) == static_cast<long double>(number.integer);
    }
    if (number.form != Number::Form::Real) return false;
    value = static_cast<T>(number.real);  // IEEE 754: too large becomes infinite
    return !std::isinf(value) || std::isinf(number.real);
}

template <class T>
bool store_float(std::byte* bytes, const Number& number) {
    T value{};
    if (!convert_to_float(number, value)) return false;
    write_raw(bytes, value);
    return true;
}

bool load_half(const std::byte* bytes, Number& number) {
    number = Number::of_real(widen_half(read_raw<std::uint16_t>(bytes)));
    return true;
}

bool store_half(std::byte* bytes, const Number& number) {
    double value = 0;
    if (!convert_to_float(number, value)) return false;
    const std::uint16_t half = narrow_to_half(value);
    const double stored = widen_half(half);
    if (std::isinf(stored) && !std::isinf(value)) return false;
    if (number.form == Number::Form::Integer && stored != value) return false;
    write_raw(bytes, half);
    return true;
}

// The language has no complex numbers: they go in, with an imaginary part of zero, and do not come out.
bool load_nothing(const std::byte*, Number&) { return false; }

template <class T>
bool store_complex(std::byte* bytes, const Number& number) {
    std::complex<T> value;
    T real{};
    if (!convert_to_float(number, real)) return false;
    value.real(real);
    write_raw(bytes, value);
    return true;
}

struct ScalarRow {
    ScalarKind kind;
    std::uint8_t size;
    bool (*load)(const std::byte*, Number&);
    bool (*store)(std::byte*, const Number&);
};

// Not listed: not a scalar.
constexpr ScalarRow scalar_rows[] = {
    {ScalarKind::Signed, 8, load_integer<std::int64_t>, store_integer<std::int64_t>},
    {ScalarKind::Signed, 4, load_integer<std::int32_t>, store_integer<std::int32_t>},
    {ScalarKind::Unsigned, 8, load_integer<std::uint64_t>, store_integer<std::uint64_t>},
    {ScalarKind::Float, 8, load_float<double>, store_float<double>},
    {ScalarKind::Float, 4, load_float<float>, store_float<float>},
    {ScalarKind::Unsigned, 4, load_integer<std::uint32_t>, store_integer<std::uint32_t>},
    {ScalarKind::Bool, 1, load_bool, store_bool},
    {ScalarKind::Signed, 1, load_integer<std::int8_t>, store_integer<std::int8_t>},
    {ScalarKind::Signed, 2, load_integer<std::int16_t>, store_integer<std::int16_t>},
    {ScalarKind::Unsigned, 1, load_integer<std::uint8_t>, store_integer<std::uint8_t>},
    {ScalarKind::Unsigned, 2, load_integer<std::uint16_t>, store_integer<std::uint16_t>},
    {ScalarKind::Pointer, sizeof(void*), load_pointer, store_pointer},
    {ScalarKind::Float, sizeof(long double), load_float<long double>, store_float<long double>},
    {ScalarKind::Float, 2, load_half, store_half},
    {ScalarKind::Complex, 16, load_nothing, store_complex<double>},
    {ScalarKind::Complex, 8, load_nothing, store_complex<float>},
    {ScalarKind::Complex, 2 * sizeof(long double), load_nothing, store_complex<long double>},
};

const ScalarRow* find_row(Scalar type) {
    for (const ScalarRow& row : scalar_rows)
        if (row.kind == type.kind && row.size == type.size) return &row;
    return nullptr;
}

}  // namespace

bool load_number(Scalar type, const std::byte* bytes, Number& number) {
    const ScalarRow* row = find_row(type);
    return row != nullptr && row->load(bytes, number);
}

bool store_number(Scalar type, std::byte* bytes, Number number) {
    const ScalarRow* row = find_row(type);
    return row != nullptr && row->store(bytes, number);
}

}  // namespace ndcall
