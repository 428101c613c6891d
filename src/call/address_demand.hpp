// What is demanded of an array of which C gets the address and nothing else: dtype, ndim, shape, flags, each of them optional. The demand of
// numpy.ctypeslib's ndpointer. How long the memory is, and what C does to it, nobody told: so overlap is no question here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "call/array_view.hpp"
#include "plan/mismatch.hpp"

namespace ndcall {

inline constexpr std::ptrdiff_t any_extent = -1, no_extent = -2;  // no_extent: what no array has, like a shape of strings

struct AddressDemand {
    const void* identity = nullptr;  // the descriptor that the array's must equal; null: any. Opaque to the core
    std::string dtype_name;          // for messages: "float64"
    std::int64_t flags = 0;          // bits that must all be set, whatever they mean
    std::ptrdiff_t ndim = any_extent;
    bool is_shaped = false;
    std::vector<std::ptrdiff_t> shape;  // where is_shaped; any_extent: that axis is free
    bool is_optional = false;           // no array at all is NULL
};

inline bool has_shape(const AddressDemand& demand, int ndim, const std::ptrdiff_t* shape) noexcept {
    if (static_cast<std::size_t>(ndim) != demand.shape.size()) return false;
    for (std::size_t axis = 0; axis < demand.shape.size(); ++axis)
        if (demand.shape[axis] != any_extent && demand.shape[axis] != shape[axis]) return false;
    return true;
}

// R::is_equivalent(array, identity): are these dtypes equal though they are two objects?
template <class R>
[[gnu::always_inline]] inline bool meets(const AddressDemand& demand, typename R::handle array) noexcept {
    if (demand.identity && R::identity(array) != demand.identity && !R::is_equivalent(array, demand.identity)) return false;
    if (demand.ndim != any_extent && demand.ndim != R::ndim(array)) return false;
    if (demand.is_shaped && !has_shape(demand, R::ndim(array), R::shape(array))) return false;
    return (static_cast<std::int64_t>(R::flags(array)) & demand.flags) == demand.flags;
}

// "(None, 3) float64, C-contiguous, writeable, or None".
std::string describe_demand(const AddressDemand& demand);

// All that the array lacks, none with `expected`, `got` or `fix`. `flags`: NumPy's, whole.
Mismatches list_mismatches(const AddressDemand& demand, const ArrayView& array, std::int64_t flags, bool has_dtype,
                           const std::string& dtype_name);

// The letters of numpy.require for these flags; empty when it knows one of them not, or both orders are demanded.
std::string find_requirements(std::int64_t flags);

}  // namespace ndcall
