#include "declaration/assertions.hpp"

#include <gtest/gtest.h>

#include "declaration/text.hpp"

namespace ndcall {
namespace {

// The claims about declarations in the saved form, each with its C.
std::vector<std::string> list(const std::string& lines) {
    const std::string text = "ndcall declarations 1\ntarget \"x\"\nfile \"a.h\"\n" + lines + "end\n";
    std::vector<std::string> found;
    for (const Assertion& assertion : assert_facts(parse_declarations(text))) found.push_back(assertion.claim + " | " + assertion.code);
    return found;
}

using Claims = std::vector<std::string>;

TEST(AssertFacts, AFunctionIsSaidWithoutNamesAndWithArraysAsPointers) {
    EXPECT_EQ(list("function f fn(n: i4, a: [n][\"2 * n\"]f8, g: *fn(x: f8) -> void, ...) -> *const i1 at 0:1\n"),
              (Claims{"f is const signed char *(int, double (*)[*], void (*)(double), ...) | _Static_assert(__builtin_types_compatible_p("
                      "__typeof__((f)), const signed char *(int, double (*)[*], void (*)(double), ...)), \"\");"}));
}

TEST(AssertFacts, ATypedefIsSaidByItsNameAndJudgedBySizeAndSign) {
    EXPECT_EQ(
        list("function f fn(n: size_t=u8) -> real_t=f4 at 0:1\n"),
        (Claims{"f is real_t (size_t) | _Static_assert(__builtin_types_compatible_p(__typeof__((f)), real_t (size_t)), \"\");",
                "size_t has 8 bytes and is unsigned | _Static_assert(sizeof(size_t) == 8 && (size_t)-1 > 0, \"\");",
                "real_t has 4 bytes and is real | _Static_assert(sizeof(real_t) == 4 && __builtin_classify_type((real_t)0) == 8, \"\");"}));
}

TEST(AssertFacts, AStructIsJudgedBySizeAlignmentAndTheOffsetsOfItsFields) {
    EXPECT_EQ(
        list("struct s at 0:1 size 16 align 8\n  field a i4 at 0\n  field b u4 at 4 bits 3 shift 0\n  field c f8 at 8\n"
             "function f fn(p: *struct s/16/8) -> void at 0:2\n"),
        (Claims{"f is void (struct s *) | _Static_assert(__builtin_types_compatible_p(__typeof__((f)), void (struct s *)), \"\");",
                "struct s has 16 bytes and is aligned to 8 | _Static_assert(sizeof(struct s) == 16 && _Alignof(struct s) == 8, \"\");",
                "a of struct s lies at byte 0, with 4 | _Static_assert(__builtin_offsetof(struct s, a) == 0 && sizeof(((struct s "
                "*)0)->a) == 4, \"\");",
                "c of struct s lies at byte 8, with 8 | _Static_assert(__builtin_offsetof(struct s, c) == 8 && sizeof(((struct s "
                "*)0)->c) == 8, \"\");"}));
}

TEST(AssertFacts, AnEnumeratorIsJudgedByItsValue) {
    EXPECT_EQ(list("enum e i4 at 0:1\n  member A -1\n"),
              (Claims{"A is -1 | _Static_assert((unsigned long long)(A) == 18446744073709551615ULL, \"\");"}));
}

TEST(AssertFacts, WhatIsInvalidOrHasNoNameIsLeftOut) {
    EXPECT_EQ(list("struct s.in at 0:1 size 4 align 4\n  field a i4 at 0\n"
                   "function f fn(p: *struct s.in/4/4) -> void at 0:2\n"
                   "function g fn() -> void at 0:3\n  invalid \"unknown type\"\n"
                   "function h oldfn() -> i4 at 0:4\n"
                   "struct __va_list_tag at 0:1 size 24 align 8\n  field a *void at 0\n"
                   "function v fn(p: *struct __va_list_tag/24/8) -> void at 0:5\n"),
              Claims{});
}

}  // namespace
}  // namespace ndcall
