#include "call/widening.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace ndcall {
namespace {

const std::vector<DType> dtypes = {{'b', false, 1},  {'i', false, 1}, {'i', false, 2},  {'i', false, 4}, {'i', false, 8}, {'u', false, 1},
                                   {'u', false, 2},  {'u', false, 4}, {'u', false, 8},  {'f', false, 2}, {'f', false, 4}, {'f', false, 8},
                                   {'f', false, 16}, {'c', false, 8}, {'c', false, 16}, {'c', false, 32}};

template <class T>
std::size_t find(const DType& from, const DType& to, const std::vector<T>& values) {
    return find_unrepresentable(from, to, reinterpret_cast<const std::byte*>(values.data()), values.size());
}

// Rows: from. Columns: to. = same, + lossless, v by value, . never. The same table stands in docs/semantics.md.
TEST(Widening, TheWholeTableIsAsDocumented) {
    const std::vector<std::string> rows = {
        // b i8 i16 i32 i64 u8 u16 u32 u64 f2 f4 f8 f16 c8 c16 c32
        "=+++++++++++++++",  // bool
        ".=+++....+++++++",  // int8
        "..=++....v++++++",  // int16
        "...=+....vv++v++",  // int32
        "....=....vvv+vv+",  // int64
        "..+++=++++++++++",  // uint8
        "...++.=++v++++++",  // uint16
        "....+..=+vv++v++",  // uint32
        "........=vvv+vv+",  // uint64
        ".........=++++++",  // float16
        "..........=+++++",  // float32
        "...........=+.++",  // float64
        "............=..+",  // longdouble
        ".............=++",  // complex64
        "..............=+",  // complex128
        "...............=",  // clongdouble
    };
    const std::string marks = "=+v.";
    for (std::size_t from = 0; from < dtypes.size(); ++from) {
        std::string row;
        for (const DType& to : dtypes) row += marks[static_cast<std::size_t>(find_widening(dtypes[from], to))];
        EXPECT_EQ(row, rows[from]) << dtypes[from].kind << dtypes[from].itemsize;
    }
}

TEST(Widening, WhatIsNoNumberIsNeverConverted) {
    for (char kind : {'O', 'S', 'U', 'M', 'm', 'V'})
        for (const DType& number : dtypes) {
            EXPECT_EQ(find_widening({kind, false, 8}, number), Widening::Never);
            EXPECT_EQ(find_widening(number, {kind, false, 8}), Widening::Never);
        }
}

TEST(Widening, TheFirstIntegerThatAFloatCannotHoldIsFound) {
    const DType int64{'i', false, 8}, float64{'f', false, 8};
    std::vector<std::int64_t> values(2000, 5);
    EXPECT_EQ(find(int64, float64, values), values.size());
    values[1234] = (std::int64_t{1} << 53) + 1;
    EXPECT_EQ(find(int64, float64, values), 1234u);
    values[1234] = std::int64_t{1} << 60;
    EXPECT_EQ(find(int64, float64, values), values.size());
    values[1999] = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(find(int64, float64, values), 1999u);
    values[1999] = std::numeric_limits<std::int64_t>::min();
    EXPECT_EQ(find(int64, float64, values), values.size());
    values[7] = -(std::int64_t{1} << 53) - 1;
    EXPECT_EQ(find(int64, float64, values), 7u);
}

TEST(Widening, LargeUnsignedIntegersAreLookedAtOneByOne) {
    const DType uint64{'u', false, 8};
    std::vector<std::uint64_t> values(600, std::uint64_t{1} << 63);
    EXPECT_EQ(find(uint64, {'f', false, 8}, values), values.size());
    values[300] += 1;
    EXPECT_EQ(find(uint64, {'f', false, 8}, values), 300u);
    EXPECT_EQ(find(uint64, {'f', false, 16}, values), values.size());
    EXPECT_EQ(find(uint64, {'c', false, 8}, values), 300u);
}

template <class T>
void expect_found_in_a_long_array(const DType& from, const DType& to, T not_held) {
    for (const std::size_t place : {0u, 255u, 256u, 777u, 999u}) {
        std::vector<T> values(1000, T{3});
        values[place] = not_held;
        EXPECT_EQ(find(from, to, values), place) << from.kind << from.itemsize << " to " << to.kind << to.itemsize;
        values[place] = static_cast<T>(not_held - 1);
        EXPECT_EQ(find(from, to, values), values.size());
    }
}

TEST(Widening, EveryPlaceOfALongArrayIsLookedAt) {
    expect_found_in_a_long_array<std::int16_t>({'i', false, 2}, {'f', false, 2}, 2049);
    expect_found_in_a_long_array<std::uint16_t>({'u', false, 2}, {'f', false, 2}, 2049);
    expect_found_in_a_long_array<std::int32_t>({'i', false, 4}, {'f', false, 4}, (1 << 24) + 1);
    expect_found_in_a_long_array<std::uint32_t>({'u', false, 4}, {'c', false, 8}, (1u << 24) + 1);
    expect_found_in_a_long_array<std::int64_t>({'i', false, 8}, {'c', false, 16}, (std::int64_t{1} << 53) + 1);
    expect_found_in_a_long_array<std::uint64_t>({'u', false, 8}, {'f', false, 8}, (std::uint64_t{1} << 53) + 1);
}

TEST(Widening, IntegersAboveTheRangeOfHalfAreNotHeld) {
    const DType int32{'i', false, 4}, half{'f', false, 2};
    EXPECT_EQ(find<std::int32_t>(int32, half, {2048, -2048, 65504}), 3u);
    EXPECT_EQ(find<std::int32_t>(int32, half, {1, 2049}), 1u);
    EXPECT_EQ(find<std::int32_t>(int32, half, {1, 65536}), 1u);
    std::vector<std::int64_t> wide(300, 65536);
    EXPECT_EQ(find({'i', false, 8}, half, wide), 0u);
}

TEST(Widening, NarrowingIsJudgedByValueForTheFixOfAMessage) {
    const DType float64{'f', false, 8};
    const double pairs[] = {1, 0, 2, 1};  // two complex numbers
    EXPECT_EQ(find<double>({'f', false, 8}, {'i', false, 4}, {1, -2, 2147483647}), 3u);
    EXPECT_EQ(find<double>({'f', false, 8}, {'i', false, 4}, {1, 2.5}), 1u);
    EXPECT_EQ(find<double>({'f', false, 8}, {'i', false, 4}, {1, std::nan("")}), 1u);
    EXPECT_EQ(find<double>({'f', false, 8}, {'u', false, 8}, {1, -1}), 1u);
    EXPECT_EQ(find<double>({'f', false, 8}, {'f', false, 4}, {0.5, std::nan(""), HUGE_VAL, 0.1}), 3u);
    EXPECT_EQ(find<double>({'f', false, 8}, {'f', false, 4}, {1e300}), 0u);
    EXPECT_EQ(find_unrepresentable({'c', false, 16}, float64, reinterpret_cast<const std::byte*>(pairs), 2), 1u);
    EXPECT_EQ(find<std::int64_t>({'i', false, 8}, {'i', false, 2}, {32767, -32769}), 1u);
    EXPECT_EQ(find<std::int64_t>({'i', false, 8}, {'b', false, 1}, {0, 1, 2}), 2u);
}

}  // namespace
}  // namespace ndcall
