#include "readers/clang/types.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "declaration/check.hpp"
#include "declaration/scanner.hpp"
#include "declaration/text.hpp"

namespace ndcall::clang {

namespace {

struct Basic {
    int kind;
    Kind to;
    std::uint32_t usual_size;  // of a number that C's word tells by its size; 0: any size
    const char* word;          // written where the size is not the usual one
};

constexpr std::array<Basic, 18> basics = {{
    {type_void, Kind::Void, 0, ""},
    {type_bool, Kind::Bool, 0, ""},
    {type_char_unsigned, Kind::Character, 0, ""},
    {type_char_signed, Kind::Character, 0, ""},
    {type_schar, Kind::Signed, 1, "signed char"},
    {type_short, Kind::Signed, 2, "short"},
    {type_int, Kind::Signed, 4, "int"},
    {type_long, Kind::Signed, 8, "long"},
    {type_longlong, Kind::Signed, 0xFF, "long long"},
    {type_uchar, Kind::Unsigned, 1, "unsigned char"},
    {type_ushort, Kind::Unsigned, 2, "unsigned short"},
    {type_uint, Kind::Unsigned, 4, "unsigned int"},
    {type_ulong, Kind::Unsigned, 8, "unsigned long"},
    {type_ulonglong, Kind::Unsigned, 0xFF, "unsigned long long"},
    {type_float, Kind::Float, 4, "float"},
    {type_double, Kind::Float, 8, "double"},
    {type_long_double, Kind::Float, 16, "long double"},
    {type_float16, Kind::Float, 2, "_Float16"},
}};

const Basic* find_basic(int kind) {
    const auto found = std::find_if(basics.begin(), basics.end(), [&](const Basic& row) { return row.kind == kind; });
    return found == basics.end() ? nullptr : &*found;
}

// Clang says negative numbers for what has no size; what does not fit counts as unknown.
std::uint32_t to_bytes(long long size) {
    return size > 0 && size <= std::numeric_limits<std::uint32_t>::max() ? static_cast<std::uint32_t>(size) : 0;
}

std::string strip_qualifiers(std::string spelling) {
    for (const std::string_view word : {"const ", "volatile "}) {
        if (spelling.starts_with(word)) spelling.erase(0, word.size());
    }
    return spelling;
}

// The text in the first brackets of "double[restrict static n][m]", which are the outermost array's.
std::string_view find_extent(std::string_view spelling) {
    const std::size_t open = spelling.find('[');
    if (open == std::string_view::npos) return {};
    int depth = 0;
    for (std::size_t at = open; at < spelling.size(); ++at) {
        if (spelling[at] == '[') ++depth;
        if (spelling[at] == ']' && --depth == 0) return spelling.substr(open + 1, at - open - 1);
    }
    return {};
}

bool take_word(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    const std::string_view rest = text.substr(word.size());
    if (!rest.empty() && rest[0] != ' ') return false;
    text = rest.substr(rest.empty() ? 0 : 1);
    return true;
}

void take_extent(std::string_view text, Type& out) {
    bool again = true;
    while (again) {
        again = false;
        for (const auto& [word, flag] : {std::pair("static", &Type::extent_is_static), std::pair("const", &Type::is_const),
                                         std::pair("volatile", &Type::is_volatile), std::pair("restrict", &Type::is_restrict)}) {
            if (!take_word(text, word)) continue;
            out.*flag = again = true;
        }
    }
    out.extent = text;
}

}  // namespace

void TagNames::suggest(TypeHandle canonical, const std::string& tag) {
    if (canonical.kind != type_record && canonical.kind != type_enum) return;
    suggestions_.try_emplace(unit_.api.getCursorType(unit_.find_declaration(canonical)).data[0], tag);
}

std::string TagNames::choose(TypeHandle canonical) {
    const Cursor declaration = unit_.find_declaration(canonical);
    std::string name = unit_.spelling(declaration);
    if (is_identifier(name)) return name;
    // An unnamed struct that a typedef names is spelled by clang with that name.
    name = strip_qualifiers(unit_.take(unit_.api.getTypeSpelling(canonical)));
    for (const std::string_view word : {"struct ", "union ", "enum "}) {
        if (name.starts_with(word)) name.erase(0, word.size());
    }
    if (is_identifier(name)) return name;
    const auto suggested = suggestions_.find(unit_.api.getCursorType(declaration).data[0]);
    if (suggested != suggestions_.end()) return suggested->second;
    if (canonical.kind == type_enum) return {};
    return "unnamed." + std::to_string(unit_.location(declaration).line);
}

const std::string& TagNames::find_or_add(TypeHandle canonical) {
    // Qualifiers are the lowest bits of clang's identity.
    const Cursor declaration = unit_.find_declaration(canonical);
    const TypeHandle plain = unit_.api.getCanonicalType(unit_.api.getCursorType(declaration));
    const auto found = tags_.find(plain.data[0]);
    if (found != tags_.end()) return found->second;
    std::string tag = choose(plain);
    if (const unsigned used = tag.empty() ? 0 : taken_[tag]++) tag += "." + std::to_string(used + 1);
    waiting.push_back({plain, tag});
    return tags_.emplace(plain.data[0], std::move(tag)).first->second;
}

void TagNames::add_alias(const std::string& tag, const std::string& alias) {
    if (tag.empty() || tag == alias) return;
    std::vector<std::string>& known = aliases[tag];
    if (std::find(known.begin(), known.end(), alias) == known.end()) known.push_back(alias);
}

const std::string& TypeReader::find_typedef_error(Cursor declaration) {
    const auto [found, is_new] = typedefs_.try_emplace(declaration.data[0]);
    if (is_new) {
        std::string error = errors_.find_in(declaration);
        const bool is_invalid = unit_.api.isInvalidDeclaration(declaration) != 0;
        if (is_invalid && error.empty()) error = "it is not understood";
        if (!error.empty()) found->second = "typedef '" + unit_.spelling(declaration) + "': " + error;
    }
    return found->second;
}

TypeHandle TypeReader::strip(TypeHandle type, Sugar& sugar, Declarator& declarator) {
    const Api& api = unit_.api;
    while (true) {
        sugar.is_const |= api.isConstQualifiedType(type) != 0;
        sugar.is_volatile |= api.isVolatileQualifiedType(type) != 0;
        sugar.is_restrict |= api.isRestrictQualifiedType(type) != 0;
        if (type.kind == type_elaborated) {
            type = api.Type_getNamedType(type);
        } else if (type.kind == type_typedef) {
            const Cursor declaration = api.getTypeDeclaration(type);
            if (sugar.invalid.empty()) sugar.invalid = find_typedef_error(declaration);
            if (sugar.spelling.empty()) sugar.spelling = unit_.spelling(declaration);
            declarator = {declaration};
            type = api.getTypedefDeclUnderlyingType(declaration);
        } else if (type.kind == type_unexposed) {
            const TypeHandle canonical = api.getCanonicalType(type);
            if (canonical.kind == type_unexposed || canonical.kind == type_typedef || canonical.kind == type_elaborated) return canonical;
            type = canonical;
        } else {
            return type;
        }
    }
}

ReadType TypeReader::read(TypeHandle type, Cursor cursor) {
    Declarator declarator{cursor};
    return read_nested(type, declarator, 0);
}

ReadType TypeReader::read_nested(TypeHandle type, Declarator& declarator, unsigned depth) {
    const auto found = known_.find(type.data[0]);
    if (found != known_.end()) return found->second;
    if (depth >= deepest_type) return {unit_.types.intern(Type{}), "its type is nested too deeply"};
    Declarator own = declarator;
    ReadType out = read_new(type, own, depth);
    if (own.gave_names) {
        declarator.gave_names = true;
    } else {
        known_.emplace(type.data[0], out);
    }
    return out;
}

ReadType TypeReader::read_new(TypeHandle type, Declarator& declarator, unsigned depth) {
    Sugar sugar;
    Declarator own = declarator;  // inside a typedef, the typedef gives the names
    const TypeHandle bare = strip(type, sugar, own);
    const bool is_typedef = !sugar.spelling.empty();
    Type out;
    out.spelling = std::move(sugar.spelling);
    if (!is_array_kind(bare.kind)) {
        out.is_const = sugar.is_const;
        out.is_volatile = sugar.is_volatile;
        out.is_restrict = sugar.is_restrict;
    }
    std::string invalid = std::move(sugar.invalid);
    if (bare.kind == type_pointer) {
        out.kind = Kind::Pointer;
        ReadType target = read_nested(unit_.api.getPointeeType(bare), own, depth + 1);
        out.target = target.type;
        if (invalid.empty()) invalid = std::move(target.invalid);
    } else if (is_array_kind(bare.kind)) {
        read_array(bare, out, invalid, own, depth);
        out.target = qualify(out.target, sugar);
    } else if (bare.kind == type_function || bare.kind == type_function_without_prototype) {
        read_signature(bare, out, invalid, own, depth);
    } else {
        read_basic(unit_.api.getCanonicalType(bare), out);
        if (bare.kind == type_invalid && invalid.empty()) invalid = "its type is not understood";
    }
    if (out.kind != Kind::Function && out.kind != Kind::Void && out.kind != Kind::Array) {
        out.size = to_bytes(unit_.api.Type_getSizeOf(bare));
        out.align = out.size == 0 ? 0 : to_bytes(unit_.api.Type_getAlignOf(type));
    }
    if (own.gave_names && !is_typedef) declarator.gave_names = true;
    return {unit_.types.intern(std::move(out)), std::move(invalid)};
}

// Qualifiers of an array are its items': `const mat3 a` holds const doubles.
const Type* TypeReader::qualify(const Type* type, const Sugar& sugar) {
    if ((!sugar.is_const || type->is_const) && (!sugar.is_volatile || type->is_volatile)) return type;
    Type copy = *type;
    if (copy.kind == Kind::Array) {
        copy.target = qualify(copy.target, sugar);
    } else {
        copy.is_const |= sugar.is_const;
        copy.is_volatile |= sugar.is_volatile;
    }
    return unit_.types.intern(std::move(copy));
}

void TypeReader::read_array(TypeHandle type, Type& out, std::string& invalid, Declarator& declarator, unsigned depth) {
    out.kind = Kind::Array;
    take_extent(find_extent(unit_.take(unit_.api.getTypeSpelling(type))), out);
    if (type.kind == type_constant_array) out.extent = std::to_string(unit_.api.getArraySize(type));
    if (type.kind == type_incomplete_array) out.extent.clear();
    ReadType item = read_nested(unit_.api.getArrayElementType(type), declarator, depth + 1);
    out.target = item.type;
    if (invalid.empty()) invalid = std::move(item.invalid);
    const Bytes bytes = usual_bytes(out);
    out.size = bytes.size;
    out.align = bytes.align;
}

void TypeReader::read_signature(TypeHandle type, Type& out, std::string& invalid, Declarator& declarator, unsigned depth) {
    const Api& api = unit_.api;
    out.kind = Kind::Function;
    out.has_prototype = type.kind == type_function;
    out.is_variadic = out.has_prototype && api.isFunctionTypeVariadic(type) != 0;
    std::vector<Cursor> named;
    unit_.visit_children(declarator.cursor, [&](Cursor child) {
        if (child.kind == cursor_parameter) named.push_back(child);
        return visit_next;
    });
    const int count = std::max(api.getNumArgTypes(type), 0);
    const bool has_names = named.size() == static_cast<std::size_t>(count) && !declarator.gave_names;
    if (has_names) declarator.gave_names = true;
    for (int i = 0; i < count; ++i) {
        const auto index = static_cast<unsigned>(i);
        const Cursor cursor = has_names ? named[index] : Cursor{};
        Declarator inner{cursor};
        ReadType parameter = read_nested(has_names ? api.getCursorType(cursor) : api.getArgType(type, index), inner, depth + 1);
        out.parameters.push_back({has_names ? unit_.spelling(cursor) : "", parameter.type});
        if (invalid.empty()) invalid = std::move(parameter.invalid);
    }
    Declarator none{};
    ReadType result = read_nested(api.getResultType(type), none, depth + 1);
    out.target = result.type;
    if (invalid.empty()) invalid = std::move(result.invalid);
}

const Type* TypeReader::read_enum_base(Cursor declaration) {
    const Type* base = read(unit_.api.getEnumDeclIntegerType(declaration), Cursor{}).type;
    if (is_enum_base(*base)) return base;
    // An enum that is declared but not defined has no integer type; RecordReader says that it is invalid.
    Type guess;
    guess.kind = Kind::Unsigned;
    guess.size = guess.align = 4;
    return unit_.types.intern(std::move(guess));
}

void TypeReader::read_basic(TypeHandle canonical, Type& out) {
    const Api& api = unit_.api;
    const auto size = to_bytes(api.Type_getSizeOf(canonical));
    if (canonical.kind == type_enum || canonical.kind == type_record) {
        const Cursor declaration = unit_.find_declaration(canonical);
        out.tag = tags_.find_or_add(canonical);
        if (!out.spelling.empty()) tags_.add_alias(out.tag, out.spelling);
        out.kind = canonical.kind == type_enum ? Kind::Enum : declaration.kind == cursor_union ? Kind::Union : Kind::Struct;
        if (out.kind == Kind::Enum) {
            out.target = read_enum_base(declaration);
        }
        return;
    }
    const bool is_complex = canonical.kind == type_complex;
    const TypeHandle number = is_complex ? api.getElementType(canonical) : canonical;
    const Basic* basic = find_basic(number.kind);
    if (basic == nullptr || (is_complex && basic->to != Kind::Float)) {
        out.kind = Kind::Other;
        if (out.spelling.empty()) out.spelling = strip_qualifiers(unit_.take(api.getTypeSpelling(canonical)));
        if (out.spelling.empty()) out.spelling = "unknown";
        return;
    }
    out.kind = is_complex ? Kind::Complex : basic->to;
    const bool is_usual = basic->usual_size == 0 || basic->usual_size == (is_complex ? size / 2 : size);
    if (!is_usual && out.spelling.empty()) out.spelling = std::string(basic->word) + (is_complex ? " _Complex" : "");
}

ReadType TypeReader::read_function(Cursor function) {
    const Api& api = unit_.api;
    Type out;
    std::string invalid;
    const TypeHandle type = api.getCanonicalType(api.getCursorType(function));
    out.kind = Kind::Function;
    out.has_prototype = type.kind == type_function;
    out.is_variadic = out.has_prototype && api.isFunctionTypeVariadic(type) != 0;
    Declarator none{};
    ReadType result = read_nested(api.getCursorResultType(function), none, 1);
    out.target = result.type;
    if (!result.invalid.empty()) invalid = "result: " + result.invalid;
    const int count = std::max(api.Cursor_getNumArguments(function), 0);
    out.parameters.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        const Cursor cursor = api.Cursor_getArgument(function, static_cast<unsigned>(i));
        Declarator declarator{cursor};
        ReadType parameter = read_nested(api.getCursorType(cursor), declarator, 1);
        std::string name = unit_.spelling(cursor);
        if (parameter.invalid.empty() && api.isInvalidDeclaration(cursor) != 0) {
            parameter.invalid = errors_.find_between(unit_.begin(cursor), unit_.end(cursor));
            if (parameter.invalid.empty()) parameter.invalid = errors_.find_in(function);
            if (parameter.invalid.empty()) parameter.invalid = "it is not understood";
        }
        if (invalid.empty() && !parameter.invalid.empty()) {
            invalid = "parameter " + (name.empty() ? std::to_string(i + 1) : "'" + name + "'") + ": " + parameter.invalid;
        }
        out.parameters.push_back({std::move(name), parameter.type});
    }
    return {unit_.types.intern(std::move(out)), std::move(invalid)};
}

}  // namespace ndcall::clang
