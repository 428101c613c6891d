#include "readers/clang/functions.hpp"

#include <algorithm>
#include <array>

#include "declaration/merge.hpp"

namespace ndcall::clang {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
bool is_name(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Behind the ')' that closes the '(' at `at`; strings inside count as one character.
std::size_t skip_parentheses(std::string_view text, std::size_t at) {
    int depth = 0;
    for (bool in_string = false; at < text.size(); ++at) {
        if (text[at] == '\\' && in_string) {
            ++at;
        } else if (text[at] == '"') {
            in_string = !in_string;
        } else if (!in_string && text[at] == '(') {
            ++depth;
        } else if (!in_string && text[at] == ')' && --depth == 0) {
            return at + 1;
        }
    }
    return text.size();
}

std::size_t skip_comment(std::string_view text, std::size_t at) {
    if (text.substr(at, 2) == "//") return std::min(text.find('\n', at), text.size());
    if (text.substr(at, 2) != "/*") return at;
    const std::size_t end = text.find("*/", at + 2);
    return end == std::string_view::npos ? text.size() : end + 2;
}

// What compilers add to a declaration, with arguments in parentheses or without.
std::size_t skip_attribute(std::string_view text, std::size_t at) {
    constexpr std::array<std::string_view, 5> words = {"__attribute__", "__attribute", "__asm__", "__declspec", "__extension__"};
    std::size_t end = at;
    while (end < text.size() && is_name(text[end])) ++end;
    if (std::find(words.begin(), words.end(), text.substr(at, end - at)) == words.end()) return at;
    std::size_t open = end;
    while (open < text.size() && is_blank(text[open])) ++open;
    return open < text.size() && text[open] == '(' ? skip_parentheses(text, open) : end;
}

}  // namespace

std::string print_one_line(std::string_view text) {
    std::string out;
    bool blank = false;
    for (std::size_t at = 0; at < text.size();) {
        const bool begins_word = at == 0 || !is_name(text[at - 1]);
        std::size_t next = skip_comment(text, at);
        if (next == at && begins_word && is_name(text[at])) next = skip_attribute(text, at);
        if (next == at && is_blank(text[at])) ++next;
        if (next != at) {
            blank = true;
            at = next;
            continue;
        }
        const bool joins = out.empty() || out.back() == '(' || text[at] == ',' || text[at] == ')' || text[at] == ';';
        if (blank && !joins) out += ' ';
        blank = false;
        out += text[at++];
    }
    return out;
}

// Reads what the body does on the way, where clang has parsed it.
Position FunctionReader::find_body(Cursor cursor) {
    Position body;
    if (unit_.api.isCursorDefinition(cursor) != 0) {
        unit_.visit_children(cursor, [&](Cursor child) {
            if (child.kind != cursor_compound_statement) return visit_next;
            body = unit_.begin(child);
            bodies_.read(cursor, child);
            return visit_stop;
        });
        return body;
    }
    // With bodies skipped clang calls nothing a definition: look whether one stands in the text.
    const Position end = unit_.end(cursor);
    const std::string_view text = unit_.contents(end.file);
    if (end.offset > text.size() || end.offset == 0) return body;
    std::size_t at = end.offset;
    if (text[at - 1] == '}') {
        at = text.find('{', unit_.name_position(cursor).offset);
    } else {
        while (at < text.size() && is_blank(text[at])) ++at;
    }
    if (at >= text.size() || text[at] != '{') return body;
    body = end;
    body.offset = static_cast<unsigned>(at);
    return body;
}

std::string FunctionReader::find_text(Cursor cursor, const Position& body, const FunctionDeclaration& entry) {
    const Position begin = unit_.begin(cursor), end = unit_.end(cursor);
    const bool shares_beginning = last_end_.file == begin.file && begin.offset < last_end_.offset;
    last_end_ = end;
    const std::string text = print_one_line(unit_.text_between(begin, body.file != nullptr ? body : end));
    // What a macro made, or a second declarator, does not stand there as a declaration of its own.
    const std::size_t name = text.find(entry.name);
    std::size_t behind = name == std::string::npos ? name : name + entry.name.size();
    if (behind != std::string::npos && behind < text.size() && text[behind] == ' ') ++behind;
    const bool stands_there = behind != std::string::npos && behind < text.size() && text[behind] == '(' && !shares_beginning;
    return stands_there ? text : print_c(*entry.type, entry.name);
}

std::string FunctionReader::find_error(Cursor cursor, const Position& body) {
    return body.file != nullptr ? errors_.find_between(unit_.begin(cursor), body) : errors_.find_in(cursor);
}

// A definition tells its parameters, whatever its style: `double f(x) double x; {...}`, `int f() {...}`.
void FunctionReader::accept_old_style(FunctionDeclaration& entry) {
    const auto is_promoted = [](const Parameter& one) { return one.type->kind == Kind::Float && one.type->size < 8; };
    const auto& parameters = entry.type->parameters;
    const bool promotes = entry.text.ends_with(';') && std::any_of(parameters.begin(), parameters.end(), is_promoted);
    if (promotes && entry.invalid.empty()) entry.invalid = "its float parameters are passed as double: it is defined without a prototype";
    if (entry.type->has_prototype) return;
    Type type = *entry.type;
    type.has_prototype = true;
    entry.type = unit_.types.intern(std::move(type));
}

void FunctionReader::read(Cursor cursor) {
    const Api& api = unit_.api;
    FunctionDeclaration entry;
    entry.name = unit_.spelling(cursor);
    entry.symbol = unit_.read_symbol(cursor, entry.name, entry.invalid);
    ReadType type = types_.read_function(cursor);
    const Position body = find_body(cursor);
    entry.type = type.type;
    entry.location = unit_.location(cursor);
    entry.is_definition = body.file != nullptr;
    entry.is_static = api.getCursorLinkage(cursor) == linkage_internal;
    entry.is_inline = api.Cursor_isFunctionInlined(cursor) != 0;
    entry.text = find_text(cursor, body, entry);
    entry.comment = unit_.read_comment(cursor, &entry.comment_location);
    const std::string error = find_error(cursor, body);
    if (entry.invalid.empty()) entry.invalid = std::move(type.invalid);
    if (entry.invalid.empty()) entry.invalid = error;
    if (entry.invalid.empty() && api.isInvalidDeclaration(cursor) != 0) entry.invalid = "it is not understood";
    if (entry.is_definition) accept_old_style(entry);
    const auto [found, is_new] = known_.try_emplace(entry.name, unit_.declarations.functions.size());
    if (is_new) {
        unit_.declarations.functions.push_back(std::move(entry));
    } else {
        merge_function(unit_.declarations.functions[found->second], std::move(entry));
    }
}

}  // namespace ndcall::clang
