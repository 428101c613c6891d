// A value that C passes by value, taken apart: which scalars it holds, and where.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "declaration/declaration.hpp"

namespace ndcall {

enum class ItemKind : std::uint8_t { Integer, Float, LongDouble };

struct FlatItem {
    ItemKind kind = ItemKind::Integer;
    std::uint32_t offset = 0, size = 0;  // bytes
};

// Items in ascending order of offset; a complex number is two.
struct FlatValue {
    std::vector<FlatItem> items;
    std::uint32_t size = 0, align = 1;
    bool is_complex = false;  // a complex number itself, not a struct that holds one
};

// Structs by value are copied to the stack of the calling thread.
inline constexpr std::uint32_t most_value_bytes = 1 << 16;

// Throw UncallableError, which names the value, for what cannot be passed by value; also for structs that the compiler laid out otherwise
// than C's plain rules do (packed, aligned by hand, bit-fields): ABIs treat those in ways of their own.
FlatValue flatten_parameter(const Declarations& declarations, const Type& function, std::size_t i);
FlatValue flatten_result(const Declarations& declarations, const Type& function);

// "parameter 2 ('p')"
std::string name_parameter(const Type& function, std::size_t i);

}  // namespace ndcall
