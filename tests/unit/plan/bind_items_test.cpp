#include <gtest/gtest.h>

#include "plan/binding.hpp"

namespace ndcall::test {
namespace {

constexpr const char* lines =
    "function scale fn(x: *const f8, factor: f8, y: *f8, n: i4) -> void at 0:3 definition\n"
    "  text \"void scale(const double *x, double factor, double *y, int n)\"\n"
    "function gesv fn(n: i4, nrhs: i4, a: *f8, lda: i4, ipiv: *i4, b: *f8, ldb: i4) -> i4 at 0:4\n"
    "function advance fn(t: *f8, step: f8, steps: *i4) -> void at 0:5\n"
    "function limits fn(x: *const f8, n: i4, low: *f8, high: *f8) -> void at 0:6\n"
    "function zdotc fn(n: i4, x: *const void, incx: i4, ret: *void) -> void at 0:7\n"
    "function fft fn(data: *f8, stride: size_t=u8, n: size_t=u8) -> void at 0:8\n"
    "function zscal fn(n: i4, alpha: *const f8, x: *f8) -> void at 0:9\n"
    "function halves fn(x: *const uint16_t=u2, n: i4) -> void at 0:10\n"
    "function table fn(m: i4, n: i4, x: **f8) -> void at 0:11\n"
    "function cube fn(l: i4, m: i4, n: i4, x: ***f8) -> void at 0:12\n"
    "function deep fn(x: ****f8) -> void at 0:13\n"
    "function words fn(names: **const char, n: i4) -> void at 0:14\n"
    "function open fn(path: *const char, mode: char) -> i4 at 0:15\n"
    "function fill fn(buffer: *char, n: i4) -> void at 0:16\n"
    "function cadd fn(a: *struct dcomplex, b: struct dcomplex, c: *struct dcomplex, n: i4) -> void at 0:17\n"
    "function move fn(p: *struct point, by: struct point) -> void at 0:18\n"
    "function look fn(p: *const struct point) -> void at 0:19\n"
    "function handle fn(h: *struct opaque) -> void at 0:20\n"
    "function shape fn(u: union shapes) -> void at 0:21\n"
    "function paint fn(c: color=enum color u4, flags: i4, planner: u4) -> void at 0:22\n"
    "function solve fn(f: *fn(x: f8) -> f8, a: f8) -> f8 at 0:23\n"
    "function control fn(x: *f8, n: i4, control: *const f8, info: *f8) -> void at 0:24\n"
    "function points fn(p: *const struct point, n: i4) -> void at 0:25\n"
    "function vectors fn(n: *const i4, x: *const f8, p: *void) -> void at 0:26\n"
    "function invisible fn(x: *f8, n: i4) -> void at 0:27 definition\n"
    "  reads x\n"
    "  writes x\n"
    "struct dcomplex at 0:1 size 16 align 8\n"
    "  field re f8 at 0\n"
    "  field im f8 at 8\n"
    "struct point at 0:1 size 16 align 8\n"
    "  aliases Point\n"
    "  field x f8 at 0\n"
    "  field y f8 at 8\n"
    "struct opaque at 0:1\n"
    "union shapes at 0:1 size 8 align 8\n"
    "  field a f8 at 0\n"
    "  field b i8 at 0\n"
    "enum color u4 at 0:1\n"
    "  member red 0\n"
    "  member green 2\n"
    "constant FFTW_MEASURE integer 0 at 0:1\n"
    "constant FFTW_ESTIMATE integer 64 at 0:1\n";

class BindItems : public testing::Test {
  protected:
    // The message without the line and the caret below it.
    template <class... Text>
    std::string refuse(const Text&... text) {
        const std::string message = library.refuse(text...);
        return message.substr(0, message.find('\n'));
    }
    Library library{lines};
};

TEST_F(BindItems, AnArrayIsWhatTheContractMakesOfIt) {
    EXPECT_EQ(show_arrays(*library.bind("scale", "x[n] -> y[n]")), "x: float64 in, y: float64 out");
    EXPECT_EQ(show_arrays(*library.bind("scale", "x[n], inout y[n]")), "x: float64 in, y: float64 inout");
    EXPECT_EQ(show_arrays(*library.bind("scale", "x[n] -> unset fortran y[n]")), "x: float64 in, y: float64 out fortran unset");
    EXPECT_EQ(show_arrays(*library.bind("scale", "lowest x[n], copy y[n]")), "x: float64 in lowest, y: float64 in copied");
}

TEST_F(BindItems, AnInputThatCDestroysIsCopiedAndANameOnBothSidesToo) {
    const auto plan = library.bind("gesv", "copy a[n:lda,n], b[n:ldb,nrhs] -> b, ipiv[n] from 1; ok return == 0");
    EXPECT_EQ(show_arrays(*plan), "a: float64 in copied, ipiv: int32 out from 1, b: float64 inout copied");
    EXPECT_EQ(show_inputs(*plan), "a, b");
    EXPECT_EQ(show_results(*plan), "b, ipiv");
    EXPECT_EQ(show_placements(*plan), "n, nrhs, data of a, lda, data of ipiv, data of b, ldb");
}

TEST_F(BindItems, ScalarsByReferenceAreInputsResultsOrBoth) {
    const auto plan = library.bind("advance", "t, step -> t, steps");
    EXPECT_EQ(show_inputs(*plan), "t: number, step: number");
    EXPECT_EQ(show_results(*plan), "t: number, steps: number");
    EXPECT_EQ(show_placements(*plan), "&t, step, &steps");
    EXPECT_EQ(show_inputs(*library.bind("advance", "inout t, step -> steps")), "t, step: number");  // the caller's 0-d array
    EXPECT_EQ(show_results(*library.bind("limits", "x[n] -> low, high?")), "low: number, high: number?");
    EXPECT_EQ(show_placements(*library.bind("limits", "x[n] -> low, high?")), "data of x, n, &low, &high or NULL");
}

TEST_F(BindItems, AResultThatCDeclaresConstIsRefused) {
    EXPECT_EQ(library.refuse("scale", "y[n] -> x[n]"),
              "contract:1:9: 'x' is written by this contract, but C declares it const: const double *x\n"
              "  y[n] -> x[n]\n"
              "          ^");
    EXPECT_EQ(refuse("scale", "inout x[n], y[n]"),
              "contract:1:7: 'x' is written by this contract, but C declares it const: const double *x");
    EXPECT_EQ(refuse("zscal", "x[n] -> alpha"), "contract:1:9: 'alpha' is a result, but C declares it const: const double *alpha");
    EXPECT_EQ(refuse("look", "-> p"), "contract:1:4: 'p' is a result, but C declares it const: const struct point *p");
}

TEST_F(BindItems, WhatIsPassedByValueCannotComeBack) {
    EXPECT_EQ(library.refuse("scale", "x[n] -> y[n], factor"),
              "contract:1:15: 'factor' is passed by value (double factor): C cannot give it back\n"
              "  x[n] -> y[n], factor\n"
              "                ^");
    EXPECT_EQ(refuse("move", "p -> by"), "contract:1:6: 'by' is passed by value: C cannot give it back");
    EXPECT_EQ(refuse("scale", "x[n], inout factor -> y[n]"), "contract:1:13: 'factor' is passed by value: C cannot change it");
}

TEST_F(BindItems, OneNumberHasNoExtentsAndCannotBeNull) {
    EXPECT_EQ(refuse("scale", "x[n], factor[3] -> y[n]"), "contract:1:7: 'factor' is double, one number: extents belong to pointers");
    EXPECT_EQ(refuse("scale", "x[n], factor? -> y[n]"),
              "contract:1:7: 'factor' is passed by value: '?' needs a pointer, which can be NULL; a default is written 'factor = value'");
}

TEST_F(BindItems, ADtypeMayOnlySayWhatCLeavesOpen) {
    EXPECT_EQ(show_arrays(*library.bind("zdotc", "x: complex128[n:incx] -> ret: complex128")), "x: complex128 in");
    EXPECT_EQ(show_results(*library.bind("zdotc", "x: complex128[n:incx] -> ret: complex128")), "ret: number");
    EXPECT_EQ(show_arrays(*library.bind("fft", "inout data: complex128[n:stride]")), "data: complex128 inout");
    EXPECT_EQ(show_arrays(*library.bind("halves", "x: float16[n]")), "x: float16 in");
    EXPECT_EQ(show_inputs(*library.bind("zscal", "alpha: complex128, inout x: complex128[n]")), "alpha: number, x");
    EXPECT_EQ(refuse("scale", "x: float32[n] -> y[n]"), "contract:1:4: 'x' is const double *, float64: it cannot be float32");
    EXPECT_EQ(refuse("scale", "x[n], factor: float32 -> y[n]"), "contract:1:15: 'factor' is double, float64: it cannot be float32");
    EXPECT_EQ(
        refuse("zdotc", "x: complex128[n:incx] -> ret: complex129"),
        "contract:1:31: 'complex129' is not a dtype; did you mean 'complex128' or 'complex64'? (dtypes: bool, int8, int16, int32, int64, "
        "uint8, uint16, uint32, uint64, float16, float32, float64, longdouble, complex64, complex128, clongdouble)");
    EXPECT_EQ(show_arrays(*library.bind("vectors", "x[*], p: point[k]; n = [k]")), "x: float64 in [*], p: point in");
    EXPECT_EQ(refuse("scale", "x: any[n] -> y[n]"),
              "contract:1:4: 'x' is const double *: its dtype is a fact; 'any' is for void * and bytes");
}

TEST_F(BindItems, AVoidPointerNeedsADtype) {
    EXPECT_EQ(refuse("zdotc", "x[n] -> ret: complex128"),
              "contract:1:1: 'x' is const void *: C does not say what its elements are; write a dtype after ':', as in 'x: float64[n]'");
    EXPECT_EQ(refuse("zdotc", "x: complex128[n] -> ret"),
              "contract:1:21: 'ret' is void *: C does not say what lies there; write its dtype after ':', as in 'ret: float64'");
    EXPECT_EQ(refuse("zdotc", "x: complx128[n] -> ret: complex128"),
              "contract:1:4: 'complx128' is neither a dtype nor a struct of the header; did you mean 'complex128'?");
}

TEST_F(BindItems, RowTablesNeedTheWordAndAnExtentForEachLevel) {
    EXPECT_EQ(show_arrays(*library.bind("table", "inout rows x[m,n]")), "x: float64 inout rows");
    EXPECT_EQ(show_placements(*library.bind("table", "inout rows x[m,n]")), "m, n, rows of x");
    EXPECT_EQ(show_equations(*library.bind("cube", "-> rows x[l,m,n]")), "x[0] = l, x[1] = m, x[2] = n");
    EXPECT_EQ(refuse("table", "x[m,n]"),
              "contract:1:1: 'x' is double **, a table of pointers: write 'rows' before its name, as in 'rows x[m,n]'");
    EXPECT_EQ(refuse("table"), "'x' is double **, a table of pointers: write 'rows' before its name, as in 'rows x[m,n]'");
    EXPECT_EQ(refuse("table", "rows x[n]"), "contract:1:6: 'rows x' needs 2 extents: double ** has 2 levels");
    EXPECT_EQ(refuse("deep", "rows x[2,2,2,2]"), "contract:1:6: 'rows' goes up to T ***");
    EXPECT_EQ(refuse("scale", "rows x[n] -> y[n]"), "contract:1:6: 'rows' is for tables of row pointers (T **); 'x' is const double *");
}

TEST_F(BindItems, ArraysOfStringsAreNotBoundYet) {
    EXPECT_EQ(refuse("words"), "'names' is const char **: arrays of strings are not bound yet");
}

TEST_F(BindItems, ConstCharIsATextByItself) {
    const auto plan = library.bind("open");
    EXPECT_EQ(show_inputs(*plan), "path: text, mode: number");
    EXPECT_TRUE(plan->cells[plan->inputs[1].index].is_character);
    EXPECT_EQ(show_inputs(*library.bind("open", "path?, mode")), "mode: number, path: text?");
    EXPECT_TRUE(library.bind("open", "path: bytes, mode")->texts[0].is_bytes);
    EXPECT_EQ(show_placements(*library.bind("open", "path")), "text path, mode");
    EXPECT_EQ(show_arrays(*library.bind("fill", "inout buffer[n]")), "buffer: int8 inout");
    EXPECT_EQ(show_arrays(*library.bind("fill", "-> buffer: uint8[n]; n = 8")), "buffer: uint8 out");
}

TEST_F(BindItems, AStructOfTwoRealsIsAComplexNumber) {
    const auto plan = library.bind("cadd", "a[n], b -> c[n]");
    EXPECT_EQ(show_arrays(*plan), "a: complex128 in, c: complex128 out");
    EXPECT_EQ(show_inputs(*plan), "a, b: number");
    EXPECT_EQ(plan->cells[0].type, (Scalar{ScalarKind::Complex, 16}));
}

TEST_F(BindItems, AStructIsAnObjectOfItsOwn) {
    const auto plan = library.bind("move");
    EXPECT_EQ(show_inputs(*plan), "p: struct, by: struct");
    EXPECT_EQ(show_placements(*plan), "&struct p, struct by");
    EXPECT_TRUE(plan->structs[0].written);
    EXPECT_FALSE(plan->structs[1].written);
    EXPECT_FALSE(library.bind("look")->structs[0].written);
    EXPECT_EQ(show_inputs(*library.bind("move", "by -> p")), "by: struct");
    EXPECT_EQ(show_results(*library.bind("move", "by -> p")), "p: struct");
    EXPECT_EQ(show_arrays(*library.bind("points", "p[n]")), "p: point in");
}

TEST_F(BindItems, OpaqueStructsUnionsAndCallbacksAreNotBound) {
    EXPECT_EQ(
        refuse("handle"),
        "'h' is struct opaque *, an opaque struct: handles are not bound yet; a short C function of your own can make, use and free one");
    EXPECT_EQ(refuse("shape"), "'u' is a union: which member holds is not known");
    EXPECT_EQ(refuse("solve"), "'f' is a function (double (*f)(double x)): callbacks are not bound yet");
    EXPECT_EQ(show_placements(*library.bind("solve", "f?, a")), "NULL, a");
}

TEST_F(BindItems, EnumsAndPrefixesOfConstantsMayBeGivenByName) {
    const auto plan = library.bind("paint", "c, flags: FFTW_*, planner = 3");
    ASSERT_EQ(plan->enumerations.size(), 2u);
    EXPECT_EQ(plan->enumerations[0].name, "color");
    EXPECT_EQ(plan->enumerations[0].names, (std::vector<std::string>{"red", "green"}));
    EXPECT_FALSE(plan->enumerations[0].joins);
    EXPECT_EQ(plan->enumerations[1].name, "FFTW_*");
    EXPECT_EQ(plan->enumerations[1].names, (std::vector<std::string>{"FFTW_MEASURE", "FFTW_ESTIMATE"}));
    EXPECT_EQ(plan->enumerations[1].values, (std::vector<std::int64_t>{0, 64}));
    EXPECT_TRUE(plan->enumerations[1].joins);
    EXPECT_EQ(refuse("paint", "flags: FFTX_*"), "contract:1:8: no constant of the header begins with 'FFTX_'");
}

TEST_F(BindItems, WhatMayBeMissingIsNullInC) {
    const auto plan = library.bind("control", "inout x[n], control[20]? -> info[90]?");
    EXPECT_EQ(show_inputs(*plan), "x, control?");
    EXPECT_EQ(show_results(*plan), "info?");
    EXPECT_EQ(show_arrays(*plan), "x: float64 inout, control: float64 in may be absent, info: float64 out may be absent");
}

TEST_F(BindItems, APointerMayHaveAFixedValueListOrNull) {
    EXPECT_EQ(show_placements(*library.bind("control", "inout x[n]; control = NULL; info = NULL")), "data of x, n, NULL, NULL");
    EXPECT_EQ(show_placements(*library.bind("vectors", "x[m,k]; n = [m, k]; p = NULL")), "vector n, data of x, NULL");
    EXPECT_EQ(show_placements(*library.bind("vectors", "x[*]; n = 4; p = NULL")), "&n, data of x, NULL");
    EXPECT_EQ(refuse("move", "p; by = 4"), "contract:1:4: 'by' is struct point: a fixed value is a number, a text or NULL");
    EXPECT_EQ(refuse("vectors", "x[*]; n = 4; p = 4"), "contract:1:14: 'p' is void *: only NULL can be its fixed value");
    EXPECT_EQ(refuse("control", "inout x[n]; control = [1, n]; info = NULL"),
              "contract:1:13: 'control' is const double *: a shape or list needs a pointer to integers");
    EXPECT_EQ(show_placements(*library.bind("open", "mode; path = \"data.txt\"")), "text path, mode");
}

TEST_F(BindItems, APointerThatNothingDescribesIsRefused) {
    EXPECT_EQ(refuse("scale"), "nothing says what 'x' (const double *x) points to: how many elements, and whether C reads or writes them");
    EXPECT_EQ(refuse("scale", "x[n]"),
              "nothing says what 'y' (double *y) points to: how many elements, and whether C reads or writes them");
}

TEST_F(BindItems, WordsThatContradictEachOtherAreRefused) {
    EXPECT_EQ(refuse("scale", "x[n], inout y[n] -> y"), "contract:1:21: 'y' is inout: it is changed in place, not returned");
    EXPECT_EQ(refuse("scale", "x[n], inout copy y[n]"), "contract:1:18: 'inout' and 'copy' exclude each other");
    EXPECT_EQ(refuse("scale", "x[n] -> y[n] from 1"), "contract:1:9: 'from 1' is for integers: 'y' is float64");
}

TEST_F(BindItems, NumbersAreToldWithoutCsConst) {
    const auto plan = library.bind("vectors", "n, x[*]; p = NULL");
    EXPECT_EQ(plan->cells[0].ctype, "int");
}

}  // namespace
}  // namespace ndcall::test
