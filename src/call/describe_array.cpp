// Arrays as the lines "expected" and "got" show them.
#include "call/explain.hpp"
#include "plan/types.hpp"
#include "plan/wording.hpp"

namespace ndcall {
namespace {

// Of C's types on the platforms we know, an item's alignment is its size; complex numbers have that of their parts.
std::size_t find_alignment(const DType& dtype) { return dtype.kind == 'c' ? dtype.itemsize / 2 : dtype.itemsize; }

}  // namespace

std::string print_numbers(const std::ptrdiff_t* numbers, std::size_t count) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) texts.push_back(std::to_string(numbers[i]));
    return print_tuple(texts);
}

std::string describe_array(const ArrayView& view) {
    std::string text = print_numbers(view.shape, view.ndim) + " " + name_any_dtype(view.dtype);
    if ((view.flags & c_contiguous) == 0) text += ", strides " + print_numbers(view.byte_strides, view.ndim);
    if ((view.flags & writeable) == 0) text += ", read-only";
    if ((view.flags & aligned) == 0) text += ", not aligned to " + print_bytes(find_alignment(view.dtype));
    return text;
}

std::string write_new_array(const std::string& name, const ArrayView& view, const Array& demand, DType dtype) {
    dtype.swapped = false;
    if (!find_dtype(name_dtype(dtype))) return {};
    std::size_t size = dtype.itemsize;
    for (int axis = 0; axis < view.ndim; ++axis) size *= static_cast<std::size_t>(view.shape[axis]);
    return name + " = np.zeros(" + print_numbers(view.shape, view.ndim) + ", np." + name_dtype(dtype) +
           (demand.fortran && view.ndim > 1 ? ", order=\"F\"" : "") + ")   (a new array, " + print_bytes(size) + ")";
}

std::string describe_demand(const Plan& plan, const Array& array) {
    std::string text = print_extents(plan, array) + " " + name_dtype_of(plan, array) + ", " + describe_layout(array);
    // What C only reads, or gets a copy of, is nobody's loss.
    if (array.written && !array.copied) text += std::string(", writeable (") + name_intent(array) + ")";
    return text;
}

}  // namespace ndcall
