// Contract files: `[python_name =] name[(head)]: contract` and the other kinds of lines.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.hpp"

namespace ndcall {

// The parameters' own names, in C's order: f(a, b, n).
struct HeadName {
    std::string name, ctype;  // ctype is given for the arguments of a variadic function only
    Span at;
};

struct Entry {
    enum class Kind : std::uint8_t { Function, Rule, Rename, Handle, Struct, Load, Unload };
    Kind kind = Kind::Function;
    Span at;                            // of the entry's first word, in the text the user wrote
    std::string python_name;            // empty: the C name. Rename: the Python pattern
    std::string ctype;                  // Rule: the return type in front. Handle: after '='
    std::vector<std::string> patterns;  // Function: one name. Rule: one or more patterns. Handle, Struct: one name. Rename: one C pattern
    std::vector<Span> pattern_spans;
    bool has_head = false;
    std::vector<HeadName> head;
    Contract contract;               // Function, Rule, Struct
    std::optional<Phrase> free;      // Handle
    std::string ref;                 // Handle: `ref f`
    bool serial = false;             // Handle
    std::optional<Expression> call;  // Load, Unload
    std::uint32_t family = 0;        // which alternative of the line's braces; members of one line share `at`
    bool is_family = false;
    std::string source;  // the contract's own text after the ':' as the user wrote it (braces stepped), for `.contract`
};

// A file's lines. One wrong line spoils only itself: it becomes a mistake, the others are parsed.
struct Mistake {
    std::string target;  // the C name or pattern the line was for, as far as it could be told
    TextError error;
};

struct ContractFile {
    std::string origin;  // "filter.contract", "contracts=", "filter.c" ...
    std::vector<Entry> entries;
    std::vector<Mistake> mistakes;
};

// The line as the language writes it, braces stepped. Parsing the result gives an equal entry.
std::string print(const Entry& entry);

// The line in its author's own spelling, without comments: for several members of a family one line with braces again, of those alone.
// Parsing the result gives entries equal to these, in their order. `members` are of one line; never empty.
std::string print_as_written(std::span<const Entry* const> members);

// A file or the text given to contracts=. `first_line` moves reported lines when the text is part of a larger file.
ContractFile parse_contract_file(std::string_view text, std::string_view origin, std::uint32_t first_line = 1);

// `key: contract` of contracts={key: contract}: the key is what stands before the ':' in a file. Throws TextError.
std::vector<Entry> parse_entry(std::string_view key, std::string_view contract, std::string_view origin);

// The contract in a comment above `function`: what follows "ndcall:" in it, as an entry whose errors show the comment's own lines; or
// nothing. Continuation lines begin with two blanks after the mark; in a block comment without marks, two blanks further right than
// "ndcall:". `first_line`: of the comment in its file. Throws TextError.
std::optional<Entry> parse_comment_contract(std::string_view comment, std::string_view function, std::string_view origin,
                                            std::uint32_t first_line = 1);

// The comment's prose without marks and without the ndcall line: the function's documentation.
std::string strip_comment(std::string_view comment);

// One contract alone. Throws TextError.
Contract parse_contract(std::string_view text, std::string_view origin = "contract", std::uint32_t first_line = 1);

}  // namespace ndcall
