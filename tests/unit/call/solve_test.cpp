#include <gtest/gtest.h>

#include <limits>

#include "call/scene.hpp"

namespace ndcall::test {
namespace {

using Status = Solution::Status;

void expect_solution(const Term& term, std::int64_t value, std::int64_t expected) {
    const Solution solution = solve(term, value);
    ASSERT_EQ(solution.status, Status::Solved) << term.text << ": " << solution.failure;
    EXPECT_EQ(term.scene->plan.cells[solution.cell].name, "n");
    EXPECT_EQ(solution.value, expected) << term.text;
}

TEST(Solve, one_symbol_alone_is_found) {
    Scene s;
    const Term n = s.unknown("n"), k = s.cell("k", 4);
    expect_solution(n, 7, 7);
    expect_solution(n + 1, 7, 6);
    expect_solution(n - 1, 7, 8);
    expect_solution(k - n, 7, -3);
    expect_solution(2 * n, 8, 4);
    expect_solution(n * k, 8, 2);
    expect_solution(-n, 8, -8);
    expect_solution(~n, 8, -9);
    expect_solution(n / 1, 8, 8);
    expect_solution(2 * (n + k), 20, 6);
    expect_solution(s.call(Function::Int, "int", {n}), 3, 3);
}

TEST(Solve, a_conditional_is_solved_in_the_branch_taken) {
    Scene s;
    const Term n = s.unknown("n"), yes = s.cell("yes", 1), no = s.cell("no", 0), k = s.cell("k", 9);
    expect_solution(if_else(n + 1, yes, k), 5, 4);
    expect_solution(if_else(k, no, n + 1), 5, 4);
    expect_solution(if_else(n, yes, n + 1), 5, 5);
    EXPECT_EQ(solve(if_else(n, no, k), 9).status, Status::Unsolvable);
    EXPECT_EQ(solve(if_else(k, n, yes), 9).status, Status::Unsolvable);
}

TEST(Solve, what_no_integer_fulfils_is_told_apart_from_what_cannot_be_solved) {
    Scene s;
    const Term n = s.unknown("n"), m = s.unknown("m"), zero = s.cell("z", 0);
    EXPECT_EQ(solve(2 * n, 5).status, Status::NoInteger);
    EXPECT_EQ(solve(zero * n, 5).status, Status::NoInteger);
    EXPECT_EQ(solve(zero * n, 0).status, Status::Unsolvable);
    EXPECT_EQ(solve(n * n, 4).status, Status::Unsolvable);
    EXPECT_EQ(solve(n + m, 4).status, Status::Unsolvable);
    EXPECT_EQ(solve(n / 2, 4).status, Status::Unsolvable);
    EXPECT_EQ(solve(n % 2, 0).status, Status::Unsolvable);
    EXPECT_EQ(solve(s.call(Function::Max, "max", {n, zero}), 4).status, Status::Unsolvable);
    EXPECT_EQ(solve(s.integer(4), 4).status, Status::Unsolvable);
}

TEST(Solve, overflow_on_the_way_is_a_failure) {
    Scene s;
    const std::int64_t largest = std::numeric_limits<std::int64_t>::max(), smallest = std::numeric_limits<std::int64_t>::min();
    const Term n = s.unknown("n"), k = s.cell("k", 0);
    EXPECT_EQ(solve(n - 1, largest).failure, "the value that solves n-1 does not fit 64 bits");
    EXPECT_EQ(solve(n * s.integer(-1), smallest).failure, "the value that solves n*-1 does not fit 64 bits");
    EXPECT_EQ(solve(-n, smallest).failure, "the value that solves -n does not fit 64 bits");
    EXPECT_EQ(solve(n + s.integer(1) / k, 1).failure, "division by zero in n+1/k");
}

TEST(FindUnknown, names_each_unknown_cell_once) {
    Scene s;
    const Term n = s.unknown("n"), m = s.unknown("m"), k = s.cell("k", 1);
    EXPECT_EQ(find_unknown(s.frame(), (n * n + k + m).program), (std::vector<std::uint16_t>{0, 1}));
    EXPECT_EQ(find_unknown(s.frame(), if_else(n, k, m).program), (std::vector<std::uint16_t>{0}));
    EXPECT_EQ(find_unknown(s.frame(), if_else(k, n, m).program), (std::vector<std::uint16_t>{0, 1}));
    EXPECT_TRUE(find_unknown(s.frame(), (k + 1).program).empty());
}

}  // namespace
}  // namespace ndcall::test
