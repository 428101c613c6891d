#include "abi/flat_value.hpp"

#include <algorithm>
#include <cstddef>

#include "abi/abi.hpp"

namespace ndcall {

namespace {

constexpr int deepest_struct = 32;

[[noreturn]] void refuse(const Type& type, const std::string& reason) { throw UncallableError("'" + print_c(type) + "' " + reason); }

template <class T>
struct Probe {
    char before;
    T value;
};

// Where C puts a T within a struct, which on some CPUs differs from alignof.
template <class T>
constexpr std::uint32_t alignment_of = offsetof(Probe<T>, value);

std::uint32_t align_up(std::uint32_t offset, std::uint32_t align) { return (offset + align - 1) / align * align; }

FlatValue make_scalar(ItemKind kind, std::uint32_t size, std::uint32_t align) { return {{{kind, 0, size}}, size, align, false}; }

FlatValue flatten_integer(const Type& type) {
    switch (type.size) {
        case 1:
        case 2:
        case 4: return make_scalar(ItemKind::Integer, type.size, type.size);
        case 8: return make_scalar(ItemKind::Integer, type.size, alignment_of<std::int64_t>);
        default: refuse(type, "cannot be passed by value");
    }
}

FlatValue flatten_float(const Type& type, std::uint32_t size) {
    if (size == sizeof(float)) return make_scalar(ItemKind::Float, size, alignment_of<float>);
    if (size == sizeof(double)) return make_scalar(ItemKind::Float, size, alignment_of<double>);
    if (size == sizeof(long double)) return make_scalar(ItemKind::LongDouble, size, alignment_of<long double>);
    refuse(type, "cannot be passed by value");
}

void append_items(FlatValue& value, const FlatValue& member, std::uint32_t offset) {
    for (const FlatItem& item : member.items) value.items.push_back({item.kind, offset + item.offset, item.size});
}

FlatValue flatten_complex(const Type& type) {
    FlatValue value = flatten_float(type, type.size / 2);
    append_items(value, FlatValue(value), type.size / 2);
    value.size = type.size;
    value.is_complex = true;
    return value;
}

FlatValue flatten_struct(const Declarations& declarations, const Type& type, int depth);

FlatValue flatten(const Declarations& declarations, const Type& type, int depth) {
    switch (type.kind) {
        case Kind::Bool:
        case Kind::Character:
        case Kind::Signed:
        case Kind::Unsigned: return flatten_integer(type);
        case Kind::Enum: return flatten(declarations, *type.target, depth);
        case Kind::Pointer: return make_scalar(ItemKind::Integer, sizeof(void*), alignment_of<void*>);
        case Kind::Float: return flatten_float(type, type.size);
        case Kind::Complex: return flatten_complex(type);
        case Kind::Struct: return flatten_struct(declarations, type, depth);
        case Kind::Union: refuse(type, "is a union, and unions cannot be passed by value");
        default: refuse(type, "cannot be passed by value");
    }
}

// The declaration, when the struct can be passed at all.
const StructDeclaration& find_passable(const Declarations& declarations, const Type& type, int depth) {
    const StructDeclaration* found = declarations.find_struct(type.tag);
    if (!found || !found->is_complete) refuse(type, "is incomplete: what was read does not say what it holds");
    if (!found->invalid.empty()) refuse(type, "cannot be trusted: " + found->invalid);
    if (found->fields.empty()) refuse(type, "has no members, and empty structs cannot be passed by value");
    if (found->size > most_value_bytes) refuse(type, "is " + std::to_string(found->size) + " bytes long, too much to pass by value");
    if (depth == deepest_struct) refuse(type, "is nested too deeply to be passed by value");
    return *found;
}

// A member, which may be an array: its items repeated. Never more items than `room` has bytes.
FlatValue flatten_member(const Declarations& declarations, const Type& owner, const Field& field, std::uint32_t room, int depth) {
    const Type* single = field.type;
    while (single->kind == Kind::Array) single = single->target;
    FlatValue one = flatten(declarations, *single, depth + 1);
    if (field.type->kind != Kind::Array) return one;
    const std::uint32_t count = field.type->size / one.size;
    if (count == 0) refuse(owner, "has an array of unknown length ('" + field.name + "')");
    if (field.type->size > room) refuse(owner, "is shorter than its member '" + field.name + "'");
    FlatValue all;
    all.size = count * one.size;
    all.align = one.align;
    for (std::uint32_t i = 0; i < count; ++i) append_items(all, one, i * one.size);
    return all;
}

void refuse_layout(const Type& type, const std::string& what) {
    refuse(type, "is packed or aligned by hand: " + what + ", and such structs cannot be passed by value");
}

FlatValue flatten_struct(const Declarations& declarations, const Type& type, int depth) {
    const StructDeclaration& declared = find_passable(declarations, type, depth);
    FlatValue value;
    for (const Field& field : declared.fields) {
        if (field.bit_width >= 0) refuse(type, "has a bit-field ('" + field.name + "'), and such structs cannot be passed by value");
        const FlatValue member = flatten_member(declarations, type, field, declared.size - value.size, depth);
        const std::uint32_t plain = align_up(value.size, member.align);
        if (field.offset != plain)
            refuse_layout(type, "its member '" + field.name + "' lies at byte " + std::to_string(field.offset) + " instead of " +
                                    std::to_string(plain));
        if (plain + member.size > declared.size) refuse(type, "is shorter than its member '" + field.name + "'");
        append_items(value, member, plain);
        value.size = plain + member.size;
        value.align = std::max(value.align, member.align);
    }
    value.size = align_up(value.size, value.align);
    if (value.size != declared.size || value.align != declared.align)
        refuse_layout(type, "it has " + std::to_string(declared.size) + " bytes, aligned to " + std::to_string(declared.align) +
                                ", instead of " + std::to_string(value.size) + ", aligned to " + std::to_string(value.align));
    return value;
}

}  // namespace

std::string name_parameter(const Type& function, std::size_t i) {
    const std::string& name = function.parameters[i].name;
    return "parameter " + std::to_string(i + 1) + (name.empty() ? "" : " ('" + name + "')");
}

FlatValue flatten_parameter(const Declarations& declarations, const Type& function, std::size_t i) {
    try {
        return flatten(declarations, *function.parameters[i].type, 0);
    } catch (const UncallableError& error) {
        throw UncallableError(name_parameter(function, i) + ": " + error.what());
    }
}

FlatValue flatten_result(const Declarations& declarations, const Type& function) {
    try {
        return flatten(declarations, *function.target, 0);
    } catch (const UncallableError& error) {
        throw UncallableError(std::string("the result: ") + error.what());
    }
}

}  // namespace ndcall
