// Everything that was read from a source or header: functions, types, variables, constants; each with file and line.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "declaration/type.hpp"

namespace ndcall {

struct Location {
    std::uint32_t file = 0;  // index into Declarations::files
    std::uint32_t line = 0;  // from one
};

// What a function's body visibly does. Read for suggestions, for writes to a declared input and for the GIL; nothing else.
//
// `writes` holds only what is sure: a store through the parameter or through a pointer that comes from this parameter alone, in the body
// itself or in a function of the same sources that it calls. Memory behind a member that is a pointer is named by its path:
// `x->data[i] = 0` writes "x.data" and reads "x". A value `*x` that the body itself has set before does not count as read. The address of a row (`x[i][j] = 0` on `double **x`) does not count as read.
struct BodyFacts {
    std::vector<std::string> reads, writes;  // parameters through which memory is read or written: x[i], *x, x->m; sorted
    std::vector<std::string> statics;  // names of non-const static variables, of the function and of file scope, that it touches; sorted
    // How many elements the body touches through a parameter: `x[i * n + j]` in loops `i < m` and `j < n` is {"x", {"m", "n"}}, and no
    // extents are one value, `*x`. It is there only when every use of the pointer in the body is such an element or a comparison with
    // NULL. An extent is the name of a parameter that the body does not change (an integer, or a pointer to one) or a number.
    struct Span {
        std::string parameter;
        std::vector<std::string> extents;
        bool operator==(const Span&) const = default;
    };
    std::vector<Span> spans;  // sorted by parameter
};

struct FunctionDeclaration {
    std::string name;
    std::string symbol;          // the linker's name; equals `name` in C unless __asm__ says otherwise
    const Type* type = nullptr;  // Kind::Function
    Location location;
    bool is_definition = false, is_static = false, is_inline = false;
    std::string text;           // the declaration as written, one line, without body: "void tr(int n, double a[n])"
    std::string comment;        // directly above (gap of at most one line), raw with its marks; empty when none
    Location comment_location;  // where the comment begins; line 0 when there is none
    std::string invalid;        // why it cannot be trusted, in the compiler's words with line; empty when it can
    BodyFacts body;
};

struct Field {
    std::string name;  // empty: an anonymous member
    const Type* type = nullptr;
    std::uint32_t offset = 0;     // bytes
    std::int32_t bit_width = -1;  // -1: no bit-field
    std::uint32_t bit_shift = 0;  // of a bit-field: its first bit, counted within the byte at `offset`
    std::string comment;
};

struct StructDeclaration {
    std::string tag;                   // the name users say: typedef's name when the struct itself has none
    std::vector<std::string> aliases;  // other names by typedef
    bool is_union = false, is_complete = false;
    std::uint32_t size = 0, align = 0;
    std::vector<Field> fields;
    Location location;
    std::string comment, invalid;
};

struct Enumerator {
    std::string name;
    std::int64_t value = 0;  // an unsigned 64-bit value above INT64_MAX keeps its bits; `is_unsigned` of the enum tells
};

struct EnumDeclaration {
    std::string tag;                   // empty for an anonymous enum: its members are constants
    std::vector<std::string> aliases;  // other names by typedef
    const Type* underlying = nullptr;
    std::vector<Enumerator> members;
    Location location;
    std::string comment, invalid;
};

struct VariableDeclaration {
    std::string name, symbol;
    const Type* type = nullptr;
    Location location;
    bool is_static = false, is_thread_local = false;
    std::string comment, invalid;
};

// A macro or file-scope constant with a value.
struct ConstantDeclaration {
    std::string name;
    std::variant<std::int64_t, std::uint64_t, double, std::string> value;
    Location location;
};

struct Declarations {
    std::string target;              // "x86_64-linux-gnu"
    std::vector<std::string> files;  // every file that was read, the main one first: the cache hashes them
    std::deque<Type> types;          // owns every Type; addresses are stable
    std::vector<FunctionDeclaration> functions;
    std::vector<StructDeclaration> structs;
    std::vector<EnumDeclaration> enums;
    std::vector<VariableDeclaration> variables;
    std::vector<ConstantDeclaration> constants;
    std::vector<std::string> warnings;  // the reader's remarks on the text itself, "file:line: message"

    Declarations() = default;
    Declarations(const Declarations&) = delete;  // types point into `types`
    Declarations& operator=(const Declarations&) = delete;
    Declarations(Declarations&&) = default;
    Declarations& operator=(Declarations&&) = default;

    // Null when there is none. Of several entries with one name the first is found; a struct or enum by its tag before one by an alias.
    const FunctionDeclaration* find_function(const std::string& name) const;
    const StructDeclaration* find_struct(const std::string& tag) const;  // and unions
    const EnumDeclaration* find_enum(const std::string& tag) const;

    // Makes the three above O(1); the parser and merge_declarations call it. Entries appended later are still found, by searching; an
    // entry that is renamed or removed needs a new call.
    void index_names();

  private:
    struct Index {
        std::unordered_map<std::string, std::uint32_t> positions;
        std::size_t covered = 0;  // how many entries, from the first, `positions` knows
    };
    Index function_index_, struct_index_, enum_index_;
};

}  // namespace ndcall
