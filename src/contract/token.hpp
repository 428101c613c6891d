// Tokens of a contract. Numbers that C or Python would read otherwise become BadNumber: an error only where a value is wanted,
// because `gsl_*3d` is a pattern.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "contract/mapped_text.hpp"
#include "contract/messages.hpp"
#include "text/source.hpp"

namespace ndcall::detail {

enum class TokenKind : std::uint8_t { End, Name, Integer, Real, BadNumber, Character, Text, Symbol };

struct Token {
    TokenKind kind = TokenKind::End;
    std::string_view text;  // as written; borrowed from the mapped text. Text: without quotes
    std::size_t begin = 0;  // in the mapped text; adjacent tokens have begin == previous end
    std::size_t end = 0;
    Span at;  // in what the user wrote
    std::int64_t integer = 0;
    double real = 0;
    Message problem = Message::NotANumber;  // BadNumber

    bool is(std::string_view symbol_or_name) const {
        return (kind == TokenKind::Symbol || kind == TokenKind::Name) && text == symbol_or_name;
    }
};

// Always ends with an End token. Throws TextError.
std::vector<Token> read_tokens(const MappedText& text, const SourceText& source);

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

}  // namespace ndcall::detail
