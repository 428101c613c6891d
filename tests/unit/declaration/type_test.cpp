#include <gtest/gtest.h>

#include "declaration/scanner.hpp"
#include "declaration/type_text.hpp"

namespace ndcall {
namespace {

// The C spelling of a type that is written in the notation of saved declarations.
std::string to_c(std::string_view notation, const std::string& name = {}) {
    Declarations owner;
    TypeTable table(owner.types);
    Scanner scanner(notation, "test");
    return print_c(*read_type(scanner, table), name);
}

TEST(CText, NamesBasicTypesByKindAndSize) {
    EXPECT_EQ(to_c("i4", "n"), "int n");
    EXPECT_EQ(to_c("u8"), "unsigned long");
    EXPECT_EQ(to_c("char", "c"), "char c");
    EXPECT_EQ(to_c("i1", "c"), "signed char c");
    EXPECT_EQ(to_c("f16", "x"), "long double x");
    EXPECT_EQ(to_c("c16", "z"), "double _Complex z");
    EXPECT_EQ(to_c("bool", "b"), "_Bool b");
}

TEST(CText, PrefersTheNameTheSourceUsed) {
    EXPECT_EQ(to_c("size_t=u8", "n"), "size_t n");
    EXPECT_EQ(to_c("\"long long\"=i8", "n"), "long long n");
    EXPECT_EQ(to_c("*const lapack_int=i4", "ipiv"), "const lapack_int *ipiv");
    EXPECT_EQ(to_c("callback=*fn(f8) -> f8", "f"), "callback f");
}

TEST(CText, PutsQualifiersWhereCReadsThem) {
    EXPECT_EQ(to_c("*const f8", "x"), "const double *x");
    EXPECT_EQ(to_c("const *f8", "x"), "double *const x");
    EXPECT_EQ(to_c("restrict *const f8", "x"), "const double *restrict x");
    EXPECT_EQ(to_c("const *f8"), "double *const");
}

TEST(CText, WritesArraysWithTheirExtents) {
    EXPECT_EQ(to_c("[n][m]f8", "a"), "double a[n][m]");
    EXPECT_EQ(to_c("[static 3]const f8", "a"), "const double a[static 3]");
    EXPECT_EQ(to_c("[restrict static n]f8", "a"), "double a[restrict static n]");
    EXPECT_EQ(to_c("[][3]f8", "a"), "double a[][3]");
    EXPECT_EQ(to_c("[\"2 * n + 1\"]f8", "a"), "double a[2 * n + 1]");
}

TEST(CText, BindsPointersToArraysAndFunctionsWithParentheses) {
    EXPECT_EQ(to_c("*[3]f8", "a"), "double (*a)[3]");
    EXPECT_EQ(to_c("[3]*f8", "a"), "double *a[3]");
    EXPECT_EQ(to_c("*fn(x: f8, user: *void) -> f8", "f"), "double (*f)(double x, void *user)");
    EXPECT_EQ(to_c("const *fn() -> void", "f"), "void (*const f)(void)");
    EXPECT_EQ(to_c("[2]*fn(i4) -> i4", "f"), "int (*f[2])(int)");
}

TEST(CText, WritesFunctionsThatReturnFunctions) {
    EXPECT_EQ(to_c("fn(a: i4) -> *fn(f8) -> void", "get"), "void (*get(int a))(double)");
    EXPECT_EQ(to_c("fn(s: i4, f: *fn(i4) -> void) -> *fn(i4) -> void", "signal"), "void (*signal(int s, void (*f)(int)))(int)");
}

TEST(CText, TellsEmptyUnknownAndOpenParameterLists) {
    EXPECT_EQ(to_c("fn() -> i4", "f"), "int f(void)");
    EXPECT_EQ(to_c("oldfn() -> i4", "f"), "int f()");
    EXPECT_EQ(to_c("fn(*const char, ...) -> i4", "f"), "int f(const char *, ...)");
}

TEST(CText, WritesTags) {
    EXPECT_EQ(to_c("*struct point/16/8", "p"), "struct point *p");
    EXPECT_EQ(to_c("union u/8/8", "p"), "union u p");
    EXPECT_EQ(to_c("enum color u4", "c"), "enum color c");
}

TEST(CText, ShowsTheConstItemsOfANamedArray) { EXPECT_EQ(to_c("mat3=[3][3]const f8", "a"), "const mat3 a"); }

}  // namespace
}  // namespace ndcall
