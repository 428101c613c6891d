#include "declaration/type_table.hpp"

#include <charconv>
#include <functional>
#include <limits>

namespace ndcall {

namespace {

void mix(std::size_t& hash, std::size_t value) { hash = (hash ^ value) * 0x9E3779B97F4A7C15u + (hash >> 29); }

}  // namespace

std::size_t TypeTable::Hash::operator()(const Type* type) const noexcept {
    const std::hash<std::string> text;
    const auto flags = static_cast<std::size_t>(type->is_const | type->is_volatile << 1 | type->is_restrict << 2);
    std::size_t hash = static_cast<std::size_t>(type->kind) << 3 | flags;
    mix(hash, std::size_t{type->size} << 32 | type->align);
    mix(hash, reinterpret_cast<std::uintptr_t>(type->target));
    if (!type->spelling.empty()) mix(hash, text(type->spelling));
    if (!type->tag.empty()) mix(hash, text(type->tag));
    if (!type->extent.empty()) mix(hash, text(type->extent));
    for (const Parameter& parameter : type->parameters) {
        mix(hash, text(parameter.name));
        mix(hash, reinterpret_cast<std::uintptr_t>(parameter.type));
    }
    return hash;
}

bool TypeTable::Equal::operator()(const Type* a, const Type* b) const noexcept { return *a == *b; }

const Type* TypeTable::intern(Type&& type) {
    if (const auto found = known_.find(&type); found != known_.end()) return *found;
    return *known_.insert(&types_.emplace_back(std::move(type))).first;
}

Bytes usual_bytes(const Type& type) {
    switch (type.kind) {
        case Kind::Bool:
        case Kind::Character: return {1, 1};
        case Kind::Signed:
        case Kind::Unsigned: return {type.size, type.size};
        case Kind::Float: return {type.size, type.size == 12 ? 4 : type.size};
        case Kind::Complex: return {type.size, type.size == 24 ? 4 : type.size / 2};
        case Kind::Pointer: return {8, 8};
        case Kind::Enum: return {type.target->size, type.target->align};
        case Kind::Array: {
            std::uint64_t count = 0;
            const char* end = type.extent.data() + type.extent.size();
            const auto read = std::from_chars(type.extent.data(), end, count);
            const bool is_number = read.ec == std::errc() && read.ptr == end;
            const std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
            const bool fits = is_number && (type.target->size == 0 || count <= most / type.target->size);
            return {fits ? static_cast<std::uint32_t>(count * type.target->size) : 0, type.target->align};
        }
        default: return {};
    }
}

}  // namespace ndcall
