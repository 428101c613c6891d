// The archetype: 0 to 8 arrays and numbers, and vectors of their extents and steps, straight through. One accumulated word of mismatches,
// tested once; no allocation, no indirect call per argument. Whatever does not fit, and every mismatch, goes to the general walk, which has
// the same semantics and explains.
//
// The checks are a template over a reader of arrays, instantiated for NumPy in src/python and for views in tests: a view struct filled in
// another translation unit would cost more than the checks themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "abi/abi.hpp"
#include "call/array_view.hpp"
#include "plan/plan.hpp"

namespace ndcall {

inline constexpr int most_fast_arguments = 8;
inline constexpr int most_fast_axes = 24;
inline constexpr int most_fast_vectors = 4;

// The words of a call: registers first, so that nothing is moved again, then what C does not get.
inline constexpr int first_float_word = 8, first_stack_word = 16, first_other_word = 32, most_fast_words = 64;

enum class FastForm : std::uint8_t { Array, Double, Float, Int32, Int64 };

struct FastArgument {
    const void* identity = nullptr;  // Array: the builtin descriptor, or a struct's own
    DType dtype;                     // Array: compared when the descriptor is another object; of a struct, no array's
    std::uint16_t flags = 0;         // Array: required
    std::uint8_t ndim = 0;
    FastForm form = FastForm::Array;
    bool has_steps = false;
    std::uint8_t shift = 0;  // itemsize is 1 << shift where steps are measured
    std::uint8_t span = 0;   // into spans
    std::uint8_t word = 0;   // where its data pointer or number goes
};

// One axis of an argument, and the word of the symbol that it defines or is compared with.
struct FastAxis {
    std::uint8_t argument = 0, axis = 0, word = 0;
};

// A step that C is told, in elements or bytes. word 0xff: it is free, and nobody is told.
struct FastStep {
    std::uint8_t argument = 0, axis = 0, word = 0;
    bool in_bytes = false, may_be_negative = false;
};

// Numbers that C gets as a vector: words of their own, side by side, and the word of their address.
struct FastVector {
    std::uint8_t word = 0, first = 0, count = 0;
    bool is_narrow = false;  // items of 4 bytes
    std::int64_t limit = 0;  // of an item, as its C type holds it
};

// A symbol in a vector.
struct FastCopy {
    std::uint8_t to = 0, from = 0;  // words
};

struct FastConstant {
    std::uint8_t word = 0;
    std::uint64_t value = 0;
};

// The bytes of a contiguous array, from its symbols. Arrays of equal extents share one.
struct FastSpan {
    std::uint32_t itemsize = 0;
    std::uint8_t axes = 0;
    std::uint8_t word[most_fast_arguments] = {};  // of its symbols
};

// Where words go, and what C returns.
struct FastRoute {
    void (*address)() = nullptr;
    std::uint8_t floats = 0, stack_words = 0;  // registers and stack words used
    bool only_integer_registers = false;       // nothing but integers and pointers, all in registers, and no floating result
    bool is_declared_by_c = true;              // else it may be variadic: C is told how many vector registers hold arguments
    ValuePlace result;                         // AbiClass::None: nothing comes back from C's return
    Scalar result_type;
};

// Nothing when this layout needs more than words. address and result_type are left to the caller.
inline std::optional<FastRoute> find_route(const CallLayout& layout) {
    if (!layout.direct || layout.stack_words > first_other_word - first_stack_word) return std::nullopt;
    FastRoute route;
    route.floats = static_cast<std::uint8_t>(layout.floats);
    route.stack_words = static_cast<std::uint8_t>(layout.stack_words);
    route.only_integer_registers = layout.floats == 0 && layout.stack_words == 0 && layout.result.cls != AbiClass::Float;
    route.result = layout.result;
    return route;
}

// The word that C gets as this parameter.
inline std::uint8_t find_place_word(const ValuePlace& place) {
    const int first = place.on_stack ? first_stack_word : place.cls == AbiClass::Float ? first_float_word : 0;
    return static_cast<std::uint8_t>(first + place.index);
}

struct FastPlan : FastRoute {
    FastArgument argument[most_fast_arguments];
    std::uint8_t inputs = 0, arguments = 0;  // an array result follows the inputs: then arguments is inputs + 1
    std::uint8_t constants = 0, vectors = 0, copies = 0;
    std::uint8_t definitions = 0, comparisons = 0, spans = 0, steps = 0;
    std::uint8_t written = 0, written_argument[most_fast_arguments] = {};
    bool is_uniform = false;                 // nothing but contiguous arrays of one shape and itemsize
    bool returns_number = false;             // the only Python result is C's return value
    bool has_arrays = false, unset = false;  // unset: the result's memory is not zeroed
    GilRule gil = GilRule::BySize;
    FastAxis definition[16];
    std::int64_t limit[16] = {};  // of what definition i binds, as C's type holds it
    FastAxis comparison[most_fast_axes];
    FastSpan span[most_fast_arguments];
    FastStep step[16];
    std::int64_t step_limit[16] = {};
    FastConstant constant[8];
    FastVector vector[most_fast_vectors];
    FastCopy copy[16];
    const Plan* plan = nullptr;                     // for messages
    const void* keyword[most_fast_arguments] = {};  // by argument, filled by the host: its name as the host compares it
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

// Steps are multiples of the item, axes without a step contiguous, no two rows overlap. `low`, `span`: the bytes from the first to the last.
template <ArrayReader R>
bool take_steps(const FastPlan& plan, int number, typename R::handle handle, std::uint64_t* words, std::uintptr_t& low,
                std::size_t& span) noexcept {
    const FastArgument& argument = plan.argument[number];
    const std::ptrdiff_t* shape = R::shape(handle);
    const std::ptrdiff_t* byte_strides = R::byte_strides(handle);
    const auto itemsize = static_cast<std::ptrdiff_t>(argument.dtype.itemsize);
    std::uint32_t free_axes = 0, negative_axes = 0;
    for (int i = 0; i < plan.steps; ++i) {
        const FastStep& step = plan.step[i];
        if (step.argument != number) continue;
        free_axes |= 1u << step.axis;
        if (step.may_be_negative) negative_axes |= 1u << step.axis;
        if (step.word == 0xff) continue;
        const std::ptrdiff_t told = step.in_bytes ? byte_strides[step.axis] : byte_strides[step.axis] >> argument.shift;
        if (told > plan.step_limit[i] || told < -plan.step_limit[i]) return false;
        words[step.word] = static_cast<std::uint64_t>(told);
    }
    std::ptrdiff_t contiguous = itemsize, last = itemsize, first = 0;
    for (int axis = argument.ndim - 1; axis >= 0; --axis) {
        const std::ptrdiff_t step = byte_strides[axis], distance = step < 0 ? -step : step;
        if (shape[axis] < 2 || distance < contiguous || (step & (itemsize - 1))) return false;  // the general walk knows the small extents
        if (step != contiguous && !(free_axes >> axis & 1)) return false;
        if (step < 0 && !(negative_axes >> axis & 1)) return false;
        (step < 0 ? first : last) += (shape[axis] - 1) * step;
        if (__builtin_mul_overflow(distance, shape[axis], &contiguous)) return false;
    }
    low += static_cast<std::uintptr_t>(first);
    span = static_cast<std::size_t>(last - first);
    return true;
}

// Symbols and steps have their words by now. False: an item does not fit.
[[gnu::noinline]] inline bool place_vectors(const FastPlan& plan, std::uint64_t* words) noexcept {
    for (int i = 0; i < plan.copies; ++i) words[plan.copy[i].to] = words[plan.copy[i].from];
    for (int i = 0; i < plan.vectors; ++i) {
        const FastVector& vector = plan.vector[i];
        auto* items = reinterpret_cast<std::byte*>(words + vector.first);
        words[vector.word] = reinterpret_cast<std::uintptr_t>(items);
        if (!vector.is_narrow) continue;
        for (int k = 0; k < vector.count; ++k) {  // in place: an item never lies behind its word
            const std::uint64_t word = words[vector.first + k];
            if (static_cast<std::int64_t>(word) > vector.limit) return false;
            const auto item = static_cast<std::uint32_t>(word);
            std::memcpy(items + static_cast<std::size_t>(k) * sizeof item, &item, sizeof item);
        }
    }
    return true;
}

// dtype, ndim and flags of arrays; numbers are taken to their words.
template <ArrayReader R, int Count, bool Uniform>
[[gnu::always_inline]] inline bool check_kinds(const FastPlan& plan, const typename R::handle* handles, std::uint64_t* words) noexcept {
    std::uint64_t bad = 0;
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i) {
        const FastArgument& want = plan.argument[i];
        const typename R::handle handle = handles[i];
        if (!Uniform && __builtin_expect(want.form != FastForm::Array, 0)) {
            if (!R::number(handle, want.form, &words[want.word])) return false;
            continue;
        }
        if (__builtin_expect(!R::is_array(handle), 0)) return false;
        if (__builtin_expect(R::identity(handle) != want.identity, 0) && !(R::dtype(handle) == want.dtype)) return false;
        bad |= static_cast<std::uint64_t>(R::ndim(handle) ^ want.ndim) | static_cast<std::uint64_t>(want.flags & ~R::flags(handle));
    }
    return bad == 0;
}

// Arrays of one shape: it is read from the first, the others are compared with it.
template <ArrayReader R, int Count>
[[gnu::always_inline]] inline bool bind_uniform(const FastPlan& plan, const typename R::handle* handles, std::uint64_t* words,
                                                std::size_t& span) noexcept {
    std::uint64_t bad = 0;
    std::size_t bytes = plan.span[0].itemsize;
    const std::ptrdiff_t* shape = R::shape(handles[0]);
    for (int axis = 0; axis < plan.argument[0].ndim; ++axis) {
        const std::ptrdiff_t extent = shape[axis];
        words[plan.span[0].word[axis]] = static_cast<std::uint64_t>(extent);
        bad |= static_cast<std::uint64_t>(extent > plan.limit[axis]);
        bytes *= static_cast<std::size_t>(extent);
#pragma GCC unroll 8
        for (int i = 1; i < Count; ++i) bad |= static_cast<std::uint64_t>(R::shape(handles[i])[axis] ^ extent);
    }
    span = bytes;
    return bad == 0;
}

template <ArrayReader R, int Count>
[[gnu::noinline]] bool bind_extents(const FastPlan& plan, const typename R::handle* handles, std::uint64_t* words,
                                    std::size_t* spans) noexcept {
    std::uint64_t bad = 0;
    for (int i = 0; i < plan.definitions; ++i) {
        const FastAxis& axis = plan.definition[i];
        const std::ptrdiff_t extent = R::shape(handles[axis.argument])[axis.axis];
        words[axis.word] = static_cast<std::uint64_t>(extent);
        bad |= static_cast<std::uint64_t>(extent > plan.limit[i]);
    }
    for (int i = 0; i < plan.comparisons; ++i) {
        const FastAxis& axis = plan.comparison[i];
        if (axis.argument >= Count) break;  // of the result, which is allocated to fit
        bad |= words[axis.word] ^ static_cast<std::uint64_t>(R::shape(handles[axis.argument])[axis.axis]);
    }
    for (int i = 0; i < plan.spans; ++i) {
        const FastSpan& entry = plan.span[i];
        std::size_t span = entry.itemsize;
        for (int axis = 0; axis < entry.axes; ++axis) span *= words[entry.word[axis]];
        spans[i] = span;
    }
    return bad == 0;
}

}  // namespace detail

// Checks the first Count arguments and fills `words`, whose constants are there. False: take the general walk. `bytes` is the sum of the
// arrays' spans, for the rule about the GIL. Uniform: of plans that are, with nothing asked twice.
template <ArrayReader R, int Count, bool Uniform = false>
[[gnu::always_inline]] inline bool check_and_place(const FastPlan& plan, const typename R::handle* handles, std::uint64_t* words,
                                                   std::size_t& bytes) noexcept {
    if (!detail::check_kinds<R, Count, Uniform>(plan, handles, words)) return false;  // before a shape is read: ndim says how long it is
    std::size_t spans[most_fast_arguments];
    if constexpr (Uniform) {
        if (!detail::bind_uniform<R, Count>(plan, handles, words, spans[0])) return false;
    } else if constexpr (Count > 0) {
        if (!detail::bind_extents<R, Count>(plan, handles, words, spans)) return false;
    }
    std::uintptr_t low[Count + 1], high[Count + 1];
    std::size_t total = 0;
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i) {
        const FastArgument& want = plan.argument[i];
        low[i] = high[i] = 0;  // a number: overlaps nothing
        if (!Uniform && __builtin_expect(want.form != FastForm::Array, 0)) continue;
        std::size_t span = spans[Uniform ? 0 : want.span];
        low[i] = words[want.word] = reinterpret_cast<std::uintptr_t>(R::data(handles[i]));
        if (!Uniform && __builtin_expect(want.has_steps, 0) && !detail::take_steps<R>(plan, i, handles[i], words, low[i], span))
            return false;
        high[i] = low[i] + span;
        total += span;
    }
    if (!Uniform && __builtin_expect(plan.vectors != 0, 0) && !detail::place_vectors(plan, words)) return false;
    std::uint64_t bad = 0;
    for (int k = 0; k < plan.written; ++k) {
        const int i = plan.written_argument[k];
        if (i >= Count) break;  // the result, which is allocated
        std::uint64_t shared = 0;
#pragma GCC unroll 8
        for (int j = 0; j < Count; ++j) shared += static_cast<std::uint64_t>((low[i] < high[j]) & (low[j] < high[i]));
        bad |= shared - static_cast<std::uint64_t>(low[i] < high[i]);  // its own bytes are its own
    }
    bytes = total;
    return bad == 0;
}

}  // namespace ndcall
