#include <gtest/gtest.h>

#include "call/bound_call.hpp"

namespace ndcall::test {
namespace {

constexpr const char* lines =
    "function f fn(a: *const f8, b: *const f8, c: *f8, d: *f8, n: i4) -> void at 0:3\n"
    "function rotate fn(p: *const f8, rp: *f8) -> void at 0:4\n"
    "function filter fn(a: *f8, m: i4, n: i4) -> void at 0:5\n";

class Guard : public testing::Test {
  protected:
    Library library{lines};
};

TEST_F(Guard, ArraysWithMemoryOfTheirOwnPass) {
    BoundCall call(library.bind("f", "a[n], b[n], inout c[n] -> d[n]"));
    for (const char* name : {"a", "b", "c", "d"}) call.give(name, {4});
    EXPECT_EQ(call.overlaps(), "");
}

TEST_F(Guard, InputsMayBeTheSame) {
    BoundCall call(library.bind("f", "a[n], b[n], inout c[n] -> d[n]"));
    const ArrayView a = call.give("a", {4});
    call.give("b", {4}).data = a.data;
    EXPECT_EQ(call.overlaps(), "");
}

TEST_F(Guard, AWrittenArrayIsNamedWithItsPartner) {
    BoundCall call(library.bind("f", "a[n], b[n], inout c[n] -> d[n]"));
    const ArrayView a = call.give("a", {4});
    call.give("c", {4}).data = a.data + 8;
    call.give("d", {4}).data = a.data + 24;
    EXPECT_EQ(call.overlaps(), "c overlaps argument 'a'; c overlaps argument 'd'; d overlaps argument 'a'");
}

TEST_F(Guard, ElementsThatLieBetweenEachOtherDoNotOverlap) {
    BoundCall call(library.bind("f", "a[n:], b[n], inout c[n:] -> d[n]"));
    const ArrayView a = call.give("a", {4}, {16});
    call.give("c", {4}, {16}).data = a.data + 8;
    EXPECT_EQ(call.overlaps(), "");
    call.give("c", {4}, {16}).data = a.data + 16;
    EXPECT_EQ(call.overlaps(), "c overlaps argument 'a'");
}

TEST_F(Guard, AWrittenArrayMustNotOverlapItself) {
    BoundCall call(library.bind("filter", "inout a[m:,n:]"));
    call.give("a", {3, 3}, {8, 8});
    EXPECT_EQ(call.overlaps(), "a overlaps itself");
    call.give("a", {3, 3}, {0, 8});
    EXPECT_EQ(call.overlaps(), "a overlaps itself");
    call.give("a", {3, 3}, {-24, 8});
    EXPECT_EQ(call.overlaps(), "");
}

TEST_F(Guard, FreshMemoryOfTheCallOverlapsNothing) {
    BoundCall call(library.bind("f", "a[n], b[n], inout c[n] -> d[n]"));
    const ArrayView a = call.give("a", {4});
    call.give("c", {4}).data = a.data;
    call.frame.is_private[2] = true;
    EXPECT_EQ(call.overlaps(), "");
}

TEST_F(Guard, AliasAllowsTheVerySameArrayOnly) {
    BoundCall call(library.bind("rotate", "p[3] -> rp[3]; alias p, rp"));
    const ArrayView p = call.give("p", {3});
    call.give("rp", {3}).data = p.data;
    EXPECT_EQ(call.overlaps(), "");
    call.give("rp", {3}).data = p.data + 8;
    EXPECT_EQ(call.overlaps(), "rp overlaps argument 'p'");
    call.give("rp", {2}).data = p.data;
    EXPECT_EQ(call.overlaps(), "rp overlaps argument 'p'");
}

TEST_F(Guard, MembersOfStructsTakePart) {
    BoundCall call(library.bind("f", "a[n], b[n], inout c[n] -> d[n]"));
    const ArrayView a = call.give("a", {4});
    call.give("c", {4});
    call.frame.foreign.push_back({"fields.x", a, true});
    EXPECT_EQ(call.overlaps(), "a shares memory with 'fields.x', which C may write");
    call.frame.foreign = {{"fields.x", call.frame.arrays[2], false}};
    EXPECT_EQ(call.overlaps(), "c overlaps argument 'fields.x'");
    call.frame.foreign = {{"fields.x", a, false}};
    EXPECT_EQ(call.overlaps(), "");
}

TEST_F(Guard, AChecksOwnTextIsTheProblem) {
    BoundCall call(library.bind("f", "a[n], b[n], c[n] -> d[n]; check n > 4 else \"too few points\"; check n % 2 == 0"));
    call.set("n", 3);
    EXPECT_EQ(call.check(), "too few points; check n % 2 == 0 failed");
    call.set("n", 6);
    EXPECT_EQ(call.check(), "");
}

TEST_F(Guard, AConditionOnAnAbsentArrayIsNoCondition) {
    BoundCall call(library.bind("f", "a[n], b[n]?, c[n] -> d[n]; check b > 0"));
    call.set("n", 2);
    EXPECT_EQ(call.check(), "");
    ArrayView& b = call.give("b", {2});
    EXPECT_EQ(call.check(), "check b > 0 failed");
    const double positive[] = {1, 2};
    std::memcpy(b.data, positive, sizeof positive);
    EXPECT_EQ(call.check(), "");
}

TEST_F(Guard, WhatIsNotKnownYetIsCheckedWithTheResults) {
    BoundCall call(library.bind("f", "a[n], b[n], c[n] -> d[n]; check n > 4"));
    EXPECT_EQ(call.check(Stage::Inputs), "");
    call.set("n", 3);
    EXPECT_EQ(call.check(Stage::Results), "check n > 4 failed");
}

}  // namespace
}  // namespace ndcall::test
