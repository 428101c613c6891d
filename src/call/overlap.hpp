// Whether strided arrays share memory: exactly, or an honest "unknown" when the proof would take too long.
//
// Nothing here allocates, and no product overflows. Arrays apart, contiguous arrays, and the ordinary slices of one array are decided
// without a search, in well below a microsecond.
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
    Unknown,  // could not be proved disjoint within the limit of work, or is no array that an address space can hold
};

// Candidates tried before the answer is Unknown: about a millisecond.
inline constexpr std::size_t overlap_work_limit = 20000;

// Do any two bytes coincide? An array without bytes (an extent or itemsize of 0) overlaps nothing.
Overlap find_overlap(const StridedRange& a, const StridedRange& b, std::size_t work_limit = overlap_work_limit) noexcept;

// Do two items with different indices share a byte?
Overlap find_self_overlap(const StridedRange& a, std::size_t work_limit = overlap_work_limit) noexcept;

// The bytes that the array spans: [lo, hi). False for an array without bytes. An array that reaches beyond the address space spans all
// of it.
bool byte_bounds(const StridedRange& a, std::uintptr_t& lo, std::uintptr_t& hi) noexcept;

}  // namespace ndcall
