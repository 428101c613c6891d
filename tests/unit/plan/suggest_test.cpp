#include <gtest/gtest.h>

#include "plan/binding.hpp"

namespace ndcall::test {
namespace {

class Suggest : public testing::Test {
  protected:
    static std::string suggest(const std::string& function) {
        return Library(function + "struct dcomplex at 0:1 size 16 align 8\n  field re f8 at 0\n  field im f8 at 8\nstruct opaque at 0:1\n")
            .find_cure("f");
    }
};

TEST_F(Suggest, ConstIsAnInputAndWhatTheBodyOnlyWritesIsAResult) {
    EXPECT_EQ(suggest("function f fn(a: *const f8, b: *f8, c: *f8, n: i4) -> void at 0:3 definition\n  reads a b\n  writes c\n"),
              "f: a[n], b[n] -> c[n]");
}

TEST_F(Suggest, WhatTheBodyReadsAndWritesIsChangedInPlace) {
    EXPECT_EQ(suggest("function f fn(x: *f8, n: i4) -> void at 0:3 definition\n  reads x\n  writes x\n"), "f: inout x[n]");
}

TEST_F(Suggest, WithoutABodyOnlyTheNameTells) {
    EXPECT_EQ(suggest("function f fn(x: *f8, n: i4) -> void at 0:3\n"), "f: inout x[n]");
    EXPECT_EQ(suggest("function f fn(x: *const f8, out: *f8, n: i4) -> void at 0:3\n"), "f: x[n] -> out[n]");
    EXPECT_EQ(suggest("function f fn(x: *const f8, dst_data: *f8, n: i4) -> void at 0:3\n"), "f: x[n] -> dst_data[n]");
}

TEST_F(Suggest, AnArrayWithALengthOfItsOwnGetsIt) {
    EXPECT_EQ(suggest("function f fn(x: *const f8, nx: i4, y: *const f8, leny: i4, y_len: i4) -> void at 0:3\n"), "f: x[nx], y[y_len]");
}

TEST_F(Suggest, StepsAreNoExtents) {
    EXPECT_EQ(suggest("function f fn(n: i4, a: *const f8, lda: i4, x: *const f8, incx: i4) -> void at 0:3\n"), "f: a[n], x[n]");
}

TEST_F(Suggest, WithoutCountsAWrittenPointerIsOneNumber) {
    EXPECT_EQ(suggest("function f fn(x: f8, result: *f8) -> void at 0:3\n"), "f: -> result");
    EXPECT_EQ(suggest("function f fn(x: *const f8) -> void at 0:3\n"), "f: x[n]");
}

TEST_F(Suggest, RowTablesVoidAndComplexGetTheirWords) {
    EXPECT_EQ(suggest("function f fn(m: i4, n: i4, x: **f8) -> void at 0:3\n"), "f: inout rows x[m,n]");
    EXPECT_EQ(suggest("function f fn(x: *const void, n: i4) -> void at 0:3\n"), "f: x: float64[n]");
    EXPECT_EQ(suggest("function f fn(z: *const struct dcomplex, n: i4) -> void at 0:3\n"), "f: z[n]");
}

TEST_F(Suggest, AReturnedValueStaysAResult) {
    EXPECT_EQ(suggest("function f fn(x: *const f8, out: *f8, n: i4) -> i4 at 0:3\n"), "f: x[n] -> out[n], return");
    EXPECT_EQ(suggest("function f fn(x: *const f8, n: i4) -> i4 at 0:3\n"), "f: x[n]");
}

TEST_F(Suggest, AParameterThatIsCalledLikeAWordGetsAnotherNameInAHead) {
    EXPECT_EQ(suggest("function f fn(x: *const f8, copy: *f8, rows: i4) -> void at 0:3\n"),
              "f(x, copy_, rows_): x[rows_], inout copy_[rows_]");
}

TEST_F(Suggest, WhatNoLineCuresGetsNone) {
    EXPECT_EQ(suggest("function f fn(h: *struct opaque) -> void at 0:3\n"), "");
    EXPECT_EQ(suggest("function f fn(g: *fn(x: f8) -> f8) -> void at 0:3\n"), "");
}

// The point of a suggestion is that it works when it is pasted.
TEST_F(Suggest, WhatIsSuggestedCanBeBound) {
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
        const std::string line = library.find_cure("f");
        library.add(line);
        EXPECT_EQ(library.refuse("f"), "bound") << line;
    }
}

}  // namespace
}  // namespace ndcall::test
