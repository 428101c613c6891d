// An array as the call sees it: borrowed from whoever holds the object.
#pragma once

#include <cstddef>
#include <cstdint>

#include "plan/plan.hpp"

namespace ndcall {

// Bits of ArrayView::flags: NumPy's values, static_assert'ed in src/python.
enum ArrayFlag : std::uint16_t { c_contiguous = 0x1, f_contiguous = 0x2, aligned = 0x100, writeable = 0x400 };

// Valid while the Python frame holds the object; shape and byte_strides belong to the array.
struct ArrayView {
    std::byte* data = nullptr;  // null: absent
    const std::ptrdiff_t* shape = nullptr;
    const std::ptrdiff_t* byte_strides = nullptr;
    const void* identity = nullptr;  // equals Array::identity: exactly this native dtype. Opaque to the core
    std::uint16_t ndim = 0, flags = 0;
    DType dtype;
};

}  // namespace ndcall
