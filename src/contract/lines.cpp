#include "contract/lines.hpp"

#include <algorithm>

namespace ndcall::detail {

namespace {

constexpr std::string_view blanks = " \t\r";

struct RawLine {
    std::string_view text;
    std::size_t begin = 0;
    std::uint32_t number = 1;
    std::string_view indent() const { return text.substr(0, std::min(text.find_first_not_of(" \t"), text.size())); }
};

bool is_empty(std::string_view line) {
    const std::size_t first = line.find_first_not_of(blanks);
    return first == std::string_view::npos || line[first] == '#';
}

std::vector<RawLine> split_raw(std::string_view text) {
    std::vector<RawLine> out;
    std::uint32_t number = 1;
    for (std::size_t at = 0; at < text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const RawLine line{text.substr(at, end - at), at, number};
        if (!is_empty(line.text)) out.push_back(line);
        at = end + 1;
    }
    return out;
}

std::size_t measure_common_indent(const std::vector<RawLine>& lines) {
    if (lines.empty()) return 0;
    std::string_view common = lines.front().indent();
    for (const RawLine& line : lines) {
        const std::string_view indent = line.indent();
        const auto stop = std::mismatch(common.begin(), common.end(), indent.begin(), indent.end()).first;
        common = common.substr(0, static_cast<std::size_t>(stop - common.begin()));
    }
    return common.size();
}

}  // namespace

std::vector<LogicalLine> split_lines(std::string_view text) {
    const std::vector<RawLine> lines = split_raw(text);
    const std::size_t common = measure_common_indent(lines);
    std::vector<LogicalLine> out;
    std::size_t begin = 0;
    for (const RawLine& line : lines) {
        const std::string_view indent = line.indent().substr(common);
        if (indent.empty() || out.empty()) {
            out.emplace_back();
            out.back().first_line = line.number;
            begin = line.begin;
            if (!indent.empty()) out.back().problem = Message::ContinuesNothing;
        } else if (indent == " " && !out.back().problem) {
            out.back().problem = Message::OneBlank;
            out.back().problem_at = static_cast<std::uint32_t>(line.begin - begin);
        }
        out.back().text = text.substr(begin, line.begin + line.text.size() - begin);
    }
    return out;
}

}  // namespace ndcall::detail
