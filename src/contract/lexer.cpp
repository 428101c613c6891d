#include <array>
#include <charconv>
#include <string>

#include "contract/token.hpp"
#include "contract/utf8.hpp"
#include "contract/words.hpp"
#include "text/planted_bug.hpp"

namespace ndcall::detail {

namespace {

// Longest first. Those that only other languages have are read whole, so that an error can name them.
constexpr std::array<std::string_view, 14> long_symbols{"...", "->", "<=", ">=", "==", "!=", "<<",
                                                        ">>",  "**", "//", "/*", "&&", "||", "=>"};
constexpr std::string_view short_symbols = "+-*/%&|^~<>=()[],;:?.{}!";

class Lexer {
  public:
    Lexer(const MappedText& mapped, const SourceText& source) : mapped_(mapped), text_(mapped.text), source_(source) {}

    std::vector<Token> read_all() {
        std::vector<Token> out;
        for (skip_blanks(); at_ < text_.size(); skip_blanks()) out.push_back(read_token());
        out.push_back(make_token(TokenKind::End, text_.size()));
        return out;
    }

  private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    [[noreturn]] void fail(Message message, std::initializer_list<std::string_view> values = {}) const {
        throw make_error(source_, mapped_.find_span(at_, at_ + 1), format_message(message, values));
    }

    void skip_blanks() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '#') {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                ++at_;
            } else {
                return;
            }
        }
    }

    Token make_token(TokenKind kind, std::size_t end) {
        Token out;
        out.kind = kind;
        out.text = text_.substr(at_, end - at_);
        out.begin = at_;
        out.end = end;
        out.at = mapped_.find_span(at_, end);
        at_ = end;
        return out;
    }

    Token read_token() {
        const char c = peek();
        if (is_name_start(c)) return read_name();
        if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return read_number();
        if (c == '"') return read_text();
        if (c == '\'') return read_character();
        for (const std::string_view symbol : long_symbols) {
            if (text_.substr(at_, symbol.size()) == symbol) return make_token(TokenKind::Symbol, at_ + symbol.size());
        }
        if (short_symbols.find(c) != std::string_view::npos) return make_token(TokenKind::Symbol, at_ + 1);
        fail_character();
    }

    Token read_name() {
        std::size_t end = at_;
        while (end < text_.size() && is_name_part(text_[end])) ++end;
        return make_token(TokenKind::Name, end);
    }

    // Everything that hangs together as a number would: 0x1F, 1.5e-3, and also 10u, 1.0f, 3n.
    std::size_t find_number_end() const {
        const bool hexadecimal = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
        std::size_t end = at_;
        while (end < text_.size()) {
            const char c = text_[end];
            const bool sign = (c == '+' || c == '-') && end > at_ && !hexadecimal && (text_[end - 1] == 'e' || text_[end - 1] == 'E') &&
                              end + 1 < text_.size() && is_digit(text_[end + 1]);
            if (!is_name_part(c) && c != '.' && !sign) break;
            ++end;
        }
        return end;
    }

    Token read_number() {
        Token out = make_token(TokenKind::BadNumber, find_number_end());
        const std::string_view text = out.text;
        const bool hexadecimal = text.size() > 2 && (text[1] == 'x' || text[1] == 'X');
        const bool integer = hexadecimal || text.find_first_not_of("0123456789") == std::string_view::npos;
        if (integer) {
            read_integer(out, hexadecimal ? text.substr(2) : text, hexadecimal ? 16 : 10);
        } else {
            read_real(out);
        }
        if (out.kind == TokenKind::BadNumber && out.problem == Message::NotANumber && has_c_suffix(text))
            out.problem = Message::NumberSuffix;
        return out;
    }

    static void read_integer(Token& token, std::string_view digits, int base) {
        const char* const end = digits.data() + digits.size();
        const auto [stop, error] = std::from_chars(digits.data(), end, token.integer, base);
        if (stop != end || digits.front() == '-') return;
        if (error == std::errc::result_out_of_range) {
            token.problem = Message::IntegerTooLarge;
        } else if (base == 10 && digits.size() > 1 && digits.front() == '0') {
            token.problem = Message::LeadingZero;
        } else if (error == std::errc()) {
            token.kind = TokenKind::Integer;
        }
    }

    static void read_real(Token& token) {
        const char* const end = token.text.data() + token.text.size();
        const auto [stop, error] = std::from_chars(token.text.data(), end, token.real);
        if (stop != end) return;
        if (error == std::errc::result_out_of_range) {
            token.problem = Message::RealTooLarge;
        } else {
            token.kind = TokenKind::Real;
        }
    }

    static bool has_c_suffix(std::string_view text) {
        const std::size_t end = text.find_last_not_of("uUlLfF");
        if (end == std::string_view::npos || end + 1 == text.size()) return false;
        const std::string_view digits = text.substr(0, end + 1);
        return digits.find_first_not_of("0123456789.") == std::string_view::npos || digits.substr(0, 2) == "0x";
    }

    Token read_text() {
        std::size_t end = at_ + 1;
        while ((has_planted_bug || end < text_.size()) && text_[end] != '"' && text_[end] != '\n') {
            const std::size_t size = measure_character(text_, end);
            const auto byte = static_cast<unsigned char>(text_[end]);
            if (text_[end] == '\r' && end + 1 < text_.size() && text_[end + 1] == '\n') break;
            if (size == 0 || (byte < 0x20 && byte != '\t') || byte == 0x7F) {
                at_ = end;
                fail(Message::BadText);
            }
            end += size;
        }
        if (end >= text_.size() || text_[end] != '"') fail(Message::OpenText);
        Token out = make_token(TokenKind::Text, end + 1);
        out.text = out.text.substr(1, out.text.size() - 2);
        return out;
    }

    Token read_character() {
        const char c = peek(1);
        const bool printable = c >= 0x20 && c < 0x7F && c != '\'';
        if (!printable || peek(2) != '\'') fail(Message::QuotedText);
        Token out = make_token(TokenKind::Character, at_ + 3);
        out.integer = c;
        return out;
    }

    [[noreturn]] void fail_character() const {
        const std::size_t size = measure_character(text_, at_);
        const auto byte = static_cast<unsigned char>(peek());
        if (size == 0 || byte < 0x20 || byte == 0x7F) {
            constexpr std::string_view digits = "0123456789ABCDEF";
            const std::string shown = std::string("the byte 0x") + digits[byte >> 4U] + digits[byte & 0xFU];
            fail(Message::NoMeaning, {shown});
        }
        const std::string_view character = text_.substr(at_, size);
        const std::string quoted = "'" + std::string(character) + "'";
        if (size == 1) fail(Message::NoMeaning, {quoted});
        const std::string_view instead = find_ascii_for(character);
        if (instead.empty()) fail(Message::NotAsciiUnknown, {quoted});
        fail(Message::NotAscii, {character, instead});
    }

    const MappedText& mapped_;
    std::string_view text_;
    const SourceText& source_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> read_tokens(const MappedText& text, const SourceText& source) { return Lexer(text, source).read_all(); }

}  // namespace ndcall::detail
