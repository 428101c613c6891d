#include "call/widening.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "call/half.hpp"

namespace ndcall {
namespace {

// Bits that a type tells apart: of an integer without its sign; of a float the significand and the largest exponent.
struct FloatFormat {
    std::uint32_t itemsize;
    int digits, max_exponent;
};
constexpr FloatFormat float_formats[] = {
    {2, 11, 16},
    {sizeof(float), std::numeric_limits<float>::digits, std::numeric_limits<float>::max_exponent},
    {sizeof(double), std::numeric_limits<double>::digits, std::numeric_limits<double>::max_exponent},
    {sizeof(long double), std::numeric_limits<long double>::digits, std::numeric_limits<long double>::max_exponent},
};

const FloatFormat* find_format(std::uint32_t itemsize) {
    for (const FloatFormat& format : float_formats)
        if (format.itemsize == itemsize) return &format;
    return nullptr;
}

bool is_integer(const DType& dtype) { return dtype.kind == 'i' || dtype.kind == 'u'; }
bool is_float(const DType& dtype) { return dtype.kind == 'f' || dtype.kind == 'c'; }

int integer_digits(const DType& dtype) { return static_cast<int>(dtype.itemsize) * 8 - (dtype.kind == 'i' ? 1 : 0); }

// The float that a float or complex dtype is made of.
const FloatFormat* part_of(const DType& dtype) { return find_format(dtype.kind == 'c' ? dtype.itemsize / 2 : dtype.itemsize); }

Widening widen_integer(const DType& from, const DType& to) {
    if (is_integer(to)) {
        const bool sign_is_kept = from.kind == 'u' || to.kind == 'i';
        return sign_is_kept && integer_digits(from) <= integer_digits(to) ? Widening::Lossless : Widening::Never;
    }
    const FloatFormat* part = is_float(to) ? part_of(to) : nullptr;
    if (part == nullptr) return Widening::Never;
    // The least value, -2^digits, is a power of two.
    return integer_digits(from) <= part->digits && integer_digits(from) < part->max_exponent ? Widening::Lossless : Widening::ByValue;
}

Widening widen_float(const DType& from, const DType& to) {
    const FloatFormat *source = part_of(from), *part = is_float(to) ? part_of(to) : nullptr;
    if (source == nullptr || part == nullptr || (from.kind == 'c' && to.kind == 'f')) return Widening::Never;
    return source->digits <= part->digits && source->max_exponent <= part->max_exponent ? Widening::Lossless : Widening::Never;
}

// long double holds every element of every real dtype exactly.
static_assert(std::numeric_limits<long double>::digits >= 64);
struct Value {
    long double real = 0, imaginary = 0;
};

template <class T>
T read_raw(const std::byte* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

template <class T>
Value load_real(const std::byte* at) {
    return {static_cast<long double>(read_raw<T>(at)), 0};
}
template <class T>
Value load_complex(const std::byte* at) {
    return {static_cast<long double>(read_raw<T>(at)), static_cast<long double>(read_raw<T>(at + sizeof(T)))};
}
Value load_half(const std::byte* at) { return {widen_half(read_raw<std::uint16_t>(at)), 0}; }
Value load_bool(const std::byte* at) { return {*at != std::byte{0} ? 1.0L : 0.0L, 0}; }

template <class T>
bool holds_integer(long double value) {
    const long double limit = std::ldexp(1.0L, std::numeric_limits<T>::digits);
    return value < limit && value >= (std::is_signed_v<T> ? -limit : 0.0L) && std::trunc(value) == value;
}
template <class T>
bool holds_float(long double value) {
    if (std::isnan(value) || std::isinf(value)) return true;
    if (std::abs(value) > std::numeric_limits<T>::max()) return false;
    return static_cast<long double>(static_cast<T>(value)) == value;
}
bool holds_half(long double value) {
    if (!holds_float<double>(value)) return false;
    const auto number = static_cast<double>(value);
    return std::isnan(number) || widen_half(narrow_to_half(number)) == number;
}
bool holds_bool(long double value) { return value == 0 || value == 1; }

// Nearly every integer is small enough for any float: a block without a large one needs no closer look.
template <class T>
std::size_t skip_small(const std::byte* data, std::size_t count, std::uint64_t limit) {
    constexpr std::size_t block = 256;
    constexpr std::uint64_t sides = std::is_signed_v<T> ? 2 : 1;
    std::size_t done = 0;
    for (; done + block <= count; done += block) {
        bool all_small = true;
        for (std::size_t i = done; i < done + block; ++i) {
            // -limit <= value <= limit in one comparison: the sum wraps on purpose.
            const auto shifted = static_cast<std::uint64_t>(read_raw<T>(data + i * sizeof(T))) + (sides - 1) * limit;
            all_small &= shifted <= sides * limit;
        }
        if (!all_small) break;
    }
    return done;
}

struct NumberRow {
    char kind;
    std::uint32_t itemsize;
    Value (*load)(const std::byte*);
    bool (*holds)(long double);                                                         // of complex: each part
    std::size_t (*skip_small)(const std::byte*, std::size_t, std::uint64_t) = nullptr;  // of integers
};

template <class T>
constexpr NumberRow integer_row(char kind) {
    return {kind, sizeof(T), load_real<T>, holds_integer<T>, skip_small<T>};
}

// Not listed: not a number.
constexpr NumberRow number_rows[] = {
    integer_row<std::int8_t>('i'),
    integer_row<std::int16_t>('i'),
    integer_row<std::int32_t>('i'),
    integer_row<std::int64_t>('i'),
    integer_row<std::uint8_t>('u'),
    integer_row<std::uint16_t>('u'),
    integer_row<std::uint32_t>('u'),
    integer_row<std::uint64_t>('u'),
    {'b', 1, load_bool, holds_bool},
    {'f', 2, load_half, holds_half},
    {'f', sizeof(float), load_real<float>, holds_float<float>},
    {'f', sizeof(double), load_real<double>, holds_float<double>},
    {'f', sizeof(long double), load_real<long double>, holds_float<long double>},
    {'c', 2 * sizeof(float), load_complex<float>, holds_float<float>},
    {'c', 2 * sizeof(double), load_complex<double>, holds_float<double>},
    {'c', 2 * sizeof(long double), load_complex<long double>, holds_float<long double>},
};

const NumberRow* find_row(const DType& dtype) {
    for (const NumberRow& row : number_rows)
        if (row.kind == dtype.kind && row.itemsize == dtype.itemsize) return &row;
    return nullptr;
}

// How many elements at the beginning are surely held; 0 says nothing.
std::size_t skip_held(const NumberRow& from, const DType& to, const std::byte* data, std::size_t count) {
    const FloatFormat* part = is_float(to) ? part_of(to) : nullptr;
    if (part == nullptr || from.skip_small == nullptr) return 0;
    return from.skip_small(data, count, std::uint64_t{1} << std::min({part->digits, part->max_exponent - 1, 62}));
}

}  // namespace

Widening find_widening(const DType& from, const DType& to) {
    if (from.kind == to.kind && from.itemsize == to.itemsize) return Widening::Same;
    if (from.kind == 'b') return is_integer(to) || (is_float(to) && part_of(to) != nullptr) ? Widening::Lossless : Widening::Never;
    if (is_integer(from)) return widen_integer(from, to);
    return is_float(from) ? widen_float(from, to) : Widening::Never;
}

std::size_t find_unrepresentable(const DType& from, const DType& to, const std::byte* data, std::size_t count) {
    const NumberRow *source = find_row(from), *target = find_row(to);
    if (source == nullptr || target == nullptr) return 0;
    for (std::size_t i = skip_held(*source, to, data, count); i < count; ++i) {
        const Value value = source->load(data + i * from.itemsize);
        if (!target->holds(value.real)) return i;
        if (to.kind == 'c' ? !target->holds(value.imaginary) : value.imaginary != 0) return i;
    }
    return count;
}

}  // namespace ndcall
