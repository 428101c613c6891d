#include "declaration/scanner.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>

#include "text/error.hpp"
#include "text/planted_bug.hpp"

namespace ndcall {

namespace {

// What a byte is, by its value: most of the time that reading takes goes into words.
enum : unsigned char { letter = 1, digit = 2, dot = 4 };
constexpr std::array<unsigned char, 256> classes = [] {
    std::array<unsigned char, 256> out{};
    for (unsigned c = 0; c < 256; ++c) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c >= 0x80;
        out[c] = is_letter ? letter : c >= '0' && c <= '9' ? digit : c == '.' ? dot : 0;
    }
    return out;
}();

bool is_any_of(char c, unsigned wanted) { return (classes[static_cast<unsigned char>(c)] & wanted) != 0; }
bool is_letter(char c) { return is_any_of(c, letter); }
bool is_word(char c) { return is_any_of(c, letter | digit | dot); }

// Behind the ASCII characters at `at`, eight at a time; the last few are left.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
    for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if ((eight & 0x8080808080808080u) != 0) break;
    }
    return at;
}

// How many bytes a UTF-8 character with this first byte has; 0 for a byte that begins none.
unsigned character_length(unsigned char first) {
    if (first < 0x80) return 1;
    if (first < 0xC2) return 0;
    if (first < 0xE0) return 2;
    if (first < 0xF0) return 3;
    return first < 0xF5 ? 4 : 0;
}

bool is_character(std::string_view bytes) {
    for (const char byte : bytes.substr(1)) {
        if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80) return false;
    }
    const auto first = static_cast<unsigned char>(bytes[0]);
    const auto second = bytes.size() > 1 ? static_cast<unsigned char>(bytes[1]) : 0u;
    // Overlong forms, surrogates, and beyond U+10FFFF.
    return !(first == 0xE0 && second < 0xA0) && !(first == 0xED && second > 0x9F) && !(first == 0xF0 && second < 0x90) &&
           !(first == 0xF4 && second > 0x8F);
}

}  // namespace

std::size_t find_broken_utf8(std::string_view text) noexcept {
    std::size_t at = skip_ascii(text, 0);
    while (at < text.size()) {
        const unsigned length = character_length(static_cast<unsigned char>(text[at]));
        if (length == 0 || length > text.size() - at || !is_character(text.substr(at, length))) return at;
        at = length == 1 ? at + 1 : skip_ascii(text, at + length);
    }
    return at;
}

void check_text(std::string_view text, std::string_view origin) {
    if (text.size() > std::numeric_limits<std::uint32_t>::max()) throw TextError(origin, {}, 0, "the text is larger than 4 GiB");
    if (const std::size_t broken = find_broken_utf8(text); broken != text.size())
        throw TextError(origin, text, static_cast<std::uint32_t>(broken), "the text is not UTF-8 here");
}

bool is_identifier(std::string_view name) noexcept {
    if (name.empty() || !is_letter(name[0])) return false;
    const bool fits = std::all_of(name.begin(), name.end(), [](char c) { return is_any_of(c, letter | digit); });
    return fits && find_broken_utf8(name) == name.size();
}

bool is_linker_name(std::string_view name) noexcept {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

bool is_dotted_name(std::string_view name) noexcept {
    if (name.empty() || !is_letter(name[0]) || name.back() == '.') return false;
    char before = '\0';
    for (const char c : name) {
        if (!is_word(c) || (c == '.' && before == '.')) return false;
        before = c;
    }
    return find_broken_utf8(name) == name.size();
}

void Scanner::fail_at(std::uint32_t offset, std::string_view message) const { throw TextError(origin_, text_, offset, message); }

void Scanner::skip_blanks() noexcept {
    while (!at_end() && text_[at_] == ' ') ++at_;
}

bool Scanner::take(std::string_view literal) noexcept {
    if (text_.substr(at_, literal.size()) != literal) return false;
    at_ += static_cast<std::uint32_t>(literal.size());
    return true;
}

void Scanner::expect(std::string_view literal) {
    if (!take(literal)) fail("expected '" + std::string(literal) + "'");
}

void Scanner::end_line() {
    skip_blanks();
    if (at_end()) fail("the text ends in the middle of a line");
    if (text_[at_] == '\r') fail("the line ends with a carriage return, as on Windows: a line feed alone ends it here");
    if (text_[at_] != '\n') fail("expected the end of the line");
    ++at_;
}

std::string_view Scanner::peek_until(std::string_view ends) const noexcept {
    const std::string_view rest = text_.substr(at_);
    return rest.substr(0, rest.find_first_of(ends));
}

std::string_view Scanner::take_word() noexcept {
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    at_ = static_cast<std::uint32_t>(end);
    return word;
}

bool Scanner::take_keyword(std::string_view word) noexcept {
    const std::uint32_t begin = at_;
    skip_blanks();
    if (take_word() == word) return true;
    at_ = begin;
    return false;
}

char Scanner::read_escape() {
    const std::uint32_t begin = at_ - 1;
    const char kind = peek();
    if (at_end()) fail("the string is not closed");
    ++at_;
    switch (kind) {
        case '"':
        case '\\': return kind;
        case 'n': return '\n';
        case 't': return '\t';
        case 'r': return '\r';
        case 'x': {
            unsigned value = 0;
            const std::string_view digits = text_.substr(at_, 2);
            const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
            if (digits.size() != 2 || read.ptr != digits.data() + 2) fail_at(begin, "\\x needs two hexadecimal digits");
            if (value == 0) fail_at(begin, "a string cannot hold a zero byte");
            at_ += 2;
            return static_cast<char>(value);
        }
        default: fail_at(begin, "unknown escape in a string");
    }
}

std::string Scanner::read_string() {
    skip_blanks();
    const std::uint32_t begin = at_;
    if (peek() != '"') fail("expected a string in double quotes");
    ++at_;
    std::string out;
    while (true) {
        const std::uint32_t plain = at_;
        while ((has_planted_bug || !at_end()) && text_[at_] != '"' && text_[at_] != '\\' && static_cast<unsigned char>(text_[at_]) >= 0x20)
            ++at_;
        out += text_.substr(plain, at_ - plain);
        if (at_line_end()) fail_at(begin, "the string is not closed on its line");
        const char c = text_[at_++];
        if (c == '"') return out;
        if (c != '\\') fail_at(at_ - 1, "a control character in a string");
        out += read_escape();
    }
}

std::string Scanner::read_word_or_string() {
    skip_blanks();
    if (peek() == '"') return read_string();
    const std::string_view word = take_word();
    if (word.empty()) fail("expected a name");
    return std::string(word);
}

std::uint64_t Scanner::read_unsigned(std::uint64_t most) {
    skip_blanks();
    std::uint64_t value = 0;
    const auto read = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (read.ec == std::errc::invalid_argument) fail("expected a number");
    if (read.ec != std::errc() || value > most) fail("the number is too large: at most " + std::to_string(most));
    at_ = static_cast<std::uint32_t>(read.ptr - text_.data());
    return value;
}

std::int64_t Scanner::read_signed() {
    skip_blanks();
    std::int64_t value = 0;
    const auto read = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (read.ec == std::errc::invalid_argument) fail("expected an integer");
    if (read.ec != std::errc()) fail("the integer does not fit 64 bits");
    at_ = static_cast<std::uint32_t>(read.ptr - text_.data());
    return value;
}

double Scanner::read_real() {
    skip_blanks();
    double value = 0;
    const auto read = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (read.ec != std::errc()) fail("expected a floating number");
    at_ = static_cast<std::uint32_t>(read.ptr - text_.data());
    return value;
}

}  // namespace ndcall
