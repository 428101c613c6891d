#include "call/examine.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ndcall {
namespace {

const DType float64{'f', false, 8};

// An array of float64 in memory of its own; flags as NumPy would set them.
struct TestArray {
    std::vector<std::ptrdiff_t> shape, byte_strides;
    std::vector<double> memory = std::vector<double>(64);
    DType dtype = float64;
    std::uint16_t flags = aligned | writeable;
    std::ptrdiff_t first = 0;  // bytes

    ArrayView view() {
        ArrayView result;
        result.data = reinterpret_cast<std::byte*>(memory.data()) + first;
        result.shape = shape.data();
        result.byte_strides = byte_strides.data();
        result.ndim = static_cast<std::uint16_t>(shape.size());
        result.dtype = dtype;
        result.flags =
            static_cast<std::uint16_t>(flags | (is_contiguous(false) ? c_contiguous : 0) | (is_contiguous(true) ? f_contiguous : 0));
        return result;
    }

  private:
    bool is_contiguous(bool fortran) const {
        std::ptrdiff_t step = dtype.itemsize;
        for (std::ptrdiff_t extent : shape)
            if (extent == 0) return true;
        for (std::size_t k = 0; k < shape.size(); ++k) {
            const std::size_t axis = fortran ? k : shape.size() - 1 - k;
            if (shape[axis] != 1 && byte_strides[axis] != step) return false;
            step *= shape[axis];
        }
        return true;
    }
};

Array demand_of(std::vector<StepRule> steps) {
    Array demand;
    demand.dtype = float64;
    demand.read = true;
    for (StepRule rule : steps) {
        Axis axis;
        axis.step = rule;
        demand.axes.push_back(axis);
    }
    return demand;
}

std::string layout_problem(const Array& demand, std::vector<std::ptrdiff_t> shape, std::vector<std::ptrdiff_t> byte_strides) {
    TestArray array{std::move(shape), std::move(byte_strides)};
    const Examination result = examine(demand, array.view(), nullptr);
    EXPECT_EQ(result.layout, result.layout_problem.empty());
    return result.layout_problem;
}

constexpr StepRule none_ = StepRule::Contiguous, any = StepRule::Any, elements = StepRule::Elements, bytes = StepRule::Bytes;

TEST(Examine, AContiguousNativeArrayFits) {
    TestArray array{{3, 4}, {32, 8}};
    Array demand = demand_of({none_, none_});
    demand.written = true;
    EXPECT_TRUE(examine(demand, array.view(), nullptr).fits());
}

TEST(Examine, AllFailedPropertiesAreReported) {
    TestArray array{{3, 4}, {8, 24}};
    array.dtype = {'f', true, 8};
    array.flags = 0;
    Array demand = demand_of({none_});
    demand.written = true;
    demand.dtype = {'i', false, 8};
    const Examination result = examine(demand, array.view(), nullptr);
    EXPECT_FALSE(result.dtype || result.byte_order || result.ndim || result.layout || result.alignment || result.writeability);
    EXPECT_EQ(result.layout_problem, "is not C-contiguous");
}

TEST(Examine, OnlyWhatCWritesMustBeWriteable) {
    TestArray array{{3}, {8}};
    array.flags = aligned;
    Array demand = demand_of({none_});
    EXPECT_TRUE(examine(demand, array.view(), nullptr).fits());
    demand.written = true;
    EXPECT_FALSE(examine(demand, array.view(), nullptr).writeability);
    demand.copied = true;
    EXPECT_TRUE(examine(demand, array.view(), nullptr).writeability) << "C writes a private copy";
}

TEST(Examine, TheDtypeIsComparedByKindAndItemsizeUnlessTheIdentityIsEqual) {
    const int identity = 0;
    TestArray array{{3}, {8}};
    Array demand = demand_of({none_});
    demand.identity = &identity;
    EXPECT_TRUE(examine(demand, array.view(), nullptr).dtype) << "an unpickled array has another descriptor";
    demand.dtype = {'V', false, 8};
    array.dtype = {'V', false, 8};
    ArrayView view = array.view();
    EXPECT_FALSE(examine(demand, view, nullptr).dtype) << "a struct of the same size may be laid out otherwise";
    view.identity = &identity;
    EXPECT_TRUE(examine(demand, view, nullptr).dtype);
}

TEST(Examine, LikeTakesTheDtypeOfTheOtherArray) {
    const DType float32{'f', false, 4};
    TestArray array{{3}, {8}};
    Array demand = demand_of({none_});
    demand.dtype_rule = DTypeRule::Like;
    EXPECT_TRUE(examine(demand, array.view(), &float64).dtype);
    EXPECT_FALSE(examine(demand, array.view(), &float32).dtype);
    EXPECT_TRUE(examine(demand, array.view(), nullptr).dtype);
}

TEST(Examine, AnyDtypeIsEveryNumberButNoObject) {
    TestArray array{{3}, {8}};
    Array demand = demand_of({none_});
    demand.dtype_rule = DTypeRule::Any;
    EXPECT_TRUE(examine(demand, array.view(), nullptr).dtype);
    array.dtype = {'O', false, 8};
    EXPECT_FALSE(examine(demand, array.view(), nullptr).dtype);
}

TEST(Examine, WithoutStepsTheArrayIsContiguousInTheDemandedOrder) {
    EXPECT_EQ(layout_problem(demand_of({none_, none_}), {3, 4}, {8, 24}), "is not C-contiguous");
    Array fortran = demand_of({none_, none_});
    fortran.fortran = true;
    EXPECT_EQ(layout_problem(fortran, {3, 4}, {8, 24}), "");
    EXPECT_EQ(layout_problem(fortran, {3, 4}, {32, 8}), "is not F-contiguous");
}

TEST(Examine, AnyShapeTakesAnyNdimButMustBeContiguous) {
    Array demand = demand_of({});
    demand.any_shape = true;
    TestArray cube{{2, 2, 2}, {32, 16, 8}};
    EXPECT_TRUE(examine(demand, cube.view(), nullptr).fits());
    TestArray strided{{4}, {16}};
    EXPECT_FALSE(examine(demand, strided.view(), nullptr).layout);
}

TEST(Examine, ALeadingDimensionIsTheStepOfARow) {
    const Array demand = demand_of({elements, none_});
    EXPECT_EQ(layout_problem(demand, {3, 4}, {80, 8}), "");
    EXPECT_EQ(layout_problem(demand, {3, 4}, {80, 16}), "has a step of 16 bytes along axis 1, and is not contiguous there");
    EXPECT_EQ(layout_problem(demand, {3, 4}, {24, 8}), "has rows that overlap in memory");
    EXPECT_EQ(layout_problem(demand, {3, 4}, {36, 8}), "has a step of 36 bytes along axis 0, no multiple of the itemsize 8");
    Array fortran = demand_of({none_, elements});
    fortran.fortran = true;
    EXPECT_EQ(layout_problem(fortran, {3, 4}, {8, 80}), "");
    EXPECT_EQ(layout_problem(fortran, {3, 4}, {80, 8}), "has a step of 80 bytes along axis 0, and is not contiguous there");
}

TEST(Examine, AStepInBytesNeedNotBeAMultipleOfTheItemsize) { EXPECT_EQ(layout_problem(demand_of({bytes, none_}), {3, 4}, {36, 8}), ""); }

TEST(Examine, AnAxisInsideOfWhichNothingLiesContiguouslyFollowsTheInnerStep) {
    const Array demand = demand_of({none_, elements});
    EXPECT_EQ(layout_problem(demand, {3, 4}, {64, 16}), "");
    EXPECT_EQ(layout_problem(demand, {3, 4}, {72, 16}), "has a step of 72 bytes along axis 0, and is not contiguous there");
}

TEST(Examine, ANamedStepIsNotNegativeUnlessTheLowestAddressIsPassed) {
    Array demand = demand_of({elements});
    EXPECT_EQ(layout_problem(demand, {3}, {-8}), "has a step of -8 bytes along axis 0, and C may not be told a negative one");
    demand.lowest = true;
    EXPECT_EQ(layout_problem(demand, {3}, {-8}), "");
}

TEST(Examine, ABlankStepTakesAnyStepInEitherDirection) {
    const Array demand = demand_of({any, any});
    EXPECT_EQ(layout_problem(demand, {3, 4}, {-8, 24}), "");
    EXPECT_EQ(layout_problem(demand, {3, 4}, {32, 12}), "has a step of 12 bytes along axis 1, no multiple of the itemsize 8");
}

TEST(Examine, BroadcastAndSlidingWindowViewsDoNotFit) {
    EXPECT_EQ(layout_problem(demand_of({any}), {3}, {0}), "repeats its elements along axis 0 (a step of 0)");
    EXPECT_EQ(layout_problem(demand_of({any, any}), {3, 4}, {8, 8}), "has rows that overlap in memory");
    EXPECT_EQ(layout_problem(demand_of({elements, none_}), {3, 4}, {8, 8}), "has rows that overlap in memory");
}

TEST(Examine, AnExtentOfOneHasTheContiguousStepWhateverNumPySays) {
    EXPECT_EQ(layout_problem(demand_of({elements, none_}), {1, 4}, {-7, 8}), "");
    EXPECT_EQ(layout_problem(demand_of({elements, elements}), {3, 1}, {80, 0}), "");
    TestArray row{{1, 4}, {-7, 8}};
    EXPECT_EQ(step_of(demand_of({elements, none_}), row.view(), 0), 32);
    TestArray column{{3, 1}, {80, 0}};
    EXPECT_EQ(step_of(demand_of({elements, none_}), column.view(), 0), 80);
    EXPECT_EQ(step_of(demand_of({elements, none_}), column.view(), 1), 8);
}

TEST(Examine, AnArrayWithoutElementsFitsAndHasContiguousSteps) {
    EXPECT_EQ(layout_problem(demand_of({elements, none_}), {3, 0}, {-40, 24}), "");
    EXPECT_EQ(layout_problem(demand_of({elements, none_}), {0, 4}, {0, 0}), "");
    TestArray empty{{3, 0}, {-40, 24}};
    const Array demand = demand_of({elements, none_});
    EXPECT_EQ(step_of(demand, empty.view(), 0), 8) << "at least one element: BLAS asks for lda >= 1";
    EXPECT_EQ(step_of(demand, empty.view(), 1), 8);
    Array fortran = demand_of({none_, elements});
    fortran.fortran = true;
    TestArray tall{{5, 0}, {8, 0}};
    EXPECT_EQ(step_of(fortran, tall.view(), 1), 40);
}

TEST(Examine, OfATableOfRowsOnlyTheRowsAreContiguous) {
    Array demand = demand_of({none_, none_});
    demand.rows = true;
    EXPECT_EQ(layout_problem(demand, {3, 4}, {80, 8}), "");
    EXPECT_EQ(layout_problem(demand, {3, 4}, {-36, 8}), "");
    EXPECT_EQ(layout_problem(demand, {3, 4}, {8, 24}), "has rows that are not contiguous");
    EXPECT_EQ(layout_problem(demand, {3, 4}, {0, 8}), "repeats its elements along axis 0 (a step of 0)");
    EXPECT_EQ(layout_problem(demand, {3, 4}, {16, 8}), "has rows that overlap in memory");
}

TEST(Examine, LowestIsTheLowestAddressOfAllElements) {
    Array demand = demand_of({elements, elements});
    TestArray array{{3, 4}, {-64, -8}};
    array.first = 8 * 60;
    EXPECT_EQ(first_address(demand, array.view()), array.view().data);
    demand.lowest = true;
    EXPECT_EQ(first_address(demand, array.view()), array.view().data - 2 * 64 - 3 * 8);
    TestArray empty{{3, 0}, {-64, -8}};
    EXPECT_EQ(first_address(demand, empty.view()), empty.view().data);
}

TEST(Examine, TheSizeInBytesIsThatOfTheElements) {
    TestArray array{{3, 4}, {80, 16}};
    EXPECT_EQ(data_bytes(array.view()), 96u);
    TestArray scalar{{}, {}};
    EXPECT_EQ(data_bytes(scalar.view()), 8u);
    TestArray empty{{3, 0}, {8, 8}};
    EXPECT_EQ(data_bytes(empty.view()), 0u);
}

}  // namespace
}  // namespace ndcall
