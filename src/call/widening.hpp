// The closed table of dtype conversions: where no value can change, where each value decides, and nowhere else.
#pragma once

#include <cstddef>

#include "plan/plan.hpp"

namespace ndcall {

enum class Widening : std::uint8_t {
    Same,      // kind and itemsize are equal
    Lossless,  // every value of the one is a value of the other
    ByValue,   // integers to a float or complex type that does not hold them all: each value is looked at
    Never,
};

// bool -> integer -> float -> complex. Byte order does not matter here. A struct is never converted.
Widening find_widening(const DType& from, const DType& to);

// The flat index of the first element of `from` that `to` cannot hold exactly; `count` when it holds all. NaN and infinity count as held
// by every float. Any two number dtypes. `data`: native, contiguous, of any alignment.
std::size_t find_unrepresentable(const DType& from, const DType& to, const std::byte* data, std::size_t count);

}  // namespace ndcall
