// Arrays as the lines "expected" and "got" show them.
#include <bit>

#include "call/explain.hpp"
#include "plan/types.hpp"
#include "plan/wording.hpp"

namespace ndcall {
namespace {

std::string print_numbers(const std::ptrdiff_t* numbers, std::size_t count) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) texts.push_back(std::to_string(numbers[i]));
    return print_tuple(texts);
}

// Of C's types on the platforms we know, an item's alignment is its size; complex numbers have that of their parts.
std::size_t find_alignment(const DType& dtype) { return dtype.kind == 'c' ? dtype.itemsize / 2 : dtype.itemsize; }

std::string describe_misalignment(const ArrayView& view) {
    const std::size_t alignment = find_alignment(view.dtype);
    const std::size_t rest = view.dtype.kind == 'V' || alignment == 0 ? 0 : reinterpret_cast<std::uintptr_t>(view.data) % alignment;
    return rest == 0 ? ", misaligned" : ", misaligned at " + std::to_string(rest);
}

}  // namespace

std::string describe_array(const ArrayView& view) {
    std::string text = print_numbers(view.shape, view.ndim) + " " + name_any_dtype(view.dtype);
    if ((view.flags & c_contiguous) == 0) {
        if ((view.flags & f_contiguous) != 0) text += ", F-contiguous";
        text += ", strides " + print_numbers(view.byte_strides, view.ndim);
    }
    if ((view.flags & writeable) == 0) text += ", read-only";
    if (view.dtype.swapped) text += std::endian::native == std::endian::little ? ", big-endian" : ", little-endian";
    if ((view.flags & aligned) == 0) text += describe_misalignment(view);
    return text;
}

std::string describe_demand(const Plan& plan, const Array& array, bool copies_allowed) {
    std::string text = print_extents(plan, array) + " " + name_dtype_of(plan, array);
    const bool is_callers = array.written && !array.copied;
    // What C only reads is copied when it lies otherwise: its layout is no demand.
    if (is_callers || !copies_allowed) text += ", " + describe_layout(array);
    if (is_callers) text += std::string(", writeable (") + name_intent(array) + ")";
    return text;
}

}  // namespace ndcall
