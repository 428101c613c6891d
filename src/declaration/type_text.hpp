// The notation of types in saved declarations (text.hpp describes it): printer and parser.
#pragma once

#include "declaration/scanner.hpp"
#include "declaration/type_table.hpp"

namespace ndcall {

void append_string(std::string& out, std::string_view text);  // in quotes, escaped
void append_name(std::string& out, std::string_view name);    // bare where the parser takes it back as one word, else quoted
void append_type(std::string& out, const Type& type);

// At the scanner's place; throws TextError.
const Type* read_type(Scanner& scanner, TypeTable& table);

}  // namespace ndcall
