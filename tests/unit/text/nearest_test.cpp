#include <gtest/gtest.h>

#include "text/nearest.hpp"

namespace ndcall {
namespace {

using Names = std::vector<std::string>;

TEST(NearestNames, AreFoundThroughOneSlip) {
    const Names names = {"cblas_daxpy", "cblas_ddot", "cblas_dgemm"};
    EXPECT_EQ(find_nearest("cblas_daxpi", names, 1), Names{"cblas_daxpy"});
    EXPECT_EQ(find_nearest("cblas_daxp", names, 1), Names{"cblas_daxpy"});
    EXPECT_EQ(find_nearest("cblas_dgmem", names, 1), Names{"cblas_dgemm"});
}

TEST(NearestNames, ComeBestFirstThenByAlphabet) {
    EXPECT_EQ(find_nearest("filter", Names{"fitlers", "filters", "filte"}), (Names{"filte", "filters", "fitlers"}));
}

TEST(NearestNames, CountCaseAndUnderscoresAsNothing) {
    EXPECT_EQ(find_nearest("MAXITER", Names{"max_iter", "maxval"}), Names{"max_iter"});
    EXPECT_EQ(find_nearest("n", Names{"N", "m"}), Names{"N"});
}

TEST(NearestNames, DoNotIncludeWhatIsMoreThanAThirdAway) {
    EXPECT_TRUE(find_nearest("x", Names{"y", "z"}).empty());
    EXPECT_TRUE(find_nearest("add", Names{"mul"}).empty());
}

TEST(NearestNames, OfTwoLettersAreOneSlipAwayWhenOnlyOneCanBeMeant) {
    EXPECT_EQ(find_nearest("na", Names{"nx", "out", "k"}), Names{"nx"});
    EXPECT_EQ(find_nearest("xn", Names{"nx", "out"}), Names{"nx"});
    EXPECT_EQ(find_nearest("n", Names{"nx", "out", "nx"}), Names{"nx"});
    EXPECT_EQ(find_nearest("nn", Names{"n", "out"}), Names{"n"});
    EXPECT_TRUE(find_nearest("na", Names{"nx", "ny"}).empty());
    EXPECT_TRUE(find_nearest("n", Names{"k", "out"}).empty());
    EXPECT_TRUE(find_nearest("ab", Names{"xy", "abcd"}).empty());
}

TEST(NearestNames, AreAtMostAsManyAsAskedForAndEachOnce) {
    EXPECT_EQ(find_nearest("size1", Names{"size2", "size3", "size4", "size5", "size2"}, 2), (Names{"size2", "size3"}));
}

TEST(NearestNames, AreNotLookedForBehindAnEndlessName) { EXPECT_TRUE(find_nearest(std::string(100000, 'x'), Names{"x"}).empty()); }

TEST(Suggestions, ReadAsAQuestion) {
    EXPECT_EQ(suggest_nearest("sixe", Names{"size", "other"}), "; did you mean 'size'?");
    EXPECT_EQ(suggest_nearest("size0", Names{"size1", "size2"}), "; did you mean 'size1' or 'size2'?");
    EXPECT_EQ(suggest_nearest("size0", Names{"size1", "size2", "size3", "size4"}), "; did you mean 'size1', 'size2' or 'size3'?");
    EXPECT_EQ(suggest_nearest("q", Names{"size"}), "");
}

}  // namespace
}  // namespace ndcall
