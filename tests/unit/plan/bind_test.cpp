#include "plan/bind.hpp"

#include <gtest/gtest.h>

#include "plan/binding.hpp"

namespace ndcall::test {
namespace {

// What a contract must be able to say, on prototypes of real libraries: function, contract, then arguments, results and what C gets.
struct Row {
    const char *function, *contract, *inputs, *results, *placements;
};

constexpr const char* lines =
    "function dadd fn(a: *f8, b: *f8, c: *f8, n: long=i8) -> void at 0:1\n"
    "function gsl_sort fn(data: *f8, stride: size_t=u8, n: size_t=u8) -> void at 0:1\n"
    "function LAPACKE_dgesv fn(matrix_layout: i4, n: i4, nrhs: i4, a: *f8, lda: i4, ipiv: *i4, b: *f8, ldb: i4) -> i4 at 0:1\n"
    "function apply fn(d: *struct driver, t: *f8, t1: f8, y: *f8) -> i4 at 0:1\n"
    "function cblas_daxpy fn(n: i4, alpha: f8, x: *const f8, incx: i4, y: *f8, incy: i4) -> void at 0:1\n"
    "function cblas_dgemv fn(order: enum layout i4, m: i4, n: i4, alpha: f8, a: *const f8, lda: i4) -> void at 0:1\n"
    "function stbi_write_png fn(name: *const char, w: i4, h: i4, comp: i4, data: *const void, stride_in_bytes: i4) -> i4 at 0:1\n"
    "function legendre fn(norm: i4, lmax: size_t=u8, x: f8, result_array: *f8) -> i4 at 0:1\n"
    "function legendre_n fn(lmax: size_t=u8) -> size_t=u8 at 0:1\n"
    "function umfpack fn(sys: i4, Ap: *const i4, Ai: *const i4, Ax: *const f8, X: *f8, B: *const f8, Control: *const f8, Info: *f8) -> i4 "
    "at 0:1\n"
    "function csc fn(n_row: i4, n_col: i4, nz: i4, Ap: *const i4, Ai: *const i4) -> i4 at 0:1\n"
    "function fft fn(data: *f8, stride: size_t=u8, n: size_t=u8) -> i4 at 0:1\n"
    "function qng fn(a: f8, b: f8, result: *f8, abserr: *f8, neval: *size_t=u8) -> i4 at 0:1\n"
    "function gsl_strerror fn(code: i4) -> *const char at 0:1\n"
    "function calendar fn(year: i4, day: *f8) -> i4 at 0:1\n"
    "function src_simple fn(data: *struct SRC_DATA, type: i4, channels: i4) -> i4 at 0:1\n"
    "function sincos fn(x: f8) -> struct double2 at 0:1\n"
    "function zdotc_sub fn(n: i4, x: *const void, incx: i4, y: *const void, incy: i4, dotc: *void) -> void at 0:1\n"
    "function qsort_items fn(base: *void, count: size_t=u8, size: size_t=u8) -> void at 0:1\n"
    "function fftw fn(n: i4, x: *f8, flags: u4) -> void at 0:1\n"
    "function cblas_caxpy fn(n: i4, alpha: *const void, x: *const void, incx: i4, y: *void, incy: i4) -> void at 0:1\n"
    "function cblas_zaxpy fn(n: i4, alpha: *const void, x: *const void, incx: i4, y: *void, incy: i4) -> void at 0:1\n"
    "function sizes fn(m: i4, n: i4, dst: *f8, src: *const f8) -> void at 0:1\n"
    "struct driver at 0:1 size 16 align 8\n"
    "  field sys struct system at 0\n"
    "struct system at 0:1 size 16 align 8\n"
    "  field dimension size_t=u8 at 0\n"
    "struct SRC_DATA at 0:1 size 48 align 8\n"
    "  field data_in *const f4 at 0\n"
    "  field data_out *f4 at 8\n"
    "  field input_frames i8 at 16\n"
    "  field output_frames i8 at 24\n"
    "  field src_ratio f8 at 32\n"
    "struct double2 at 0:1 size 16 align 8\n"
    "  field x f8 at 0\n"
    "  field y f8 at 8\n"
    "struct gsl_matrix at 0:1 size 48 align 8\n"
    "  field size1 size_t=u8 at 0\n"
    "  field size2 size_t=u8 at 8\n"
    "  field tda size_t=u8 at 16\n"
    "  field data *f8 at 24\n"
    "  field block *void at 32\n"
    "  field owner i4 at 40\n"
    "enum layout i4 at 0:1\n"
    "  member CblasRowMajor 101\n"
    "constant LAPACK_ROW_MAJOR integer 101 at 0:1\n"
    "constant UMFPACK_A integer 0 at 0:1\n"
    "constant FFTW_MEASURE integer 0 at 0:1\n";

constexpr Row rows[] = {
    {"dadd", "a[n], b[n] -> c[n]", "a, b", "c", "data of a, data of b, data of c, n"},
    {"sizes", "src[n,m] -> dst[m,n]", "src", "dst", "m, n, data of dst, data of src"},
    {"gsl_sort", "inout data[n:stride]", "data", "", "data of data, stride, n"},
    {"LAPACKE_dgesv",
     "copy a[n:lda,n], b[n:ldb,nrhs] -> b, ipiv[n] from 1; matrix_layout = LAPACK_ROW_MAJOR; ok return >= 0 else \"illegal argument\"; ok "
     "return == 0",
     "a, b", "b, ipiv", "matrix_layout, n, nrhs, data of a, lda, data of ipiv, data of b, ldb"},
    {"apply", "d, t, t1, y[n] -> t, y; n = d.sys.dimension; ok return == 0", "d: struct, t: number, t1: number, y", "t: number, y",
     "&struct d, &t, t1, data of y"},
    {"cblas_daxpy", "alpha, lowest x[n:incx], inout lowest y[n:incy]", "alpha: number, x, y", "",
     "n, alpha, data of x, incx, data of y, incy"},
    {"cblas_dgemv", "alpha, a[m:lda,n]; order = CblasRowMajor", "alpha: number, a", "", "order, m, n, alpha, data of a, lda"},
    {"cblas_dgemv", "order, alpha, fortran a[m,n:lda]", "order: number, alpha: number, a", "", "order, m, n, alpha, data of a, lda"},
    {"stbi_write_png", "name, data: uint8[h:stride_in_bytes bytes, w, comp]; ok return != 0", "name: text, data", "",
     "text name, w, h, comp, data of data, stride_in_bytes"},
    {"legendre", "norm = 1, lmax, x -> result_array[legendre_n(lmax)]; ok return == 0", "lmax: number, x: number, norm: number = 1",
     "result_array", "norm, lmax, x, data of result_array"},
    {"umfpack", "sys = UMFPACK_A, Ap[n+1], Ai[nz], Ax[nz], B[n], Control[20]? -> X[n], Info[90]?; ok return == 0",
     "Ap, Ai, Ax, B, sys: number = UMFPACK_A, Control?", "X, Info?",
     "sys, data of Ap, data of Ai, data of Ax, data of X, data of B, data of Control, data of Info"},
    {"csc", "n_row, Ap[n_col+1], Ai[nz]; check Ap[n_col] == nz; check 0 <= Ai < n_row; check sorted(Ap); ok return == 0",
     "n_row: number, Ap, Ai", "", "n_row, n_col, nz, data of Ap, data of Ai"},
    {"fft", "inout data: complex128[n:stride]; check n & (n-1) == 0 else \"n must be a power of two\"; ok return == 0", "data", "",
     "data of data, stride, n"},
    {"qng", "-> result, abserr, neval; ok return == 0 else gsl_strerror(return)", "a: number, b: number",
     "result: number, abserr: number, neval: number", "a, b, &result, &abserr, &neval"},
    {"calendar", "-> day; ok return >= 0 else errno; warn return > 0 \"dubious year\"", "year: number", "day: number", "year, &day"},
    {"src_simple",
     "data.data_in[input_frames,channels], data.src_ratio, type -> data.data_out[output_frames,channels]; data.output_frames = "
     "2*data.input_frames; ok return == 0",
     "data_in, src_ratio: number, type: number", "data_out", "&block data, type, channels"},
    {"sincos", "-> return.x, return.y", "x: number", "x: number, y: number", "x"},
    {"zdotc_sub", "x: complex128[n:incx], y: complex128[n:incy] -> dotc: complex128", "x, y", "dotc: number",
     "n, data of x, incx, data of y, incy, &dotc"},
    {"qsort_items", "inout base: any[count]; size = itemsize(base)", "base", "", "data of base, count, size"},
    {"fftw", "inout x[n], flags: FFTW_*", "x, flags: number", "", "n, data of x, flags"},
};

TEST(Bind, SaysWhatRealLibrariesNeed) {
    Library library(lines);
    for (const Row& row : rows) {
        SCOPED_TRACE(std::string(row.function) + ": " + row.contract);
        ASSERT_EQ(library.refuse(std::string(row.function), std::string(row.contract)), "bound");
        const auto plan = library.bind(row.function, row.contract);
        EXPECT_EQ(show_inputs(*plan), row.inputs);
        EXPECT_EQ(show_results(*plan), row.results);
        EXPECT_EQ(show_placements(*plan), row.placements);
    }
}

TEST(Bind, AFamilysMembersStepThroughTheirDtypesTogether) {
    Library library(lines);
    library.add(
        "axpy = cblas_{c,z}axpy: alpha: {complex64,complex128}, x: {complex64,complex128}[n:incx], inout y: "
        "{complex64,complex128}[n:incy]");
    EXPECT_EQ(show_arrays(*library.bind("cblas_caxpy")), "x: complex64 in, y: complex64 inout");
    EXPECT_EQ(show_arrays(*library.bind("cblas_zaxpy")), "x: complex128 in, y: complex128 inout");
    EXPECT_EQ(library.bind("cblas_zaxpy")->name, "axpy");
    EXPECT_EQ(library.bind("cblas_zaxpy")->c_name, "cblas_zaxpy");
}

TEST(Bind, AStructInDisguiseIsAnArray) {
    Library library(lines);
    library.add("struct gsl_matrix: data[size1:tda,size2]; block = NULL; owner = 0");
    const auto plan = library.bind_record("gsl_matrix");
    EXPECT_EQ(show_inputs(*plan), "data");
    EXPECT_EQ(show_block(*plan, 0), "0: size1, 8: size2, 16: tda, 24: data of data, 40: owner");
    EXPECT_EQ(plan->blocks[0].size, 48u);
}

TEST(Bind, APlanKnowsWhereItCameFrom) {
    Library library(
        "function total fn(x: *const f8, n: i4) -> f8 at 0:7 definition\n"
        "  text \"double total(const double *x, int n)\"\n"
        "  comment at 0:5 \"/// The sum of x.\\n/// ndcall: x[n]\"\n");
    library.registry().add_comments();
    const auto plan = library.bind("total");
    EXPECT_EQ(plan->source, "code.c:7");
    EXPECT_EQ(plan->declaration, "double total(const double *x, int n)");
    EXPECT_EQ(plan->contract, "x[n]");
    EXPECT_EQ(plan->contract_origin, "code.c:6");
    EXPECT_EQ(plan->comment, "The sum of x.");
}

TEST(Bind, WithoutALineTheDeclarationIsTheOrigin) {
    Library library("function cube fn(x: f8) -> f8 at 0:7\n");
    EXPECT_EQ(library.bind("cube")->contract_origin, "declaration");
    EXPECT_EQ(library.bind("cube")->contract, "");
}

TEST(Bind, AnErrorOfAFileShowsItsLine) {
    Library library(lines);
    library.registry().add_text(Rank::File, "# sorting\ngsl_sort: inout dta[n:stride]\n", "gsl.contract");
    EXPECT_EQ(library.refuse("gsl_sort"),
              "gsl.contract:2:17: 'dta' is not a parameter of gsl_sort; did you mean 'data'?\n"
              "  gsl_sort: inout dta[n:stride]\n"
              "                  ^");
}

}  // namespace
}  // namespace ndcall::test
