// Reads a text word by word; every step that finds something else throws TextError at its place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ndcall {

class Scanner {
  public:
    // Both texts must outlive the scanner.
    Scanner(std::string_view text, std::string_view origin, std::uint32_t begin = 0) : text_(text), origin_(origin), at_(begin) {}

    std::uint32_t position() const noexcept { return at_; }
    bool at_end() const noexcept { return at_ == text_.size(); }
    bool at_line_end() const noexcept { return at_end() || text_[at_] == '\n'; }
    char peek() const noexcept { return at_end() ? '\0' : text_[at_]; }

    void skip_blanks() noexcept;
    bool take(std::string_view literal) noexcept;  // when it stands here
    void expect(std::string_view literal);
    void end_line();  // blanks, then a line break

    std::string_view peek_until(std::string_view ends) const noexcept;  // the text up to the first of these characters, which is not passed
    std::string_view take_word() noexcept;                              // letters, digits, _ . $ and bytes beyond ASCII; may be empty
    bool take_keyword(std::string_view word) noexcept;                  // blanks, then the whole word; else stays where it was
    std::string read_string();                                          // "..."
    std::string read_word_or_string();
    std::uint64_t read_unsigned(std::uint64_t most);
    std::int64_t read_signed();
    double read_real();

    [[noreturn]] void fail(std::string_view message) const { fail_at(at_, message); }
    [[noreturn]] void fail_at(std::uint32_t offset, std::string_view message) const;

  private:
    char read_escape();

    std::string_view text_, origin_;
    std::uint32_t at_;
};

// Refuses what no text of ours is: more than 4 GiB, or bytes that are no UTF-8. Throws TextError.
void check_text(std::string_view text, std::string_view origin);

// Offset of the first byte that is not part of a UTF-8 character, or the text's size.
std::size_t find_broken_utf8(std::string_view text) noexcept;

bool is_identifier(std::string_view name) noexcept;   // of C; letters beyond ASCII may be in it
bool is_linker_name(std::string_view name) noexcept;  // printable ASCII without blanks
bool is_dotted_name(std::string_view name) noexcept;  // identifiers or numbers behind an identifier, joined by dots

}  // namespace ndcall
