// The grammar of docs/contract.md, one function a rule. Each begins at its first token and stops behind its last.
#pragma once

#include "contract/cursor.hpp"
#include "contract/entry.hpp"

namespace ndcall::detail {

enum class Side : std::uint8_t { Left, Right };

Expression parse_expression(Cursor& cursor);
Expression parse_sum(Cursor& cursor);  // without comparison, and, or, not
Expression parse_call(Cursor& cursor);

std::vector<Item> parse_items(Cursor& cursor, Side side);
std::vector<Extent> parse_extents(Cursor& cursor);
ContractType parse_type(Cursor& cursor);
std::optional<Phrase> parse_phrase(Cursor& cursor);

bool at_clause(const Cursor& cursor);
Clause parse_clause(Cursor& cursor);

// Up to the end of the text.
Contract parse_whole_contract(Cursor& cursor);
// Up to the ')' that closes a callback's.
Contract parse_callback_contract(Cursor& cursor);

// One line of a file.
Entry parse_entry_line(Cursor& cursor);

}  // namespace ndcall::detail
