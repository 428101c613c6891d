#include <gtest/gtest.h>

#include "draft/draft.hpp"
#include "plan/binding.hpp"

namespace ndcall::test {
namespace {

constexpr const char* structs = "struct dcomplex at 0:1 size 16 align 8\n  field re f8 at 0\n  field im f8 at 8\nstruct opaque at 0:1\n";

class Drafts : public testing::Test {
  protected:
    static Draft draft(const std::string& lines, const std::string& name = "f") {
        Library library(lines + structs);
        Draft found = Drafter(library.registry()).draft(*library.registry().declarations().find_function(name));
        found.function = nullptr;  // its library ends here
        return found;
    }
    // "likely f: x[n]"
    static std::string show(const std::string& lines, const std::string& name = "f") {
        const Draft found = draft(lines, name);
        if (found.kind != Draft::Kind::Line) return found.kind == Draft::Kind::Needless ? "needless" : "refused";
        return std::string(name_certainty(found.certainty)) + " " + found.line;
    }
    static std::string explain(const std::string& lines) { return join(draft(lines).reasons, "; "); }
    static std::string suggest(const std::string& function) {
        Library library(function + structs);
        return Drafter(library.registry()).suggest_line(*library.registry().declarations().find_function("f"));
    }
};

TEST_F(Drafts, ConstIsAnInputAndWhatTheBodyOnlyWritesIsAResult) {
    EXPECT_EQ(suggest("function f fn(a: *const f8, b: *f8, c: *f8, n: i4) -> void at 0:3 definition\n  reads a b\n  writes c\n"),
              "f: a[n], b[n] -> c[n]");
}

TEST_F(Drafts, WhatTheBodyReadsAndWritesIsChangedInPlace) {
    EXPECT_EQ(suggest("function f fn(x: *f8, n: i4) -> void at 0:3 definition\n  reads x\n  writes x\n"), "f: inout x[n]");
}

TEST_F(Drafts, WithoutABodyOnlyTheNameTells) {
    EXPECT_EQ(suggest("function f fn(x: *f8, n: i4) -> void at 0:3\n"), "f: inout x[n]");
    EXPECT_EQ(suggest("function f fn(x: *const f8, out: *f8, n: i4) -> void at 0:3\n"), "f: x[n] -> out[n]");
    EXPECT_EQ(suggest("function f fn(x: *const f8, dst_data: *f8, n: i4) -> void at 0:3\n"), "f: x[n] -> dst_data[n]");
}

TEST_F(Drafts, AnArrayWithALengthOfItsOwnGetsIt) {
    EXPECT_EQ(show("function f fn(x: *const f8, nx: i4, y: *const f8, y_len: i4) -> void at 0:3\n"), "likely f: x[nx], y[y_len]");
}

TEST_F(Drafts, AStepBelongsToTheArrayThatItIsNamedAfterOrFollows) {
    EXPECT_EQ(show("function f fn(n: i4, x: *const f8, incx: i4, y: *f8, incy: i4) -> void at 0:3\n"),
              "likely f: x[n:incx], inout y[n:incy]");
    EXPECT_EQ(show("function f fn(data: *const f8, stride: u8, n: u8) -> f8 at 0:3\n"), "likely f: data[n:stride]");
    EXPECT_EQ(show("function f fn(w: *const f8, wstride: u8, data: *const f8, stride: u8, size: u8) -> f8 at 0:3\n"),
              "likely f: w[size:wstride], data[size:stride]");
    EXPECT_EQ(show("function f fn(n: i4, a: *const f8, lda: i4) -> void at 0:3\n"), "guess f: a[n:lda,n]");
}

TEST_F(Drafts, WithoutCountsAWrittenPointerIsOneNumber) {
    EXPECT_EQ(show("function f fn(x: f8, result: *f8) -> void at 0:3\n"), "guess f: -> result");
    EXPECT_EQ(show("function f fn(x: f8, y: *f8) -> void at 0:3\nfunction g fn(v: []f8) -> void at 0:4\n"), "likely f: -> y");
    EXPECT_EQ(show("function f fn(iy: i4, days: *f8) -> void at 0:3\n"), "guess f: -> days");  // iy may be a length
    EXPECT_EQ(show("function f fn(a: *f8, b: *f8) -> void at 0:3\n"), "guess f: inout a, inout b");
}

TEST_F(Drafts, ALengthThatNothingTellsIsAWordInCapitals) {
    EXPECT_EQ(show("function f fn(x: *const f8) -> void at 0:3\n"), "blank f: x[LENGTH_OF_x]");
    EXPECT_EQ(suggest("function f fn(x: *const f8) -> void at 0:3\n"), "f: x[LENGTH_OF_x]   # a blank: nothing tells the rest");
    EXPECT_EQ(suggest("function f fn(x: f8, y: *f8) -> void at 0:3\n"), "f: -> y   # a guess: is it so?");
    EXPECT_EQ(show("function f fn(x: **const f8) -> void at 0:3\n"), "blank f: rows x[ROWS_OF_x,COLUMNS_OF_x]");
}

TEST_F(Drafts, WhatTheLoopsOfABodyTouchIsSure) {
    EXPECT_EQ(show("function f fn(a: *const f8, b: *f8, m: i4, n: i4) -> void at 0:3 definition\n  reads a\n  writes b\n  spans a m n\n"
                   "  spans b n m\n"),
              "sure f: a[m,n] -> b[n,m]");
    EXPECT_EQ(explain("function f fn(x: *f8, n: i4) -> f8 at 0:3 definition\n  reads x\n  spans x n\n"),
              "the body reads x and never writes it: input; the loops of the body end at n: extents of x");
}

TEST_F(Drafts, AScalarResultIsToldFromAnArray) {
    EXPECT_EQ(show("function f fn(x: *const f8, n: i4, mean: *f8) -> void at 0:3 definition\n  reads x\n  writes mean\n  spans mean\n"
                   "  spans x n\n"),
              "sure f: x[n] -> mean");
    EXPECT_EQ(show("function f fn(x: *const f8, n: i4, mean: *f8) -> void at 0:3\n"), "likely f: x[n] -> mean");
}

TEST_F(Drafts, ExtentsThatCStatesNeedNoWord) {
    EXPECT_EQ(show("function f fn(n: i4, a: [n][3]const f8) -> f8 at 0:3\n"), "needless");
    EXPECT_EQ(show("function f fn(n: i4, a: [n]f8) -> void at 0:3 definition\n  writes a\n"), "sure f: -> a");
    EXPECT_EQ(show("function f fn(x: f8, s: *const char) -> i4 at 0:3\n"), "needless");
}

TEST_F(Drafts, AStatusIsTested) {
    const std::string codes = "enum status i4 at 0:1\n  member FOO_OK 0\n  member FOO_BAD 1\n";
    EXPECT_EQ(show(codes + "function f fn(x: f8) -> enum status i4 at 0:3\n"), "sure f: ok return == FOO_OK");
    EXPECT_EQ(show(codes + "function foo_f fn(x: *f8, n: i4) -> i4 at 0:3\n", "foo_f"), "likely foo_f: inout x[n]; ok return == FOO_OK");
    EXPECT_EQ(show(codes + "function foo_count fn(x: *f8, n: i4) -> i4 at 0:3\n", "foo_count"), "likely foo_count: inout x[n]");
    EXPECT_EQ(show(codes + "function foo_roots fn(a: f8, x0: *f8) -> i4 at 0:3\n", "foo_roots"), "guess foo_roots: -> x0, return");
    EXPECT_EQ(show("function f fn(x: *f8, n: i4) -> i4 at 0:3\n  comment at 0:2 \"// Returns 0 on success.\"\n"),
              "likely f: inout x[n]; ok return == 0");
}

TEST_F(Drafts, TheTextOfAStatusIsAskedForWhereThereIsAFunctionForIt) {
    EXPECT_EQ(show("enum \"\" i4 at 0:1\n  member FOO_SUCCESS 0\nfunction foo_f fn(x: *f8, n: i4) -> i4 at 0:3\n"
                   "function foo_strerror fn(code: i4) -> *const char at 0:4\n",
                   "foo_f"),
              "likely foo_f: inout x[n]; ok return == FOO_SUCCESS else foo_strerror(return)");
}

TEST_F(Drafts, WhoMakesAndWhoFreesIsAHandle) {
    const std::string pair =
        "function opaque_new fn(n: i4) -> *struct opaque at 0:3\nfunction opaque_free fn(p: *struct opaque) -> void at 0:4\n";
    const Draft made = draft(pair, "opaque_new");
    EXPECT_EQ(made.line, "opaque_new: -> return free opaque_free");
    EXPECT_EQ(made.certainty, Certainty::Likely);
    EXPECT_EQ(made.obstacle, "'free' is understood, but not bound yet: this version of ndcall cannot call it");
    Library library(pair + structs);
    const std::vector<HandleDraft> handles = Drafter(library.registry()).list_handles();
    ASSERT_EQ(handles.size(), 1u);
    EXPECT_EQ(handles[0].line, "handle opaque: free opaque_free");
    EXPECT_EQ(show(pair + "function open fn(x: *f8, n: i4) -> *struct opaque at 0:5\n", "open"),
              "guess open: inout x[n] -> return free opaque_free; keep x on return");
}

TEST_F(Drafts, AStructThatLeadsToAnArgumentsMemoryIsNotReturnedUnread) {
    const std::string view = "struct view at 0:1 size 16 align 8\n  field data *f8 at 0\n  field n u8 at 8\n";
    EXPECT_EQ(show(view + "function f fn(x: []f8, n: u8) -> struct view/16/8 at 0:3\n"), "blank f: inout x[n] -> return of OWNER");
}

TEST_F(Drafts, WhatNamesAloneWouldTellWronglyIsNoLikelyLine) {
    EXPECT_EQ(show("function f fn(x: *const f8, n: i4, work: *f8) -> void at 0:3\n"), "blank f: x[n], inout work[LENGTH_OF_work]");
    EXPECT_EQ(show("function f fn(n: i4, Ap: *const i4, Ai: *const i4) -> void at 0:3\n"), "blank f: Ap[n+1], Ai[LENGTH_OF_Ai]");
    EXPECT_EQ(show("function complex_f fn(x: *f8, n: i4) -> void at 0:3\n", "complex_f"), "guess complex_f: inout x: complex128[n]");
    EXPECT_EQ(show("function f fn(x: *f8, s: *const char, n: u8) -> void at 0:3\n"), "guess f: inout x[n], s: bytes[n]");
    EXPECT_EQ(show("function f fn(x: *const f8, incx: i4, n: i4, p: *const f8) -> void at 0:3\n"), "blank f: x[n:incx], p[LENGTH_OF_p]");
    EXPECT_EQ(show("struct box at 0:1 size 8 align 8\n  field data *f8 at 0\nfunction f fn(dest: *struct box/8/8, src: *const struct "
                   "box/8/8) -> void "
                   "at 0:3\n"),
              "needless");
}

TEST_F(Drafts, AHandleThatCLeavesBehindAPointerIsAResult) {
    EXPECT_EQ(show("function make fn(name: *const char, out: **struct opaque) -> i4 at 0:3\nfunction get fn() -> *struct opaque at 0:4\n"
                   "function opaque_close fn(p: *struct opaque) -> i4 at 0:5\n",
                   "make"),
              "likely make: -> out free opaque_close, return");
}

TEST_F(Drafts, ACallbackIsWrittenAsPythonSeesIt) {
    EXPECT_EQ(show("function f fn(fcn: *fn(n: i4, x: *const f8, y: *f8, user: *void) -> i4, user: *void, n: i4, x: *f8) -> void at 0:3\n"),
              "guess f: fcn(x[n] -> y[n], return; user user), inout x[n]");
}

TEST_F(Drafts, ACapacityGoesInAndItsCountComesBack) {
    EXPECT_EQ(show("function f fn(dest: *u1, destLen: *u8, source: *const u1, sourceLen: u8) -> void at 0:3\n"),
              "guess f: destLen, source[sourceLen] -> dest[destLen], destLen");
    EXPECT_EQ(show("function f fn(dictionary: *u1, dictLength: *u4) -> void at 0:3\n"),
              "guess f: dictLength -> dictionary[dictLength], dictLength");
    EXPECT_EQ(show("function f fn(x: *f8, x_len: *u8) -> void at 0:3 definition\n  reads x_len\n  writes x x_len\n"),
              "guess f: x_len -> x[x_len], x_len");
    EXPECT_EQ(show("function f fn(x: *f8, x_len: *u8) -> void at 0:3 definition\n  writes x x_len\n"), "guess f: -> x, x_len");
    // Fortran's numbers stand behind pointers too.
    EXPECT_EQ(show("function f fn(x: *f8, n: *i4) -> void at 0:3\n"), "guess f: inout x, inout n");
}

TEST_F(Drafts, TheLastIndexTellsHowMany) {
    EXPECT_EQ(show("function f fn(nmin: i4, nmax: i4, x: f8, result_array: *f8) -> void at 0:3\n"),
              "guess f: -> result_array[nmax-nmin+1]");
    EXPECT_EQ(show("function f fn(lmax: i4, x: f8, result_array: *f8) -> void at 0:3\n"), "guess f: -> result_array[lmax+1]");
    EXPECT_EQ(show("function f fn(xmax: i4, y: *f8) -> void at 0:3\n"), "guess f: -> y");
}

TEST_F(Drafts, TheLengthBehindAStepIsThatOfTheArrayInFront) {
    EXPECT_EQ(show("function f fn(dest: *f8, k: u8, src: *const f8, stride: u8, n: u8) -> void at 0:3\n"),
              "guess f: src[n:stride] -> dest[k]");
}

TEST_F(Drafts, TextHasNoSteps) {
    EXPECT_EQ(show("function f fn(data: []const char, stride: u8, n: u8) -> f8 at 0:3\n"), "likely f: data: int8[n:stride]");
    EXPECT_EQ(show("function f fn(data: *char, stride: u8, n: u8) -> void at 0:3\n"), "likely f: inout data: int8[n:stride]");
}

TEST_F(Drafts, TextBeforeALengthIsPerhapsBytes) {
    EXPECT_EQ(show("function f fn(s: *const char, n: u8) -> i4 at 0:3\n"), "guess f: s: bytes[n]");
    EXPECT_EQ(show("function f fn(to: *i4, s: *const char, n: u8) -> i4 at 0:3\n"), "guess f: inout to[n], s: bytes[n]");
    EXPECT_EQ(show("function f fn(s: *const char, x: *const f8, n: u8) -> i4 at 0:3\n"), "likely f: x[n]");
}

TEST_F(Drafts, BesideStepsAPointerIsNotOneValue) {
    EXPECT_EQ(show("function f fn(alpha: f8, a: *f8, lda: i4, ldb: i4) -> void at 0:3\n"), "guess f: inout a[ROWS:lda,COLUMNS]");
    EXPECT_EQ(show("function f fn(crows: i4, alpha: f8, a: *f8, clda: i4, cldb: i4) -> void at 0:3\n"), "blank f: inout a[LENGTH_OF_a]");
}

TEST_F(Drafts, UnderscoresOfTheSystemsHeadersAreLeftOut) {
    EXPECT_EQ(show("function f fn(__x: f8, __y: *f8) -> void at 0:3\n"), "guess f: -> y");
    EXPECT_EQ(show("function f fn(x: f8, __x: *f8) -> void at 0:3\n"), "guess f: -> __x");
    EXPECT_EQ(show("function f fn(a: f8, __copy: *f8) -> void at 0:3\n"), "guess f: -> __copy");
}

TEST_F(Drafts, AReturnedFunctionOfCIsIgnored) {
    EXPECT_EQ(show("function f fn(n: i4) -> *fn(n: i4) -> void at 0:3\n"), "guess f: ignore return");
}

TEST_F(Drafts, ItemsOfAnySizeTellHowLargeTheyAre) {
    EXPECT_EQ(show("function f fn(base: *void, nmemb: u8, size: u8) -> void at 0:3\n"),
              "likely f: inout base: any[nmemb]; size = itemsize(base)");
}

TEST_F(Drafts, PackedComplexNumbersAreToldByTheirType) {
    EXPECT_EQ(show("function f fn(data: complex_array=*f8, stride: u8, n: u8) -> void at 0:3\n"),
              "likely f: inout data: complex128[n:stride]");
    EXPECT_EQ(show("function f fn(n: i4, in: *my_complex=[2]const f8) -> void at 0:3\n"), "likely f: in: complex128[n]");
}

TEST_F(Drafts, RoutinesOfBlasAreKnownByName) {
    const std::string order = "enum CBLAS_ORDER u4 at 0:1\n  member CblasRowMajor 101\n";
    EXPECT_EQ(show("function cblas_zaxpy fn(n: i4, alpha: *const void, x: *const void, incx: i4, y: *void, incy: i4) -> void at 0:3\n",
                   "cblas_zaxpy"),
              "likely cblas_zaxpy: alpha: complex128, lowest x: complex128[n:incx], inout lowest y: complex128[n:incy]");
    EXPECT_EQ(show("function cblas_daxpy fn(N: i4, alpha: f8, X: *const f8, incX: i4, Y: *f8, incY: i4) -> void at 0:3\n", "cblas_daxpy"),
              "likely cblas_daxpy: lowest X[N:incX], inout lowest Y[N:incY]");
    EXPECT_EQ(
        show(order + "function cblas_dger fn(order: enum CBLAS_ORDER u4, M: i4, N: i4, alpha: f8, X: *const f8, incX: i4, Y: *const f8, "
                     "incY: i4, A: *f8, lda: i4) -> void at 0:3\n",
             "cblas_dger"),
        "likely cblas_dger: lowest X[M:incX], lowest Y[N:incY], inout A[M:lda,N]; order = CblasRowMajor");
}

TEST_F(Drafts, WhatNoLineHelpsSaysWhy) {
    const Draft variadic = draft("function f fn(a: i4, ...) -> void at 0:3\n");
    EXPECT_EQ(variadic.kind, Draft::Kind::Refused);
    EXPECT_EQ(
        variadic.obstacle,
        "it is variadic: a variable number of arguments (`...`) is understood, but not bound yet: this version of ndcall cannot call it");
    EXPECT_EQ(
        draft("function f fn(h: *struct opaque) -> void at 0:3\n").obstacle,
        "'h' is struct opaque *, an opaque struct: handles are not bound yet; a short C function of your own can make, use and free one");
}

TEST_F(Drafts, AFunctionWithALineIsLeftAlone) {
    EXPECT_EQ(draft("function f fn(x: *f8, n: i4) -> void at 0:3\n  comment at 0:2 \"/// ndcall: inout x[n]\"\n").kind, Draft::Kind::Line);
    Library library("function f fn(x: *f8, n: i4) -> void at 0:3\n");
    library.add("f: inout x[n]");
    EXPECT_EQ(Drafter(library.registry()).draft(library.registry().declarations().functions[0]).kind, Draft::Kind::Given);
}

TEST_F(Drafts, RowTablesVoidAndComplexGetTheirWords) {
    EXPECT_EQ(suggest("function f fn(m: i4, n: i4, x: **f8) -> void at 0:3\n"), "f: inout rows x[m,n]");
    EXPECT_EQ(suggest("function f fn(x: *const void, n: i4) -> void at 0:3\n"), "f: x: float64[n]   # a guess: is it so?");
    EXPECT_EQ(suggest("function f fn(z: *const struct dcomplex, n: i4) -> void at 0:3\n"), "f: z[n]");
}

TEST_F(Drafts, AReturnedValueStaysAResult) {
    EXPECT_EQ(suggest("function f fn(x: *const f8, out: *f8, n: i4) -> i4 at 0:3\n"), "f: x[n] -> out[n], return");
    EXPECT_EQ(suggest("function f fn(x: *const f8, n: i4) -> i4 at 0:3\n"), "f: x[n]");
}

TEST_F(Drafts, AParameterThatIsCalledLikeAWordGetsAnotherNameInAHead) {
    EXPECT_EQ(suggest("function f fn(x: *const f8, copy: *f8, rows: i4) -> void at 0:3\n"),
              "f(x, copy_, rows_): x[rows_], inout copy_[rows_]");
}

TEST_F(Drafts, WhatNoLineCuresGetsNone) {
    EXPECT_EQ(suggest("function f fn(h: *struct opaque) -> void at 0:3\n"), "");
    EXPECT_EQ(suggest("function f fn(g: *fn(x: f8) -> f8) -> void at 0:3\n"), "");
}

// The point of a line is that it works when it is pasted.
TEST_F(Drafts, WhatIsDraftedCanBeBound) {
    for (const char* function : {
             "function f fn(a: *const f8, b: *f8, c: *f8, n: i4) -> void at 0:3 definition\n  reads a b\n  writes c\n",
             "function f fn(m: i4, n: i4, x: **f8) -> void at 0:3\n",
             "function f fn(x: *const void, n: i4) -> void at 0:3\n",
             "function f fn(x: *const f8, out: *f8, n: i4) -> i4 at 0:3\n",
             "function f fn(x: f8, result: *f8) -> void at 0:3\n",
             "function f fn(m: i4, n: i4, k: i4, x: *f8) -> void at 0:3\n",
             "function f fn(x: *const f8, copy: *f8, n: i4) -> void at 0:3\n",
         }) {
        Library library(function);
        const std::string line = Drafter(library.registry()).suggest_line(*library.registry().declarations().find_function("f"));
        library.add(line);
        EXPECT_EQ(library.refuse("f"), "bound") << line;
    }
}

}  // namespace
}  // namespace ndcall::test
