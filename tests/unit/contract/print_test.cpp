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
    EXPECT_EQ(print_again("x[n];halo  2 *k+1 on x,y;whole"), "x[n]; halo 2*k+1 on x, y; whole");
    EXPECT_EQ(print_again("; n = 3"), "; n = 3");
    EXPECT_EQ(print_again("n = 3"), "n = 3");
    EXPECT_EQ(print_again("ok return == 0"), "ok return == 0");
    EXPECT_EQ(print_again(""), "");
    EXPECT_EQ(print_again("x[(until-1), until -1, (a < b)]"), "x[(until-1), until -1, (a < b)]");
}

// The line of a file as its author wrote it, with these members of its family.
std::string write_again(const std::string& text, const std::vector<std::size_t>& kept = {0}) {
    const ContractFile file = parse_contract_file(text, "test");
    std::vector<const Entry*> members;
    for (const std::size_t k : kept) members.push_back(&file.entries.at(k));
    return print_as_written(members);
}

TEST(Lines, AreWrittenAsTheirAuthorDid) {
    EXPECT_EQ(write_again("scale = dscale ( x,n ):  x[ n ]->y[n]  # why"), "scale = dscale(x, n): x[ n ]->y[n]");
    EXPECT_EQ(write_again("f: x[n];   # first\n  # between\n      ok return==0"), "f: x[n];\n    ok return==0");
    EXPECT_EQ(write_again("struct  p : one[n]"), "struct p: one[n]");
    EXPECT_EQ(write_again("f:"), "f: ");
}

TEST(Families, AreWrittenWithTheMembersThatStay) {
    EXPECT_EQ(write_again("add = {s, d}add: a[n]", {0, 1}), "add = {s,d}add: a[n]");
    EXPECT_EQ(write_again("add = {s, d ,c}add: a: {float32,float64, complex64}[n] # both\n  -> c[n]", {0, 2}),
              "add = {s,c}add: a: {float32,complex64}[n]\n    -> c[n]");
    EXPECT_EQ(write_again("{s,d}add:a[n]", {1}), "dadd: a[n]");  // as it is written when it is read again
    EXPECT_EQ(write_again("{s,d}add: check a != \"{\" ", {1}), "dadd: check a != \"{\"");
}

}  // namespace
}  // namespace ndcall
