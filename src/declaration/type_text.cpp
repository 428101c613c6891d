#include "declaration/type_text.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "declaration/text.hpp"

namespace ndcall {

namespace {

struct Head {
    std::string_view word;
    Kind kind;
    std::uint32_t size = 0;
};

constexpr std::array<Head, 25> heads = {{
    {"void", Kind::Void},       {"bool", Kind::Bool, 1},   {"char", Kind::Character, 1}, {"i1", Kind::Signed, 1},
    {"i2", Kind::Signed, 2},    {"i4", Kind::Signed, 4},   {"i8", Kind::Signed, 8},      {"u1", Kind::Unsigned, 1},
    {"u2", Kind::Unsigned, 2},  {"u4", Kind::Unsigned, 4}, {"u8", Kind::Unsigned, 8},    {"f2", Kind::Float, 2},
    {"f4", Kind::Float, 4},     {"f8", Kind::Float, 8},    {"f12", Kind::Float, 12},     {"f16", Kind::Float, 16},
    {"c4", Kind::Complex, 4},   {"c8", Kind::Complex, 8},  {"c16", Kind::Complex, 16},   {"c24", Kind::Complex, 24},
    {"c32", Kind::Complex, 32}, {"struct", Kind::Struct},  {"union", Kind::Union},       {"enum", Kind::Enum},
    {"other", Kind::Other},
}};

struct Qualifier {
    std::string_view word;
    bool Type::*flag;
};

constexpr std::array<Qualifier, 3> qualifiers = {
    {{"const", &Type::is_const}, {"volatile", &Type::is_volatile}, {"restrict", &Type::is_restrict}}};

constexpr std::uint32_t largest_align = 1u << 28;

bool is_reserved(std::string_view word) {
    const auto is_word = [&](const auto& row) { return row.word == word; };
    return std::any_of(qualifiers.begin(), qualifiers.end(), is_word) || word == "static";
}

bool is_bare_extent(std::string_view extent) {
    return std::all_of(extent.begin(), extent.end(), [](char c) { return c >= '0' && c <= '9'; }) ||
           (is_identifier(extent) && !is_reserved(extent));
}

void append_bytes(std::string& out, const Type& type) {
    if (usual_bytes(type) == Bytes{type.size, type.align}) return;
    out += "/" + std::to_string(type.size) + "/" + std::to_string(type.align);
    if (type.kind == Kind::Pointer || type.kind == Kind::Array) out += ' ';
}

void append_extent(std::string& out, const Type& type) {
    out += '[';
    for (const Qualifier& qualifier : qualifiers) {
        if (type.*qualifier.flag) out += std::string(qualifier.word) + ' ';
    }
    if (type.extent_is_static) out += "static ";
    if (is_bare_extent(type.extent)) {
        out += type.extent;
    } else {
        append_string(out, type.extent);
    }
    out += ']';
}

void append_function(std::string& out, const Type& type) {
    out += type.has_prototype ? "fn(" : "oldfn(";
    bool first = true;
    for (const Parameter& parameter : type.parameters) {
        if (!first) out += ", ";
        first = false;
        if (!parameter.name.empty()) {
            append_name(out, parameter.name);
            out += ": ";
        }
        append_type(out, *parameter.type);
    }
    if (type.is_variadic) out += first ? "..." : ", ...";
    out += ") -> ";
    append_type(out, *type.target);
}

const Head& find_head(const Type& type) {
    const auto fits = [&](const Head& head) { return head.kind == type.kind && (head.size == 0 || head.size == type.size); };
    const auto found = std::find_if(heads.begin(), heads.end(), fits);
    return found == heads.end() ? heads.back() : *found;  // a size that no row has is `other`
}

void append_core(std::string& out, const Type& type) {
    switch (type.kind) {
        case Kind::Pointer:
            out += '*';
            append_bytes(out, type);
            return append_type(out, *type.target);
        case Kind::Array:
            append_extent(out, type);
            append_bytes(out, type);
            return append_type(out, *type.target);
        case Kind::Function: return append_function(out, type);
        default: break;
    }
    out += find_head(type).word;
    if (type.kind == Kind::Struct || type.kind == Kind::Union || type.kind == Kind::Enum) {
        out += ' ';
        append_name(out, type.tag);
    }
    append_bytes(out, type);
    if (type.kind == Kind::Enum) {
        out += ' ';
        append_type(out, *type.target);
    }
}

class TypeReader {
  public:
    TypeReader(Scanner& scanner, TypeTable& table) : scanner_(scanner), table_(table) {}

    const Type* read(unsigned depth) {
        if (depth > deepest_type) scanner_.fail("the type is nested too deeply");
        Type type;
        read_qualifiers(type);
        read_core(type, depth);
        return table_.intern(std::move(type));
    }

  private:
    void read_qualifiers(Type& type) {
        scanner_.skip_blanks();
        for (const Qualifier& qualifier : qualifiers) {
            if (scanner_.take_keyword(qualifier.word)) type.*qualifier.flag = true;
        }
        scanner_.skip_blanks();
    }

    void read_core(Type& type, unsigned depth) {
        if (scanner_.take("*")) {
            type.kind = Kind::Pointer;
            const bool given = read_bytes(type);
            type.target = read(depth + 1);
            if (!given) set_bytes(type);
        } else if (scanner_.take("[")) {
            read_array(type, depth);
        } else {
            read_named(type, depth);
        }
    }

    void read_array(Type& type, unsigned depth) {
        if (type.is_const || type.is_volatile || type.is_restrict) scanner_.fail("qualifiers of an array stand in its brackets");
        type.kind = Kind::Array;
        read_qualifiers(type);
        type.extent_is_static = scanner_.take_keyword("static");
        scanner_.skip_blanks();
        if (scanner_.peek() != ']') type.extent = scanner_.read_word_or_string();
        scanner_.expect("]");
        const bool given = read_bytes(type);
        type.target = read(depth + 1);
        if (!given) set_bytes(type);
    }

    void read_named(Type& type, unsigned depth) {
        const std::uint32_t begin = scanner_.position();
        const bool quoted = scanner_.peek() == '"';
        std::string word = scanner_.read_word_or_string();
        if (scanner_.take("=")) {
            if (word.empty()) scanner_.fail_at(begin, "an empty name in front of '='");
            if (!type.spelling.empty()) scanner_.fail_at(begin, "two names in front of one type");
            type.spelling = std::move(word);
            return read_core(type, depth);
        }
        if (quoted) scanner_.fail_at(begin, "a name stands in front of a type with '='");
        if (word == "fn" || word == "oldfn") {
            type.has_prototype = word == "fn";
            return read_function(type, depth);
        }
        const auto head = std::find_if(heads.begin(), heads.end(), [&](const Head& row) { return row.word == word; });
        if (head == heads.end()) scanner_.fail_at(begin, "expected a type");
        type.kind = head->kind;
        type.size = head->size;
        read_basic(type, begin, depth);
    }

    void read_basic(Type& type, std::uint32_t begin, unsigned depth) {
        if (type.kind == Kind::Struct || type.kind == Kind::Union || type.kind == Kind::Enum) {
            scanner_.skip_blanks();
            const std::uint32_t at = scanner_.position();
            type.tag = scanner_.read_word_or_string();
            if (!is_dotted_name(type.tag) && !(type.tag.empty() && type.kind == Kind::Enum)) scanner_.fail_at(at, "expected a tag");
        }
        if (type.kind == Kind::Other && type.spelling.empty()) scanner_.fail_at(begin, "'other' needs a name with '=' in front");
        const bool given = read_bytes(type);
        if (type.kind == Kind::Enum) {
            type.target = read(depth + 1);
            const Kind below = type.target->kind;
            const bool is_integer = below == Kind::Signed || below == Kind::Unsigned || below == Kind::Character || below == Kind::Bool;
            if (!is_integer) scanner_.fail_at(begin, "an enum needs an integer type");
        }
        if (!given) set_bytes(type);
    }

    void read_function(Type& type, unsigned depth) {
        type.kind = Kind::Function;
        scanner_.expect("(");
        scanner_.skip_blanks();
        while (!scanner_.take(")")) {
            if (type.is_variadic) scanner_.fail("nothing stands after '...'");
            if (scanner_.take("...")) {
                type.is_variadic = true;
            } else {
                type.parameters.push_back(read_parameter(depth));
            }
            scanner_.skip_blanks();
            if (scanner_.peek() != ')') scanner_.expect(",");
            scanner_.skip_blanks();
        }
        scanner_.skip_blanks();
        scanner_.expect("->");
        type.target = read(depth + 1);
    }

    Parameter read_parameter(unsigned depth) {
        Scanner ahead = scanner_;
        const std::string_view name = ahead.take_word();
        if (!ahead.take(":")) return {"", depth == 0 ? read_known() : read(depth + 1)};
        if (!is_identifier(name)) scanner_.fail("expected a parameter's name");
        scanner_ = ahead;
        return {std::string(name), depth == 0 ? read_known() : read(depth + 1)};
    }

    // The parameter types of a library are few: one without brackets or strings is not read twice.
    const Type* read_known() {
        const std::string_view text = scanner_.peek_until(",()[]\"\n");
        Scanner behind = scanner_;
        behind.take(text);
        const bool is_whole = behind.peek() == ',' || behind.peek() == ')';
        const auto known = is_whole ? table_.by_text.find(text) : table_.by_text.end();
        if (known == table_.by_text.end()) {
            const Type* type = read(1);
            if (is_whole) table_.by_text.emplace(text, type);
            return type;
        }
        scanner_ = behind;
        return known->second;
    }

    bool read_bytes(Type& type) {
        if (!scanner_.take("/")) return false;
        const std::uint32_t begin = scanner_.position();
        type.size = static_cast<std::uint32_t>(scanner_.read_unsigned(std::numeric_limits<std::uint32_t>::max()));
        scanner_.expect("/");
        type.align = static_cast<std::uint32_t>(scanner_.read_unsigned(largest_align));
        if ((type.align & (type.align - 1)) != 0) scanner_.fail_at(begin, "an alignment is a power of two");
        return true;
    }

    void set_bytes(Type& type) {
        const Bytes usual = usual_bytes(type);
        type.size = usual.size;
        type.align = usual.align;
    }

    Scanner& scanner_;
    TypeTable& table_;
};

}  // namespace

void append_string(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto append_byte = [&](char byte) {
        const auto value = static_cast<unsigned char>(byte);
        out += {'\\', 'x', digits[value >> 4], digits[value & 15]};
    };
    out += '"';
    while (!text.empty()) {
        const std::string_view valid = text.substr(0, find_broken_utf8(text));
        for (const char c : valid) {
            if (c == '"' || c == '\\') {
                out += {'\\', c};
            } else if (c == '\n' || c == '\t' || c == '\r') {
                out += {'\\', c == '\n' ? 'n' : c == '\t' ? 't' : 'r'};
            } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
                append_byte(c);
            } else {
                out += c;
            }
        }
        text.remove_prefix(valid.size());
        if (text.empty()) break;
        append_byte(text[0]);
        text.remove_prefix(1);
    }
    out += '"';
}

void append_name(std::string& out, std::string_view name) {
    if (is_dotted_name(name)) {
        out += name;
    } else {
        append_string(out, name);
    }
}

void append_type(std::string& out, const Type& type) {
    if (type.kind != Kind::Array) {
        for (const Qualifier& qualifier : qualifiers) {
            if (type.*qualifier.flag) out += std::string(qualifier.word) + ' ';
        }
    }
    if (!type.spelling.empty()) {
        append_name(out, type.spelling);
        out += '=';
    }
    append_core(out, type);
}

const Type* read_type(Scanner& scanner, TypeTable& table) { return TypeReader(scanner, table).read(0); }

}  // namespace ndcall
