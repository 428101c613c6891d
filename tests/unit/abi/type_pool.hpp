// C types as the reader would deliver them, made from C++ types.
#pragma once

#include <complex.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "declaration/declaration.hpp"

namespace ndcall {

class TypePool {
  public:
    Declarations declarations;

    const Type* scalar(Kind kind, std::size_t size) {
        Type type;
        type.kind = kind;
        type.size = type.align = static_cast<std::uint32_t>(size);
        if (kind == Kind::Complex) type.align /= 2;
        return keep(std::move(type));
    }

    const Type* pointer_to(const Type* target) {
        Type type;
        type.kind = Kind::Pointer;
        type.size = type.align = sizeof(void*);
        type.target = target;
        return keep(std::move(type));
    }

    const Type* array_of(const Type* item, std::size_t count) {
        Type type;
        type.kind = Kind::Array;
        type.size = static_cast<std::uint32_t>(item->size * count);
        type.align = item->align;
        type.target = item;
        type.extent = count > 0 ? std::to_string(count) : "";
        return keep(std::move(type));
    }

    const Type* enumeration() {
        Type type;
        type.kind = Kind::Enum;
        type.size = type.align = sizeof(int);
        type.tag = "color";
        type.target = scalar(Kind::Signed, sizeof(int));
        return keep(std::move(type));
    }

    // Declares it as well, once for each tag.
    const Type* structure(const std::string& tag, std::size_t size, std::size_t align, std::vector<Field> fields) {
        if (!declarations.find_struct(tag)) {
            StructDeclaration declared;
            declared.tag = tag;
            declared.is_complete = true;
            declared.size = static_cast<std::uint32_t>(size);
            declared.align = static_cast<std::uint32_t>(align);
            declared.fields = std::move(fields);
            declarations.structs.push_back(std::move(declared));
        }
        return structure_type(tag, Kind::Struct, size, align);
    }

    const Type* structure_type(const std::string& tag, Kind kind = Kind::Struct, std::size_t size = 0, std::size_t align = 0) {
        Type type;
        type.kind = kind;
        type.tag = tag;
        type.size = static_cast<std::uint32_t>(size);
        type.align = static_cast<std::uint32_t>(align);
        return keep(std::move(type));
    }

    const Type* function(const Type* result, const std::vector<const Type*>& parameters) {
        Type type;
        type.kind = Kind::Function;
        type.target = result;
        for (const Type* parameter : parameters) type.parameters.push_back({"p" + std::to_string(type.parameters.size() + 1), parameter});
        return keep(std::move(type));
    }

    static Field field(const std::string& name, const Type* type, std::size_t offset) {
        Field made;
        made.name = name;
        made.type = type;
        made.offset = static_cast<std::uint32_t>(offset);
        return made;
    }

    // Scalars and pointers; structs of the tests are in test_structs.hpp.
    template <class T>
    const Type* of();

    template <class R, class... A>
    const Type* function_of(R (*)(A...)) {
        return function(of<R>(), {of<A>()...});
    }

  private:
    const Type* keep(Type&& type) { return &declarations.types.emplace_back(std::move(type)); }
};

// static const Type* make(TypePool&)
template <class T>
struct Described;

template <class T>
const Type* TypePool::of() {
    if constexpr (std::is_void_v<T>)
        return scalar(Kind::Void, 0);
    else if constexpr (std::is_same_v<T, bool>)
        return scalar(Kind::Bool, 1);
    else if constexpr (std::is_same_v<T, char>)
        return scalar(Kind::Character, 1);
    else if constexpr (std::is_same_v<T, float _Complex> || std::is_same_v<T, double _Complex> || std::is_same_v<T, long double _Complex>)
        return scalar(Kind::Complex, sizeof(T));
    else if constexpr (std::is_floating_point_v<T>)
        return scalar(Kind::Float, sizeof(T));
    else if constexpr (std::is_integral_v<T>)
        return scalar(std::is_signed_v<T> ? Kind::Signed : Kind::Unsigned, sizeof(T));
    else if constexpr (std::is_array_v<T>)
        return array_of(of<std::remove_extent_t<T>>(), std::extent_v<T>);
    else if constexpr (std::is_pointer_v<T>)
        return pointer_to(scalar(Kind::Void, 0));
    else
        return Described<T>::make(*this);
}

}  // namespace ndcall
