#include <gtest/gtest.h>

#include "contract/dump.hpp"

namespace ndcall {
namespace {

std::string print_expression(const std::string& text) { return print(*parse_contract("x = " + text).parameters.at(0).default_value); }
std::string dump_expression(const std::string& text) { return dump(*parse_contract("x = " + text).parameters.at(0).default_value); }

TEST(Expressions, HavePythonsPrecedence) {
    EXPECT_EQ(dump_expression("n & n - 1 == 0"), "(compare (& (name n) (- (name n) 1)) == 0)");
    EXPECT_EQ(dump_expression("a or b and not c < d"), "(or (name a) (and (name b) (not (compare (name c) < (name d)))))");
    EXPECT_EQ(dump_expression("a | b ^ c & d << e + f * -g"),
              "(| (name a) (^ (name b) (& (name c) (<< (name d) (+ (name e) (* (name f) (neg (name g))))))))");
    EXPECT_EQ(dump_expression("a - b - c"), "(- (- (name a) (name b)) (name c))");
    EXPECT_EQ(dump_expression("0 <= i < n"), "(compare 0 <= (name i) < (name n))");
    EXPECT_EQ(dump_expression("(a if b else c if d else e)"), "(if (name a) (name b) (if (name c) (name d) (name e)))");
    EXPECT_EQ(dump_expression("x[k-1].index"), "(at x (- (name k) 1) \"index\")");
}

TEST(Expressions, ArePrintedWithTheFewestParentheses) {
    EXPECT_EQ(print_expression("((n)*(3*n+13))/2"), "n*(3*n+13)/2");
    EXPECT_EQ(print_expression("a-(b-c)"), "a-(b-c)");
    EXPECT_EQ(print_expression("(a-b)-c"), "a-b-c");
    EXPECT_EQ(print_expression("-(-x)"), "--x");
    EXPECT_EQ(print_expression("(not a) == b"), "(not a) == b");
    EXPECT_EQ(print_expression("not (a == b)"), "not a == b");
    EXPECT_EQ(print_expression("(a == b) == c"), "(a == b) == c");
    EXPECT_EQ(print_expression("[1,(2),'V',\"t\",NULL]"), "[1, 2, 'V', \"t\", NULL]");
    EXPECT_EQ(print_expression("0x1F + 2. + .5 + 1e-3 + 1e300"), "31+2.0+0.5+0.001+1e+300");
}

std::string print_again(const std::string& text) { return print(parse_contract(text)); }

TEST(Contracts, ArePrintedInOneSpelling) {
    EXPECT_EQ(print_again("fortran  copy a[ m , n:lda ] ? of  b,x:float64[n :]=1->return free , *;"),
              "copy fortran a[m, n:lda]? of b, x: float64[n:] = 1 -> return free, *");
    EXPECT_EQ(print_again("f(x->return;user p;error -1)?; ok return==0 else\"no\"; keep f on opt[0]"),
              "f(x -> return; user p; error -1)?; ok return == 0 else \"no\"; keep f on opt[0]");
    EXPECT_EQ(print_again("; n = 3"), "; n = 3");
    EXPECT_EQ(print_again("n = 3"), "n = 3");
    EXPECT_EQ(print_again("ok return == 0"), "ok return == 0");
    EXPECT_EQ(print_again(""), "");
    EXPECT_EQ(print_again("x[(until-1), until -1, (a < b)]"), "x[(until-1), until -1, (a < b)]");
}

}  // namespace
}  // namespace ndcall
