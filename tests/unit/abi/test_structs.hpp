// The structs of the call tests, described as the reader would.
#pragma once

#include <string>
#include <tuple>
#include <typeinfo>
#include <vector>

#include "abi/abi_functions.h"
#include "abi/type_pool.hpp"

namespace ndcall {

// clang-format off: one struct a line
struct Chars {
    char c[3];
};
struct Shorts {
    short s[7];
};
struct Ints {
    int n[4];
};
struct Single {
    double x;
};
struct Floats {
    float x, y, z, w;
};
struct FloatThenInt {
    float x;
    int n;
};
struct IntThenDouble {
    std::int64_t n;
    double x;
};
struct DoubleThenInts {
    double x;
    std::int8_t n[5];
};
struct FloatThenDouble {
    float x;
    double y;
};
struct PointerThenFlag {
    void* p;
    bool flag;
};
struct LongDouble {
    long double x;
};
struct FloatComplex {
    float _Complex z;
};
struct IntThenComplex {
    int n;
    float _Complex z;
};
struct Pair {
    float re, im;
};
struct IntThenPair {
    int n;
    Pair z;
};
struct Deep {
    Chars c;
    FloatThenInt f[1];
};
struct Matrix {
    float a[2][3];
};
struct Doubles {
    double x[4];
};
struct LongDoubles {
    long double x, y;
};
struct ComplexPair {
    double _Complex z, w;
};
struct FloatsThenComplex {
    float x[2];
    float _Complex z;
};

// The members of a struct, in order.
template <class T>
inline constexpr std::tuple<> members{};
template <>
inline constexpr std::tuple members<point>{&point::x, &point::y};
template <>
inline constexpr std::tuple members<small>{&small::c, &small::s, &small::f};
template <>
inline constexpr std::tuple members<big>{&big::a, &big::n};
template <>
inline constexpr std::tuple members<nested>{&nested::s, &nested::p};
template <>
inline constexpr std::tuple members<triple>{&triple::a};
template <>
inline constexpr std::tuple members<wide>{&wide::v, &wide::n, &wide::z};
template <>
inline constexpr std::tuple members<Chars>{&Chars::c};
template <>
inline constexpr std::tuple members<Shorts>{&Shorts::s};
template <>
inline constexpr std::tuple members<Ints>{&Ints::n};
template <>
inline constexpr std::tuple members<Single>{&Single::x};
template <>
inline constexpr std::tuple members<Floats>{&Floats::x, &Floats::y, &Floats::z, &Floats::w};
template <>
inline constexpr std::tuple members<FloatThenInt>{&FloatThenInt::x, &FloatThenInt::n};
template <>
inline constexpr std::tuple members<IntThenDouble>{&IntThenDouble::n, &IntThenDouble::x};
template <>
inline constexpr std::tuple members<DoubleThenInts>{&DoubleThenInts::x, &DoubleThenInts::n};
template <>
inline constexpr std::tuple members<FloatThenDouble>{&FloatThenDouble::x, &FloatThenDouble::y};
template <>
inline constexpr std::tuple members<PointerThenFlag>{&PointerThenFlag::p, &PointerThenFlag::flag};
template <>
inline constexpr std::tuple members<LongDouble>{&LongDouble::x};
template <>
inline constexpr std::tuple members<FloatComplex>{&FloatComplex::z};
template <>
inline constexpr std::tuple members<IntThenComplex>{&IntThenComplex::n, &IntThenComplex::z};
template <>
inline constexpr std::tuple members<Pair>{&Pair::re, &Pair::im};
template <>
inline constexpr std::tuple members<IntThenPair>{&IntThenPair::n, &IntThenPair::z};
template <>
inline constexpr std::tuple members<Deep>{&Deep::c, &Deep::f};
template <>
inline constexpr std::tuple members<Matrix>{&Matrix::a};
template <>
inline constexpr std::tuple members<Doubles>{&Doubles::x};
template <>
inline constexpr std::tuple members<LongDoubles>{&LongDoubles::x, &LongDoubles::y};
template <>
inline constexpr std::tuple members<ComplexPair>{&ComplexPair::z, &ComplexPair::w};
template <>
inline constexpr std::tuple members<FloatsThenComplex>{&FloatsThenComplex::x, &FloatsThenComplex::z};

// clang-format on

template <class S, class M>
Field describe_member(TypePool& types, M S::*member) {
    static const S object{};
    const auto offset = reinterpret_cast<const char*>(&(object.*member)) - reinterpret_cast<const char*>(&object);
    return types.field("m" + std::to_string(offset), types.of<M>(), static_cast<std::size_t>(offset));
}

template <class T>
struct Described {
    static const Type* make(TypePool& types) {
        const std::vector<Field> fields =
            std::apply([&](auto... member) { return std::vector<Field>{describe_member(types, member)...}; }, members<T>);
        return types.structure(typeid(T).name(), sizeof(T), alignof(T), fields);
    }
};

}  // namespace ndcall
