#include "declaration/merge.hpp"

#include <gtest/gtest.h>

#include "declaration/text.hpp"

namespace ndcall {
namespace {

std::string in_file(const std::string& file, const std::string& lines) {
    return "ndcall declarations 1\nfile \"" + file + "\"\nfile \"common.h\"\n" + lines + "end\n";
}

// Lines of a.c and b.c, merged; what is printed behind the files.
std::string merge(const std::string& a, const std::string& b) {
    Declarations into = parse_declarations(in_file("a.c", a));
    merge_declarations(into, parse_declarations(in_file("b.c", b)));
    const std::string printed = print_declarations(into);
    EXPECT_EQ(print_declarations(parse_declarations(printed)), printed);
    const std::string files = "ndcall declarations 1\nfile \"a.c\"\nfile \"common.h\"\nfile \"b.c\"\n";
    EXPECT_EQ(printed.substr(0, files.size()), files);
    return printed.substr(files.size());
}

TEST(MergedDeclarations, HoldBothFiles) {
    EXPECT_EQ(merge("function f fn() -> i4 at 0:1\n", "function g fn(x: *f8) -> i4 at 1:2\n"),
              "function f fn() -> i4 at 0:1\nfunction g fn(x: *f8) -> i4 at 1:2\nend\n");
    EXPECT_EQ(merge("", "variable v i4 at 0:2\n"), "variable v i4 at 2:2\nend\n");
}

TEST(MergedDeclarations, PreferADefinitionAndKeepTheCommentOfItsPrototype) {
    EXPECT_EQ(merge("function f fn(*f8) -> i4 at 1:5\n  comment at 1:4 \"/// doc\"\n", "function f fn(x: *f8) -> i4 at 0:9 definition\n"),
              "function f fn(x: *f8) -> i4 at 2:9 definition\n  comment at 1:4 \"/// doc\"\nend\n");
}

TEST(MergedDeclarations, RefuseAFunctionThatTwoFilesCallDifferently) {
    EXPECT_EQ(merge("function f fn(x: *f8) -> i4 at 0:1\n", "function f fn(x: *f4) -> i4 at 0:2 definition\n"),
              "function f fn(x: *f8) -> i4 at 0:1\n  invalid \"declared differently in a.c:1 and b.c:2\"\nend\n");
}

TEST(MergedDeclarations, DoNotMindSpellingQualifiersOrExtents) {
    EXPECT_EQ(merge("function f fn(n: size_t=u8, x: *const f8) -> i4 at 0:1\n", "function f fn(n: u8, x: [n]f8) -> i4 at 0:2 definition\n"),
              "function f fn(n: u8, x: [n]f8) -> i4 at 2:2 definition\nend\n");
}

TEST(MergedDeclarations, PreferAFunctionThatTheLibraryExports) {
    EXPECT_EQ(merge("function f fn(x: f4) -> i4 at 0:1 static\n", "function f fn(x: f8) -> i4 at 0:2\n"),
              "function f fn(x: f8) -> i4 at 2:2\nend\n");
}

TEST(MergedDeclarations, HoldAStructOfACommonHeaderOnce) {
    const std::string point = "struct point at 1:3 size 8 align 8\n  field x f8 at 0\n";
    EXPECT_EQ(merge(point, point), point + "end\n");
}

TEST(MergedDeclarations, AddTheAliasesOfBothFiles) {
    EXPECT_EQ(merge("struct s at 1:1\n  aliases a b\n", "struct s at 1:1\n  aliases b c\n"), "struct s at 1:1\n  aliases a b c\nend\n");
}

TEST(MergedDeclarations, TakeAnAliasForNoTag) {
    const std::string a = "struct _s at 0:1 size 4 align 4\n  aliases s\n  field n i4 at 0\n";
    const std::string b = "struct s at 0:3 size 8 align 8\n  field n f8 at 0\n";
    EXPECT_EQ(merge(a, b), a + "struct s at 2:3 size 8 align 8\n  field n f8 at 0\nend\n");
}

TEST(MergedDeclarations, CompleteAStructThatOneFileOnlyNames) {
    EXPECT_EQ(merge("struct s at 1:1\nfunction f fn(p: *struct s) -> i4 at 0:1\n", "struct s at 0:3 size 4 align 4\n  field n i4 at 0\n"),
              "struct s at 2:3 size 4 align 4\n  field n i4 at 0\nfunction f fn(p: *struct s/4/4) -> i4 at 0:1\nend\n");
}

TEST(MergedDeclarations, KeepTwoMeaningsOfOneTagApart) {
    EXPECT_EQ(merge("struct s at 0:1 size 4 align 4\n  field n i4 at 0\n",
                    "struct s at 0:3 size 8 align 8\n  field n f8 at 0\nfunction f fn(p: *struct s/8/8) -> i4 at 0:4\n"),
              "warning \"b.c:3: 's' is another type in a.c:1; it is called 's.2' here\"\n"
              "struct s at 0:1 size 4 align 4\n  field n i4 at 0\n"
              "struct s.2 at 2:3 size 8 align 8\n  field n f8 at 0\n"
              "function f fn(p: *struct s.2/8/8) -> i4 at 2:4\nend\n");
}

TEST(MergedDeclarations, KeepAnEnumApartFromAStructOfItsTag) {
    EXPECT_EQ(merge("struct s at 0:1\n", "enum s u4 at 0:3\n  member A 0\nvariable v enum s u4 at 0:4\n"),
              "warning \"b.c:3: 's' is another type in a.c:1; it is called 's.2' here\"\n"
              "struct s at 0:1\nenum s.2 u4 at 2:3\n  member A 0\nvariable v enum s.2 u4 at 2:4\nend\n");
}

TEST(MergedDeclarations, WarnOfAConstantWithTwoValues) {
    EXPECT_EQ(merge("constant N integer 1 at 0:1\n", "constant N integer 2 at 0:5\n"),
              "warning \"b.c:5: 'N' has another value in a.c:1, which is taken\"\nconstant N integer 1 at 0:1\nend\n");
}

TEST(MergedDeclarations, GiveAVariableTheExtentOfItsDefinition) {
    EXPECT_EQ(merge("variable a []f8 at 1:1\n", "variable a [3]f8 at 0:2\n"), "variable a [3]f8 at 1:1\nend\n");
}

TEST(MergedDeclarations, HoldTheAnonymousEnumOfACommonHeaderOnce) {
    const std::string members = "enum \"\" u4 at 1:3\n  member A 0\n";
    EXPECT_EQ(merge(members, members), members + "end\n");
}

}  // namespace
}  // namespace ndcall
