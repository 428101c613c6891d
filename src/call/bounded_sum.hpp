// Can a sum of bounded multiples hit a target? The question behind overlap, solved exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ndcall {

// Room for the product of two addresses.
__extension__ using Wide = __int128;

// One summand: coefficient * x for any integer x in [0, bound]. coefficient > 0, bound >= 0.
struct Term {
    Wide coefficient, bound;
};

inline constexpr std::size_t most_terms = 136;  // two arrays of NumPy's 64 dimensions, and some

enum class Solvable : std::uint8_t { No, Yes, Unknown };

// Is there one x for each term, so that the terms add up to `target`? At most most_terms terms, whose largest values add up to less than
// 2^100, each coefficient below 2^64; `terms` is scratch afterwards. Every candidate tried takes one from `work_left`; Unknown when none
// is left. Up to two terms, after those that fuse were fused, need no search.
Solvable solve_bounded_sum(std::span<Term> terms, Wide target, std::size_t& work_left) noexcept;

}  // namespace ndcall
