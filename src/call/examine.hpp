// What keeps an array from being handed to C as it is. Says nothing of extents: the plan's equations compare those.
#pragma once

#include <cstddef>
#include <string>

#include "call/array_view.hpp"

namespace ndcall {

// True: this demand is met. An array that fails any of them is copied when it is an input and refused when C writes it.
struct Examination {
    bool dtype = true;       // kind and itemsize; of a struct: the very layout
    bool byte_order = true;  // the machine's
    bool ndim = true;
    bool layout = true;  // contiguity, steps
    bool alignment = true;
    bool writeability = true;
    std::string layout_problem;  // "is not C-contiguous", "has a step of -8 bytes along axis 0"; empty when layout is met

    bool fits() const { return dtype && byte_order && ndim && layout && alignment && writeability; }
};

// `like`: the dtype of the array that like() names; null when that array is absent, and then every native dtype will do.
Examination examine(const Array& demand, const ArrayView& view, const DType* like);

// The step that C is told, in bytes. An axis of one or no element has the step that a contiguous array would give it; in an array
// without elements each axis has.
std::ptrdiff_t step_of(const Array& demand, const ArrayView& view, int axis);

// What C is handed: the first element; of `lowest` the element at the lowest address.
std::byte* first_address(const Array& demand, const ArrayView& view);

// The bytes of all elements, without gaps.
std::size_t data_bytes(const ArrayView& view);

}  // namespace ndcall
