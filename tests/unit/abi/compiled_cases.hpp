// Random signatures with structs, complex and long double, as the compiler of this build compiles them: the callee is a template that
// writes down the bytes of each argument. What arrives must be what was given.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cfloat>
#include <cstring>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "abi/abi.hpp"
#include "abi/test_structs.hpp"

namespace ndcall {

constexpr std::size_t seed = 20240310;

using Bytes = std::vector<std::byte>;

using Candidates =
    std::tuple<bool, char, std::int8_t, std::uint16_t, int, std::int64_t, void*, float, double, double, long double, float _Complex,
               double _Complex, long double _Complex, point, small, big, nested, triple, wide, Chars, Shorts, Ints, Single, Floats,
               FloatThenInt, IntThenDouble, DoubleThenInts, FloatThenDouble, PointerThenFlag, LongDouble, FloatComplex, IntThenComplex,
               IntThenPair, Deep, Matrix, Doubles, LongDoubles, ComplexPair, FloatsThenComplex>;

constexpr std::size_t mix(std::size_t signature, std::size_t position) {
    std::size_t bits = (seed + signature) * 0x9e3779b97f4a7c15 + position * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 31)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 29);
}

template <std::size_t signature, std::size_t position>
using Pick = std::tuple_element_t<mix(signature, position) % std::tuple_size_v<Candidates>, Candidates>;

// What the callee received, and what it is to return.
struct Traffic {
    std::vector<Bytes> received;
    Bytes result;

    void receive(const void* value, std::size_t size) {
        const auto* bytes = static_cast<const std::byte*>(value);
        received.emplace_back(bytes, bytes + size);
    }
};
inline Traffic traffic;

// The callee: compiled by the compiler of this build for each signature.
template <class R, class... A>
R record(A... arguments) {
    (traffic.receive(&arguments, sizeof arguments), ...);
    R result;
    std::memcpy(&result, traffic.result.data(), sizeof result);
    return result;
}

// A signature that is called. `address` is a record<...>.
struct Case {
    const Type* function;
    void (*address)();
};

template <std::size_t signature, std::size_t... position>
Case make_case(TypePool& types, std::index_sequence<position...>) {
    auto* callee = &record<Pick<signature, 99>, Pick<signature, position>...>;
    return {types.function(types.of<Pick<signature, 99>>(), {types.of<Pick<signature, position>>()...}),
            reinterpret_cast<void (*)()>(callee)};
}

// One for each number, with up to `most_parameters` parameters.
template <std::size_t most_parameters, std::size_t... signature>
std::vector<Case> make_cases(TypePool& types, std::index_sequence<signature...>) {
    return {make_case<signature>(types, std::make_index_sequence<mix(signature, 98) % (most_parameters + 1)>())...};
}

// Walks the scalars of a value: calls visit(scalar's type, its offset).
template <class Visit>
void walk_scalars(const Declarations& declarations, const Type& type, std::size_t offset, const Visit& visit) {
    if (type.kind == Kind::Array) {
        for (std::size_t at = 0; at < type.size; at += type.target->size) walk_scalars(declarations, *type.target, offset + at, visit);
    } else if (type.kind == Kind::Struct) {
        for (const Field& field : declarations.find_struct(type.tag)->fields)
            walk_scalars(declarations, *field.type, offset + field.offset, visit);
    } else if (type.kind == Kind::Complex) {
        Type half = type;
        half.kind = Kind::Float;
        half.size /= 2;
        visit(half, offset);
        visit(half, offset + half.size);
    } else {
        visit(type, offset);
    }
}

constexpr std::size_t long_double_bytes = LDBL_MANT_DIG == 64 ? 10 : sizeof(long double);  // x86: the rest is padding

// Random bits in every scalar, random garbage in the padding.
inline Bytes throw_value(const Declarations& declarations, const Type& type, std::mt19937_64& dice) {
    Bytes bytes(type.size);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(dice());
    walk_scalars(declarations, type, 0, [&](const Type& scalar, std::size_t offset) {
        if (scalar.kind == Kind::Bool) bytes[offset] &= std::byte{1};
        if (scalar.kind != Kind::Float || scalar.size != sizeof(long double)) return;
        const auto number = static_cast<long double>(dice()) / 3;  // not all bits are a number
        std::memcpy(&bytes[offset], &number, long_double_bytes);
    });
    return bytes;
}

inline bool same_value(const Declarations& declarations, const Type& type, const std::byte* a, const std::byte* b) {
    bool same = true;
    walk_scalars(declarations, type, 0, [&](const Type& scalar, std::size_t offset) {
        const bool is_long = scalar.kind == Kind::Float && scalar.size == sizeof(long double);
        same = same && std::memcmp(a + offset, b + offset, is_long ? long_double_bytes : scalar.size) == 0;
    });
    return same;
}

inline void check_case(const TypePool& types, const Case& checked, const CallLayout& layout, std::mt19937_64& dice) {
    const Declarations& declarations = types.declarations;
    const std::vector<Parameter>& parameters = checked.function->parameters;
    const Type& result_type = *checked.function->target;
    std::vector<Bytes> values;
    std::vector<const void*> addresses;
    for (const Parameter& parameter : parameters) values.push_back(throw_value(declarations, *parameter.type, dice));
    for (const Bytes& value : values) addresses.push_back(value.data());
    traffic.result = throw_value(declarations, result_type, dice);
    traffic.received.clear();
    alignas(16) std::byte result[256];
    std::fill(std::begin(result), std::end(result), std::byte{0xcc});
    invoke(layout, checked.address, addresses.data(), result);
    ASSERT_EQ(traffic.received.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        EXPECT_TRUE(same_value(declarations, *parameters[i].type, traffic.received[i].data(), values[i].data())) << "argument " << i;
    EXPECT_TRUE(same_value(declarations, result_type, result, traffic.result.data())) << "the result";
    EXPECT_EQ(result[layout.result.size], std::byte{0xcc}) << "more than the result was written";
}

}  // namespace ndcall
