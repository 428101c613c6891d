#include <gtest/gtest.h>

#include "declaration/scanner.hpp"
#include "declaration/text.hpp"
#include "text/error.hpp"

namespace ndcall {
namespace {

// What parsing says of a text whose first lines are given.
std::string refuse(const std::string& lines) {
    try {
        parse_declarations("ndcall declarations 1\nfile \"a.c\"\n" + lines + "end\n", "lib");
    } catch (const TextError& error) {
        return error.what();
    }
    return "accepted";
}

std::string refuse_whole(const std::string& text) {
    try {
        parse_declarations(text, "lib");
    } catch (const TextError& error) {
        return error.what();
    }
    return "accepted";
}

Declarations parse_lines(const std::string& lines) { return parse_declarations("ndcall declarations 1\nfile \"a.c\"\n" + lines + "end\n"); }

TEST(ParsedDeclarations, HoldWhatTheTextSays) {
    const Declarations all = parse_lines(
        "function sum fn(n: size_t=u8, x: [n]const f8) -> f8 at 0:7 definition inline\n"
        "  text \"double sum(size_t n, const double x[n])\"\n"
        "  comment at 0:6 \"/// adds\"\n"
        "  reads x\n");
    const FunctionDeclaration* sum = all.find_function("sum");
    ASSERT_NE(sum, nullptr);
    EXPECT_EQ(sum->symbol, "sum");
    EXPECT_EQ(sum->location.line, 7u);
    EXPECT_TRUE(sum->is_definition);
    EXPECT_TRUE(sum->is_inline);
    EXPECT_FALSE(sum->is_static);
    EXPECT_EQ(sum->comment, "/// adds");
    EXPECT_EQ(sum->comment_location.line, 6u);
    EXPECT_EQ(sum->body.reads, std::vector<std::string>{"x"});
    const Parameter& x = sum->type->parameters[1];
    EXPECT_EQ(x.type->kind, Kind::Array);
    EXPECT_EQ(x.type->extent, "n");
    EXPECT_TRUE(x.type->target->is_const);
    EXPECT_EQ(sum->type->parameters[0].type->spelling, "size_t");
}

TEST(ParsedDeclarations, ShareEqualTypes) {
    const Declarations all = parse_lines("variable a *f8 at 0:1\nvariable b *f8 at 0:2\n");
    EXPECT_EQ(all.variables[0].type, all.variables[1].type);
    EXPECT_EQ(all.types.size(), 2u);
}

TEST(ParsedDeclarations, ReadATypeThatOccurredBeforeLikeTheFirst) {
    const Declarations all = parse_lines("function f fn(a: *const f8, b: *const f8 , *const f8, c:  *const f8) -> void at 0:1\n");
    const auto& parameters = all.functions[0].type->parameters;
    ASSERT_EQ(parameters.size(), 4u);
    for (const Parameter& parameter : parameters) EXPECT_EQ(parameter.type, parameters[0].type);
    EXPECT_EQ(refuse("function f fn(a: i4, b: i4 i4) -> void at 0:1\n").substr(0, 22), "lib:3:28: expected ','");
}

TEST(ParsedDeclarations, FindABrokenCharacterWhereverItStands) {
    for (std::size_t before = 0; before < 20; ++before)
        for (std::size_t behind = 0; behind < 20; ++behind) {
            const std::string text = std::string(before, 'a') + "\xc3\xa9\xc3" + std::string(behind, 'b');
            EXPECT_EQ(find_broken_utf8(text), before + 2) << text;
        }
    EXPECT_EQ(find_broken_utf8("twelve bytes"), 12u);
}

TEST(ParsedDeclarations, KnowSizesThatTheTextLeavesOut) {
    const Declarations all = parse_lines("variable a [3][2]c16 at 0:1\nvariable p *void at 0:1\nvariable q */4/4 void at 0:1\n");
    EXPECT_EQ(all.variables[0].type->size, 96u);
    EXPECT_EQ(all.variables[0].type->align, 8u);
    EXPECT_EQ(all.variables[1].type->size, 8u);
    EXPECT_EQ(all.variables[2].type->size, 4u);
}

TEST(ParsedDeclarations, KeepBitFieldsAndAnonymousMembers) {
    const Declarations all = parse_lines(
        "struct s at 0:1 size 8 align 4\n"
        "  field \"\" union s.1/4/4 at 0\n"
        "  field f u4 at 5 bits 3 shift 2\n"
        "union s.1 at 0:1 size 4 align 4\n"
        "  field i i4 at 0\n"
        "  field f f4 at 0\n");
    EXPECT_EQ(all.find_struct("s")->fields[1].bit_width, 3);
    EXPECT_EQ(all.find_struct("s")->fields[1].bit_shift, 2u);
    EXPECT_TRUE(all.find_struct("s.1")->is_union);
}

TEST(ParsedDeclarations, TellWhatTheyAreNot) {
    EXPECT_EQ(refuse_whole(""), "lib:1:1: these are no saved declarations: the first line is not 'ndcall declarations 1'\n  \n  ^");
    EXPECT_EQ(
        refuse_whole("ndcall declarations 2\nend\n"),
        "lib:1:21: declarations of another version of ndcall: this one reads version 1\n  ndcall declarations 2\n                      ^");
}

TEST(ParsedDeclarations, NoticeThatTheTextWasCut) {
    EXPECT_EQ(refuse_whole("ndcall declarations 1\n"), "lib:2:1: the text was cut: its last line is not 'end'\n  \n  ^");
    EXPECT_EQ(refuse_whole("ndcall declarations 1\nend"), "lib:2:4: the text ends in the middle of a line\n  end\n     ^");
    EXPECT_EQ(refuse_whole("ndcall declarations 1\nend\nend\n"), "lib:3:1: something stands after 'end'\n  end\n  ^");
}

TEST(ParsedDeclarations, RefuseWordsTheyDoNotKnow) {
    EXPECT_EQ(refuse("functoin f fn() -> i4 at 0:1\n"),
              "lib:3:1: expected an entry such as 'function' or 'struct', or 'end'\n  functoin f fn() -> i4 at 0:1\n  ^");
    EXPECT_EQ(refuse("function f fn() -> i4 at 0:1\n  colour \"red\"\n"),
              "lib:4:3: this line says nothing that such an entry has\n    colour \"red\"\n    ^");
    EXPECT_EQ(refuse("function f fn() -> i5 at 0:1\n"),
              "lib:3:20: expected a type\n  function f fn() -> i5 at 0:1\n                     ^");
}

TEST(ParsedDeclarations, RefuseNamesThatAreNoIdentifiers) {
    EXPECT_EQ(refuse("function \"a b\" fn() -> i4 at 0:1\n"),
              "lib:3:10: expected an identifier\n  function \"a b\" fn() -> i4 at 0:1\n           ^");
    EXPECT_EQ(refuse("function f fn(2a: i4) -> i4 at 0:1\n"),
              "lib:3:15: expected a parameter's name\n  function f fn(2a: i4) -> i4 at 0:1\n                ^");
    EXPECT_EQ(refuse("function f fn() -> i4 at 0:1\n  symbol \"a b\"\n"),
              "lib:4:10: expected a linker's name\n    symbol \"a b\"\n           ^");
    EXPECT_EQ(refuse("function \"f\\xff\" fn() -> i4 at 0:1\n"),
              "lib:3:10: expected an identifier\n  function \"f\\xff\" fn() -> i4 at 0:1\n           ^");
    EXPECT_EQ(refuse("target \"x86 64\"\n"), "lib:3:8: expected the name of a target\n  target \"x86 64\"\n         ^");
}

TEST(ParsedDeclarations, RefuseADoubledName) {
    EXPECT_EQ(refuse("variable a i4 at 0:1\nvariable a i4 at 0:2\n"),
              "lib:4:10: variable 'a' is there twice\n  variable a i4 at 0:2\n           ^");
}

TEST(ParsedDeclarations, RefusePlacesInFilesThatAreNotNamed) {
    EXPECT_EQ(refuse("variable a i4 at 1:1\n"),
              "lib:3:18: no 'file' line with this number stands above\n  variable a i4 at 1:1\n                   ^");
    EXPECT_EQ(refuse("variable a i4 at 0:0\n"), "lib:3:18: lines are counted from 1\n  variable a i4 at 0:0\n                   ^");
}

TEST(ParsedDeclarations, RefuseFieldsOutsideTheirStruct) {
    const std::string head = "struct s at 0:1 size 8 align 8\n";
    EXPECT_EQ(refuse(head + "  field x f8 at 1\n"), "lib:4:9: the field ends behind its struct\n    field x f8 at 1\n          ^");
    EXPECT_EQ(refuse(head + "  field x [4294967295]i1 at 8\n"),
              "lib:4:9: the field ends behind its struct\n    field x [4294967295]i1 at 8\n          ^");
    EXPECT_EQ(refuse(head + "  field x u4 at 7 bits 4 shift 5\n"),
              "lib:4:9: the field ends behind its struct\n    field x u4 at 7 bits 4 shift 5\n          ^");
    EXPECT_EQ(refuse(head + "  field x u4 at 0 bits 33 shift 0\n"),
              "lib:4:9: more bits than the type has, or none\n    field x u4 at 0 bits 33 shift 0\n          ^");
    EXPECT_EQ(refuse("struct s at 0:1\n  field x i4 at 0\n"),
              "lib:4:9: an incomplete struct has no fields\n    field x i4 at 0\n          ^");
}

TEST(ParsedDeclarations, RefuseTypesThatContradictTheirTag) {
    EXPECT_EQ(refuse("variable v struct s/8/8 at 0:1\nstruct s at 0:1 size 4 align 4\n"),
              "lib:3:12: 's' has another size here than in its own entry\n  variable v struct s/8/8 at 0:1\n             ^");
    EXPECT_EQ(refuse("variable v struct s/8/8 at 0:1\n"),
              "lib:3:12: no entry tells what 's' holds\n  variable v struct s/8/8 at 0:1\n             ^");
    EXPECT_EQ(refuse("variable v *union s at 0:1\nstruct s at 0:1\n"),
              "lib:3:12: 's' is a struct in one place and a union in another\n  variable v *union s at 0:1\n             ^");
}

TEST(ParsedDeclarations, RefuseStructsThatHoldThemselves) {
    EXPECT_EQ(refuse("struct a at 0:1 size 8 align 8\n  field x struct b/8/8 at 0\n"
                     "struct b at 0:1 size 8 align 8\n  field x [1]struct a/8/8 at 0\n"),
              "lib:3:8: structs hold each other by value, or too deeply\n  struct a at 0:1 size 8 align 8\n         ^");
}

TEST(ParsedDeclarations, RefuseFactsOfParametersThatAreNotThere) {
    EXPECT_EQ(refuse("function f fn(x: *f8) -> i4 at 0:1\n  writes x.data y\n"),
              "lib:4:1: 'y' is no parameter of this function\n    writes x.data y\n  ^");
    EXPECT_EQ(refuse("function f fn(x: *f8, n: i4) -> i4 at 0:1\n  spans x m\n"),
              "lib:4:11: 'm' is no parameter of this function\n    spans x m\n            ^");
    EXPECT_EQ(refuse("function f fn(x: *f8, n: i4) -> i4 at 0:1\n  spans 2 n\n"),
              "lib:4:9: '2' is no parameter of this function\n    spans 2 n\n          ^");
}

TEST(ParsedDeclarations, TellHowManyElementsABodyTouches) {
    const Declarations all = parse_lines("function f fn(x: *f8, y: *f8, n: i4) -> i4 at 0:1\n  spans x n \"2\"\n  spans y\n");
    EXPECT_EQ(all.functions[0].body.spans, (std::vector<BodyFacts::Span>{{"x", {"n", "2"}}, {"y", {}}}));
}

TEST(ParsedDeclarations, RefuseNumbersThatDoNotFit) {
    EXPECT_EQ(refuse("constant c integer 9223372036854775808 at 0:1\n"),
              "lib:3:20: the integer does not fit 64 bits\n  constant c integer 9223372036854775808 at 0:1\n                     ^");
    EXPECT_EQ(refuse("variable a i4 at 0:4294967296\n"),
              "lib:3:20: the number is too large: at most 4294967295\n  variable a i4 at 0:4294967296\n                     ^");
}

TEST(ParsedDeclarations, RefuseStringsThatAreBroken) {
    EXPECT_EQ(refuse("warning \"a\n"), "lib:3:9: the string is not closed on its line\n  warning \"a\n          ^");
    EXPECT_EQ(refuse("warning \"a\\q\"\n"), "lib:3:11: unknown escape in a string\n  warning \"a\\q\"\n            ^");
    EXPECT_EQ(refuse("warning \"a\\x00\"\n"), "lib:3:11: a string cannot hold a zero byte\n  warning \"a\\x00\"\n            ^");
    EXPECT_EQ(refuse("warning \"a\\x4\"\n"), "lib:3:11: \\x needs two hexadecimal digits\n  warning \"a\\x4\"\n            ^");
    EXPECT_EQ(refuse("warning \"\xff\"\n"), "lib:3:10: the text is not UTF-8 here\n  warning \"\xff\"\n           ^");
    EXPECT_EQ(refuse("warning \"\x01\"\n"), "lib:3:10: a control character in a string\n  warning \"?\"\n           ^");
}

TEST(ParsedDeclarations, RefuseTypesThatAreNestedTooDeeply) {
    EXPECT_EQ(refuse("variable a " + std::string(60, '*') + "f8 at 0:1\n"), "accepted");
    const std::string deep = refuse("variable a " + std::string(1000000, '*') + "f8 at 0:1\n");
    EXPECT_EQ(deep.substr(0, deep.find('\n')), "lib:3:77: the type is nested too deeply");
}

}  // namespace
}  // namespace ndcall
