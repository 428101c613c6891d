#include "plan/program.hpp"

#include <algorithm>
#include <iterator>

namespace ndcall {

namespace {

void collect_cells(const ProgramPool& pool, std::uint16_t at, std::vector<std::uint16_t>& cells) {
    const Node& node = pool.nodes[at];
    if (node.kind == NodeKind::Cell && std::find(cells.begin(), cells.end(), node.index) == cells.end()) cells.push_back(node.index);
    for (const std::uint16_t operand : node.operands) collect_cells(pool, operand, cells);
}

using IsOpen = std::function<bool(std::uint16_t)>;

bool has_open(const ProgramPool& pool, std::uint16_t at, const IsOpen& is_open) {
    const auto cells = find_cells(pool, at);
    return std::any_of(cells.begin(), cells.end(), is_open);
}

bool is_invertible(const Node& node) {
    if (node.kind == NodeKind::Function) return node.function == Function::Int;
    static constexpr Op invertible[] = {Op::Add, Op::Subtract, Op::Multiply, Op::Negate, Op::Plus, Op::Invert};
    return node.kind == NodeKind::Operator && std::find(std::begin(invertible), std::end(invertible), node.op) != std::end(invertible);
}

// What either branch can be solved for: a cell of both is known whichever is taken.
std::vector<Solvable> merge_branches(std::vector<Solvable> first, const std::vector<Solvable>& second) {
    const auto find_in = [](auto& list, std::uint16_t cell) {
        return std::find_if(list.begin(), list.end(), [cell](const Solvable& one) { return one.cell == cell; });
    };
    for (Solvable& one : first) {
        const auto other = find_in(second, one.cell);
        one.always = one.always && other != second.end() && other->always;
    }
    for (const Solvable& one : second)
        if (find_in(first, one.cell) == first.end()) first.push_back({one.cell, false});
    return first;
}

}  // namespace

std::vector<std::uint16_t> find_cells(const ProgramPool& pool, Program program) {
    std::vector<std::uint16_t> cells;
    if (program != no_program) collect_cells(pool, program, cells);
    return cells;
}

std::vector<Solvable> find_solvable(const ProgramPool& pool, Program program, const IsOpen& is_open) {
    const Node& node = pool.nodes[program];
    if (node.kind == NodeKind::Cell) return is_open(node.index) ? std::vector<Solvable>{{node.index, true}} : std::vector<Solvable>{};
    if (node.kind == NodeKind::Operator && node.op == Op::Conditional) {  // operands: a, condition, b
        if (has_open(pool, node.operands[1], is_open)) return {};
        return merge_branches(find_solvable(pool, node.operands[0], is_open), find_solvable(pool, node.operands[2], is_open));
    }
    if (!is_invertible(node)) return {};
    Program holder = no_program;
    for (const Program operand : node.operands) {
        if (!has_open(pool, operand, is_open)) continue;
        if (holder != no_program) return {};  // n*n, n-n, m+n
        holder = operand;
    }
    return holder == no_program ? std::vector<Solvable>{} : find_solvable(pool, holder, is_open);
}

bool can_solve(const ProgramPool& pool, Program program, std::uint16_t cell) {
    return !find_solvable(pool, program, [cell](std::uint16_t other) { return other == cell; }).empty();
}

}  // namespace ndcall
