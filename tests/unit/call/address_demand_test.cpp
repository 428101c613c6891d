#include "call/address_demand.hpp"

#include <gtest/gtest.h>

namespace ndcall {
namespace {

// Views that are no NumPy arrays: the same descriptor, or another one that is declared equal.
struct ViewReader {
    using handle = const ArrayView*;
    static const std::ptrdiff_t* shape(handle h) { return h->shape; }
    static int ndim(handle h) { return h->ndim; }
    static int flags(handle h) { return h->flags; }
    static const void* identity(handle h) { return h->identity; }
    static bool is_equivalent(handle h, const void* wanted) { return h->dtype.kind == *static_cast<const char*>(wanted); }
};

constexpr char float_descr = 'f', integer_descr = 'i';

class MeetAddressDemand : public testing::Test {
  protected:
    ArrayView make_view(std::uint16_t flags = c_contiguous | aligned | writeable) const {
        ArrayView view;
        view.shape = shape_;
        view.byte_strides = strides_;
        view.identity = &float_descr;
        view.ndim = 2;
        view.flags = flags;
        view.dtype = {'f', false, 8};
        return view;
    }
    static bool meets(const AddressDemand& demand, const ArrayView& view) { return ndcall::meets<ViewReader>(demand, &view); }

    const std::ptrdiff_t shape_[2] = {4, 3}, strides_[2] = {24, 8};
};

TEST_F(MeetAddressDemand, nothing_demanded_is_met_by_all) { EXPECT_TRUE(meets({}, make_view(0))); }

TEST_F(MeetAddressDemand, another_descriptor_may_be_equal) {
    AddressDemand demand;
    const char same = 'f';
    demand.identity = &same;
    EXPECT_TRUE(meets(demand, make_view()));
    demand.identity = &integer_descr;
    EXPECT_FALSE(meets(demand, make_view()));
}

TEST_F(MeetAddressDemand, ndim_and_every_extent_that_is_not_free_are_compared) {
    AddressDemand demand;
    demand.ndim = 3;
    EXPECT_FALSE(meets(demand, make_view()));
    demand.ndim = 2;
    demand.is_shaped = true;
    demand.shape = {any_extent, 3};
    EXPECT_TRUE(meets(demand, make_view()));
    for (const auto& shape : {std::vector<std::ptrdiff_t>{4, 4}, {no_extent, 3}, {4}, {}}) {
        demand.shape = shape;
        EXPECT_FALSE(meets(demand, make_view()));
    }
}

TEST_F(MeetAddressDemand, all_bits_must_be_set) {
    AddressDemand demand;
    demand.flags = c_contiguous | writeable;
    EXPECT_TRUE(meets(demand, make_view()));
    EXPECT_FALSE(meets(demand, make_view(c_contiguous | aligned)));
}

TEST_F(MeetAddressDemand, is_described_with_all_its_parts) {
    AddressDemand demand;
    EXPECT_EQ(describe_demand(demand), "any dtype");
    demand.ndim = 1;
    demand.flags = 0x8001;
    EXPECT_EQ(describe_demand(demand), "any dtype, 1 dimension, C-contiguous, flags 0x8000");
    demand.identity = &float_descr;
    demand.dtype_name = "float64";
    demand.is_shaped = demand.is_optional = true;
    demand.shape = {any_extent, 3};
    EXPECT_EQ(describe_demand(demand), "(None, 3) float64, C-contiguous, flags 0x8000, or None");
}

TEST_F(MeetAddressDemand, what_is_lacking_is_listed_in_the_order_of_kinds) {
    AddressDemand demand;
    demand.identity = &integer_descr;
    demand.dtype_name = "int64";
    demand.ndim = 1;
    demand.is_shaped = true;
    demand.shape = {3};
    demand.flags = 0x1 | 0x400 | 0x8000;
    std::string problems;
    for (const Mismatch& mismatch : list_mismatches(demand, make_view(), 0x100, false, "float64")) problems += mismatch.problem + "\n";
    EXPECT_EQ(problems,
              "has dtype float64, not int64\nhas 2 dimensions, not 1 dimension\nhas shape (4, 3), not (3,)\n"
              "is not C-contiguous\nis not writeable\nlacks the flags 0x8000\n");
}

TEST(FindRequirements, are_letters_of_numpy_require_or_nothing) {
    EXPECT_EQ(find_requirements(0), "");
    EXPECT_EQ(find_requirements(0x1 | 0x100 | 0x400 | 0x4), "CAWO");
    EXPECT_EQ(find_requirements(0x1 | 0x2), "");     // both orders: numpy.require refuses
    EXPECT_EQ(find_requirements(0x1 | 0x2000), "");  // no copy is a write-back copy
    EXPECT_EQ(find_requirements(0x8001), "");
}

}  // namespace
}  // namespace ndcall
