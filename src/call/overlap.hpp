// Whether strided arrays share memory: exactly, or an honest "unknown" when the proof would take too long.
//
// Nothing here allocates, and no product overflows; both answer in nanoseconds for contiguous arrays and for slices of one array.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ndcall {

// Borrowed for the call. An item at index i covers [data + sum(i[d] * byte_strides[d]), + itemsize).
struct StridedRange {
    std::uintptr_t data = 0;
    int ndim = 0;
    const std::ptrdiff_t* shape = nullptr;
    const std::ptrdiff_t* byte_strides = nullptr;
    std::size_t itemsize = 0;
};

enum class Overlap : std::uint8_t {
    None,
    Shared,
    Unknown,  // could not be proved disjoint within the limit of work
};

// Do any two bytes coincide? An array without bytes (an extent or itemsize of 0) overlaps nothing.
Overlap find_overlap(const StridedRange& a, const StridedRange& b) noexcept;

// Do two items with different indices share a byte?
Overlap find_self_overlap(const StridedRange& a) noexcept;

// The bytes that the array spans: [lo, hi). False for an array without bytes.
bool byte_bounds(const StridedRange& a, std::uintptr_t& lo, std::uintptr_t& hi) noexcept;

}  // namespace ndcall
