// What must hold between the parts of declarations that came from outside, so that nothing that uses them need look again.
#pragma once

#include <optional>
#include <string>

#include "declaration/declaration.hpp"

namespace ndcall {

bool is_enum_base(const Type& type) noexcept;

// Why `field` cannot stand in `owner`, of which size and earlier fields are known.
std::optional<std::string> find_wrong_field(const StructDeclaration& owner, const Field& field);

struct Inconsistency {
    enum class In : std::uint8_t { Type, Struct };
    In in = In::Type;
    std::size_t index = 0;  // into Declarations::types or ::structs
    std::string message;
};

// A type that says of its struct, union or enum another thing than the entry of that tag, or structs that hold each other by value.
// Needs index_names().
std::optional<Inconsistency> find_inconsistency(const Declarations& declarations);

}  // namespace ndcall
