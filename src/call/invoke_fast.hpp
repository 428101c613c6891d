// The call of the fast path: from its words into registers, without a memory's detour where there is nothing on the stack.
#pragma once

#include <algorithm>
#include <bit>
#include <utility>

#include "abi/native_abi.hpp"
#include "call/fast.hpp"

namespace ndcall {

namespace detail {

// SAFETY: of both functions: the native conventions let a caller fill registers that the callee does not read, and find_archetype put the
// right words there. A float lies in the low half of its register, as in its word.
template <class R, std::size_t... i>
[[gnu::always_inline]] inline R call_with_integers(const FastRoute& route, const std::uint64_t* words, std::index_sequence<i...>) {
    return reinterpret_cast<R (*)(decltype(words[i] + 0)...)>(route.address)(words[i]...);
}

template <class R, std::size_t... i, std::size_t... f>
R call_with_floats(const FastRoute& route, const std::uint64_t* words, std::index_sequence<i...>, std::index_sequence<f...>) {
    const auto real = [&](std::size_t at) {
        return std::bit_cast<double>(words[first_float_word + (static_cast<int>(at) < route.floats ? at : 0)]);
    };
    return reinterpret_cast<R (*)(decltype(words[i] + 0)..., decltype(real(f))...)>(route.address)(words[i]..., real(f)...);
}

}  // namespace detail

inline constexpr std::size_t integer_words = native_abi.integers.size();
static_assert(integer_words <= first_float_word);

// The integer words must all be initialised, also those that the callee does not read.
[[gnu::always_inline]] inline void invoke_fast(const FastRoute& route, const std::uint64_t* words, CallReturn& returned) {
    constexpr auto integers = std::make_index_sequence<integer_words>();
    constexpr auto floats = std::make_index_sequence<native_abi.floats.size()>();
    if (route.only_integer_registers) {
        returned.integers[0] = detail::call_with_integers<std::uint64_t>(route, words, integers);
        return;
    }
    if (route.stack_words == 0 && route.floats > 0 && route.is_declared_by_c) {
        if (route.result.cls == AbiClass::Float)
            returned.floats[0].low = std::bit_cast<std::uint64_t>(detail::call_with_floats<double>(route, words, integers, floats));
        else
            returned.integers[0] = detail::call_with_floats<std::uint64_t>(route, words, integers, floats);
        return;
    }
    CallWords registers;
    std::copy_n(words, integer_words, registers.integers);
    for (int i = 0; i < route.floats; ++i) registers.floats[i].low = words[first_float_word + i];
    registers.stack = words + first_stack_word;
    registers.stack_words = route.stack_words;
    registers.floats_used = route.floats;
    ndcall_call_words(route.address, &registers, &returned);
}

}  // namespace ndcall
