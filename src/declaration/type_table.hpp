// Each distinct type once, in the Declarations that own it.
#pragma once

#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "declaration/declaration.hpp"

namespace ndcall {

class TypeTable {
  public:
    // `types` must outlive the table; types that it holds already are not looked at.
    explicit TypeTable(std::deque<Type>& types) : types_(types) {}

    // `type.target` and the parameters' types must come from this table.
    const Type* intern(Type&& type);

    // What a text was read as before. The texts must outlive the table.
    std::unordered_map<std::string_view, const Type*> by_text;

  private:
    struct Hash {
        std::size_t operator()(const Type* type) const noexcept;
    };
    struct Equal {
        bool operator()(const Type* a, const Type* b) const noexcept;
    };
    std::deque<Type>& types_;
    std::unordered_set<const Type*, Hash, Equal> known_;
};

// Size and alignment that kind, target and extent alone tell on a 64-bit Linux; the text leaves these out.
struct Bytes {
    std::uint32_t size = 0, align = 0;
    bool operator==(const Bytes&) const = default;
};
Bytes usual_bytes(const Type& type);  // of a basic type, `type.size` says the size

}  // namespace ndcall
