#include "declaration/check.hpp"

#include <algorithm>

#include "declaration/text.hpp"

namespace ndcall {

namespace {

const Type& strip_arrays(const Type& type) {
    const Type* at = &type;
    while (at->kind == Kind::Array) at = at->target;
    return *at;
}

std::optional<std::string> find_wrong_type(const Declarations& declarations, const Type& type) {
    if (type.kind == Kind::Enum) {
        const EnumDeclaration* entry = declarations.find_enum(type.tag);
        const bool differs = entry != nullptr && !type.tag.empty() && entry->underlying->size != type.target->size;
        return differs ? std::optional("enum '" + type.tag + "' has another size here than in its own entry") : std::nullopt;
    }
    if (type.kind != Kind::Struct && type.kind != Kind::Union) return std::nullopt;
    const StructDeclaration* entry = declarations.find_struct(type.tag);
    if (entry == nullptr) return type.size == 0 ? std::nullopt : std::optional("no entry tells what '" + type.tag + "' holds");
    if (entry->is_union != (type.kind == Kind::Union)) return "'" + type.tag + "' is a struct in one place and a union in another";
    if (type.size != 0 && type.size != entry->size) return "'" + type.tag + "' has another size here than in its own entry";
    return std::nullopt;
}

// Heights of structs within structs, each computed once.
class Nesting {
  public:
    explicit Nesting(const Declarations& declarations) : declarations_(declarations), heights_(declarations.structs.size(), unknown) {}

    // False when there is a cycle, or a nest deeper than the limit.
    bool measure(std::size_t index, unsigned depth = 0) {
        if (heights_[index] != unknown) return heights_[index] != open && depth + heights_[index] <= deepest_type;
        if (depth > deepest_type) return false;
        heights_[index] = open;
        unsigned height = 0;
        for (const Field& field : declarations_.structs[index].fields) {
            const Type& item = strip_arrays(*field.type);
            if (item.kind != Kind::Struct && item.kind != Kind::Union) continue;
            const StructDeclaration* inner = declarations_.find_struct(item.tag);
            if (inner == nullptr) continue;
            const auto position = static_cast<std::size_t>(inner - declarations_.structs.data());
            if (!measure(position, depth + 1)) return false;
            height = std::max(height, heights_[position] + 1);
        }
        heights_[index] = height;
        return true;
    }

  private:
    static constexpr unsigned unknown = ~0u, open = ~0u - 1;
    const Declarations& declarations_;
    std::vector<unsigned> heights_;
};

}  // namespace

bool is_enum_base(const Type& type) noexcept {
    return type.kind == Kind::Signed || type.kind == Kind::Unsigned || type.kind == Kind::Character || type.kind == Kind::Bool;
}

std::optional<std::string> find_wrong_field(const StructDeclaration& owner, const Field& field) {
    const Type& item = strip_arrays(*field.type);
    if (item.kind == Kind::Function || item.kind == Kind::Void) return "a field cannot be of this type";
    if (!owner.is_complete) return "an incomplete struct has no fields";
    if (field.bit_width < 0) {
        const bool inside = field.offset <= owner.size && field.type->size <= owner.size - field.offset;
        return inside ? std::nullopt : std::optional<std::string>("the field ends behind its struct");
    }
    if (!is_enum_base(*field.type) && field.type->kind != Kind::Enum && field.type->kind != Kind::Other)
        return "bits of a type that is no integer";
    const auto width = static_cast<std::uint64_t>(field.bit_width);
    if (width == 0 || width > std::uint64_t{field.type->size} * 8) return "more bits than the type has, or none";
    if (std::uint64_t{field.offset} * 8 + field.bit_shift + width > std::uint64_t{owner.size} * 8)
        return "the field ends behind its struct";
    return std::nullopt;
}

std::optional<Inconsistency> find_inconsistency(const Declarations& declarations) {
    for (std::size_t i = 0; i < declarations.types.size(); ++i) {
        if (auto wrong = find_wrong_type(declarations, declarations.types[i])) return Inconsistency{Inconsistency::In::Type, i, *wrong};
    }
    Nesting nesting(declarations);
    for (std::size_t i = 0; i < declarations.structs.size(); ++i) {
        if (nesting.measure(i)) continue;
        return Inconsistency{Inconsistency::In::Struct, i, "structs hold each other by value, or too deeply"};
    }
    return std::nullopt;
}

}  // namespace ndcall
