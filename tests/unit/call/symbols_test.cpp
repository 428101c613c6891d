#include <gtest/gtest.h>

#include "call/bound_call.hpp"
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

constexpr const char* lines =
    "function choose fn(along: i4, a: *const f8, m: i4, n: i4) -> void at 0:3\n"
    "function weigh fn(x: *const f8, n: i4, w: *const f8, k: i4, y: *f8, incy: i4) -> void at 0:4\n"
    "function span fn(nmin: i4, nmax: i4, r: *f8) -> void at 0:5\n"
    "function gemv fn(m: i4, n: i4, a: *const f8, lda: i4, y: *f8) -> void at 0:6\n";

class BoundSymbols : public testing::Test {
  protected:
    Library library{lines};
};

TEST_F(BoundSymbols, TheSymbolOfTheBranchThatIsNotTakenIsZero) {
    for (const int along : {0, 1}) {
        BoundCall call(library.bind("choose", "along, a[(m if along else n)]"));
        call.set("along", along);
        call.give("a", {5});
        EXPECT_EQ(call.bind(Stage::Inputs), "");
        EXPECT_EQ(call.bind(Stage::Results), "");
        EXPECT_EQ(call.cells(), along ? "along = 1, m = 5, n = 0" : "along = 0, m = 0, n = 5");
    }
}

TEST_F(BoundSymbols, AnotherExtentMayBindWhatTheBranchLeavesOpen) {
    BoundCall call(library.bind("choose", "along, a[(m if along else n),n]"));
    call.set("along", 1);
    call.give("a", {5, 2});
    EXPECT_EQ(call.bind(Stage::Inputs), "");
    EXPECT_EQ(call.cells(), "along = 1, m = 5, n = 2");
}

TEST_F(BoundSymbols, TheSymbolOfAnAbsentArrayIsZero) {
    BoundCall call(library.bind("weigh", "x[n], w[k]? -> y[n]; incy = 1"));
    call.give("x", {3});
    EXPECT_EQ(call.bind(Stage::Inputs), "");
    EXPECT_EQ(call.cells(), "n = 3, k = 0, incy = 1");
}

TEST_F(BoundSymbols, TheStepOfAResultIsBoundWhenItIsThere) {
    const auto plan = library.bind("weigh", "x[n], w[n] -> y[n:incy]?; k = 1");
    BoundCall call(plan);
    call.give("x", {3});
    call.give("w", {3});
    EXPECT_EQ(call.bind(Stage::Inputs), "");
    EXPECT_EQ(call.cells(), "n = 3, k = 1, incy = ?");
    call.give("y", {3}, {16});
    EXPECT_EQ(call.bind(Stage::Results), "");
    EXPECT_EQ(call.cells(), "n = 3, k = 1, incy = 2");
    BoundCall without(plan);
    without.give("x", {3});
    without.give("w", {3});
    EXPECT_EQ(without.bind(Stage::Inputs), "");
    EXPECT_EQ(without.bind(Stage::Results), "");
    EXPECT_EQ(without.cells(), "n = 3, k = 1, incy = 0");
}

TEST_F(BoundSymbols, AnAxisOfOneElementHasTheContiguousStep) {
    BoundCall call(library.bind("gemv", "a[m:lda,n] -> y[m]"));
    call.give("a", {1, 4}, {8000, 8});
    EXPECT_EQ(call.bind(Stage::Inputs), "");
    EXPECT_EQ(call.cells(), "m = 1, n = 4, lda = 4");
}

TEST_F(BoundSymbols, AllThatDisagreesIsToldAtOnce) {
    BoundCall call(library.bind("weigh", "x[n], w[n] -> y[n]; k = 1; incy = 1"));
    call.give("x", {3});
    call.give("w", {4});
    call.give("y", {5});
    EXPECT_EQ(call.bind(Stage::Results), "w has length 4; y has length 5");
}

TEST_F(BoundSymbols, AResultIsSizedByWhatIsKnown) {
    BoundCall call(library.bind("span", "-> r[nmax-nmin+1,2]"));
    call.set("nmin", 2);
    call.set("nmax", 5);
    EXPECT_EQ(call.size("r"), "(4, 2)");
    call.set("nmax", 0);
    EXPECT_EQ(call.size("r"), "r has extent nmax-nmin+1 = -1, which is negative");
    call.set("nmin", 1);
    EXPECT_EQ(call.size("r"), "(0, 2)");
}

TEST_F(BoundSymbols, AResultThatNoMemoryHoldsIsRefused) {
    BoundCall call(library.bind("span", "-> r[nmin*nmax,nmax,nmax]"));
    call.set("nmin", INT32_MAX);
    call.set("nmax", INT32_MAX);
    EXPECT_EQ(call.size("r"), "r would have more bytes than memory can hold");
}

}  // namespace
}  // namespace ndcall::test
