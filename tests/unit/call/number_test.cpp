#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstring>
#include <limits>

#include "call/frame.hpp"
#include "call/half.hpp"

namespace ndcall {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

struct Stored {
    bool fits;
    Number back;
    bool readable;
};

Stored pass_through(Scalar type, Number number) {
    alignas(16) std::byte bytes[32] = {};
    Stored stored{store_number(type, bytes, number), {}, false};
    stored.readable = stored.fits && load_number(type, bytes, stored.back);
    return stored;
}

void expect_range(Scalar type, std::int64_t lowest, std::int64_t highest) {
    for (const std::int64_t value : {lowest, highest, std::int64_t{0}, std::int64_t{1}}) {
        const Stored stored = pass_through(type, Number::of(value));
        EXPECT_TRUE(stored.readable) << value;
        EXPECT_EQ(stored.back.integer, value);
    }
    if (lowest != std::numeric_limits<std::int64_t>::min()) {
        EXPECT_FALSE(pass_through(type, Number::of(lowest - 1)).fits);
    }
    if (highest != std::numeric_limits<std::int64_t>::max()) {
        EXPECT_FALSE(pass_through(type, Number::of(highest + 1)).fits);
    }
}

TEST(Number, an_integer_fits_when_it_lies_in_the_range_of_its_type) {
    expect_range({ScalarKind::Signed, 1}, -128, 127);
    expect_range({ScalarKind::Signed, 2}, -32768, 32767);
    expect_range({ScalarKind::Signed, 4}, -2147483648LL, 2147483647);
    expect_range({ScalarKind::Signed, 8}, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
    expect_range({ScalarKind::Unsigned, 1}, 0, 255);
    expect_range({ScalarKind::Unsigned, 2}, 0, 65535);
    expect_range({ScalarKind::Unsigned, 4}, 0, 4294967295LL);
    expect_range({ScalarKind::Unsigned, 8}, 0, std::numeric_limits<std::int64_t>::max());
    expect_range({ScalarKind::Bool, 1}, 0, 1);
}

TEST(Number, an_unsigned_value_above_the_largest_signed_one_is_no_number) {
    std::byte bytes[8];
    std::memset(bytes, 0xff, sizeof bytes);
    Number number;
    EXPECT_FALSE(load_number({ScalarKind::Unsigned, 8}, bytes, number));
}

TEST(Number, a_real_number_becomes_an_integer_only_when_it_is_one) {
    EXPECT_EQ(pass_through({ScalarKind::Signed, 4}, Number::of_real(-3)).back.integer, -3);
    EXPECT_FALSE(pass_through({ScalarKind::Signed, 4}, Number::of_real(2.5)).fits);
    EXPECT_FALSE(pass_through({ScalarKind::Signed, 4}, Number::of_real(0x1p31)).fits);
    EXPECT_FALSE(pass_through({ScalarKind::Signed, 8}, Number::of_real(0x1p63)).fits);
    EXPECT_TRUE(pass_through({ScalarKind::Signed, 8}, Number::of_real(-0x1p63)).fits);
    EXPECT_TRUE(pass_through({ScalarKind::Unsigned, 8}, Number::of_real(0x1p63)).fits);
    EXPECT_FALSE(pass_through({ScalarKind::Unsigned, 8}, Number::of_real(-1)).fits);
    EXPECT_FALSE(pass_through({ScalarKind::Signed, 8}, Number::of_real(std::nan(""))).fits);
    EXPECT_FALSE(pass_through({ScalarKind::Signed, 8}, Number::of_real(inf)).fits);
}

TEST(Number, a_real_number_is_rounded_but_never_becomes_infinite) {
    EXPECT_EQ(pass_through({ScalarKind::Float, 8}, Number::of_real(0.1)).back.real, 0.1);
    EXPECT_EQ(pass_through({ScalarKind::Float, 4}, Number::of_real(0.1)).back.real, static_cast<double>(0.1f));
    EXPECT_FALSE(pass_through({ScalarKind::Float, 4}, Number::of_real(1e39)).fits);
    EXPECT_FALSE(pass_through({ScalarKind::Float, 2}, Number::of_real(-65520)).fits);
    EXPECT_EQ(pass_through({ScalarKind::Float, 2}, Number::of_real(65519)).back.real, 65504);
    EXPECT_EQ(pass_through({ScalarKind::Float, sizeof(long double)}, Number::of_real(0.1)).back.real, 0.1);
    for (const std::uint8_t size : std::initializer_list<std::uint8_t>{2, 4, 8}) {
        EXPECT_EQ(pass_through({ScalarKind::Float, size}, Number::of_real(-inf)).back.real, -inf);
        EXPECT_TRUE(std::isnan(pass_through({ScalarKind::Float, size}, Number::of_real(std::nan(""))).back.real));
    }
}

TEST(Number, an_integer_becomes_a_real_number_only_when_it_is_held_exactly) {
    EXPECT_TRUE(pass_through({ScalarKind::Float, 8}, Number::of(std::int64_t{1} << 53)).fits);
    EXPECT_FALSE(pass_through({ScalarKind::Float, 8}, Number::of((std::int64_t{1} << 53) + 1)).fits);
    EXPECT_FALSE(pass_through({ScalarKind::Float, 4}, Number::of((1 << 24) + 1)).fits);
    EXPECT_TRUE(pass_through({ScalarKind::Float, 2}, Number::of(2048)).fits);
    EXPECT_FALSE(pass_through({ScalarKind::Float, 2}, Number::of(2049)).fits);
    EXPECT_TRUE(pass_through({ScalarKind::Float, sizeof(long double)}, Number::of(std::numeric_limits<std::int64_t>::max())).fits);
}

TEST(Number, a_long_double_beyond_double_is_no_number) {
    if (std::numeric_limits<long double>::max_exponent == std::numeric_limits<double>::max_exponent) GTEST_SKIP();
    alignas(16) std::byte bytes[16] = {};
    const long double huge = std::ldexp(1.0L, 2000);
    std::memcpy(bytes, &huge, sizeof huge);
    Number number;
    EXPECT_FALSE(load_number({ScalarKind::Float, sizeof(long double)}, bytes, number));
}

TEST(Number, any_byte_but_zero_is_a_true_bool) {
    const std::byte two{2};
    Number number;
    EXPECT_TRUE(load_number({ScalarKind::Bool, 1}, &two, number));
    EXPECT_EQ(number.integer, 1);
    EXPECT_FALSE(pass_through({ScalarKind::Bool, 1}, Number::of(256)).fits);
}

TEST(Number, pointers_are_integers_texts_or_null) {
    const Scalar pointer{ScalarKind::Pointer, sizeof(void*)};
    EXPECT_EQ(pass_through(pointer, Number::of(-1)).back.integer, -1);
    EXPECT_EQ(pass_through(pointer, {Number::Form::Null, 0, 0, nullptr}).back.integer, 0);
    const char* text = "text";
    EXPECT_EQ(pass_through(pointer, {Number::Form::Text, 0, 0, text}).back.integer, reinterpret_cast<std::intptr_t>(text));
    EXPECT_FALSE(pass_through(pointer, Number::of_real(1.5)).fits);
}

TEST(Number, complex_numbers_take_real_ones_and_are_none_themselves) {
    alignas(16) std::byte bytes[32];
    std::memset(bytes, 0xff, sizeof bytes);
    ASSERT_TRUE(store_number({ScalarKind::Complex, 16}, bytes, Number::of_real(1.5)));
    std::complex<double> value;
    std::memcpy(&value, bytes, sizeof value);
    EXPECT_EQ(value, std::complex<double>(1.5, 0));
    Number number;
    EXPECT_FALSE(load_number({ScalarKind::Complex, 16}, bytes, number));
    EXPECT_TRUE(store_number({ScalarKind::Complex, 8}, bytes, Number::of(3)));
    EXPECT_TRUE(store_number({ScalarKind::Complex, 2 * sizeof(long double)}, bytes, Number::of(3)));
    EXPECT_FALSE(store_number({ScalarKind::Complex, 8}, bytes, Number::of_real(1e39)));
}

TEST(Number, what_is_no_scalar_is_refused) {
    std::byte bytes[32] = {};
    Number number;
    EXPECT_FALSE(load_number({ScalarKind::Signed, 3}, bytes, number));
    EXPECT_FALSE(store_number({ScalarKind::Float, 1}, bytes, Number::of(1)));
    EXPECT_FALSE(store_number({ScalarKind::Signed, 4}, bytes, {Number::Form::Null, 0, 0, nullptr}));
    EXPECT_FALSE(store_number({ScalarKind::Float, 8}, bytes, {Number::Form::Text, 0, 0, "1"}));
}

TEST(Half, every_bit_pattern_survives_a_round_trip) {
    for (unsigned bits = 0; bits <= 0xffff; ++bits) {
        const double value = widen_half(static_cast<std::uint16_t>(bits));
        if (std::isnan(value)) {
            EXPECT_TRUE(std::isnan(widen_half(narrow_to_half(value))));
        } else {
            EXPECT_EQ(narrow_to_half(value), bits);
        }
    }
}

TEST(Half, known_values) {
    EXPECT_EQ(widen_half(0x3c00), 1.0);
    EXPECT_EQ(widen_half(0xc000), -2.0);
    EXPECT_EQ(widen_half(0x7bff), 65504.0);
    EXPECT_EQ(widen_half(0x0001), 0x1p-24);
    EXPECT_EQ(widen_half(0xfc00), -inf);
}

TEST(Half, halfway_cases_round_to_even) {
    EXPECT_EQ(narrow_to_half(1 + 0x1p-11), 0x3c00);
    EXPECT_EQ(narrow_to_half(1 + 3 * 0x1p-11), 0x3c02);
    EXPECT_EQ(narrow_to_half(1 + 0x1p-11 + 0x1p-40), 0x3c01);
    EXPECT_EQ(narrow_to_half(0x1p-25), 0x0000);
    EXPECT_EQ(narrow_to_half(3 * 0x1p-25), 0x0002);
    EXPECT_EQ(narrow_to_half(0x1p-14 - 0x1p-26), 0x0400);
    EXPECT_EQ(narrow_to_half(65519.99), 0x7bff);
    EXPECT_EQ(narrow_to_half(65520), 0x7c00);
}

}  // namespace
}  // namespace ndcall
