// The archetype: 1 to 8 arrays and numbers, straight through. One accumulated word of mismatches, tested once; no allocation, no indirect
// call per argument. Whatever does not fit, and every mismatch, goes to the general walk, which has the same semantics and explains.
//
// The checks are a template over a reader of arrays, instantiated for NumPy in src/python and for views in tests: a view struct filled in
// another translation unit would cost more than the checks themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "call/abi.hpp"
#include "call/array_view.hpp"
#include "plan/plan.hpp"

namespace ndcall {

inline constexpr int most_fast_arguments = 8;
inline constexpr int most_fast_axes = 24;
inline constexpr int most_fast_values = 64;

enum class FastForm : std::uint8_t { Array, Double, Float, Int32, Int64 };

struct FastArgument {
    const void* identity = nullptr;  // Array: the builtin descriptor
    DType dtype;                     // Array: compared when the descriptor is another object
    std::uint16_t flags = 0;         // Array: required
    std::uint8_t ndim = 0;
    FastForm form = FastForm::Array;
    bool written = false;
    bool has_steps = false;
    std::uint8_t first_axis = 0;     // into axes: ndim of them
    std::uint8_t value = 0;          // where its data pointer or number goes
};

struct FastAxis {
    std::uint8_t symbol = 0;   // values[symbol] is the extent
    bool defines = false;      // binds the symbol; else is compared with it
    std::uint8_t step = 0xff;  // values[step] gets the step in elements; 0xff: contiguous
};

// Constants, then symbols, then data pointers and numbers share one table of words; registers are gathered from it.
struct FastPlan {
    std::uint8_t inputs = 0, arguments = 0;  // an array result follows the inputs: then arguments is inputs + 1
    std::uint8_t values = 0, constants = 0, extents = 0;
    std::uint8_t integers = 0, floats = 0;   // registers used
    std::uint8_t written = 0;                // number of written arrays
    std::uint16_t axes_count = 0;
    FastArgument argument[most_fast_arguments];
    FastAxis axes[most_fast_axes];
    std::uint64_t constant[8];               // values[0 .. constants)
    std::int64_t limit[16];                  // of extent i, as C's type holds it; values[constants + i]
    std::uint8_t integer_source[8];
    std::uint8_t float_source[8];
    std::uint8_t stack_source[16];
    std::uint8_t stack_words = 0;
    ValuePlace result;                       // AbiClass::None: nothing comes back from C's return
    Scalar result_type;
    bool returns_number = false;             // the only Python result is C's return value
    GilRule gil = GilRule::BySize;
    void (*address)() = nullptr;
};

// The archetype of a plan, or nothing when the general walk must do it.
std::optional<FastPlan> find_archetype(const Plan& plan, const CallLayout& layout);

template <class R>
concept ArrayReader = requires(typename R::handle h, std::uint64_t* word) {
    { R::is_array(h) } -> std::convertible_to<bool>;
    { R::data(h) } -> std::convertible_to<std::byte*>;
    { R::shape(h) } -> std::convertible_to<const std::ptrdiff_t*>;
    { R::byte_strides(h) } -> std::convertible_to<const std::ptrdiff_t*>;
    { R::ndim(h) } -> std::convertible_to<int>;
    { R::flags(h) } -> std::convertible_to<int>;
    { R::identity(h) } -> std::convertible_to<const void*>;
    { R::dtype(h) } -> std::convertible_to<DType>;
    { R::number(h, FastForm::Double, word) } -> std::convertible_to<bool>;
};

namespace detail {

// Named steps: positive multiples of the item, axes without a step contiguous, no two rows overlapping.
template <ArrayReader R>
bool take_steps(const FastPlan& plan, const FastArgument& argument, typename R::handle handle, std::uint64_t* values) noexcept {
    const std::ptrdiff_t* shape = R::shape(handle);
    const std::ptrdiff_t* byte_strides = R::byte_strides(handle);
    const auto itemsize = static_cast<std::ptrdiff_t>(argument.dtype.itemsize);
    std::ptrdiff_t contiguous = itemsize;
    for (int axis = argument.ndim - 1; axis >= 0; --axis) {
        const FastAxis& entry = plan.axes[argument.first_axis + axis];
        const std::ptrdiff_t step = byte_strides[axis];
        if (shape[axis] < 2 || step < contiguous || step % itemsize) return false;  // the general walk knows the small extents
        if (entry.step == 0xff && step != contiguous) return false;
        if (entry.step != 0xff) {
            const std::ptrdiff_t elements = step / itemsize;
            if (elements > plan.limit[entry.step - plan.constants]) return false;
            values[entry.step] = static_cast<std::uint64_t>(elements);
        }
        if (__builtin_mul_overflow(step, shape[axis], &contiguous)) return false;
    }
    return true;
}

// [data, data + span): the bytes between the first and the last element of an array without negative strides.
template <ArrayReader R>
std::size_t find_span(const FastArgument& argument, typename R::handle handle) noexcept {
    const std::ptrdiff_t* shape = R::shape(handle);
    std::size_t span = argument.dtype.itemsize;
    if (!argument.has_steps) {
        for (int axis = 0; axis < argument.ndim; ++axis) span *= static_cast<std::size_t>(shape[axis]);
        return span;
    }
    const std::ptrdiff_t* byte_strides = R::byte_strides(handle);
    for (int axis = 0; axis < argument.ndim; ++axis) span += static_cast<std::size_t>((shape[axis] - 1) * byte_strides[axis]);
    return span;
}

}  // namespace detail

// Checks the first Count arguments and fills `values`. False: nothing was changed that matters, take the general walk. `bytes` is the sum of
// the arrays' spans, for the rule about the GIL.
template <ArrayReader R, int Count>
bool check_and_place(const FastPlan& plan, const typename R::handle* handles, std::uint64_t* values, std::size_t& bytes) noexcept {
    std::uint64_t bad = 0;
    for (int i = 0; i < Count; ++i) {
        const FastArgument& want = plan.argument[i];
        const typename R::handle handle = handles[i];
        if (want.form != FastForm::Array) {
            if (!R::number(handle, want.form, &values[want.value])) return false;
            continue;
        }
        if (!R::is_array(handle)) return false;
        if (R::identity(handle) != want.identity && !(R::dtype(handle) == want.dtype)) return false;
        bad |= static_cast<std::uint64_t>(R::ndim(handle) ^ want.ndim) | static_cast<std::uint64_t>((R::flags(handle) & want.flags) ^ want.flags);
    }
    if (__builtin_expect(bad != 0, 0)) return false;
    std::uintptr_t low[most_fast_arguments], high[most_fast_arguments];
    std::size_t total = 0;
    for (int i = 0; i < Count; ++i) {
        const FastArgument& want = plan.argument[i];
        if (want.form != FastForm::Array) continue;
        const typename R::handle handle = handles[i];
        const std::ptrdiff_t* shape = R::shape(handle);
        for (int axis = 0; axis < want.ndim; ++axis) {
            const FastAxis& entry = plan.axes[want.first_axis + axis];
            const auto extent = static_cast<std::uint64_t>(shape[axis]);
            if (entry.defines) {
                values[entry.symbol] = extent;
                bad |= static_cast<std::uint64_t>(shape[axis] > plan.limit[entry.symbol - plan.constants]);
            } else {
                bad |= values[entry.symbol] ^ extent;
            }
        }
        if (want.has_steps && !detail::take_steps<R>(plan, want, handle, values)) return false;
        const auto data = reinterpret_cast<std::uintptr_t>(R::data(handle));
        const std::size_t span = detail::find_span<R>(want, handle);
        values[want.value] = data;
        low[i] = data;
        high[i] = data + span;
        total += span;
    }
    for (int i = 0; i < Count && plan.written; ++i) {
        if (plan.argument[i].form != FastForm::Array || !plan.argument[i].written) continue;
        for (int j = 0; j < Count; ++j)
            if (j != i && plan.argument[j].form == FastForm::Array) bad |= static_cast<std::uint64_t>((low[i] < high[j]) & (low[j] < high[i]));
    }
    bytes = total;
    return bad == 0;
}

}  // namespace ndcall
