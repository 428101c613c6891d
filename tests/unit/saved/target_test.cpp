#include "saved/target.hpp"

#include <gtest/gtest.h>

namespace ndcall {
namespace {

TEST(Target, IsTheSameWhoeverMadeTheMachine) {
    EXPECT_TRUE(is_same_target("x86_64-pc-linux-gnu", "x86_64-linux-gnu"));
    EXPECT_TRUE(is_same_target("x86_64-unknown-linux-gnu", "amd64-pc-linux-gnu"));
    EXPECT_TRUE(is_same_target("arm64-apple-darwin23.1.0", "aarch64-apple-darwin22"));
}

TEST(Target, DiffersByArchitectureSystemAndAbi) {
    EXPECT_FALSE(is_same_target("x86_64-linux-gnu", "aarch64-linux-gnu"));
    EXPECT_FALSE(is_same_target("x86_64-linux-gnu", "x86_64-linux-musl"));
    EXPECT_FALSE(is_same_target("x86_64-linux-gnu", "x86_64-linux-gnux32"));
    EXPECT_FALSE(is_same_target("x86_64-linux-gnu", "x86_64-apple-darwin22"));
    EXPECT_FALSE(is_same_target("x86_64-linux-gnu", ""));
    EXPECT_FALSE(is_same_target("x86_64-linux-gnu", "x86_64"));
}

TEST(Target, OfThisBuildIsKnown) { EXPECT_TRUE(is_same_target(get_own_target(), get_own_target())); }

}  // namespace
}  // namespace ndcall
