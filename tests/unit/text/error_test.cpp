#include <gtest/gtest.h>

#include "text/error.hpp"

namespace ndcall {
namespace {

TEST(Places, CountLinesAndCharactersFromOne) {
    const Place start = find_place("abc", 0);
    EXPECT_EQ(start.line, 1u);
    EXPECT_EQ(start.column, 1u);
    const Place second = find_place("ab\ncd\n", 4);
    EXPECT_EQ(second.line, 2u);
    EXPECT_EQ(second.column, 2u);
}

TEST(Places, CountACharacterOfSeveralBytesOnce) { EXPECT_EQ(find_place("é→x", 5).column, 3u); }

TEST(Places, BehindTheTextAreItsEnd) {
    EXPECT_EQ(find_place("ab", 99).column, 3u);
    EXPECT_EQ(find_place("ab\n", 3).line, 2u);
}

TEST(Carets, StandUnderTheirCharacter) {
    EXPECT_EQ(show_caret("a(n), b[n]", 1), "  a(n), b[n]\n   ^");
    EXPECT_EQ(show_caret("one\ntwo\nthree", 4), "  two\n  ^");
    EXPECT_EQ(show_caret("é x", 3), "  é x\n    ^");
}

TEST(Carets, StandBehindTheLastCharacterOfAnUnfinishedText) {
    EXPECT_EQ(show_caret("a[n", 3), "  a[n\n     ^");
    EXPECT_EQ(show_caret("", 0), "  \n  ^");
    EXPECT_EQ(show_caret("a\n", 2), "  \n  ^");
}

TEST(Carets, IgnoreTheCarriageReturnOfAWindowsLine) { EXPECT_EQ(show_caret("ab\r\ncd", 1), "  ab\n   ^"); }

TEST(Carets, AreNotMovedByTabsOrControlCharacters) {
    EXPECT_EQ(show_caret("\tx y", 1), "   x y\n   ^");
    EXPECT_EQ(show_caret("a\x1b[2Jb", 5), "  a?[2Jb\n       ^");
}

TEST(Carets, ShowOnlyTheNeighbourhoodOfALongLine) {
    const std::string line(1000, 'x');
    const std::string shown = show_caret(line, 500);
    EXPECT_EQ(shown, "  ..." + std::string(120, 'x') + "...\n     " + std::string(80, ' ') + "^");
}

TEST(TextErrors, TellOriginPlaceMessageAndLine) {
    const TextError error("filter.contract", "ok\na(n)", 4, "extents stand in [ ]");
    EXPECT_STREQ(error.what(), "filter.contract:2:2: extents stand in [ ]\n  a(n)\n   ^");
    EXPECT_EQ(error.origin(), "filter.contract");
    EXPECT_EQ(error.message(), "extents stand in [ ]");
    EXPECT_EQ(error.place().line, 2u);
}

}  // namespace
}  // namespace ndcall
