// What stands before the ':' of a line: names in Python, patterns of C names, heads.
#pragma once

#include <string>
#include <vector>

#include "contract/cursor.hpp"
#include "contract/entry.hpp"

namespace ndcall::detail {

// Tokens without a blank between them, as one text: `gsl_*_e`, `spline.*`.
struct Chunk {
    std::string text;
    Span at;
    const Token* first = nullptr;
};

// A name of C in which '*' stands for any letters.
Chunk parse_pattern(Cursor& cursor, std::string_view what);
bool is_pattern_with_star(std::string_view pattern);

// `[python =] [ctype] pattern {, pattern} [head]`, into the entry. Sets its kind to Function, Rule or (no ':' follows) Rename.
void parse_target(Cursor& cursor, Entry& entry);

// The tokens of a C type as one text, up to a ':' , ',' or ')' outside parentheses.
std::string parse_ctype(Cursor& cursor);

}  // namespace ndcall::detail
