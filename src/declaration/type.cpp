#include "declaration/type.hpp"

#include <algorithm>
#include <array>

namespace ndcall {

namespace {

struct Word {
    Kind kind;
    std::uint32_t size;  // 0: any
    const char* text;
};

// What C calls a type of this kind and size; another word of the same size (`long long` beside `long`) stands in Type::spelling.
constexpr std::array<Word, 21> words = {{
    {Kind::Void, 0, "void"},
    {Kind::Bool, 0, "_Bool"},
    {Kind::Character, 0, "char"},
    {Kind::Signed, 1, "signed char"},
    {Kind::Signed, 2, "short"},
    {Kind::Signed, 4, "int"},
    {Kind::Signed, 8, "long"},
    {Kind::Unsigned, 1, "unsigned char"},
    {Kind::Unsigned, 2, "unsigned short"},
    {Kind::Unsigned, 4, "unsigned int"},
    {Kind::Unsigned, 8, "unsigned long"},
    {Kind::Float, 2, "_Float16"},
    {Kind::Float, 4, "float"},
    {Kind::Float, 8, "double"},
    {Kind::Float, 0, "long double"},
    {Kind::Complex, 4, "_Float16 _Complex"},
    {Kind::Complex, 8, "float _Complex"},
    {Kind::Complex, 16, "double _Complex"},
    {Kind::Complex, 0, "long double _Complex"},
    {Kind::Struct, 0, "struct"},
    {Kind::Union, 0, "union"},
}};

std::string find_word(const Type& type) {
    if (type.kind == Kind::Enum) return "enum " + type.tag;
    const auto fits = [&](const Word& word) { return word.kind == type.kind && (word.size == 0 || word.size == type.size); };
    const auto found = std::find_if(words.begin(), words.end(), fits);
    std::string out = found == words.end() ? "?" : found->text;
    if (type.kind == Kind::Struct || type.kind == Kind::Union) out += " " + type.tag;
    return out;
}

std::string print_qualifiers(const Type& type) {
    std::string out;
    if (type.is_const) out += "const ";
    if (type.is_volatile) out += "volatile ";
    if (type.is_restrict) out += "restrict ";
    return out;
}

bool is_declarator(const Type& type) {
    const bool derived = type.kind == Kind::Pointer || type.kind == Kind::Array || type.kind == Kind::Function;
    return derived && type.spelling.empty();
}

std::string print_parameters(const Type& function) {
    if (!function.has_prototype && function.parameters.empty()) return "()";
    std::string out;
    for (const Parameter& parameter : function.parameters) {
        if (!out.empty()) out += ", ";
        out += print_c(*parameter.type, parameter.name);
    }
    if (function.is_variadic && function.has_prototype) out += out.empty() ? "..." : ", ...";
    return "(" + (out.empty() ? "void" : out) + ")";
}

std::string print_pointer(const Type& type, const std::string& inner) {
    std::string qualifiers = print_qualifiers(type);
    if (inner.empty() && !qualifiers.empty()) qualifiers.pop_back();
    const Kind kind = type.target->kind;
    const bool binds_later = is_declarator(*type.target) && (kind == Kind::Array || kind == Kind::Function);
    return binds_later ? "(*" + qualifiers + inner + ")" : "*" + qualifiers + inner;
}

}  // namespace

std::string print_c(const Type& type, const std::string& name) {
    // A declarator is written from the name outwards, while the types lead from outside to the base: collect around the name.
    std::string inner = name;
    const Type* at = &type;
    for (; is_declarator(*at); at = at->target) {
        if (at->kind == Kind::Pointer) {
            inner = print_pointer(*at, inner);
        } else if (at->kind == Kind::Array) {
            inner += "[" + print_qualifiers(*at) + (at->extent_is_static ? "static " : "") + at->extent + "]";
        } else {
            inner += print_parameters(*at);
        }
    }
    const Type* qualified = at;  // of an array behind a name, its items have the qualifiers
    while (qualified->kind == Kind::Array) qualified = qualified->target;
    std::string out = print_qualifiers(*qualified) + (at->spelling.empty() ? find_word(*at) : at->spelling);
    if (!inner.empty()) out += " " + inner;
    return out;
}

}  // namespace ndcall
