// The structs of abi_functions.h, described as the reader would.
#pragma once

#include <cstddef>

#include "call/abi_functions.h"
#include "call/type_pool.hpp"

namespace ndcall {

template <>
struct Described<point> {
    static const Type* make(TypePool& types) {
        return types.structure(
            "point", sizeof(point), alignof(point),
            {types.field("x", types.of<double>(), offsetof(point, x)), types.field("y", types.of<double>(), offsetof(point, y))});
    }
};

template <>
struct Described<small> {
    static const Type* make(TypePool& types) {
        return types.structure(
            "small", sizeof(small), alignof(small),
            {types.field("c", types.of<char>(), offsetof(small, c)), types.field("s", types.of<short>(), offsetof(small, s)),
             types.field("f", types.of<float>(), offsetof(small, f))});
    }
};

template <>
struct Described<big> {
    static const Type* make(TypePool& types) {
        return types.structure("big", sizeof(big), alignof(big),
                               {types.field("a", types.array_of(types.of<double>(), 5), offsetof(big, a)),
                                types.field("n", types.of<int>(), offsetof(big, n))});
    }
};

template <>
struct Described<nested> {
    static const Type* make(TypePool& types) {
        return types.structure("nested", sizeof(nested), alignof(nested),
                               {types.field("s", types.array_of(types.of<small>(), 2), offsetof(nested, s)),
                                types.field("p", types.of<point>(), offsetof(nested, p))});
    }
};

template <>
struct Described<triple> {
    static const Type* make(TypePool& types) {
        return types.structure("triple", sizeof(triple), alignof(triple), {types.field("a", types.array_of(types.of<float>(), 3), 0)});
    }
};

template <>
struct Described<wide> {
    static const Type* make(TypePool& types) {
        return types.structure(
            "wide", sizeof(wide), alignof(wide),
            {types.field("v", types.of<long double>(), offsetof(wide, v)), types.field("n", types.of<int>(), offsetof(wide, n)),
             types.field("z", types.of<double _Complex>(), offsetof(wide, z))});
    }
};

}  // namespace ndcall
