// program == value, turned round until the unknown cell stands alone.
#include <algorithm>

#include "call/evaluator.hpp"

namespace ndcall {
namespace {

using detail::Evaluator;
using Status = Solution::Status;

// The nodes below `program` that count now: of a conditional whose condition is known, the condition and the branch taken.
template <class Visit>
void visit_cells(Evaluator& evaluator, Program program, const Visit& visit) {
    const Node& node = evaluator.node(program);
    if (node.kind == NodeKind::Cell) return visit(node.index);
    if (node.op == Op::Conditional && node.kind == NodeKind::Operator) {
        Number condition;
        visit_cells(evaluator, node.operands[1], visit);
        if (evaluator.compute(node.operands[1], condition) == EvalStatus::Done)
            return visit_cells(evaluator, node.operands[is_true(condition) ? 0 : 2], visit);
        visit_cells(evaluator, node.operands[0], visit);
        return visit_cells(evaluator, node.operands[2], visit);
    }
    for (const Program operand : node.operands) visit_cells(evaluator, operand, visit);
}

class Solver {
  public:
    explicit Solver(Evaluator& evaluator) : evaluator_(evaluator) {}

    Solution solve(Program program, std::int64_t value);

  private:
    std::size_t count_unknown(Program program);
    Solution solve_binary(const Node& node, std::int64_t value);
    Solution solve_conditional(const Node& node, std::int64_t value);
    Solution overflow() { return {Status::Failed, none, 0, "the value that solves " + evaluator_.text() + " does not fit 64 bits"}; }

    Evaluator& evaluator_;
};

std::size_t Solver::count_unknown(Program program) {
    std::size_t count = 0;
    visit_cells(evaluator_, program, [&](std::uint16_t cell) { count += evaluator_.frame.cells[cell].known ? 0 : 1; });
    return count;
}

Solution Solver::solve(Program program, std::int64_t value) {
    const Node& node = evaluator_.node(program);
    if (count_unknown(program) != 1) return {};
    if (node.kind == NodeKind::Cell) return {Status::Solved, node.index, value, {}};
    if (node.kind == NodeKind::Function && node.function == Function::Int) return solve(node.operands[0], value);
    if (node.kind != NodeKind::Operator) return {};
    std::int64_t turned = 0;
    switch (node.op) {
        case Op::Plus: return solve(node.operands[0], value);
        case Op::Negate: return __builtin_sub_overflow(std::int64_t{0}, value, &turned) ? overflow() : solve(node.operands[0], turned);
        case Op::Invert: return solve(node.operands[0], ~value);
        case Op::Conditional: return solve_conditional(node, value);
        default: return node.operands.size() == 2 ? solve_binary(node, value) : Solution{};
    }
}

Solution Solver::solve_conditional(const Node& node, std::int64_t value) {
    Number condition;
    if (evaluator_.compute(node.operands[1], condition) != EvalStatus::Done) return {};
    return solve(node.operands[is_true(condition) ? 0 : 2], value);
}

Solution Solver::solve_binary(const Node& node, std::int64_t value) {
    const bool unknown_is_left = count_unknown(node.operands[0]) == 1;
    const Program unknown = node.operands[unknown_is_left ? 0 : 1];
    std::int64_t known = 0, turned = 0;
    const EvalStatus status = evaluator_.compute_integer(node.operands[unknown_is_left ? 1 : 0], known);
    if (status == EvalStatus::Failed) return {Status::Failed, none, 0, evaluator_.failure};
    if (status != EvalStatus::Done) return {};
    bool overflows = false;
    switch (node.op) {
        case Op::Add: overflows = __builtin_sub_overflow(value, known, &turned); break;
        case Op::Subtract:
            overflows = unknown_is_left ? __builtin_add_overflow(value, known, &turned) : __builtin_sub_overflow(known, value, &turned);
            break;
        case Op::Multiply:
            if (known == 0) return {value == 0 ? Status::Unsolvable : Status::NoInteger, none, 0, {}};
            if (known == -1) {
                overflows = __builtin_sub_overflow(std::int64_t{0}, value, &turned);
                break;
            }
            if (value % known != 0) return {Status::NoInteger, none, 0, {}};
            turned = value / known;
            break;
        case Op::Divide:
            // Any other divisor rounds, and several numbers would do.
            if (!unknown_is_left || known != 1) return {};
            turned = value;
            break;
        default: return {};
    }
    return overflows ? overflow() : solve(unknown, turned);
}

void add_once(std::vector<std::uint16_t>& cells, std::uint16_t cell) {
    if (std::find(cells.begin(), cells.end(), cell) == cells.end()) cells.push_back(cell);
}

}  // namespace

Solution solve(const Frame& frame, Program program, std::int64_t value) {
    Evaluator evaluator(frame, program);
    return Solver(evaluator).solve(program, value);
}

std::vector<std::uint16_t> find_unknown(const Frame& frame, Program program) {
    Evaluator evaluator(frame, program);
    std::vector<std::uint16_t> cells;
    visit_cells(evaluator, program, [&](std::uint16_t cell) {
        if (!frame.cells[cell].known) add_once(cells, cell);
    });
    return cells;
}

}  // namespace ndcall
