// float16 as storage: IEEE 754 binary16 to and from double. Not every compiler we build with has _Float16 in C++.
#pragma once

#include <cstdint>

namespace ndcall {

double widen_half(std::uint16_t half);

// Rounds to nearest, ties to even, once; 65520 and beyond become infinite. The sign of a NaN is kept, its payload is not.
std::uint16_t narrow_to_half(double value);

}  // namespace ndcall
