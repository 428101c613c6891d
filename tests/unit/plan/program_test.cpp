#include <gtest/gtest.h>

#include "call/scene.hpp"

namespace ndcall::test {
namespace {

class ProgramTest : public testing::Test {
  protected:
    std::vector<std::uint16_t> cells_of(const Term& term) const { return find_cells(scene.plan.programs, term.program); }
    bool can_solve_for_n(const Term& term) const { return can_solve(scene.plan.programs, term.program, 0); }

    // "n, m?": what can be solved for with n, m and k open; `?` in one branch only.
    std::string show_solvable(const Term& term) const {
        std::string text;
        for (const Solvable& one : find_solvable(scene.plan.programs, term.program, [](std::uint16_t cell) { return cell < 3; }))
            text += (text.empty() ? "" : ", ") + scene.plan.cells[one.cell].name + (one.always ? "" : "?");
        return text;
    }

    Scene scene;
    Term n = scene.unknown("n"), m = scene.unknown("m"), k = scene.unknown("k"), along = scene.cell("along", 1);
};

TEST_F(ProgramTest, EveryCellIsFoundOnceInTheOrderOfTheText) {
    EXPECT_EQ(cells_of(m * n + m), (std::vector<std::uint16_t>{1, 0}));
    EXPECT_EQ(cells_of(if_else(n, less(k, along), m)), (std::vector<std::uint16_t>{0, 2, 3, 1}));
    EXPECT_EQ(cells_of(scene.call(Function::Min, "min", {n, m + k})), (std::vector<std::uint16_t>{0, 1, 2}));
    EXPECT_TRUE(cells_of(scene.integer(3)).empty());
}

TEST_F(ProgramTest, NoProgramHasNoCells) { EXPECT_TRUE(find_cells(scene.plan.programs, no_program).empty()); }

TEST_F(ProgramTest, ACellThatStandsAloneBelowInvertibleOperatorsCanBeSolvedFor) {
    for (const Term& term : {n, n + 1, n - 1, 2 * n, -n, 2 * (n + m) - 1, scene.integer(7) - n, ~n, scene.call(Function::Int, "int", {n})})
        EXPECT_TRUE(can_solve_for_n(term)) << term.text;
}

TEST_F(ProgramTest, ACellThatStandsTwiceOrBelowAnythingElseCannot) {
    const std::vector<Term> hopeless{
        n * n,      n - n, n / 2, n % 2,           scene.call(Function::Max, "max", {n, m}), scene.call(Function::Abs, "abs", {n}),
        less(n, m), m,     n & m, scene.integer(3)};
    for (const Term& term : hopeless) EXPECT_FALSE(can_solve_for_n(term)) << term.text;
}

TEST_F(ProgramTest, ACellInOneBranchOfAConditionalCanBeSolvedFor) {
    EXPECT_TRUE(can_solve_for_n(if_else(n, along, m)));
    EXPECT_TRUE(can_solve_for_n(if_else(m, along, 2 * n)));
    EXPECT_TRUE(can_solve_for_n(if_else(n, along, n + 1) + 1));
}

TEST_F(ProgramTest, ACellInTheConditionCannot) { EXPECT_FALSE(can_solve_for_n(if_else(n, less(n, m), m))); }

TEST_F(ProgramTest, TwoOpenCellsAreSolvedForOnlyInDifferentBranches) {
    EXPECT_EQ(show_solvable(m + n), "");
    EXPECT_EQ(show_solvable(m * n), "");
    EXPECT_EQ(show_solvable(if_else(m, along, n)), "m?, n?");
    EXPECT_EQ(show_solvable(if_else(m + k, along, n)), "n?");
    EXPECT_EQ(show_solvable(if_else(m, along, n) + 1), "m?, n?");
    EXPECT_EQ(show_solvable(if_else(m, along, n) + k), "");
}

TEST_F(ProgramTest, ACellOfBothBranchesIsAlwaysKnown) {
    EXPECT_EQ(show_solvable(if_else(n, along, n + 1)), "n");
    EXPECT_EQ(show_solvable(if_else(n, along, if_else(m, along, n))), "n?, m?");
    EXPECT_EQ(show_solvable(if_else(n, along, scene.integer(3))), "n?");
}

TEST_F(ProgramTest, NoBranchIsSolvedForBelowAConditionThatIsOpenItself) { EXPECT_EQ(show_solvable(if_else(m, less(k, n), n)), ""); }

}  // namespace
}  // namespace ndcall::test
