#include "contract/cursor.hpp"

#include <algorithm>

#include "contract/words.hpp"

namespace ndcall::detail {

namespace {

constexpr std::size_t longest_shown = 40;  // bytes of a token in a message

}  // namespace

std::string show_token(const Token& token) {
    if (token.kind == TokenKind::End) return "the end";
    if (token.kind == TokenKind::Text) return "a text";
    const bool cut = token.text.size() > longest_shown;
    return "'" + std::string(token.text.substr(0, longest_shown)) + (cut ? "...'" : "'");
}

Cursor::Cursor(std::shared_ptr<const SourceText> source, const MappedText& text)
    : source_(std::move(source)), text_(text.text), tokens_(read_tokens(text, *source_)) {}

const Token& Cursor::peek(std::size_t ahead) const { return tokens_[std::min(next_ + ahead, tokens_.size() - 1)]; }

bool Cursor::at_any(std::initializer_list<std::string_view> words) const {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return at(word); });
}

const Token& Cursor::take() {
    const Token& token = peek();
    if (next_ + 1 < tokens_.size()) ++next_;
    return token;
}

bool Cursor::take_if(std::string_view word) {
    if (!at(word)) return false;
    take();
    return true;
}

void Cursor::need(std::string_view symbol, std::string_view why) {
    if (!take_if(symbol)) fail_expected("'" + std::string(symbol) + "' " + std::string(why));
}

const Token& Cursor::take_name(std::string_view what) {
    if (!at(TokenKind::Name)) fail_expected(what);
    if (is_reserved_word(peek().text)) fail(Message::ReservedWord, {peek().text});
    return take();
}

std::string Cursor::take_dotted(std::string_view what) {
    std::string out(take_name(what).text);
    while (take_if(".")) {
        out += '.';
        out += take_name("the name of a member after '.'").text;
    }
    return out;
}

std::string Cursor::copy_rest() const {
    std::string out;
    for (std::size_t i = next_; i + 1 < tokens_.size(); ++i) {
        const std::size_t gap_begin = i == next_ ? tokens_[i].begin : tokens_[i - 1].end;
        const std::string_view gap = text_.substr(gap_begin, tokens_[i].begin - gap_begin);
        out += gap.find('\n') == std::string_view::npos ? gap : "\n    ";
        out += text_.substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin);
    }
    return out;
}

void Cursor::fail_at(const Token& token, Message message, std::initializer_list<std::string_view> values) const {
    throw make_error(*source_, token.at, format_message(message, values));
}

void Cursor::fail_number(const Token& token) const {
    if (token.problem == Message::NumberSuffix) fail(token.problem, {token.text.substr(0, token.text.find_last_not_of("uUlLfF") + 1)});
    const std::size_t digits = token.text.find_first_not_of("0123456789");
    if (token.problem == Message::NotANumber && digits != std::string_view::npos) {
        const std::string_view name = token.text.substr(digits);
        const bool is_name = is_name_start(name.front()) && name.find_first_of(".+-") == std::string_view::npos;
        if (is_name) fail(Message::ProductSign, {token.text, token.text.substr(0, digits), name});
    }
    fail(token.problem, {token.text});
}

void Cursor::refuse_known_mistakes() const {
    const Token& token = peek();
    if (token.kind == TokenKind::BadNumber) fail_number(token);
    if (token.is("if")) fail(Message::ChoiceOutside);
    if (token.kind != TokenKind::Symbol) return;
    if (const Hint* hint = find_foreign_hint(token.text)) fail(Message::Foreign, {token.text, hint->text});
    if (token.text == "{" || token.text == "}") fail(Message::BraceAlone);
    if (token.text == "=" && in_test) fail(Message::EqualInTest);
}

void Cursor::fail_expected(std::string_view what) const {
    refuse_known_mistakes();
    fail(Message::Expected, {what, show_token(peek())});
}

}  // namespace ndcall::detail
