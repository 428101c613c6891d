#include "plan/program.hpp"

#include <algorithm>

namespace ndcall {

namespace {

void collect_cells(const ProgramPool& pool, std::uint16_t at, std::vector<std::uint16_t>& cells) {
    const Node& node = pool.nodes[at];
    if (node.kind == NodeKind::Cell && std::find(cells.begin(), cells.end(), node.index) == cells.end()) cells.push_back(node.index);
    for (const std::uint16_t operand : node.operands) collect_cells(pool, operand, cells);
}

bool contains(const ProgramPool& pool, std::uint16_t at, std::uint16_t cell) {
    const auto cells = find_cells(pool, at);
    return std::find(cells.begin(), cells.end(), cell) != cells.end();
}

bool is_invertible(Op op) { return op == Op::Add || op == Op::Subtract || op == Op::Multiply || op == Op::Negate || op == Op::Plus; }

}  // namespace

std::vector<std::uint16_t> find_cells(const ProgramPool& pool, Program program) {
    std::vector<std::uint16_t> cells;
    if (program != no_program) collect_cells(pool, program, cells);
    return cells;
}

bool can_solve(const ProgramPool& pool, Program program, std::uint16_t cell) {
    const Node& node = pool.nodes[program];
    if (node.kind == NodeKind::Cell) return node.index == cell;
    if (node.kind != NodeKind::Operator) return false;
    if (node.op == Op::Conditional)  // operands: a, condition, b
        return !contains(pool, node.operands[1], cell) && (can_solve(pool, node.operands[0], cell) || can_solve(pool, node.operands[2], cell));
    if (!is_invertible(node.op)) return false;
    std::uint16_t holder = no_program;
    for (const std::uint16_t operand : node.operands) {
        if (!contains(pool, operand, cell)) continue;
        if (holder != no_program) return false;  // n*n, n-n
        holder = operand;
    }
    return holder != no_program && can_solve(pool, holder, cell);
}

}  // namespace ndcall
