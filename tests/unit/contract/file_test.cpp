#include <gtest/gtest.h>

#include "contract/dump.hpp"
#include "contract/entry.hpp"

namespace ndcall {
namespace {

std::string find_text_at(const Entry& entry, Span at) { return entry.contract.source->text.substr(at.begin, at.end - at.begin); }

TEST(ContractFiles, LetOneWrongLineSpoilOnlyItself) {
    const ContractFile file = parse_contract_file("f: x[n]\ng: x[\n{s,d}h: x[n\n# c\nk: x\n", "a.contract", 10);
    ASSERT_EQ(file.entries.size(), 2U);
    EXPECT_EQ(file.entries[1].patterns.front(), "k");
    EXPECT_EQ(find_place(*file.entries[1].contract.source, file.entries[1].at).line, 14U);
    ASSERT_EQ(file.mistakes.size(), 3U);
    EXPECT_EQ(file.mistakes[0].target, "g");
    EXPECT_EQ(file.mistakes[1].target, "sh");
    EXPECT_EQ(file.mistakes[2].target, "dh");
    EXPECT_EQ(file.mistakes[0].error.place().line, 11U);
}

TEST(ContractFiles, TellForWhichFunctionAWrongLineWas) {
    const auto target_of = [](const char* line) { return parse_contract_file(line, "a").mistakes.at(0).target; };
    EXPECT_EQ(target_of("add = zadd(a, b): x["), "zadd");
    EXPECT_EQ(target_of("const char *gsl_*: x["), "*gsl_*");
    EXPECT_EQ(target_of("struct Fields: x["), "Fields");
    EXPECT_EQ(target_of("handle h = void*: fre f"), "h");
    EXPECT_EQ(target_of("f x[n]"), "x");
    EXPECT_EQ(target_of("["), "");
    EXPECT_EQ(target_of(": x"), "");
}

TEST(ContractFiles, MayBeIndentedAsAWhole) {
    const ContractFile file = parse_contract_file("\n    f: x[n]\n      -> y[n]\n\n    g: x\n  ", "contracts=");
    ASSERT_EQ(file.entries.size(), 2U);
    EXPECT_EQ(file.entries[0].source, "x[n]\n    -> y[n]");
}

TEST(ContractFiles, MayHaveWindowsLineEndsAndAByteOrderMark) {
    const ContractFile file = parse_contract_file(
        "\xEF\xBB\xBF"
        "f: x[n]\r\n  -> y[n]\r\ng: x\r\n",
        "a.contract");
    EXPECT_TRUE(file.mistakes.empty());
    ASSERT_EQ(file.entries.size(), 2U);
    EXPECT_EQ(print(file.entries[0]), "f: x[n] -> y[n]");
}

TEST(ContractFamilies, AreOneEntryEachAndPointIntoTheSameLine) {
    const std::vector<Entry> entries = parse_entry("add = {s,z}add", "a: {float32, complex128}[n]", "contracts=");
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(print(entries[1]), "add = zadd: a: complex128[n]");
    EXPECT_EQ(entries[1].source, "a: complex128[n]");
    EXPECT_EQ(entries[1].family, 1U);
    EXPECT_TRUE(entries[1].is_family);
    EXPECT_EQ(find_text_at(entries[1], entries[1].contract.parameters.at(0).type->at), "complex128");
    EXPECT_EQ(find_text_at(entries[1], entries[1].pattern_spans.at(0)), "z}add");
}

TEST(ContractEntries, TakeAContractOfSeveralLinesFromADictionary) {
    const std::vector<Entry> entries = parse_entry("f(a, b)", "a[n]  # left\n-> b[n]", "contracts=");
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].head.size(), 2U);
    EXPECT_FALSE(entries[0].is_family);
    EXPECT_EQ(print(entries[0].contract), "a[n] -> b[n]");
}

TEST(ContractEntries, ShowTheWholeLineWhenTheDictionaryIsWrong) {
    try {
        parse_entry("zadd", "a(n], b[n]", "contracts=");
        FAIL();
    } catch (const TextError& error) {
        EXPECT_STREQ(error.what(), "contracts=:1:10: expected ',', '->', ';' or ')', found ']'\n  zadd: a(n], b[n]\n           ^");
    }
}

TEST(Contracts, KnowWhereEachPartStands) {
    const std::string text = "copy a[n+1 : lda], t = -2 -> return of a; ok data.n == 0";
    const Contract contract = parse_contract(text);
    const auto text_at = [&](Span at) { return text.substr(at.begin, at.end - at.begin); };
    EXPECT_EQ(text_at(contract.parameters[0].at), "a");
    EXPECT_EQ(text_at(contract.parameters[0].extents[0].at), "n+1 : lda");
    EXPECT_EQ(text_at(contract.parameters[0].extents[0].value.at), "n+1");
    EXPECT_EQ(text_at(contract.parameters[1].default_value->at), "-2");
    EXPECT_EQ(text_at(contract.results[0].phrase->at), "of a");
    EXPECT_EQ(text_at(contract.clauses[0].at), "ok");
    EXPECT_EQ(text_at(contract.clauses[0].value->operands[0].at), "data.n");
}

}  // namespace
}  // namespace ndcall
