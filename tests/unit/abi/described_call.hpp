// Calls of compiled functions as ndcall makes them: by their description only.
#pragma once

#include <array>
#include <cstring>
#include <string>
#include <tuple>
#include <type_traits>

#include "abi/abi.hpp"
#include "abi/test_structs.hpp"

namespace ndcall {

using Untyped = void (*)();

template <class R, class... A, class... Given>
R call_described(R (*function)(A...), Given... given) {
    TypePool types;
    const CallLayout layout = lay_out_call(types.declarations, *types.function_of(function));
    const std::tuple<A...> values{static_cast<A>(given)...};
    std::array<const void*, sizeof...(A) + 1> addresses{};
    std::apply(
        [&](const A&... value) {
            std::size_t i = 0;
            ((addresses[i++] = &value), ...);
        },
        values);
    alignas(16) std::byte result[sizeof(std::conditional_t<std::is_void_v<R>, int, R>) + 32];
    invoke(layout, reinterpret_cast<Untyped>(function), addresses.data(), result);
    if constexpr (!std::is_void_v<R>) {
        R returned;
        std::memcpy(&returned, result, sizeof returned);
        return returned;
    }
}

template <class R, class... A>
CallLayout layout_of(R (*function)(A...)) {
    TypePool types;
    return lay_out_call(types.declarations, *types.function_of(function));
}

inline std::string places_of(const CallLayout& layout) {
    std::string text;
    for (const ValuePlace& place : layout.parameters) text += describe_place(place) + " ";
    return text + "-> " + describe_result_place(layout.result);
}

}  // namespace ndcall
