// Declarations as text: what the reader process prints and what a saved library holds. One format, one printer, one parser.
//
// The text is untrusted: parse_declarations checks everything it takes (sizes, offsets inside their struct, identifiers, depth of types,
// counts) and throws TextError with line and column; it never crashes, and never takes memory out of proportion to the text.
#pragma once

#include <string>
#include <string_view>

#include "declaration/declaration.hpp"

namespace ndcall {

std::string print_declarations(const Declarations& declarations);
Declarations parse_declarations(std::string_view text, std::string_view origin = "declarations");

}  // namespace ndcall
