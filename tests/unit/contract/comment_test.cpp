#include <gtest/gtest.h>

#include "contract/entry.hpp"

namespace ndcall {
namespace {

// In which line of the comment its contract begins, counted from 1, and the contract.
std::string find_text(const char* comment) {
    const std::optional<Entry> found = parse_comment_contract(comment, "f", "f.c");
    return found ? std::to_string(found->contract.source->first_line) + " " + found->source : "nothing";
}

TEST(CommentContracts, StandBehindTheirKeywordInEveryStyle) {
    EXPECT_EQ(find_text("/// ndcall: a[n] -> b[n]"), "1 a[n] -> b[n]");
    EXPECT_EQ(find_text("// ndcall: a[n] -> b[n]"), "1 a[n] -> b[n]");
    EXPECT_EQ(find_text("//! ndcall: a[n]"), "1 a[n]");
    EXPECT_EQ(find_text("/* ndcall: a[n] -> b[n] */"), "1 a[n] -> b[n]");
    EXPECT_EQ(find_text("/** Adds.\n * ndcall: a[n]\n */"), "2 a[n]");
    EXPECT_EQ(find_text("/*\n  Adds.\n  ndcall: a[n]\n*/"), "3 a[n]");
    EXPECT_EQ(find_text("/// Adds.\r\n/// ndcall: a[n]\r\n"), "2 a[n]");
    EXPECT_EQ(find_text("/* Adds. */ /* ndcall: a[n] */"), "1 a[n]");
}

TEST(CommentContracts, GoOnInLinesThatBeginWithTwoBlanksBehindTheMark) {
    EXPECT_EQ(find_text("/// ndcall: a[n],\n///  b[n]\n/// Prose."), "1 a[n],\n    b[n]");
    EXPECT_EQ(find_text("/** ndcall: a[n]\n *   -> b[n]\n * Prose. */"), "1 a[n]\n    -> b[n]");
    EXPECT_EQ(find_text("/// ndcall: a[n]\n///\n///   b[n]"), "1 a[n]");
    EXPECT_EQ(find_text("///   ndcall: a[n]\n///   Prose that is indented like it."), "1 a[n]");
}

TEST(CommentContracts, WithoutMarksGoOnTwoBlanksRightOfTheKeyword) {
    EXPECT_EQ(find_text("/* Adds.\n   ndcall: a[n]\n     -> b[n]\n   Prose. */"), "2 a[n]\n    -> b[n]");
    EXPECT_EQ(find_text("/* ndcall: a[n]\n     -> b[n] */"), "1 a[n]\n    -> b[n]");
    EXPECT_EQ(find_text("/* ndcall: a[n]\n   Prose. */"), "1 a[n]");
}

TEST(CommentContracts, AreNotFoundInProse) {
    EXPECT_EQ(find_text("/// Written for ndcall: see the docs."), "nothing");
    EXPECT_EQ(find_text("/// Adds."), "nothing");
    EXPECT_EQ(find_text(""), "nothing");
}

TEST(CommentContracts, PointIntoTheCommentItself) {
    const char* comment = "/** Adds.\n *\n * ndcall: a[n]\n *   -> b[m]\n */";
    const std::optional<Entry> entry = parse_comment_contract(comment, "add", "add.c", 7);
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->patterns, std::vector<std::string>{"add"});
    EXPECT_EQ(entry->source, "a[n]\n    -> b[m]");
    const Contract& contract = entry->contract;
    const TextError error = make_error(*contract.source, contract.results.at(0).extents.at(0).at, "m is unknown");
    EXPECT_STREQ(error.what(), "add.c:10:11: m is unknown\n   *   -> b[m]\n            ^");
}

TEST(Comments, BecomeProseWithoutMarksAndContract) {
    EXPECT_EQ(strip_comment("/// Adds two vectors.\n///\n///   c = a + b\n/// ndcall: a[n]\n///   -> b[n]\n"),
              "Adds two vectors.\n\n  c = a + b");
    EXPECT_EQ(strip_comment("/* ndcall: a[n] */"), "");
    EXPECT_EQ(strip_comment("/**\n * Adds.\n *\n * @param a left\n */"), "Adds.\n\n@param a left");
    EXPECT_EQ(strip_comment("/* Adds.\n   Slowly.\n     Very. */"), "Adds.\nSlowly.\n  Very.");
    EXPECT_EQ(strip_comment("/**< Of a member. */"), "Of a member.");
    EXPECT_EQ(strip_comment("///< Of a member."), "Of a member.");
    EXPECT_EQ(strip_comment("/*****\n * Adds.\n *****/"), "Adds.");
    EXPECT_EQ(strip_comment("// one\n\n// two"), "one\ntwo");
}

}  // namespace
}  // namespace ndcall
