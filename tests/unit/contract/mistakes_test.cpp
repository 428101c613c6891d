// What the parser answers to mistakes: every text, whole, with its place and its caret.
#include <algorithm>
#include <functional>

#include "contract/entry.hpp"
#include "contract/messages.hpp"
#include "contract/test_data.hpp"

namespace ndcall {
namespace {

using test::read_records;
using test::Record;

// what() of the error without the origin, or "".
std::string find_error(const std::function<void()>& parse) {
    try {
        parse();
    } catch (const TextError& error) {
        return std::string(error.what()).substr(error.origin().size() + 1);
    }
    return {};
}

std::string find_contract_error(const std::string& text) {
    return find_error([&] { parse_contract(text, "contract"); });
}

std::string find_file_errors(const std::string& text) {
    std::string out;
    for (const Mistake& mistake : parse_contract_file(text, "f.contract").mistakes) {
        const std::string what = std::string(mistake.error.what()).substr(mistake.error.origin().size() + 1);
        if (out != what) out += what;  // all members of a family say the same
    }
    return out;
}

std::string find_comment_error(const std::string& comment) {
    return find_error([&] { parse_comment_contract(comment, "f", "f.c", 10); });
}

std::string repeat(const std::string& text, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
}

// Mistakes whose text is too long or too unprintable for a data file.
const std::vector<Record>& list_special_mistakes() {
    static const std::vector<Record> out{
        {"x[n] \x01", "1:6: the byte 0x01 has no meaning in a contract\n  x[n] ?\n       ^"},
        {"x[\xff]", "1:3: the byte 0xFF has no meaning in a contract\n  x[\xff]\n    ^"},
        {"x; ok y else \"\x02\"",
         "1:15: a text between quotes is UTF-8 without control characters\n  x; ok y else \"?\"\n                ^"},
        {"x; ok y else \"\xc3\"",
         "1:15: a text between quotes is UTF-8 without control characters\n  x; ok y else \"\xc3\"\n                ^"},
        {"x: {int8,int16}", "1:4: braces stand for several functions, but this contract is for one\n  x: {int8,int16}\n     ^"},
        {"n = " + repeat("1+", 300) + "1",
         "1:506: this expression is too long: more than 500 parts\n  ..." + repeat("+1", 60) + "...\n" + repeat(" ", 85) + "^"},
        {"n = " + repeat("(", 60) + "1",
         "1:55: more than 50 parentheses, brackets and signs inside each other\n  n = " + repeat("(", 60) + "1\n" + repeat(" ", 56) + "^"},
        {"n = " + repeat("-", 60) + "1",
         "1:56: more than 50 parentheses, brackets and signs inside each other\n  n = " + repeat("-", 60) + "1\n" + repeat(" ", 57) + "^"},
        {repeat("f(", 10), "1:19: callbacks inside callbacks: at most 8 deep\n  f(f(f(f(f(f(f(f(f(f(\n                    ^"},
    };
    return out;
}

TEST(ContractMistakes, AreExplainedInAContract) {
    const std::vector<Record> records = read_records("mistakes.expected");
    const std::vector<std::string> lines = test::split_text(test::read_data("mistakes.txt"));
    ASSERT_EQ(records.size(), lines.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        EXPECT_EQ(records[i].input, lines[i]);
        const std::string error = find_contract_error(lines[i]);
        EXPECT_EQ(error.empty() ? "parses: wrong only when it is bound" : error, records[i].expected) << lines[i];
    }
}

TEST(ContractMistakes, AreExplainedInAFile) {
    for (const Record& record : read_records("mistakes_in_files.txt"))
        EXPECT_EQ(find_file_errors(record.input), record.expected) << record.input;
}

TEST(ContractMistakes, OfHostileTextsAreExplainedToo) {
    for (const Record& record : list_special_mistakes()) EXPECT_EQ(find_contract_error(record.input), record.expected) << record.input;
}

TEST(ContractMistakes, ThatAskForTooMuchWorkAreRefused) {
    EXPECT_EQ(find_file_errors("f{" + repeat(",", 64) + "}: x"),
              "1:2: a line stands for at most 64 functions\n  f{" + repeat(",", 39) + "...\n   ^");
    const std::string text = "1:1: a contract is at most 64 KiB long, its file at most 4 MiB\n  ";
    EXPECT_EQ(find_contract_error(std::string(70000, 'x')), text + std::string(40, 'x') + "...\n  ^");
    EXPECT_EQ(find_file_errors(std::string(5 << 20, 'x')), text + std::string(40, 'x') + "...\n  ^");
}

TEST(ContractMistakes, InACommentAreShownInTheCommentsOwnLines) {
    EXPECT_EQ(
        find_comment_error("/* Adds.\n * ndcall: a(n) -> b[n,\n *         m> */"),
        "12:13: an extent is a value, or 'count <= capacity'; a condition stands in a 'check' clause\n   *         m> */\n              ^");
    EXPECT_EQ(find_comment_error("/// ndcall: a[n]\n/// ndcall: b[n]"),
              "11:5: this comment has two contracts\n  /// ndcall: b[n]\n      ^");
}

// `text` has the fixed parts of `row` in their order.
bool shows(const std::string& text, std::string_view row) {
    std::size_t at = 0;
    while (true) {
        const std::size_t gap = row.find("{}");
        const std::size_t found = text.find(row.substr(0, gap), at);
        if (found == std::string::npos) return false;
        if (gap == std::string_view::npos) return true;
        at = found + gap;
        row.remove_prefix(gap + 2);
    }
}

TEST(ContractMistakes, ShowEveryMessageOfTheTable) {
    std::vector<std::string> all;
    for (const char* name : {"mistakes.expected", "mistakes_in_files.txt"}) {
        for (const Record& record : read_records(name)) all.push_back(record.expected);
    }
    for (const Record& record : list_special_mistakes()) all.push_back(record.expected);
    all.push_back(find_file_errors("f{" + repeat(",", 64) + "}: x"));
    all.push_back(find_contract_error(std::string(70000, 'x')));
    all.push_back(find_comment_error("/// ndcall: a[n]\n/// ndcall: b[n]"));
    for (const detail::MessageRow& row : detail::message_rows) {
        const bool shown = std::any_of(all.begin(), all.end(), [&](const std::string& text) { return shows(text, row.text); });
        EXPECT_TRUE(shown) << row.name << ": " << row.text;
    }
}

}  // namespace
}  // namespace ndcall
