#include "contract/comment.hpp"

#include <algorithm>
#include <string>

#include "contract/entry.hpp"
#include "contract/grammar.hpp"

namespace ndcall {

namespace detail {

namespace {

constexpr std::string_view keyword = "ndcall:";
constexpr std::string_view blanks = " \t\r";

std::size_t measure_indent(std::string_view text) { return std::min(text.find_first_not_of(" \t"), text.size()); }
bool is_blank(std::string_view text) { return text.find_first_not_of(blanks) == std::string_view::npos; }

class CommentSplitter {
  public:
    explicit CommentSplitter(std::string_view comment) : comment_(comment) {}

    std::vector<CommentLine> split() {
        while (at_ < comment_.size()) {
            if (starts_with("//")) {
                read_line_comment();
            } else if (starts_with("/*")) {
                read_block();
            } else {
                skip_one();
            }
        }
        return std::move(lines_);
    }

  private:
    bool starts_with(std::string_view mark) const { return comment_.substr(at_, mark.size()) == mark; }

    void skip_one() {
        if (comment_[at_] == '\n') {
            ++line_;
            line_begin_ = at_ + 1;
        }
        ++at_;
    }

    void skip_all(char mark) { at_ = std::min(comment_.find_first_not_of(mark, at_), comment_.size()); }

    CommentLine& add_line(std::size_t end, bool has_mark) {
        CommentLine& out = lines_.emplace_back();
        out.text = comment_.substr(at_, end - at_);
        out.offset = at_;
        out.line = line_;
        out.column = at_ - line_begin_;
        out.has_mark = has_mark;
        at_ = end;
        return out;
    }

    std::size_t find_line_end() const { return std::min(comment_.find('\n', at_), comment_.size()); }

    void read_line_comment() {
        skip_all('/');
        if (starts_with("!")) ++at_;
        if (starts_with("<")) ++at_;
        add_line(find_line_end(), true);
    }

    // `/* text`, ` * text`, `   text` up to `*/`. A mark is a `*` at the beginning of a line, or a whole line of them.
    void read_block() {
        const std::size_t close = comment_.find("*/", at_ + 2);
        const std::size_t end = std::min(close, comment_.size());
        at_ += 2;
        while (at_ < end && (comment_[at_] == '*' || comment_[at_] == '!')) ++at_;
        if (at_ < end && comment_[at_] == '<') ++at_;
        add_line(std::min(find_line_end(), end), false).opens_block = true;
        while (at_ < end) {
            skip_one();
            read_block_line(end);
        }
        if (close != std::string_view::npos) at_ = close + 2;
    }

    void read_block_line(std::size_t block_end) {
        const std::size_t end = std::min(find_line_end(), block_end);
        const std::string_view text = comment_.substr(at_, end - at_);
        const std::size_t indent = measure_indent(text);
        const bool has_mark = indent < text.size() && text[indent] == '*';
        if (has_mark) at_ += text.find_first_not_of("* \t\r") == std::string_view::npos ? text.size() : indent + 1;
        add_line(end, has_mark);
    }

    std::string_view comment_;
    std::vector<CommentLine> lines_;
    std::size_t at_ = 0, line_begin_ = 0;
    std::uint32_t line_ = 0;
};

bool continues(const CommentLine& line, const CommentLine& first) {
    if (is_blank(line.text)) return false;
    const std::size_t indent = measure_indent(line.text);
    const bool has_tab = line.text.substr(0, indent).find('\t') != std::string_view::npos;
    const std::size_t first_indent = measure_indent(first.text);
    if (line.has_mark) return has_tab || (indent >= 2 && (!first.has_mark || indent > first_indent));
    return has_tab || indent >= first.column + first_indent + 2;
}

void mark_contracts(std::vector<CommentLine>& lines) {
    const CommentLine* first = nullptr;
    for (CommentLine& line : lines) {
        line.begins_contract = line.text.substr(measure_indent(line.text), keyword.size()) == keyword;
        if (line.begins_contract) {
            first = &line;
        } else if (first != nullptr && !continues(line, *first)) {
            first = nullptr;
        }
        line.is_contract = first != nullptr;
    }
}

struct FoundContract {
    std::size_t begin = 0, end = 0;  // whole lines of the comment
    std::uint32_t line = 0;
    MappedText text;                    // offsets count from `begin`
    std::optional<std::size_t> second;  // where another contract begins in the same comment
};

std::optional<FoundContract> find_contract(std::string_view comment) {
    std::optional<FoundContract> out;
    for (const CommentLine& line : split_comment(comment)) {
        if (!line.is_contract) continue;
        const std::size_t indent = measure_indent(line.text);
        if (line.begins_contract && out) {
            out->second = line.offset + indent;
            break;
        }
        const std::size_t skipped = line.begins_contract ? indent + keyword.size() : 0;
        if (line.begins_contract) {
            out.emplace();
            out->begin = line.offset - line.column;
            out->line = line.line;
        }
        const std::size_t end = line.offset + line.text.size();
        if (!line.begins_contract) out->text.append("\n", out->text.end);
        out->text.append(line.text.substr(skipped), static_cast<std::uint32_t>(line.offset + skipped - out->begin));
        out->end = std::max(end, std::min(comment.find('\n', end), comment.size()));
    }
    return out;
}

}  // namespace

std::vector<CommentLine> split_comment(std::string_view comment) {
    std::vector<CommentLine> out = CommentSplitter(comment).split();
    mark_contracts(out);
    return out;
}

}  // namespace detail

std::optional<Entry> parse_comment_contract(std::string_view comment, std::string_view function, std::string_view origin,
                                            std::uint32_t first_line) {
    const std::optional<detail::FoundContract> found = detail::find_contract(comment);
    if (!found) return std::nullopt;
    if (found->second) {
        throw TextError(origin, comment, static_cast<std::uint32_t>(*found->second),
                        detail::format_message(detail::Message::TwoContracts, {}), first_line);
    }
    const std::string_view lines = comment.substr(found->begin, found->end - found->begin);
    const auto source = std::make_shared<const SourceText>(SourceText{std::string(origin), std::string(lines), first_line + found->line});
    detail::Cursor cursor(source, found->text);
    Entry out;
    out.at = cursor.peek().at;
    out.patterns.emplace_back(function);
    out.pattern_spans.push_back(out.at);
    out.source = cursor.copy_rest();
    out.contract = detail::parse_whole_contract(cursor);
    return out;
}

std::string strip_comment(std::string_view comment) {
    std::vector<detail::CommentLine> lines;
    std::size_t common = std::string_view::npos;
    for (detail::CommentLine line : detail::split_comment(comment)) {
        line.text = line.text.substr(0, line.text.find_last_not_of(detail::blanks) + 1);  // npos + 1 is 0
        if (line.is_contract || (lines.empty() && line.text.empty())) continue;
        // The text behind an opening mark is indented by the mark, the others by hand.
        if (line.opens_block) line.text.remove_prefix(detail::measure_indent(line.text));
        if (!line.opens_block && !line.text.empty()) common = std::min(common, detail::measure_indent(line.text));
        lines.push_back(line);
    }
    while (!lines.empty() && lines.back().text.empty()) lines.pop_back();
    std::string out;
    for (const detail::CommentLine& line : lines) {
        if (&line != &lines.front()) out += '\n';
        out += line.opens_block ? line.text : line.text.substr(std::min(common, line.text.size()));
    }
    return out;
}

}  // namespace ndcall
