#include <gtest/gtest.h>

#include "call/scene.hpp"
#include "call/walk.hpp"

namespace ndcall::test {
namespace {

// Two input arrays of float64 whose extents are given as terms; an empty list of extents: any shape.
class SymbolsTest : public testing::Test {
  protected:
    void add(const std::string& name, std::vector<std::ptrdiff_t> shape, const std::vector<Term>& extents) {
        const auto index = static_cast<std::uint16_t>(scene.plan.arrays.size());
        scene.array<double>(name, 'f', {0}, std::move(shape));
        Array& array = scene.plan.arrays[index];
        array.is_input = true;
        array.dtype = dtype_of<double>('f');
        array.any_shape = extents.empty();
        for (const Term& extent : extents) {
            scene.plan.equations.push_back({extent.program, index, static_cast<std::uint8_t>(array.axes.size()), Quantity::Extent});
            array.axes.push_back({extent.program});
        }
        scene.plan.inputs.push_back({name, Form::Array, index});
    }
    Mismatches bind() {
        Mismatches mismatches;
        frame = &const_cast<Frame&>(scene.frame());  // the frame is the scene's own, and not constant
        bind_symbols(*frame, Stage::Inputs, mismatches);
        return mismatches;
    }
    std::int64_t value_of(std::size_t cell) const {
        Number number;
        EXPECT_TRUE(frame->cells[cell].known && load_number(scene.plan.cells[cell].type, frame->cells[cell].bytes, number));
        return number.integer;
    }

    Scene scene;
    Frame* frame = nullptr;
};

TEST_F(SymbolsTest, AnExtentBindsItsSymbolAndTheNextOneIsCompared) {
    const Term n = scene.unknown("n");
    add("edges", {5}, {n + 1});
    add("widths", {4}, {n});
    EXPECT_TRUE(bind().empty());
    EXPECT_EQ(value_of(0), 4);
}

TEST_F(SymbolsTest, AnExtentThatDisagreesNamesWhereTheSymbolCameFrom) {
    const Term n = scene.unknown("n");
    add("x", {3}, {n});
    add("y", {4}, {n});
    const Mismatches mismatches = bind();
    ASSERT_EQ(mismatches.size(), 1U);
    EXPECT_EQ(mismatches[0].kind, MismatchKind::Shape);
    EXPECT_EQ(mismatches[0].argument, "y");
    EXPECT_EQ(mismatches[0].problem, "has length 4");
    EXPECT_NE(mismatches[0].expected.find("where n = 3 from 'x'"), std::string::npos);
}

TEST_F(SymbolsTest, AnExtentThatNoIntegerSolvesIsAMismatch) {
    const Term n = scene.unknown("n");
    add("pairs", {5}, {2 * n});
    const Mismatches mismatches = bind();
    ASSERT_EQ(mismatches.size(), 1U);
    EXPECT_EQ(mismatches[0].problem, "has length 5, and no integer n makes 2*n equal to 5");
}

TEST_F(SymbolsTest, ArraysOfOneShapeNameHaveOneShape) {
    scene.plan.shape_groups.push_back({"s"});
    add("x", {2, 3}, {});
    add("y", {2, 3}, {});
    for (Array& array : scene.plan.arrays) array.shape_group = 0;
    EXPECT_TRUE(bind().empty());
}

TEST_F(SymbolsTest, AnotherShapeUnderOneShapeNameIsAMismatch) {
    scene.plan.shape_groups.push_back({"s"});
    add("x", {2, 3}, {});
    add("y", {3, 2}, {});
    for (Array& array : scene.plan.arrays) array.shape_group = 0;
    const Mismatches mismatches = bind();
    ASSERT_EQ(mismatches.size(), 1U);
    EXPECT_EQ(mismatches[0].kind, MismatchKind::Shape);
    EXPECT_EQ(mismatches[0].argument, "y");
    EXPECT_EQ(mismatches[0].problem, "has another shape than argument 'x'");
    EXPECT_NE(mismatches[0].expected.find("where s = (2, 3) from 'x'"), std::string::npos);
}

TEST_F(SymbolsTest, AValueThatDoesNotFitItsCTypeIsAMismatch) {
    const Term n = scene.unknown("n", {ScalarKind::Signed, 1});
    add("x", {200}, {n});
    const Mismatches mismatches = bind();
    ASSERT_EQ(mismatches.size(), 1U);
    EXPECT_EQ(mismatches[0].kind, MismatchKind::Range);
    EXPECT_EQ(mismatches[0].problem, "gives n = 200, which does not fit C's long");
}

}  // namespace
}  // namespace ndcall::test
