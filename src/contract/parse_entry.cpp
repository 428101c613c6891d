// One line of a contract file.
#include <array>

#include "contract/grammar.hpp"
#include "contract/parse_target.hpp"

namespace ndcall::detail {

namespace {

void parse_entry_contract(Cursor& cursor, Entry& entry) {
    entry.source = cursor.copy_rest();
    entry.contract = parse_whole_contract(cursor);
}

// `handle NAME [= ctype]: free f {; ref f | serial}`. `*` in both names is the same text.
void parse_handle(Cursor& cursor, Entry& entry) {
    Chunk name = parse_pattern(cursor, "the name of a handle");
    entry.pattern_spans.push_back(name.at);
    if (cursor.take_if("=")) {
        entry.ctype = parse_ctype(cursor);
        if (entry.ctype.empty()) cursor.fail_expected("a C type");
    }
    cursor.need(":", "after the name of the handle");
    const Token& word = cursor.peek();
    if (!cursor.take_if("free")) cursor.fail(Message::HandleFree);
    const bool has_arguments = cursor.at(TokenKind::Name) && cursor.next_is("(");
    Phrase free;
    if (has_arguments) {
        free.name = cursor.peek().text;
        free.call = parse_call(cursor);
    } else {
        free.name = parse_pattern(cursor, "a function after 'free'").text;
    }
    free.at = cursor.span_from(word);
    if (is_pattern_with_star(free.name) && !is_pattern_with_star(name.text)) cursor.fail_at(word, Message::StarsDiffer, {"0", "1"});
    entry.free = std::move(free);
    entry.patterns.push_back(std::move(name.text));
}

void parse_handle_clauses(Cursor& cursor, Entry& entry) {
    while (cursor.take_if(";")) {
        if (cursor.at(TokenKind::End)) break;
        if (cursor.take_if("serial")) {
            entry.serial = true;
        } else if (cursor.take_if("ref")) {
            entry.ref = cursor.take_name("a function after 'ref'").text;
        } else {
            cursor.fail(Message::HandleClause, {show_token(cursor.peek())});
        }
    }
    if (!cursor.at(TokenKind::End)) cursor.fail(Message::HandleClause, {show_token(cursor.peek())});
}

void parse_handle_entry(Cursor& cursor, Entry& entry) {
    entry.kind = Entry::Kind::Handle;
    parse_handle(cursor, entry);
    parse_handle_clauses(cursor, entry);
}

void parse_struct_entry(Cursor& cursor, Entry& entry) {
    entry.kind = Entry::Kind::Struct;
    const Token& name = cursor.take_name("the name of a struct");
    entry.patterns.emplace_back(name.text);
    entry.pattern_spans.push_back(name.at);
    cursor.need(":", "after the name of the struct");
    parse_entry_contract(cursor, entry);
}

void parse_load_entry(Cursor& cursor, Entry& entry) {
    const std::string_view word = cursor.previous().text;
    entry.kind = word == "load" ? Entry::Kind::Load : Entry::Kind::Unload;
    if (!cursor.at(TokenKind::Name) || !cursor.next_is("(")) cursor.fail(Message::CallExpected, {word, word});
    entry.call = parse_call(cursor);
    if (!cursor.at(TokenKind::End)) cursor.fail(Message::CallExpected, {word, word});
}

struct EntryWord {
    std::string_view text;
    void (*parse)(Cursor&, Entry&);
};
constexpr std::array entry_words{
    EntryWord{"handle", parse_handle_entry},
    EntryWord{"struct", parse_struct_entry},
    EntryWord{"load", parse_load_entry},
    EntryWord{"unload", parse_load_entry},
};

// `handle x: ...` is an entry word; `handle: x[n]` and `handle = c_handle: ...` are functions, and `struct s f*: ...` is a rule for
// functions that return a struct.
const EntryWord* find_entry_word(const Cursor& cursor) {
    for (const EntryWord& row : entry_words) {
        if (!cursor.at(row.text)) continue;
        const Token& next = cursor.peek(1);
        if (row.text == "handle") return next.kind == TokenKind::Name || (next.is("*") && next.begin != cursor.peek().end) ? &row : nullptr;
        if (next.kind != TokenKind::Name) return nullptr;
        return row.text != "struct" || cursor.peek(2).is(":") ? &row : nullptr;
    }
    return nullptr;
}

}  // namespace

Entry parse_entry_line(Cursor& cursor) {
    Entry out;
    const Token& first = cursor.peek();
    out.at = first.at;
    out.contract.source = cursor.source();
    if (const EntryWord* word = find_entry_word(cursor)) {
        cursor.take();
        word->parse(cursor, out);
        return out;
    }
    if (first.is("->")) cursor.fail(Message::ContractArrowName);
    parse_target(cursor, out);
    if (out.kind != Entry::Kind::Rename) parse_entry_contract(cursor, out);
    return out;
}

}  // namespace ndcall::detail
