#include "call/examine.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "call/elements.hpp"

namespace ndcall {
namespace {

constexpr std::size_t most_axes = 64;  // NumPy's

bool is_empty(const ArrayView& view) { return std::find(view.shape, view.shape + view.ndim, 0) != view.shape + view.ndim; }

// The axis that is `depth` steps away from the innermost.
int axis_at(const Array& demand, int ndim, int depth) { return demand.fortran ? depth : ndim - 1 - depth; }

std::string along(int axis) { return " along axis " + std::to_string(axis); }

std::string name_step(std::ptrdiff_t step, int axis) { return "has a step of " + std::to_string(step) + " bytes" + along(axis); }

std::string name_repetition(int axis) { return "repeats its elements" + along(axis) + " (a step of 0)"; }

// A step that C is told, or that it finds out by itself.
std::string judge_step(const Array& demand, const ArrayView& view, int axis, StepRule rule) {
    const std::ptrdiff_t step = view.byte_strides[axis];
    const auto itemsize = static_cast<std::ptrdiff_t>(view.dtype.itemsize);
    if (step == 0) return name_repetition(axis);
    if (rule != StepRule::Bytes && step % itemsize != 0)
        return name_step(step, axis) + ", no multiple of the itemsize " + std::to_string(itemsize);
    if (rule != StepRule::Any && step < 0 && !demand.lowest) return name_step(step, axis) + ", and C may not be told a negative one";
    return {};
}

// Each step must lead past everything that the smaller steps reach. Interleaved arrays that are disjoint all the same count as
// overlapping: C code with a leading dimension expects whole rows.
std::string judge_overlap(const ArrayView& view) {
    std::array<std::ptrdiff_t, most_axes> steps{}, extents{};
    std::size_t count = 0;
    for (std::size_t axis = 0; axis < view.ndim; ++axis) {
        if (view.shape[axis] == 1) continue;
        std::size_t at = count++;
        const std::ptrdiff_t step = std::abs(view.byte_strides[axis]);
        for (; at > 0 && steps[at - 1] > step; --at) {
            steps[at] = steps[at - 1];
            extents[at] = extents[at - 1];
        }
        steps[at] = step;
        extents[at] = view.shape[axis];
    }
    std::ptrdiff_t reach =
        view.dtype.itemsize;  // bytes from the first to behind the last of the inner axes; never above the array's own span
    for (std::size_t k = 0; k < count; ++k) {
        if (steps[k] < reach) return "has rows that overlap in memory";
        reach += steps[k] * (extents[k] - 1);
    }
    return {};
}

std::string judge_contiguity(const Array& demand, const ArrayView& view) {
    const bool met = (view.flags & (demand.fortran ? f_contiguous : c_contiguous)) != 0;
    return met ? std::string() : demand.fortran ? "is not F-contiguous" : "is not C-contiguous";
}

std::string judge_contiguous_step(const Array& demand, const ArrayView& view, int axis, int depth) {
    std::ptrdiff_t wanted = view.dtype.itemsize;
    if (depth > 0) {
        const int inner = axis_at(demand, view.ndim, depth - 1);
        wanted = step_of(demand, view, inner) * view.shape[inner];
    }
    return view.byte_strides[axis] == wanted ? std::string() : name_step(view.byte_strides[axis], axis) + ", and is not contiguous there";
}

// A table of rows holds addresses: between rows any step will do that keeps them apart.
std::string judge_rows(const Array& demand, const ArrayView& view) {
    for (int depth = 0; depth < view.ndim; ++depth) {
        const int axis = axis_at(demand, view.ndim, depth);
        const std::ptrdiff_t step = view.byte_strides[axis];
        if (view.shape[axis] == 1) continue;
        if (depth == 0 && step != static_cast<std::ptrdiff_t>(view.dtype.itemsize)) return "has rows that are not contiguous";
        if (step == 0) return name_repetition(axis);
    }
    return judge_overlap(view);
}

// From the innermost axis outwards: an axis without a step has the one that makes it contiguous with what lies inside it.
std::string judge_steps(const Array& demand, const ArrayView& view) {
    for (int depth = 0; depth < view.ndim; ++depth) {
        const int axis = axis_at(demand, view.ndim, depth);
        if (view.shape[axis] == 1) continue;
        const StepRule rule = demand.axes[static_cast<std::size_t>(axis)].step;
        std::string problem =
            rule == StepRule::Contiguous ? judge_contiguous_step(demand, view, axis, depth) : judge_step(demand, view, axis, rule);
        if (!problem.empty()) return problem;
    }
    return judge_overlap(view);
}

bool is_number(const DType& dtype) {
    return dtype.kind == 'b' || dtype.kind == 'i' || dtype.kind == 'u' || dtype.kind == 'f' || dtype.kind == 'c';
}

bool judge_dtype(const Array& demand, const ArrayView& view, const DType* like) {
    if (demand.identity != nullptr && view.identity == demand.identity) return true;
    if (demand.dtype_rule == DTypeRule::Any || (demand.dtype_rule == DTypeRule::Like && like == nullptr))
        return is_number(view.dtype) || view.dtype.kind == 'V';
    const DType& wanted = demand.dtype_rule == DTypeRule::Like ? *like : demand.dtype;
    // Structs of one size are not yet of one layout: src/python gives those that are the demand's identity to the view, and compares
    // those of like() itself.
    if (wanted.kind == 'V' && demand.dtype_rule == DTypeRule::Exact) return false;
    return wanted.kind == view.dtype.kind && wanted.itemsize == view.dtype.itemsize;
}

}  // namespace

Examination examine(const Array& demand, const ArrayView& view, const DType* like) {
    Examination result;
    result.dtype = judge_dtype(demand, view, like);
    result.byte_order = !view.dtype.swapped;
    result.ndim = demand.any_shape || demand.axes.size() == view.ndim;
    result.alignment = (view.flags & aligned) != 0;
    result.writeability = !demand.written || demand.copied || (view.flags & writeable) != 0;
    if (!demand.rows && !demand.has_steps())
        result.layout_problem = judge_contiguity(demand, view);  // means something even with another ndim
    else if (result.ndim && !is_empty(view))
        result.layout_problem = demand.rows ? judge_rows(demand, view) : judge_steps(demand, view);
    result.layout = result.layout_problem.empty();
    return result;
}

std::ptrdiff_t step_of(const Array& demand, const ArrayView& view, int axis) {
    return measure_byte_step(view, static_cast<std::size_t>(axis), demand.fortran);
}

std::byte* first_address(const Array& demand, const ArrayView& view) {
    if (!demand.lowest || view.data == nullptr || is_empty(view)) return view.data;
    std::ptrdiff_t offset = 0;
    for (int axis = 0; axis < view.ndim; ++axis)
        if (view.byte_strides[axis] < 0) offset += (view.shape[axis] - 1) * view.byte_strides[axis];
    // SAFETY: the sum of an array's negative steps leads to its own lowest element.
    return view.data + offset;
}

std::size_t data_bytes(const ArrayView& view) {
    // No overflow: NumPy keeps the product of the non-zero extents and the itemsize below 2^63.
    std::size_t bytes = view.dtype.itemsize;
    for (int axis = 0; axis < view.ndim; ++axis) bytes *= static_cast<std::size_t>(view.shape[axis]);
    return bytes;
}

}  // namespace ndcall
