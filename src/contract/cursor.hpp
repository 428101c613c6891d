// A walk over tokens with two of look-ahead, and the errors of all parsers below it.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "contract/token.hpp"

namespace ndcall::detail {

class Cursor {
  public:
    // `text` must outlive the cursor: tokens borrow from it.
    Cursor(std::shared_ptr<const SourceText> source, const MappedText& text);

    const std::shared_ptr<const SourceText>& source() const { return source_; }
    const Token& peek(std::size_t ahead = 0) const;
    const Token& previous() const { return tokens_[next_ == 0 ? 0 : next_ - 1]; }
    bool at(std::string_view word) const { return peek().is(word); }
    bool at(TokenKind kind) const { return peek().kind == kind; }
    bool at_any(std::initializer_list<std::string_view> words) const;
    // `x->n` of C, and not the arrow between the two sides.
    bool at_member_arrow() const { return at("->") && peek().at.begin == previous().at.end; }
    bool next_is(std::string_view word) const { return peek(1).is(word); }
    const Token& take();
    bool take_if(std::string_view word);
    void need(std::string_view symbol, std::string_view why);

    // A name, or a name with members: data.n.
    const Token& take_name(std::string_view what);
    std::string take_dotted(std::string_view what);
    Span span_from(const Token& first) const { return {first.at.begin, previous().at.end}; }

    [[noreturn]] void fail(Message message, std::initializer_list<std::string_view> values = {}) const { fail_at(peek(), message, values); }
    [[noreturn]] void fail_at(const Token& token, Message message, std::initializer_list<std::string_view> values = {}) const;
    // "expected ..., found ...", or what is known about the token that stands here instead.
    [[noreturn]] void fail_expected(std::string_view what) const;
    // The mistakes that mean the same wherever they stand.
    void refuse_known_mistakes() const;

    // What is left, as written but without comments; later lines are indented.
    std::string copy_rest() const;

    // Limits and context of what is being parsed; see parse_expression and parse_contract.
    std::size_t expression_parts = 0, expression_depth = 0, open_brackets = 0, callback_depth = 0;
    bool in_test = false;  // in the condition of ok, check, warn

  private:
    [[noreturn]] void fail_number(const Token& token) const;

    std::shared_ptr<const SourceText> source_;
    std::string_view text_;
    std::vector<Token> tokens_;
    std::size_t next_ = 0;
};

std::string show_token(const Token& token);

}  // namespace ndcall::detail
