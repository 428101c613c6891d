#include "contract/family.hpp"

#include <algorithm>
#include <utility>

#include "contract/messages.hpp"

namespace ndcall::detail {

namespace {

// Each alternative is a copy of the line: this bounds the work that one line can ask for.
constexpr std::size_t most_alternatives = 64;

struct Range {
    std::size_t begin, end;
};

struct Braces {
    Range whole;
    std::vector<Range> alternatives;
};

class BraceScanner {
  public:
    BraceScanner(const MappedText& mapped, const SourceText& source) : mapped_(mapped), text_(mapped.text), source_(source) {}

    std::vector<Braces> scan() {
        std::vector<Braces> out;
        while (at_ < text_.size()) {
            if (text_[at_] == '{') {
                out.push_back(scan_braces());
                check_count(out);
            } else if (text_[at_] == '}') {
                fail(at_, Message::LoneBrace);
            } else {
                skip_one();
            }
        }
        return out;
    }

  private:
    [[noreturn]] void fail(std::size_t at, Message message, std::initializer_list<std::string_view> values = {}) const {
        throw make_error(source_, mapped_.find_span(at, at + 1), format_message(message, values));
    }

    // One character, or a whole string, comment or quoted character: braces in these are no braces.
    void skip_one() {
        const char c = text_[at_];
        if (c == '#') {
            at_ = std::min(text_.find('\n', at_), text_.size());
        } else if (c == '"') {
            const std::size_t end = text_.find_first_of("\"\n", at_ + 1);
            at_ = end == std::string_view::npos ? text_.size() : end + 1;
        } else if (c == '\'' && at_ + 2 < text_.size() && text_[at_ + 2] == '\'') {
            at_ += 3;
        } else {
            ++at_;
        }
    }

    Braces scan_braces() {
        Braces out;
        out.whole.begin = at_++;
        std::size_t begin = at_;
        while (true) {
            if (at_ >= text_.size()) fail(out.whole.begin, Message::OpenBrace);
            const char c = text_[at_];
            if (c == '{') fail(at_, Message::NestedBrace);
            if (c == '#') fail(at_, Message::CommentInBraces);
            if (c != ',' && c != '}') {
                skip_one();
                continue;
            }
            out.alternatives.push_back(trim({begin, at_}));
            begin = ++at_;
            if (c == '}') break;
        }
        out.whole.end = at_;
        return out;
    }

    Range trim(Range range) const {
        constexpr std::string_view blanks = " \t\r\n";
        while (range.begin < range.end && blanks.find(text_[range.begin]) != std::string_view::npos) ++range.begin;
        while (range.begin < range.end && blanks.find(text_[range.end - 1]) != std::string_view::npos) --range.end;
        return range;
    }

    void check_count(const std::vector<Braces>& braces) const {
        const std::size_t count = braces.back().alternatives.size(), first = braces.front().alternatives.size();
        const std::size_t at = braces.back().whole.begin;
        if (count > most_alternatives) fail(at, Message::TooManyAlternatives, {std::to_string(most_alternatives)});
        if (count != first) fail(at, Message::BraceCount, {std::to_string(count), std::to_string(first)});
        if (count < 2) fail(at, Message::OneAlternative);
    }

    const MappedText& mapped_;
    std::string_view text_;
    const SourceText& source_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<MappedText> step_family(const MappedText& text, const SourceText& source) {
    const std::vector<Braces> all = BraceScanner(text, source).scan();
    if (all.empty()) return {text};
    std::vector<MappedText> out(all.front().alternatives.size());
    for (std::size_t k = 0; k < out.size(); ++k) {
        std::size_t at = 0;
        for (const Braces& braces : all) {
            out[k].append(text, at, braces.whole.begin);
            out[k].append(text, braces.alternatives[k].begin, braces.alternatives[k].end);
            at = braces.whole.end;
        }
        out[k].append(text, at, text.text.size());
    }
    return out;
}

MappedText narrow_family(const MappedText& text, const SourceText& source, std::span<const std::uint32_t> kept) {
    MappedText out;
    std::size_t at = 0;
    for (const Braces& braces : BraceScanner(text, source).scan()) {
        out.append(text, at, braces.whole.begin);
        out.append("{", out.end);
        for (const std::uint32_t k : kept) {
            if (k != kept.front()) out.append(",", out.end);
            out.append(text, braces.alternatives.at(k).begin, braces.alternatives.at(k).end);
        }
        out.append("}", out.end);
        at = braces.whole.end;
    }
    out.append(text, at, text.text.size());
    return out;
}

}  // namespace ndcall::detail
