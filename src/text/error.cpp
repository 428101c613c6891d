#include "text/error.hpp"

#include <algorithm>

namespace ndcall {

namespace {

// A line of a saved library may hold a whole comment; of a longer line only the part around the caret is shown.
constexpr std::size_t shown_before = 80, shown_after = 40;

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

struct Line {
    std::size_t begin, end;  // without the line break
};

Line find_line(std::string_view text, std::size_t offset) {
    const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    std::size_t end = text.find('\n', offset);
    if (end == std::string_view::npos) end = text.size();
    if (end > offset && text[end - 1] == '\r') --end;
    return {begin, end};
}

// The text may be hostile: control characters would move the caret, or the terminal.
void append_printable(std::string& out, std::string_view text) {
    for (const char byte : text) {
        if (byte == '\t') {
            out += ' ';
        } else {
            out += static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F ? '?' : byte;
        }
    }
}

std::string describe(std::string_view origin, std::string_view text, std::uint32_t offset, std::string_view message, Place place) {
    std::string out(origin);
    out += ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": ";
    out += message;
    out += '\n';
    return out += show_caret(text, offset);
}

}  // namespace

Place find_place(std::string_view text, std::uint32_t offset, std::uint32_t first_line) {
    const std::size_t at = std::min<std::size_t>(offset, text.size());
    const Line line = find_line(text, at);
    Place place;
    place.line =
        first_line + static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(line.begin), '\n'));
    for (const char byte : text.substr(line.begin, at - line.begin)) {
        if (!continues_character(byte)) ++place.column;
    }
    return place;
}

std::string show_caret(std::string_view text, std::uint32_t offset) {
    const std::size_t at = std::min<std::size_t>(offset, text.size());
    Line line = find_line(text, at);
    std::string out = "  ", caret = "\n  ";
    if (at - line.begin > shown_before) {
        line.begin = at - shown_before;
        while (line.begin < at && continues_character(text[line.begin])) ++line.begin;
        out += "...";
        caret += "   ";
    }
    const bool cut = line.end > at && line.end - at > shown_after;
    if (cut) {
        line.end = at + shown_after;
        while (line.end > at && continues_character(text[line.end])) --line.end;
    }
    for (std::size_t i = line.begin; i < at; ++i) {
        if (!continues_character(text[i])) caret += ' ';
    }
    append_printable(out, text.substr(line.begin, std::max(line.end, at) - line.begin));
    if (cut) out += "...";
    return out + caret + '^';
}

TextError::TextError(std::string_view origin, std::string_view text, std::uint32_t offset, std::string_view message,
                     std::uint32_t first_line)
    : std::runtime_error(describe(origin, text, offset, message, find_place(text, offset, first_line))),
      origin_(origin),
      message_(message),
      place_(find_place(text, offset, first_line)) {}

}  // namespace ndcall
