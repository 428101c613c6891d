// Positions in a text that a user wrote, and the error that shows them.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ndcall {

// A half-open range of bytes in a text. Both are offsets, so that a span stays right when its line is printed elsewhere.
struct Span {
    std::uint32_t begin = 0, end = 0;
};

// Where an offset lies for a reader: both count from one, columns in characters.
struct Place {
    std::uint32_t line = 1, column = 1;
};

// `first_line`: where `text` begins, when it is a part of a larger file.
Place find_place(std::string_view text, std::uint32_t offset, std::uint32_t first_line = 1);

// The line that holds `offset`, and below it a caret under the character: "  a(n), b[n]\n   ^".
std::string show_caret(std::string_view text, std::uint32_t offset);

// Something in a text is wrong. what() is "origin:line:column: message\n  the line\n  ^".
class TextError : public std::runtime_error {
  public:
    TextError(std::string_view origin, std::string_view text, std::uint32_t offset, std::string_view message, std::uint32_t first_line = 1);
    const std::string& origin() const noexcept { return origin_; }
    const std::string& message() const noexcept { return message_; }
    Place place() const noexcept { return place_; }

  private:
    std::string origin_, message_;
    Place place_;
};

}  // namespace ndcall
