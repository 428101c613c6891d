#include <gtest/gtest.h>

#include "plan/binding.hpp"

namespace ndcall::test {
namespace {

constexpr const char* lines =
    "function tr fn(m: i4, n: i4, a: *const f8, at: *f8) -> void at 0:3\n"
    "function sort fn(data: *f8, stride: size_t=u8, n: size_t=u8) -> void at 0:4\n"
    "function gemv fn(m: i4, n: i4, a: *const f8, lda: i4, x: *const f8, incx: i4, y: *f8, incy: i4) -> void at 0:5\n"
    "function png fn(w: i4, h: i4, comp: i4, data: *const void, stride_in_bytes: i4) -> void at 0:6\n"
    "function filter fn(a: *const f8, b: *f8, astrides: *const ptrdiff_t=i8, dims: *const ptrdiff_t=i8) -> void at 0:7\n"
    "function dft fn(rank: i4, n: *const i4, in: *const c16, out: *c16) -> void at 0:8\n"
    "function mixed fn(along: i4, a: *const f8, m: i4, n: i4) -> void at 0:9\n"
    "function bessel fn(nmin: i4, nmax: i4, x: f8, result_array: *f8) -> void at 0:10\n"
    "function vla fn(n: i4, m: i4, a: [n][m]const f8, b: [m]f8) -> void at 0:11\n"
    "function matrix fn(rbp: [3][3]f8) -> void at 0:12\n"
    "  text \"void matrix(double rbp[3][3])\"\n"
    "function open fn(x: []const f8, n: i4) -> void at 0:13\n"
    "function planes fn(x: *[3]f8, n: i4) -> void at 0:14\n"
    "function pairs fn(x: *my_complex=[2]f8, n: i4) -> void at 0:14\n"
    "function strange fn(n: i4, x: [\"n ? n : 1\"]const f8) -> void at 0:15\n"
    "function copies fn(from: *const void, to: *void, size: size_t=u8) -> void at 0:16\n"
    "function rows fn(m: i4, n: i4, x: **f8) -> void at 0:17\n"
    "function cblas_dgemm fn(Order: i4, TransA: i4, M: i4, N: i4, K: i4, A: *const f8, lda: i4, C: *f8, ldc: i4) -> void at 0:18\n"
    "constant CblasNoTrans integer 111 at 0:1\n"
    "constant CblasRowMajor integer 101 at 0:1\n";

class BindExtents : public testing::Test {
  protected:
    Library library{lines};
};

TEST_F(BindExtents, EachAxisGivesAnEquationInputsFirst) {
    const auto plan = library.bind("tr", "a[n,m] -> at[m,n]");
    EXPECT_EQ(show_equations(*plan), "a[0] = n, a[1] = m, at[0] = m, at[1] = n");
    EXPECT_EQ(show_inputs(*plan), "a");
    EXPECT_EQ(show_hidden(*plan), "m, n");
}

TEST_F(BindExtents, AStepIsToldInElements) {
    const auto plan = library.bind("sort", "inout data[n:stride]");
    EXPECT_EQ(show_equations(*plan), "data[0] = n, data[0] steps stride");
    EXPECT_EQ(show_inputs(*plan), "data");
    EXPECT_EQ(show_placements(*plan), "data of data, stride, n");
}

TEST_F(BindExtents, ALeadingDimensionIsTheStepOfARow) {
    const auto plan = library.bind("gemv", "a[m:lda,n], lowest x[n:incx], inout lowest y[m:incy]");
    EXPECT_EQ(show_equations(*plan), "a[0] = m, a[0] steps lda, a[1] = n, x[0] = n, x[0] steps incx, y[0] = m, y[0] steps incy");
    EXPECT_EQ(show_arrays(*plan), "a: float64 in, x: float64 in lowest, y: float64 inout lowest");
    EXPECT_EQ(show_inputs(*plan), "a, x, y");
    const auto column_major = library.bind("gemv", "fortran a[m,n:lda], x[n:incx], inout y[m:incy]");
    EXPECT_EQ(show_arrays(*column_major).substr(0, 21), "a: float64 in fortran");
    EXPECT_EQ(column_major->arrays[0].axes[1].step, StepRule::Elements);
}

TEST_F(BindExtents, AStepMayBeToldInBytes) {
    const auto plan = library.bind("png", "data: uint8[h:stride_in_bytes bytes, w, comp]");
    EXPECT_EQ(show_equations(*plan), "data[0] = h, data[0] steps stride_in_bytes bytes, data[1] = w, data[2] = comp");
    EXPECT_EQ(show_inputs(*plan), "data");
}

TEST_F(BindExtents, ABlankStepIsAnyAndAVectorTellsIt) {
    const auto plan = library.bind("filter", "a[m:,n:] -> b[m,n]; astrides = byte_strides(a); dims = shape(a)");
    EXPECT_EQ(plan->arrays[0].axes[0].step, StepRule::Any);
    EXPECT_EQ(show_placements(*plan), "data of a, data of b, vector astrides, vector dims");
    EXPECT_EQ(plan->vectors[0].type, (Scalar{ScalarKind::Signed, 8}));
    EXPECT_EQ(plan->vectors[1].ctype, "ptrdiff_t");
    EXPECT_EQ(show_hidden(*plan), "m, n");
}

TEST_F(BindExtents, AShapeNameIsCsVectorOfExtents) {
    const auto plan = library.bind("dft", "in[*n] -> out[*n]; rank = ndim(in)");
    EXPECT_EQ(show_arrays(*plan), "in: complex128 in [*], out: complex128 out [*]");
    EXPECT_EQ(plan->arrays[0].shape_group, plan->arrays[1].shape_group);
    EXPECT_EQ(show_placements(*plan), "rank, vector n, data of in, data of out");
    EXPECT_EQ(show_inputs(*plan), "in_");
    EXPECT_EQ(show_results(*plan), "out_");
    EXPECT_EQ(show_equations(*plan), "");
}

TEST_F(BindExtents, AShapeNameThatCDoesNotHaveOnlySaysTheSameShape) {
    const auto plan = library.bind("copies", "from: float64[*s] -> to: float64[*s]; size = size(from) * 8");
    EXPECT_EQ(plan->shape_groups.at(0).name, "s");
    EXPECT_EQ(show_placements(*plan), "data of from, data of to, size");
    EXPECT_EQ(library.refuse("copies", "from: float64[*size] -> to: float64[*size]; size = 3"),
              "contract:1:15: 'size' is size_t: the n of [*n] is C's vector of extents, or a new name\n"
              "  from: float64[*size] -> to: float64[*size]; size = 3\n"
              "                ^");
}

TEST_F(BindExtents, AResultNeedsAShapeOfItsOwnOrOfAnInput) {
    EXPECT_EQ(library.refuse("copies", "from: float64[*] -> to: float64[*]; size = size(from)"),
              "contract:1:33: a result needs a shape: '[*name]' shares the shape of an input\n"
              "  from: float64[*] -> to: float64[*]; size = size(from)\n"
              "                                  ^");
}

TEST_F(BindExtents, AnyShapeIsContiguousAndStandsAlone) {
    EXPECT_EQ(library.refuse("copies", "from: float64[*:], to: float64[*]"),
              "contract:1:15: '[*]' takes no step: its array is contiguous\n"
              "  from: float64[*:], to: float64[*]\n"
              "                ^");
    EXPECT_EQ(library.refuse("copies", "from: float64[3,*], to: float64[*]"),
              "contract:1:17: '*' stands alone: [*] is any shape\n"
              "  from: float64[3,*], to: float64[*]\n"
              "                  ^");
}

TEST_F(BindExtents, AnExtentThatNothingDeterminesStaysAnArgument) {
    const auto plan = library.bind("bessel", "-> result_array[nmax-nmin+1]");
    EXPECT_EQ(show_inputs(*plan), "nmin: number, nmax: number, x: number");
    EXPECT_EQ(show_results(*plan), "result_array");
}

TEST_F(BindExtents, ASymbolThatCDoesNotHaveAndNothingDeterminesIsRefused) {
    EXPECT_EQ(library.refuse("bessel", "-> result_array[count]"),
              "contract:1:4: nothing tells what 'count' is: no input has it as an extent; when the caller gives it, write it left of '->'\n"
              "  -> result_array[count]\n"
              "     ^");
    EXPECT_EQ(library.refuse("bessel", "-> result_array[nmx]"),
              "contract:1:4: nothing tells what 'nmx' is: no input has it as an extent; when the caller gives it, write it left of '->'; "
              "did you mean "
              "'nmax'?\n"
              "  -> result_array[nmx]\n"
              "     ^");
    EXPECT_EQ(show_inputs(*library.bind("bessel", "nmin, nmax, x, count -> result_array[count]")),
              "nmin: number, nmax: number, x: number, count: number");
}

TEST_F(BindExtents, EachBranchOfAConditionalDeterminesItsSymbol) {
    const auto plan = library.bind("mixed", "a[(m if along else n)]");
    EXPECT_EQ(show_inputs(*plan), "along: number, a");
    EXPECT_EQ(show_hidden(*plan), "m (or 0), n (or 0)");
    const auto sized = library.bind("mixed", "a[(m if along else n),n]");
    EXPECT_EQ(show_inputs(*sized), "along: number, a");
    EXPECT_EQ(show_hidden(*sized), "m (or 0), n");
    const auto asked = library.bind("mixed", "a[(m if along else n)], n");
    EXPECT_EQ(show_inputs(*asked), "along: number, a, n: number");
}

TEST_F(BindExtents, TransposedBlocksTellTheirSizes) {
    const auto plan =
        library.bind("dgemm_any = cblas_dgemm",
                     "TransA = CblasNoTrans, A[(M if TransA == CblasNoTrans else K):lda, (K if TransA == CblasNoTrans else M)], "
                     "inout C[M:ldc,N]; Order = CblasRowMajor");
    EXPECT_EQ(plan->name, "dgemm_any");
    EXPECT_EQ(show_inputs(*plan), "A, C, TransA: number = CblasNoTrans");
    EXPECT_EQ(show_hidden(*plan), "Order = CblasRowMajor, M, N, K (or 0), lda, ldc");
}

TEST_F(BindExtents, ExtentsThatCStatesNeedNoContract) {
    const auto plan = library.bind("vla");
    EXPECT_EQ(show_inputs(*plan), "a, b");
    EXPECT_EQ(show_arrays(*plan), "a: float64 in, b: float64 inout");
    EXPECT_EQ(show_equations(*plan), "a[0] = n, a[1] = m, b[0] = m");
    const auto fixed = library.bind("matrix");
    EXPECT_EQ(show_equations(*fixed), "rbp[0] = 3, rbp[1] = 3");
    EXPECT_EQ(show_results(*library.bind("matrix", "-> rbp")), "rbp");
}

TEST_F(BindExtents, PairsOfCAreComplexNumbers) {
    const auto plan = library.bind("pairs", "inout x: complex128[m,n]");
    EXPECT_EQ(show_arrays(*plan), "x: complex128 inout");
    EXPECT_EQ(show_equations(*plan), "x[0] = m, x[1] = n");
    EXPECT_EQ(show_equations(*library.bind("pairs", "inout x[n,2]")), "x[0] = n, x[1] = 2");
    EXPECT_EQ(library.refuse("planes", "inout x: complex128[n]"),
              "contract:1:7: 'x' has 1 extent here, 2 in C: double (*x)[3]\n  inout x: complex128[n]\n        ^");
}

TEST_F(BindExtents, OpenExtentsOfCNeedAContract) {
    EXPECT_EQ(library.refuse("planes"), "C leaves the first extent of 'x' open: double (*x)[3]; write all extents in a contract");
    EXPECT_EQ(show_equations(*library.bind("planes", "inout x[n,3]")), "x[0] = n, x[1] = 3");
    EXPECT_EQ(library.refuse("planes", "inout x[n]"),
              "contract:1:7: 'x' has 1 extent here, 2 in C: double (*x)[3]\n  inout x[n]\n        ^");
    EXPECT_EQ(library.refuse("open"),
              "nothing says what 'x' (const double x[]) points to: how many elements, and whether C reads or writes them");
    EXPECT_EQ(library.refuse("strange"),
              "C's extent [n ? n : 1] is not an expression of the contract language: write the extents in a contract");
}

TEST_F(BindExtents, ExtentsMustAgreeInNumberWithC) {
    EXPECT_EQ(library.refuse("matrix", "-> rbp[9]"),
              "contract:1:4: 'rbp' has 1 extent here, 2 in C: double rbp[3][3]\n"
              "  -> rbp[9]\n"
              "     ^");
}

TEST_F(BindExtents, RowTablesTakeNoSteps) {
    EXPECT_EQ(library.refuse("rows", "inout rows x[m:,n]"),
              "contract:1:12: 'rows' takes no steps: each row has its own pointer\n"
              "  inout rows x[m:,n]\n"
              "             ^");
}

TEST_F(BindExtents, LikeNamesAnArray) {
    const auto plan = library.bind("copies", "from: any[size] -> to: like(from)[size]");
    EXPECT_EQ(plan->arrays[0].dtype_rule, DTypeRule::Any);
    EXPECT_EQ(plan->arrays[1].dtype_rule, DTypeRule::Like);
    EXPECT_EQ(plan->arrays[1].like, 0);
    EXPECT_EQ(library.refuse("copies", "from: any[size] -> to: like(form)[size]"),
              "contract:1:24: like(form): there is no such array\n"
              "  from: any[size] -> to: like(form)[size]\n"
              "                         ^");
}

}  // namespace
}  // namespace ndcall::test
