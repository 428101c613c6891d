#include "abi/native_abi.hpp"

#include <gtest/gtest.h>

#include "abi/described_call.hpp"

#if NDCALL_HAS_TRAMPOLINE && defined(__aarch64__)

namespace ndcall {
namespace {

TEST(Aapcs64, NamesTheRegistersAndStackWordsOfEachValue) {
    EXPECT_EQ(places_of(layout_of(sum_mixed)), "x0 v0 x1 v1 x2 v2 x3 v3 x4 x5 x6 x7 -> v0");
    EXPECT_EQ(places_of(layout_of(negate_int)), "x0 -> x0");
    EXPECT_EQ(places_of(layout_of(set_double)), "x0 v0 -> none");
    EXPECT_EQ(places_of(layout_of(add_long)), "v0 x0 v1 -> v0");
    EXPECT_EQ(places_of(layout_of(multiply_long)), "v0 + v1 v2 + v3 -> v0 + v1");
    EXPECT_EQ(places_of(layout_of(multiply_complex)), "v0 + v1 x0 v2 + v3 -> v0 + v1");
    EXPECT_EQ(places_of(layout_of(move_small)), "x0 x1 -> x0");
    EXPECT_EQ(places_of(layout_of(+[](IntThenDouble value) { return value; })), "x0 + x1 -> x0 + x1");
    EXPECT_EQ(places_of(layout_of(scale_big)), "x0 x1 (address) v0 -> memory");
}

TEST(Aapcs64, UpToFourNumbersOfOneFormatTravelInVectorRegisters) {
    EXPECT_EQ(places_of(layout_of(+[](Doubles value) { return value; })), "v0 + v1 + v2 + v3 -> v0 + v1 + v2 + v3");
    EXPECT_EQ(places_of(layout_of(+[](LongDoubles value) { return value; })), "v0 + v1 -> v0 + v1");
    EXPECT_EQ(places_of(layout_of(+[](FloatsThenComplex value) { return value; })), "v0 + v1 + v2 + v3 -> v0 + v1 + v2 + v3");
    EXPECT_EQ(places_of(layout_of(+[](FloatThenDouble value) { return value; })), "x0 + x1 -> x0 + x1");
    EXPECT_EQ(places_of(layout_of(+[](Matrix value) { return value; })), "x0 (address) -> memory");
}

TEST(Aapcs64, AfterAValueOnTheStackNoRegisterOfItsClassIsTaken) {
    EXPECT_EQ(places_of(layout_of(+[](Ints, Ints, Ints, int, Ints, int, double) {})),
              "x0 + x1 x2 + x3 x4 + x5 x6 stack+0 stack+16 v0 -> none");
    EXPECT_EQ(places_of(layout_of(+[](Doubles, triple, point, float, int, long double, big) {})),
              "v0 + v1 + v2 + v3 v4 + v5 + v6 stack+0 stack+16 x0 stack+32 x1 (address) -> none");
}

TEST(Aapcs64, AnAddressTravelsOnTheStackWhenTheRegistersAreTaken) {
    EXPECT_EQ(places_of(layout_of(+[](Ints, Ints, Ints, Ints, bool, big, LongDouble, wide) {})),
              "x0 + x1 x2 + x3 x4 + x5 x6 + x7 stack+0 stack+8 (address) v0 stack+16 (address) -> none");
}

}  // namespace
}  // namespace ndcall

#endif
