// The ways into the parser: a file, one entry, one contract.
#include <utility>

#include "contract/entry.hpp"
#include "contract/family.hpp"
#include "contract/grammar.hpp"
#include "contract/lines.hpp"

namespace ndcall {

namespace {

using detail::MappedText;
using detail::Message;

// Spans are 32-bit, and a line with braces is copied once per alternative.
constexpr std::size_t most_contract_bytes = std::size_t{64} << 10, most_file_bytes = std::size_t{4} << 20;
constexpr std::string_view most_contract_text = "64 KiB", most_file_text = "4 MiB";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

using Source = std::shared_ptr<const SourceText>;

Source make_source(std::string_view origin, std::string_view text, std::uint32_t first_line = 1) {
    return std::make_shared<const SourceText>(SourceText{std::string(origin), std::string(text), first_line});
}

void check_size(std::string_view origin, std::string_view text, std::uint32_t first_line, std::size_t most_bytes) {
    if (text.size() <= most_bytes) return;
    const std::string message = detail::format_message(Message::TextTooLong, {most_contract_text, most_file_text});
    throw TextError(origin, text.substr(0, most_contract_bytes), 0, message, first_line);
}

MappedText map_text(std::string_view text) {
    MappedText out;
    out.append(text, 0);
    return out;
}

// The name that a line was for, as far as it can be told without parsing it: the last word before ':' or '('.
std::string guess_target(std::string_view line) {
    constexpr std::string_view blanks = " \t\r\n";
    const bool is_handle = line.substr(0, 7) == "handle ";
    line = line.substr(0, line.find_first_of(is_handle ? ":(=" : ":([;"));
    line = line.substr(line.find('=') + 1);  // npos + 1 is 0
    const std::size_t last = line.find_last_not_of(blanks);
    if (last == std::string_view::npos) return {};
    line = line.substr(0, last + 1);
    return std::string(line.substr(line.find_last_of(blanks) + 1));
}

Entry parse_alternative(const Source& source, const MappedText& text) {
    detail::Cursor cursor(source, text);
    return detail::parse_entry_line(cursor);
}

void parse_line(const Source& source, ContractFile& file) {
    std::vector<MappedText> family;
    try {
        family = detail::step_family(map_text(source->text), *source);
    } catch (const TextError& error) {
        file.mistakes.push_back({guess_target(source->text), error});
    }
    for (std::size_t k = 0; k < family.size(); ++k) {
        try {
            file.entries.push_back(parse_alternative(source, family[k]));
            file.entries.back().family = static_cast<std::uint32_t>(k);
            file.entries.back().is_family = family.size() > 1;
        } catch (const TextError& error) {
            file.mistakes.push_back({guess_target(family[k].text), error});
        }
    }
}

void parse_logical_line(const detail::LogicalLine& line, std::uint32_t first_line, ContractFile& file) {
    try {
        const std::uint32_t number = first_line + line.first_line - 1;
        check_size(file.origin, line.text, number, most_contract_bytes);
        const Source source = make_source(file.origin, line.text, number);
        if (line.problem) {
            const Span at{line.problem_at, line.problem_at};
            throw make_error(*source, at, detail::format_message(*line.problem, {}));
        }
        parse_line(source, file);
    } catch (const TextError& error) {
        file.mistakes.push_back({guess_target(line.text), error});
    }
}

}  // namespace

ContractFile parse_contract_file(std::string_view text, std::string_view origin, std::uint32_t first_line) {
    ContractFile out;
    out.origin = origin;
    if (text.substr(0, byte_order_mark.size()) == byte_order_mark) text.remove_prefix(byte_order_mark.size());
    try {
        check_size(origin, text, first_line, most_file_bytes);
    } catch (const TextError& error) {
        out.mistakes.push_back({"", error});
        return out;
    }
    for (const detail::LogicalLine& line : detail::split_lines(text)) parse_logical_line(line, first_line, out);
    return out;
}

std::vector<Entry> parse_entry(std::string_view key, std::string_view contract, std::string_view origin) {
    const std::string line = std::string(key) + ": " + std::string(contract);
    check_size(origin, line, 1, most_contract_bytes);
    const Source source = make_source(origin, line);
    std::vector<Entry> out;
    for (const MappedText& text : detail::step_family(map_text(source->text), *source)) {
        out.push_back(parse_alternative(source, text));
        out.back().family = static_cast<std::uint32_t>(out.size() - 1);
    }
    for (Entry& entry : out) entry.is_family = out.size() > 1;
    return out;
}

Contract parse_contract(std::string_view text, std::string_view origin, std::uint32_t first_line) {
    check_size(origin, text, first_line, most_contract_bytes);
    const Source source = make_source(origin, text, first_line);
    const MappedText mapped = map_text(source->text);
    detail::Cursor cursor(source, mapped);
    return detail::parse_whole_contract(cursor);
}

}  // namespace ndcall
