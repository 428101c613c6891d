// A contract: sides, then clauses.
#include "contract/grammar.hpp"

namespace ndcall::detail {

namespace {

constexpr std::size_t most_callback_depth = 8;  // contracts inside contracts; bounds the recursion over them

bool at_end(const Cursor& cursor) { return cursor.at(TokenKind::End) || (cursor.callback_depth > 0 && cursor.at(")")); }

void parse_sides(Cursor& cursor, Contract& contract) {
    if (!cursor.at("->")) contract.parameters = parse_items(cursor, Side::Left);
    contract.has_arrow = cursor.take_if("->");
    if (contract.has_arrow) contract.results = parse_items(cursor, Side::Right);
}

// Mistakes behind a side that could have gone on.
void refuse_after_side(const Cursor& cursor) {
    const Token& token = cursor.peek();
    if (token.is("->")) cursor.fail(Message::OneArrow);
    if (token.is(":")) cursor.fail(Message::TypePlace);
    if (token.is("*")) cursor.fail(Message::Star);
    if (cursor.at_any({"<", "<=", ">", ">=", "==", "!="})) cursor.fail(Message::NeedsWord);
}

void refuse_rest(const Cursor& cursor, const Contract& contract) {
    if (at_end(cursor)) return;
    cursor.refuse_known_mistakes();
    const Token& token = cursor.peek();
    const bool in_sides = contract.clauses.empty();
    if (in_sides) refuse_after_side(cursor);
    if (at_clause(cursor)) cursor.fail(Message::SeparatorClause, {token.text});
    if (token.kind == TokenKind::Name) cursor.fail(Message::Separator, {in_sides ? "',' or ';'" : "';'", token.text});
    const std::string_view more = !in_sides ? "" : contract.has_arrow ? "',', " : "',', '->', ";
    cursor.fail_expected(std::string(more) + "';' or " + (cursor.callback_depth > 0 ? "')'" : "the end"));
}

Contract parse_contract_here(Cursor& cursor) {
    Contract out;
    out.source = cursor.source();
    if (at_clause(cursor)) {
        out.clauses.push_back(parse_clause(cursor));
    } else if (!at_end(cursor) && !cursor.at(";")) {
        parse_sides(cursor, out);
    }
    while (cursor.take_if(";")) {
        if (at_end(cursor)) break;
        out.clauses.push_back(parse_clause(cursor));
    }
    refuse_rest(cursor, out);
    return out;
}

}  // namespace

Contract parse_whole_contract(Cursor& cursor) { return parse_contract_here(cursor); }

Contract parse_callback_contract(Cursor& cursor) {
    if (++cursor.callback_depth > most_callback_depth) cursor.fail(Message::CallbackDepth, {std::to_string(most_callback_depth)});
    Contract out = parse_contract_here(cursor);
    --cursor.callback_depth;
    return out;
}

}  // namespace ndcall::detail
