// Any bytes are a contract or an error with a place; never a crash.
#include <random>

#include "contract/dump.hpp"
#include "contract/entry.hpp"
#include "contract/test_data.hpp"

namespace ndcall {
namespace {

// A few bytes of `text` deleted, doubled, replaced by any byte, or replaced by a piece of itself.
std::string disturb(std::string text, std::mt19937& random) {
    const auto pick = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); };
    for (std::size_t edits = 1 + pick(4); edits > 0 && !text.empty(); --edits) {
        const std::size_t at = pick(text.size());
        switch (pick(4)) {
            case 0: text.erase(at, 1 + pick(3)); break;
            case 1: text.insert(at, text.substr(pick(text.size()), 1 + pick(6))); break;
            case 2: text[at] = static_cast<char>(pick(256)); break;
            default: text[at] = "{}[]()\"'#\n,;:?=-*."[pick(18)];
        }
    }
    return text;
}

void expect_stable_tree(const std::string& text) {
    const ContractFile file = parse_contract_file(text, "hostile");
    for (const Mistake& mistake : file.mistakes) {
        EXPECT_GE(mistake.error.place().column, 1U);
        EXPECT_FALSE(mistake.error.message().empty());
    }
    for (const Entry& entry : file.entries) {
        const ContractFile again = parse_contract_file(print(entry), "printed");
        ASSERT_EQ(again.entries.size(), 1U) << print(entry);
        EXPECT_EQ(dump(again.entries.front()), dump(entry)) << print(entry);
    }
}

TEST(HostileContracts, AreParsedOrRefusedWithAPlace) {
    std::mt19937 random(20240229);
    const std::vector<std::string> lines = test::split_text(test::read_data("lines.contract"));
    for (int round = 0; round < 10; ++round) {
        for (std::size_t i = 0; i + 1 < lines.size(); ++i) expect_stable_tree(disturb(lines[i] + "\n" + lines[i + 1], random));
    }
}

TEST(HostileContracts, InCommentsAreParsedOrRefusedWithAPlace) {
    std::mt19937 random(4711);
    const std::string comment = "/** Adds.\n * ndcall: a[n], b[n]\n *   -> c[n]\n */\n// and\n/// ndcall: x";
    for (int round = 0; round < 2000; ++round) {
        const std::string text = disturb(comment, random);
        strip_comment(text);
        try {
            parse_comment_contract(text, "f", "f.c");
        } catch (const TextError& error) {
            EXPECT_GE(error.place().line, 1U) << text;
        }
    }
}

TEST(HostileContracts, OfManyWrongLinesAreAllNamed) {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "f: x[\n";
    const ContractFile file = parse_contract_file(text, "hostile");
    ASSERT_EQ(file.mistakes.size(), 5000U);
    EXPECT_EQ(file.mistakes.back().error.place().line, 5000U);
}

}  // namespace
}  // namespace ndcall
