#include <gtest/gtest.h>

#include "call/bound_call.hpp"

namespace ndcall::test {
namespace {

constexpr const char* lines =
    "function filter fn(a: *const f8, b: *f8, dims: *const i2, steps: *const ptrdiff_t=i8) -> void at 0:3\n"
    "function dft fn(rank: i4, n: *const i4, in: *const f8, out: *f8) -> void at 0:4\n"
    "function table fn(m: i4, n: i4, x: **f8) -> void at 0:5\n"
    "function cube fn(x: ***f8) -> void at 0:6\n"
    "function lowest fn(n: i4, x: *const f8, incx: i4) -> void at 0:7\n"
    "function number fn(t: *f8, info: *i4, mode: i4, name: *const char) -> void at 0:8\n"
    "function run fn(o: *struct Options, by: struct Options) -> void at 0:9\n"
    "function list fn(n: *const i4, x: *const f8) -> void at 0:10\n"
    "struct Options at 0:1 size 32 align 8\n"
    "  field n i4 at 0\n"
    "  field ratio f4 at 4\n"
    "  field data *const f8 at 8\n"
    "  field rows **f8 at 16\n"
    "  field rest i8 at 24\n";

class Place : public testing::Test {
  protected:
    Library library{lines};
};

template <class T>
T read(const std::byte* memory, std::size_t offset = 0) {
    T value;
    std::memcpy(&value, memory + offset, sizeof value);
    return value;
}

TEST_F(Place, ArraysAreTheirDataAndVectorsTheNumbersThatCDeclares) {
    BoundCall call(library.bind("filter", "a[m:,n:] -> b[m,n]; dims = shape(a); steps = byte_strides(a)"));
    const ArrayView a = call.give("a", {2, 3}, {-80, 16});
    call.give("b", {2, 3});
    ASSERT_EQ(call.bind(Stage::Inputs), "");
    ASSERT_EQ(call.place_all(), "");
    EXPECT_EQ(call.value<std::byte*>(0), a.data);
    const auto* dims = call.value<const std::int16_t*>(2);
    EXPECT_EQ((std::vector<int>{dims[0], dims[1]}), (std::vector<int>{2, 3}));
    const auto* steps = call.value<const std::int64_t*>(3);
    EXPECT_EQ((std::vector<std::int64_t>{steps[0], steps[1]}), (std::vector<std::int64_t>{-80, 16}));
}

TEST_F(Place, ANumberThatDoesNotFitItsVectorIsRefused) {
    BoundCall call(library.bind("filter", "a[m:,n:] -> b[m,n]; dims = [m, 40000]; steps = byte_strides(a)"));
    call.give("a", {2, 3});
    call.give("b", {2, 3});
    ASSERT_EQ(call.bind(Stage::Inputs), "");
    EXPECT_EQ(call.place_all(), "dims[1] = 40000 does not fit C's short");
}

TEST_F(Place, TheShapeOfAnyShapeIsAVector) {
    BoundCall call(library.bind("dft", "in[*n] -> out[*n]; rank = ndim(in)"));
    call.give("in", {2, 3, 4});
    call.give("out", {2, 3, 4});
    ASSERT_EQ(call.bind(Stage::Inputs), "");
    ASSERT_EQ(call.place_all(), "");
    EXPECT_EQ(call.value<int>(0), 3);
    const int* n = call.value<const int*>(1);
    EXPECT_EQ((std::vector<int>{n[0], n[1], n[2]}), (std::vector<int>{2, 3, 4}));
}

TEST_F(Place, AnEmptyVectorIsStillAnAddress) {
    BoundCall call(library.bind("dft", "in[*n] -> out[*n]; rank = ndim(in)"));
    call.give("in", {});
    call.give("out", {});
    ASSERT_EQ(call.bind(Stage::Inputs), "");
    ASSERT_EQ(call.place_all(), "");
    EXPECT_EQ(call.value<int>(0), 0);
    EXPECT_NE(call.value<const int*>(1), nullptr);
}

TEST_F(Place, RowsStayWhereTheyAre) {
    BoundCall call(library.bind("table", "inout rows x[m,n]"));
    const ArrayView x = call.give("x", {3, 2}, {-48, 8});
    ASSERT_EQ(call.place_all(), "");
    std::byte** rows = call.value<std::byte**>(2);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(rows[i], x.data - 48 * i);
}

TEST_F(Place, PlanesAreTablesOfTables) {
    BoundCall call(library.bind("cube", "inout rows x[l,m,n]"));
    const ArrayView x = call.give("x", {2, 3, 4});
    ASSERT_EQ(call.place_all(), "");
    std::byte*** planes = call.value<std::byte***>(0);
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 3; ++j) EXPECT_EQ(planes[i][j], x.data + 96 * i + 32 * j);
}

TEST_F(Place, ARowTableWithoutRowsIsStillAnAddress) {
    for (const std::vector<std::ptrdiff_t>& shape : {std::vector<std::ptrdiff_t>{0, 3, 4}, {2, 0, 4}, {2, 3, 0}}) {
        BoundCall call(library.bind("cube", "inout rows x[l,m,n]"));
        call.give("x", shape);
        EXPECT_EQ(call.place_all(), "");
        EXPECT_NE(call.value<void*>(0), nullptr);
    }
}

TEST_F(Place, LowestIsTheElementAtTheLowestAddress) {
    BoundCall call(library.bind("lowest", "lowest x[n:incx]"));
    const ArrayView x = call.give("x", {4}, {-8});
    ASSERT_EQ(call.bind(Stage::Inputs), "");
    ASSERT_EQ(call.place_all(), "");
    EXPECT_EQ(call.value<std::byte*>(1), x.data - 24);
    EXPECT_EQ(call.value<int>(2), -1);
}

TEST_F(Place, NumbersByReferenceAreTheirCells) {
    BoundCall call(library.bind("number", "t, mode = 1, name? -> t, info?"));
    call.set("t", 4);
    call.set("mode", 7);
    ASSERT_EQ(call.place_all(), "");
    EXPECT_EQ(*call.value<double*>(0), 4);
    EXPECT_NE(call.value<int*>(1), nullptr);
    EXPECT_EQ(call.value<int>(2), 7);
    EXPECT_EQ(call.value<const char*>(3), nullptr);
}

TEST_F(Place, AResultThatNobodyAsksForIsNull) {
    BoundCall call(library.bind("number", "t, mode = 1, name? -> t, info?"));
    call.set("t", 4);
    call.set("mode", 7);
    call.frame.texts[0] = "abc";
    call.frame.absent_cells = 1U << 1;
    ASSERT_EQ(call.place_all(), "");
    EXPECT_EQ(call.value<int*>(1), nullptr);
    EXPECT_STREQ(call.value<const char*>(3), "abc");
}

TEST_F(Place, AStructIsBuiltFromItsMembersAndTheRestIsZero) {
    BoundCall call(library.bind("run", "o.ratio, o.data[n], rows o.rows[2,n], by; o.n = n"));
    std::byte by[32] = {};
    call.frame.structs[0] = by;
    const float ratio = 1.5;
    for (std::size_t i = 0; i < call.plan->cells.size(); ++i)
        if (call.plan->cells[i].name == "o.ratio") {
            std::memcpy(call.frame.cells[i].bytes, &ratio, sizeof ratio);
            call.frame.cells[i].known = true;
        }
    const ArrayView data = call.give("o.data", {3}), rows = call.give("o.rows", {2, 3});
    ASSERT_EQ(call.bind(Stage::Inputs), "");
    ASSERT_EQ(call.place_all(), "");
    const auto* block = call.value<const std::byte*>(0);
    EXPECT_EQ(read<int>(block), 3);
    EXPECT_EQ(read<float>(block, 4), 1.5F);
    EXPECT_EQ(read<std::byte*>(block, 8), data.data);
    EXPECT_EQ(read<std::byte**>(block, 16)[1], rows.data + 24);
    EXPECT_EQ(read<std::int64_t>(block, 24), 0);
    EXPECT_EQ(call.frame.values[1], by);
}

TEST_F(Place, AListIsPassedInItsOrder) {
    BoundCall call(library.bind("list", "x[m,k]; n = [k, 2*m]"));
    call.give("x", {2, 3});
    ASSERT_EQ(call.bind(Stage::Inputs), "");
    ASSERT_EQ(call.place_all(), "");
    const int* n = call.value<const int*>(0);
    EXPECT_EQ(n[0], 3);
    EXPECT_EQ(n[1], 4);
}

}  // namespace
}  // namespace ndcall::test
