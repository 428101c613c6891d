// The walk over one expression, shared by the files of src/call that evaluate its parts. Not for others: they use evaluate.hpp.
#pragma once

#include <span>
#include <string>

#include "call/evaluate.hpp"

namespace ndcall::detail {

class Evaluator {
  public:
    Evaluator(const Frame& frame_of_call, Program root_program) : frame(frame_of_call), root(root_program) {}

    EvalStatus compute(Program program, Number& number);
    // A number that is an integer: an index, an axis.
    EvalStatus compute_integer(Program program, std::int64_t& value);
    // The array that a node stands for; `needs_data` when more than its shape and type is asked for.
    EvalStatus find_array(Program program, bool needs_data, const ArrayView*& array);

    const Node& node(Program program) const { return frame.plan.programs.nodes[program]; }
    const std::string& array_name(Program program) const { return frame.plan.arrays[node(program).index].name; }
    // The whole expression as the user wrote it: parts have no text of their own.
    const std::string& text() const;

    EvalStatus fail(std::string why) {
        failure = std::move(why);
        return EvalStatus::Failed;
    }
    EvalStatus fail_overflow() { return fail(text() + " does not fit 64 bits"); }

    const Frame& frame;
    const Program root;
    std::string failure;

  private:
    EvalStatus compute_cell(const Node& node, Number& number);
    EvalStatus compute_item(const Node& node, Number& number);
    EvalStatus compute_member(const Node& node, Number& number);
    EvalStatus compute_operator(const Node& node, Number& number);
    EvalStatus compute_logic(const Node& node, Number& number);
    EvalStatus compute_call(Program program, Number& number);
};

// One or two operands that are already numbers. Op is neither Compare, And, Or, Not nor Conditional.
EvalStatus apply_operator(Evaluator& evaluator, Op op, std::span<const Number> operands, Number& number);
EvalStatus apply_comparison(Evaluator& evaluator, const Node& node, Number& number);
Comparison mirror(Comparison comparison);  // a < b: b > a
EvalStatus apply_function(Evaluator& evaluator, const Node& node, Number& number);

// shape(x), byte_strides(x).
EvalStatus list_axes(Evaluator& evaluator, const Node& node, std::vector<std::int64_t>& values);

}  // namespace ndcall::detail
