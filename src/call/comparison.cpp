// == != < <= > >=: chains of numbers, of whole arrays, of texts and pointers with NULL.
#include <algorithm>
#include <cstring>

#include "call/elements.hpp"
#include "call/evaluator.hpp"

namespace ndcall::detail {
namespace {

// An operand is a number, or an array of which every element is meant.
struct Operand {
    const ArrayView* array = nullptr;
    Program program = no_program;
    Number number;
    bool is_array = false;
};

EvalStatus load_operand(Evaluator& evaluator, Program program, Operand& operand) {
    operand.program = program;
    const Node& node = evaluator.node(program);
    operand.is_array = node.kind == NodeKind::ArrayElements;
    if (!operand.is_array) return evaluator.compute(program, operand.number);
    operand.array = &evaluator.frame.arrays[node.index];
    return EvalStatus::Done;
}

bool is_null_literal(const Evaluator& evaluator, const Operand& operand) { return evaluator.node(operand.program).kind == NodeKind::Null; }

// Whether it is there at all: the only question that may be asked of what was not given.
bool is_null(const Operand& operand) {
    if (operand.is_array) return operand.array->data == nullptr;
    if (operand.number.form == Number::Form::Integer) return operand.number.integer == 0;
    return operand.number.form == Number::Form::Null;
}

EvalStatus compare_with_null(Evaluator& evaluator, const Operand& left, Comparison comparison, const Operand& right, bool& holds) {
    const bool asks_equal = comparison == Comparison::Equal;
    if (!asks_equal && comparison != Comparison::NotEqual) return evaluator.fail("NULL has no order in " + evaluator.text());
    holds = (is_null(left) && is_null(right)) == asks_equal;
    return EvalStatus::Done;
}

EvalStatus compare_texts(Evaluator& evaluator, const Number& left, Comparison comparison, const Number& right, bool& holds) {
    const bool asks_equal = comparison == Comparison::Equal;
    if (left.form != right.form || (!asks_equal && comparison != Comparison::NotEqual))
        return evaluator.fail("a text compares with NULL or a text, for equality, in " + evaluator.text());
    holds = (std::strcmp(left.text, right.text) == 0) == asks_equal;
    return EvalStatus::Done;
}

long double as_bound(const Number& number) {
    return number.form == Number::Form::Real ? static_cast<long double>(number.real) : static_cast<long double>(number.integer);
}

bool same_shape(const ArrayView& left, const ArrayView& right) {
    return left.ndim == right.ndim && std::equal(left.shape, left.shape + left.ndim, right.shape);
}

EvalStatus compare_arrays(Evaluator& evaluator, const Operand& left, Comparison comparison, const Operand& right, bool& holds) {
    ElementAnswer answer;
    for (const Operand* operand : {&left, &right}) {
        if (operand->is_array && operand->array->data == nullptr) return EvalStatus::Absent;
        if (!operand->is_array && operand->number.form == Number::Form::Text)
            return evaluator.fail("an array compares with numbers in " + evaluator.text());
    }
    if (left.is_array && right.is_array) {
        if (!same_shape(*left.array, *right.array))
            return evaluator.fail("'" + evaluator.array_name(left.program) + "' and '" + evaluator.array_name(right.program) +
                                  "' have different shapes in " + evaluator.text());
        answer = compare_elements(*left.array, comparison, *right.array);
    } else if (left.is_array) {
        answer = compare_elements(*left.array, comparison, as_bound(right.number));
    } else {
        answer = compare_elements(*right.array, mirror(comparison), as_bound(left.number));
    }
    if (answer == ElementAnswer::NoOrder)
        return evaluator.fail("the elements of '" + evaluator.array_name((left.is_array ? left : right).program) +
                              "' cannot be compared in " + evaluator.text());
    holds = answer == ElementAnswer::Yes;
    return EvalStatus::Done;
}

EvalStatus compare_pair(Evaluator& evaluator, const Operand& left, Comparison comparison, const Operand& right, bool& holds) {
    using Form = Number::Form;
    if (is_null_literal(evaluator, left) || is_null_literal(evaluator, right))
        return compare_with_null(evaluator, left, comparison, right, holds);
    if (left.is_array || right.is_array) return compare_arrays(evaluator, left, comparison, right, holds);
    if (left.number.form == Form::Null || right.number.form == Form::Null)
        return compare_with_null(evaluator, left, comparison, right, holds);
    if (left.number.form == Form::Text || right.number.form == Form::Text)
        return compare_texts(evaluator, left.number, comparison, right.number, holds);
    holds = compare_reals(as_bound(left.number), comparison, as_bound(right.number));
    return EvalStatus::Done;
}

}  // namespace

Comparison mirror(Comparison comparison) {
    switch (comparison) {
        case Comparison::Less: return Comparison::Greater;
        case Comparison::LessEqual: return Comparison::GreaterEqual;
        case Comparison::Greater: return Comparison::Less;
        case Comparison::GreaterEqual: return Comparison::LessEqual;
        default: return comparison;
    }
}

// As in Python: each operand is looked at once, and none after the first comparison that fails.
EvalStatus apply_comparison(Evaluator& evaluator, const Node& node, Number& number) {
    Operand left;
    EvalStatus status = load_operand(evaluator, node.operands[0], left);
    if (status != EvalStatus::Done) return status;
    bool holds = true;
    for (std::size_t i = 0; holds && i < node.comparisons.size(); ++i) {
        Operand right;
        status = load_operand(evaluator, node.operands[i + 1], right);
        if (status != EvalStatus::Done) return status;
        status = compare_pair(evaluator, left, node.comparisons[i], right, holds);
        if (status != EvalStatus::Done) return status;
        left = right;
    }
    number = Number::of(holds);
    return EvalStatus::Done;
}

}  // namespace ndcall::detail
