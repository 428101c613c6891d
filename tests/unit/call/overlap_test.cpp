#include "call/overlap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace ndcall {
namespace {

// A StridedRange that owns its numbers.
struct Layout {
    std::uintptr_t data = 0;
    std::vector<std::ptrdiff_t> shape, byte_strides;
    std::size_t itemsize = 8;

    StridedRange range() const { return {data, static_cast<int>(shape.size()), shape.data(), byte_strides.data(), itemsize}; }

    // Every byte of every item, in order of the index; a byte that two items share appears twice.
    std::vector<std::intptr_t> bytes() const {
        std::vector<std::intptr_t> starts{static_cast<std::intptr_t>(data)};
        for (std::size_t d = 0; d < shape.size(); ++d) {
            std::vector<std::intptr_t> more;
            for (const std::intptr_t start : starts)
                for (std::ptrdiff_t i = 0; i < shape[d]; ++i) more.push_back(start + i * byte_strides[d]);
            starts.swap(more);
        }
        std::vector<std::intptr_t> all;
        for (const std::intptr_t start : starts)
            for (std::size_t byte = 0; byte < itemsize; ++byte) all.push_back(start + static_cast<std::intptr_t>(byte));
        return all;
    }

    std::string text() const {
        std::string shown = "data " + std::to_string(data) + " itemsize " + std::to_string(itemsize);
        for (std::size_t d = 0; d < shape.size(); ++d) shown += " " + std::to_string(shape[d]) + "x" + std::to_string(byte_strides[d]);
        return shown;
    }
};

Overlap overlap_of(const Layout& a, const Layout& b, std::size_t limit = overlap_work_limit) {
    return find_overlap(a.range(), b.range(), limit);
}
Overlap self_overlap_of(const Layout& a, std::size_t limit = overlap_work_limit) { return find_self_overlap(a.range(), limit); }

constexpr std::uint64_t seed = 20240301;

std::ptrdiff_t between(std::mt19937_64& dice, std::ptrdiff_t low, std::ptrdiff_t high) {
    return low + static_cast<std::ptrdiff_t>(dice() % static_cast<std::uint64_t>(high - low + 1));
}

Layout throw_layout(std::mt19937_64& dice) {
    Layout layout;
    layout.data = static_cast<std::uintptr_t>(10000 + between(dice, -40, 40));
    layout.itemsize = static_cast<std::size_t>(between(dice, 0, 9));
    const std::ptrdiff_t ndim = between(dice, 0, 4), widest = between(dice, 1, 60);
    for (std::ptrdiff_t d = 0; d < ndim; ++d) {
        layout.shape.push_back(between(dice, dice() % 8 == 0 ? 0 : 1, 5));
        layout.byte_strides.push_back(between(dice, -widest, widest));
    }
    return layout;
}

// Reverses, transposes and slices one block, so that the arrays interleave as views of one array do.
Layout throw_view(std::mt19937_64& dice) {
    Layout view{10000, {6, 7, 5}, {7 * 5 * 4, 5 * 4, 4}, static_cast<std::size_t>(between(dice, 1, 4))};
    for (std::size_t d = 0; d < 3; ++d) {
        const std::ptrdiff_t start = between(dice, 0, view.shape[d] - 1), step = between(dice, 1, 3);
        view.data += static_cast<std::uintptr_t>(start * view.byte_strides[d]);
        view.shape[d] = (view.shape[d] - start + step - 1) / step;
        view.byte_strides[d] *= step;
        if (dice() % 2 == 0) continue;
        view.data += static_cast<std::uintptr_t>((view.shape[d] - 1) * view.byte_strides[d]);
        view.byte_strides[d] = -view.byte_strides[d];
    }
    std::swap(view.shape[0], view.shape[dice() % 3]);  // with its stride left behind: a window that may overlap itself
    return view;
}

Overlap expected_overlap(const Layout& a, const Layout& b) {
    const std::vector<std::intptr_t> bytes = a.bytes();
    const std::set<std::intptr_t> held(bytes.begin(), bytes.end());
    for (const std::intptr_t byte : b.bytes())
        if (held.contains(byte)) return Overlap::Shared;
    return Overlap::None;
}

Overlap expected_self_overlap(const Layout& a) {
    const std::vector<std::intptr_t> bytes = a.bytes();
    return std::set<std::intptr_t>(bytes.begin(), bytes.end()).size() < bytes.size() ? Overlap::Shared : Overlap::None;
}

TEST(Overlap, AgreesWithCountingBytesOnRandomArrays) {
    std::mt19937_64 dice(seed);
    int shared = 0;
    for (int i = 0; i < 20000; ++i) {
        const bool views = i % 2 == 0;
        const Layout a = views ? throw_view(dice) : throw_layout(dice), b = views ? throw_view(dice) : throw_layout(dice);
        SCOPED_TRACE("pair " + std::to_string(i) + ": " + a.text() + " and " + b.text());
        const Overlap expected = expected_overlap(a, b);
        shared += expected == Overlap::Shared;
        ASSERT_EQ(overlap_of(a, b), expected);
        ASSERT_EQ(overlap_of(b, a), expected);
    }
    EXPECT_GT(shared, 2000);
    EXPECT_LT(shared, 18000);
}

TEST(SelfOverlap, AgreesWithCountingBytesOnRandomArrays) {
    std::mt19937_64 dice(seed + 1);
    int shared = 0;
    for (int i = 0; i < 20000; ++i) {
        const Layout a = i % 4 == 0 ? throw_view(dice) : throw_layout(dice);
        SCOPED_TRACE("array " + std::to_string(i) + ": " + a.text());
        const Overlap expected = expected_self_overlap(a);
        shared += expected == Overlap::Shared;
        ASSERT_EQ(self_overlap_of(a), expected);
    }
    EXPECT_GT(shared, 2000);
    EXPECT_LT(shared, 18000);
}

TEST(Overlap, ByteBoundsAreThoseOfTheBytes) {
    std::mt19937_64 dice(seed + 2);
    for (int i = 0; i < 2000; ++i) {
        const Layout a = throw_layout(dice);
        SCOPED_TRACE(a.text());
        const std::vector<std::intptr_t> bytes = a.bytes();
        std::uintptr_t lo = 0, hi = 0;
        ASSERT_EQ(byte_bounds(a.range(), lo, hi), !bytes.empty());
        if (bytes.empty()) continue;
        ASSERT_EQ(lo, static_cast<std::uintptr_t>(*std::min_element(bytes.begin(), bytes.end())));
        ASSERT_EQ(hi, static_cast<std::uintptr_t>(*std::max_element(bytes.begin(), bytes.end())) + 1);
    }
}

// No work is granted: what these need is decided without a search.
TEST(Overlap, SlicesOfOneArrayNeedNoSearch) {
    constexpr std::ptrdiff_t row = 1000 * 8;
    const Layout left{1 << 20, {1000, 500}, {row, 8}}, right{(1 << 20) + 4000, {1000, 500}, {row, 8}};
    EXPECT_EQ(overlap_of(left, right, 0), Overlap::None);
    const Layout wider{(1 << 20) + 3992, {1000, 501}, {row, 8}};
    EXPECT_EQ(overlap_of(left, wider, 0), Overlap::Shared);
    const Layout real{4096, {100000}, {16}}, imaginary{4096 + 8, {100000}, {16}}, whole{4096, {100000}, {16}, 16};
    EXPECT_EQ(overlap_of(real, imaginary, 0), Overlap::None);
    EXPECT_EQ(overlap_of(real, whole, 0), Overlap::Shared);
    const Layout even_rows{1 << 20, {500, 1000}, {2 * row, 8}}, odd_rows{(1 << 20) + row * 999, {500, 1000}, {-2 * row, 8}};
    EXPECT_EQ(overlap_of(even_rows, odd_rows, 0), Overlap::None);
}

TEST(SelfOverlap, OrdinaryArraysNeedNoSearch) {
    EXPECT_EQ(self_overlap_of({4096, {10, 20, 30}, {4800, 240, 8}}, 0), Overlap::None);
    EXPECT_EQ(self_overlap_of({1 << 20, {30, 20, 10}, {8, 240, -4800}}, 0), Overlap::None);
    EXPECT_EQ(self_overlap_of({4096, {10}, {0}}, 0), Overlap::Shared);
    EXPECT_EQ(self_overlap_of({4096, {1}, {0}}, 0), Overlap::None);
    EXPECT_EQ(self_overlap_of({4096, {10}, {4}}, 0), Overlap::Shared);
    EXPECT_EQ(self_overlap_of({4096, {98, 3}, {8, 8}}, 0), Overlap::Shared);  // a sliding window
}

TEST(Overlap, ArraysWithoutBytesOverlapNothing) {
    const Layout full{4096, {10}, {8}}, empty{4096, {10, 0}, {8, 8}}, no_size{4096, {10}, {8}, 0}, scalar{4096, {}, {}};
    EXPECT_EQ(overlap_of(full, empty), Overlap::None);
    EXPECT_EQ(overlap_of(no_size, full), Overlap::None);
    EXPECT_EQ(overlap_of(full, scalar), Overlap::Shared);
    EXPECT_EQ(self_overlap_of(empty), Overlap::None);
    EXPECT_EQ(self_overlap_of({4096, {0, 5}, {0, 0}}), Overlap::None);
    EXPECT_EQ(self_overlap_of(scalar), Overlap::None);
}

// Only sums of 18 strides come near the byte, all strides are odd and the byte is not even: no overlap, but nothing short of trying shows it.
TEST(Overlap, AHardCaseIsUnknownBeyondTheLimitAndNeverGuessed) {
    const std::vector<std::ptrdiff_t> shape(12, 4);
    std::vector<std::ptrdiff_t> strides;
    for (const std::ptrdiff_t above : {39, 61, 63, 91, 121, 163, 169, 177, 189, 193, 211, 271}) strides.push_back(1000000000000 + above);
    const Layout a{1 << 20, shape, strides, 1}, b{(1 << 20) + 18000000001701, {}, {}, 1};
    EXPECT_EQ(overlap_of(a, b, 100), Overlap::Unknown);
    EXPECT_EQ(overlap_of(a, b), Overlap::Unknown);
}

TEST(SelfOverlap, AHardCaseIsUnknownBeyondTheLimit) {
    const std::vector<std::ptrdiff_t> strides{1000000000000039, 1141592653589793, 1282842712474619, 1381966011250105, 1442249570307408,
                                              1557407724654902, 1618033988749894, 1732050807568877, 1839286755214161, 1912931182772389};
    EXPECT_EQ(self_overlap_of({1 << 20, std::vector<std::ptrdiff_t>(10, 4), strides, 1}), Overlap::Unknown);
}

TEST(Overlap, AModerateCaseIsSolvedOnceWorkIsGranted) {
    const Layout a{10000, {50, 50, 50}, {1009 * 7, 1013 * 7, 1019 * 7}, 3}, b{10000 + 5 * 7 + 4, {40, 40}, {1021 * 7, 1031 * 7}, 2};
    EXPECT_EQ(overlap_of(a, b, 0), Overlap::Unknown);
    EXPECT_EQ(overlap_of(a, b, 1 << 24), expected_overlap(a, b));
}

TEST(Overlap, NumbersAtTheEndOfTheAddressSpaceDoNotOverflow) {
    constexpr std::ptrdiff_t most = std::numeric_limits<std::ptrdiff_t>::max(), least = std::numeric_limits<std::ptrdiff_t>::min();
    constexpr std::uintptr_t top = std::numeric_limits<std::uintptr_t>::max();
    const Layout endless{4096, std::vector<std::ptrdiff_t>(64, most), std::vector<std::ptrdiff_t>(64, most), top};
    const Layout backwards{4096, {most, most}, {least, least}, 1}, ordinary{4096, {10}, {8}}, last{top - 8, {1}, {8}};
    EXPECT_EQ(overlap_of(endless, ordinary), Overlap::Unknown);
    EXPECT_EQ(overlap_of(ordinary, backwards), Overlap::Unknown);
    EXPECT_EQ(self_overlap_of(endless), Overlap::Unknown);
    EXPECT_EQ(overlap_of(last, ordinary), Overlap::None);
    EXPECT_EQ(overlap_of({top - 7, {1}, {8}}, ordinary), Overlap::Unknown);
    EXPECT_EQ(overlap_of({1, {2}, {most}, 8}, {most, {2}, {most - 100}, 8}), Overlap::Shared);
    EXPECT_EQ(overlap_of({1, {2}, {most}, 8}, {100, {1, 3}, {least, 8}, 8}), Overlap::None);
    std::uintptr_t lo = 1, hi = 1;
    EXPECT_TRUE(byte_bounds(backwards.range(), lo, hi));
    EXPECT_EQ(lo, 0U);
    EXPECT_EQ(hi, top);
}

TEST(Overlap, MoreDimensionsThanTheSolverTakesAreUnknown) {
    std::vector<std::ptrdiff_t> strides;
    for (std::ptrdiff_t d = 0; d < 200; ++d) strides.push_back(64 + d * 3);
    const Layout a{1 << 20, std::vector<std::ptrdiff_t>(200, 2), strides, 1};
    EXPECT_EQ(overlap_of(a, a), Overlap::Unknown);
    EXPECT_EQ(self_overlap_of(a), Overlap::Unknown);
}

}  // namespace
}  // namespace ndcall
