#include "contract/parse_target.hpp"

#include <algorithm>

#include "contract/grammar.hpp"
#include "contract/words.hpp"

namespace ndcall::detail {

namespace {

bool can_stand_in_target(const Token& token) {
    switch (token.kind) {
        case TokenKind::Name:
        case TokenKind::Integer:
        case TokenKind::Real:
        case TokenKind::BadNumber: return true;
        case TokenKind::Symbol: return token.text == "*" || token.text == "**" || token.text == ".";
        default: return false;
    }
}

bool can_stand_in_ctype(const Token& token) {
    if (token.kind == TokenKind::Name || token.kind == TokenKind::Integer) return true;
    if (token.kind != TokenKind::Symbol) return false;
    for (const std::string_view symbol : {"*", "**", "(", ")", "[", "]", ",", "..."}) {
        if (token.text == symbol) return true;
    }
    return false;
}

Chunk take_chunk(Cursor& cursor) {
    Chunk out;
    out.first = &cursor.peek();
    while (can_stand_in_target(cursor.peek()) && (out.text.empty() || cursor.peek().begin == cursor.previous().end)) {
        out.text += cursor.take().text;
    }
    out.at = cursor.span_from(*out.first);
    return out;
}

bool is_pattern(std::string_view text) {
    const bool letters = std::all_of(text.begin(), text.end(), [](char c) { return is_name_part(c) || c == '*'; });
    return letters && !text.empty() && !is_digit(text.front()) && text.find("**") == std::string_view::npos;
}

bool is_type_part(std::string_view text, bool is_first) {
    const bool letters = std::all_of(text.begin(), text.end(), [](char c) { return is_name_part(c) || c == '*'; });
    return letters && !is_digit(text.front()) && (!is_first || text.front() != '*');
}

// Names with '.' between them; a '*' may stand anywhere but for the dots.
bool is_python_name(std::string_view text) {
    while (true) {
        const std::size_t dot = text.find('.');
        if (!is_pattern(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

void check_pattern(const Cursor& cursor, const Chunk& chunk) {
    if (!is_pattern(chunk.text)) cursor.fail_at(*chunk.first, Message::NotAPattern, {chunk.text});
}

// `[ctype] pattern`: the type ends at the last blank.
void parse_first_pattern(Cursor& cursor, Entry& entry) {
    std::vector<Chunk> chunks;
    while (can_stand_in_target(cursor.peek())) chunks.push_back(take_chunk(cursor));
    if (chunks.empty()) cursor.fail_expected("the name of a function");
    check_pattern(cursor, chunks.back());
    entry.patterns.push_back(chunks.back().text);
    entry.pattern_spans.push_back(chunks.back().at);
    chunks.pop_back();
    for (const Chunk& chunk : chunks) {
        if (!is_type_part(chunk.text, entry.ctype.empty())) cursor.fail_at(*chunk.first, Message::NotACType, {chunk.text});
        if (!entry.ctype.empty()) entry.ctype += ' ';
        entry.ctype += chunk.text;
    }
    if (entry.ctype == "struct") cursor.fail_at(*chunks.front().first, Message::TypeBeforeStruct);
}

HeadName parse_head_name(Cursor& cursor) {
    HeadName out;
    const Token& name = cursor.take_name("the name of a parameter");
    out.name = name.text;
    out.at = name.at;
    if (find_prefix_word(name.text) != nullptr) cursor.fail_at(name, Message::HeadName, {"; '" + out.name + "' is a word of the language"});
    if (cursor.take_if(":")) {
        out.ctype = parse_ctype(cursor);
        if (out.ctype.empty()) cursor.fail(Message::HeadType, {out.name});
    }
    if (!cursor.at_any({",", ")"})) {
        cursor.refuse_known_mistakes();
        cursor.fail(Message::HeadName, {is_c_type_word(out.name) ? ", without C types" : ", found " + show_token(cursor.peek())});
    }
    return out;
}

void parse_head(Cursor& cursor, Entry& entry) {
    const Token& open = cursor.peek();
    if (!cursor.take_if("(")) return;
    if (entry.kind == Entry::Kind::Rule) cursor.fail_at(open, Message::HeadOfRule);
    entry.has_head = true;
    if (cursor.take_if(")")) return;
    do {
        const Token& name = cursor.peek();
        HeadName next = parse_head_name(cursor);
        const bool twice = std::any_of(entry.head.begin(), entry.head.end(), [&](const HeadName& one) { return one.name == next.name; });
        if (twice) cursor.fail_at(name, Message::HeadTwice, {next.name});
        entry.head.push_back(std::move(next));
    } while (cursor.take_if(","));
    cursor.need(")", "to close the head");
}

void parse_patterns(Cursor& cursor, Entry& entry) {
    parse_first_pattern(cursor, entry);
    while (cursor.take_if(",")) {
        Chunk next = parse_pattern(cursor, "the name of a function");
        entry.patterns.push_back(std::move(next.text));
        entry.pattern_spans.push_back(next.at);
    }
    const bool is_rule = entry.patterns.size() > 1 || !entry.ctype.empty() || is_pattern_with_star(entry.patterns.front());
    entry.kind = is_rule ? Entry::Kind::Rule : Entry::Kind::Function;
}

bool has_python_name(const Cursor& cursor) {
    std::size_t ahead = 0;
    while (can_stand_in_target(cursor.peek(ahead))) ++ahead;
    return cursor.peek(ahead).is("=");
}

void parse_python_name(Cursor& cursor, Entry& entry) {
    if (!has_python_name(cursor)) return;
    Chunk name = take_chunk(cursor);
    if (!is_python_name(name.text)) cursor.fail_at(*name.first, Message::NotAPythonName, {name.text});
    cursor.need("=", "after the name in Python");
    entry.python_name = std::move(name.text);
}

std::size_t count_stars(std::string_view text) { return static_cast<std::size_t>(std::count(text.begin(), text.end(), '*')); }

// A line without ':' gives a name in Python, or a pattern of names.
void finish_rename(const Cursor& cursor, const Token& first, Entry& entry) {
    if (entry.kind == Entry::Kind::Rule && (entry.patterns.size() > 1 || !entry.ctype.empty())) {
        cursor.fail_expected("':' after the functions");
    }
    entry.kind = Entry::Kind::Rename;
    const std::size_t left = count_stars(entry.python_name), right = count_stars(entry.patterns.front());
    if (left != right) cursor.fail_at(first, Message::StarsDiffer, {std::to_string(left), std::to_string(right)});
}

}  // namespace

bool is_pattern_with_star(std::string_view pattern) { return pattern.find('*') != std::string_view::npos; }

Chunk parse_pattern(Cursor& cursor, std::string_view what) {
    if (!can_stand_in_target(cursor.peek())) cursor.fail_expected(what);
    Chunk out = take_chunk(cursor);
    check_pattern(cursor, out);
    return out;
}

void parse_target(Cursor& cursor, Entry& entry) {
    const Token& first = cursor.peek();
    parse_python_name(cursor, entry);
    parse_patterns(cursor, entry);
    parse_head(cursor, entry);
    if (cursor.at(TokenKind::End) && !entry.python_name.empty() && !entry.has_head) return finish_rename(cursor, first, entry);
    const bool is_rule = entry.kind == Entry::Kind::Rule || is_pattern_with_star(entry.python_name);
    if (is_rule && !entry.python_name.empty()) cursor.fail_at(first, Message::RuleRenamed);
    if (!cursor.take_if(":")) {
        cursor.refuse_known_mistakes();
        cursor.fail(Message::ColonMissing, {show_token(cursor.peek())});
    }
}

std::string parse_ctype(Cursor& cursor) {
    std::string out;
    std::size_t depth = 0;
    while (true) {
        const Token& token = cursor.peek();
        const bool ends = token.kind == TokenKind::End || cursor.at_any({":", ",", ")"});
        if (ends && depth == 0) return out;
        if (!can_stand_in_ctype(token)) cursor.fail_expected("a C type");
        if (token.is("(") || token.is("[")) ++depth;
        if (token.is(")") || token.is("]")) --depth;
        if (!out.empty() && token.begin != cursor.previous().end) out += ' ';
        out += cursor.take().text;
    }
}

}  // namespace ndcall::detail
