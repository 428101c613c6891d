#include "abi/native_abi.hpp"

#include <gtest/gtest.h>

#include "abi/described_call.hpp"

#if NDCALL_HAS_TRAMPOLINE && defined(__x86_64__)

namespace ndcall {
namespace {

TEST(SysvX8664, NamesTheRegistersAndStackWordsOfEachValue) {
    EXPECT_EQ(places_of(layout_of(sum_mixed)), "rdi xmm0 rsi xmm1 rdx xmm2 rcx xmm3 r8 r9 stack+0 stack+8 -> xmm0");
    EXPECT_EQ(places_of(layout_of(negate_int)), "rdi -> rax");
    EXPECT_EQ(places_of(layout_of(set_double)), "rdi xmm0 -> none");
    EXPECT_EQ(places_of(layout_of(add_long)), "stack+0 rdi stack+16 -> st0");
    EXPECT_EQ(places_of(layout_of(multiply_long)), "stack+0 stack+32 -> st0 + st1");
    EXPECT_EQ(places_of(layout_of(multiply_complex)), "xmm0 + xmm1 rdi xmm2 + xmm3 -> xmm0 + xmm1");
    EXPECT_EQ(places_of(layout_of(move_small)), "rdi rsi -> rax");
    EXPECT_EQ(places_of(layout_of(+[](IntThenDouble value) { return value; })), "rdi + xmm0 -> rax + xmm0");
    EXPECT_EQ(places_of(layout_of(scale_big)), "rsi stack+0 xmm0 -> memory");
}

TEST(SysvX8664, ASmallerValueTakesTheRegisterThatALargerOneLeft) {
    EXPECT_EQ(places_of(layout_of(+[](Ints, Ints, int, Ints, int) {})), "rdi + rsi rdx + rcx r8 stack+0 r9 -> none");
}

}  // namespace
}  // namespace ndcall

#endif
