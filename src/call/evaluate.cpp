#include "call/evaluate.hpp"

#include <cmath>

#include "call/call_numbers.hpp"
#include "call/elements.hpp"
#include "call/evaluator.hpp"

namespace ndcall {
namespace detail {

const std::string& Evaluator::text() const {
    static const std::string unnamed = "an expression";
    const auto& texts = frame.plan.programs.texts;
    return root < texts.size() && !texts[root].empty() ? texts[root] : unnamed;
}

EvalStatus Evaluator::find_array(Program program, bool needs_data, const ArrayView*& array) {
    const Node& named = node(program);
    if (named.kind != NodeKind::ArrayElements) return fail("an array is wanted in " + text());
    array = &frame.arrays[named.index];
    // A result has its shape before it has memory.
    const bool is_there = array->data != nullptr || (!needs_data && array->shape != nullptr);
    return is_there ? EvalStatus::Done : EvalStatus::Absent;
}

EvalStatus Evaluator::compute_integer(Program program, std::int64_t& value) {
    Number number;
    const EvalStatus status = compute(program, number);
    if (status != EvalStatus::Done) return status;
    if (number.form != Number::Form::Integer) return fail("an integer is wanted in " + text());
    value = number.integer;
    return status;
}

EvalStatus Evaluator::compute_cell(const Node& cell_node, Number& number) {
    const RawCell& cell = frame.cells[cell_node.index];
    if (!cell.known) return EvalStatus::Unknown;
    const Cell& described = frame.plan.cells[cell_node.index];
    if (load_number(described.type, cell.bytes, number)) return EvalStatus::Done;
    if (described.type.kind == ScalarKind::Complex) return fail("'" + described.name + "' is complex in " + text());
    return fail("the value of '" + described.name + "' does not fit 64 bits in " + text());
}

EvalStatus Evaluator::compute_item(const Node& item, Number& number) {
    const ArrayView& array = frame.arrays[item.index];
    if (array.data == nullptr) return EvalStatus::Absent;
    const std::string& name = frame.plan.arrays[item.index].name;
    if (array.ndim != 1) return fail("'" + name + "' has " + std::to_string(array.ndim) + " dimensions, and no one index, in " + text());
    std::int64_t index = 0;
    const EvalStatus status = compute_integer(item.operands[0], index);
    if (status != EvalStatus::Done) return status;
    if (index < 0 || index >= array.shape[0])
        return fail("index " + std::to_string(index) + " is outside '" + name + "', which has length " + std::to_string(array.shape[0]) +
                    ", in " + text());
    if (load_element(array.dtype, array.data + index * array.byte_strides[0], number)) return EvalStatus::Done;
    return fail("'" + name + "[" + std::to_string(index) + "]' is no real 64-bit number in " + text());
}

EvalStatus Evaluator::compute_member(const Node& member, Number& number) {
    const std::byte* base = frame.structs[member.index];
    if (base == nullptr) return EvalStatus::Absent;
    // SAFETY: the offset and type were read from the struct's declaration, and binding checked that they lie inside its size.
    if (load_number(member.scalar, base + member.integer, number)) return EvalStatus::Done;
    return fail("a member of '" + frame.plan.structs[member.index].name + "' is no real 64-bit number in " + text());
}

EvalStatus Evaluator::compute_logic(const Node& logic, Number& number) {
    const bool decides = logic.op == Op::Or;  // the value that ends the search
    for (const Program operand : logic.operands) {
        const EvalStatus status = compute(operand, number);
        if (status != EvalStatus::Done) return status;
        if (is_true(number) == decides) {
            number = Number::of(decides);
            return EvalStatus::Done;
        }
    }
    number = Number::of(!decides);
    return EvalStatus::Done;
}

EvalStatus Evaluator::compute_operator(const Node& operation, Number& number) {
    switch (operation.op) {
        case Op::Compare: return apply_comparison(*this, operation, number);
        case Op::And:
        case Op::Or: return compute_logic(operation, number);
        default: break;
    }
    Number operands[2];
    const std::size_t first = operation.op == Op::Conditional ? 1 : 0;
    EvalStatus status = compute(operation.operands[first], operands[0]);
    if (status != EvalStatus::Done) return status;
    if (operation.op == Op::Conditional) return compute(operation.operands[is_true(operands[0]) ? 0 : 2], number);
    if (operation.op == Op::Not) {
        number = Number::of(!is_true(operands[0]));
        return EvalStatus::Done;
    }
    if (operation.operands.size() == 1) return apply_operator(*this, operation.op, {operands, 1}, number);
    status = compute(operation.operands[1], operands[1]);
    if (status != EvalStatus::Done) return status;
    return apply_operator(*this, operation.op, operands, number);
}

EvalStatus Evaluator::compute_call(Program program, Number& number) {
    const Node& call = node(program);
    std::vector<Number> arguments(call.operands.size());
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const EvalStatus status = compute(call.operands[i], arguments[i]);
        if (status != EvalStatus::Done) return status;
    }
    for (const CallValue& made : frame.call_values) {
        if (made.node != program || made.arguments != arguments) continue;
        number = made.result;
        return EvalStatus::Done;
    }
    Evaluation result = call_numbers(*frame.plan.callees[call.index].plan, arguments);
    number = result.number;
    failure = std::move(result.failure);
    if (result.status == EvalStatus::Done) frame.call_values.push_back({program, std::move(arguments), number});
    return result.status;
}

EvalStatus Evaluator::compute(Program program, Number& number) {
    const Node& computed = node(program);
    switch (computed.kind) {
        case NodeKind::Integer: number = Number::of(computed.integer); return EvalStatus::Done;
        case NodeKind::Real: number = Number::of_real(computed.real); return EvalStatus::Done;
        case NodeKind::Text: number = {Number::Form::Text, 0, 0, computed.text.c_str()}; return EvalStatus::Done;
        case NodeKind::Null: number = {Number::Form::Null, 0, 0, nullptr}; return EvalStatus::Done;
        case NodeKind::Cell: return compute_cell(computed, number);
        case NodeKind::ArrayElements:
            return fail("'" + frame.plan.arrays[computed.index].name + "' stands for all its elements, and has no one value, in " + text());
        case NodeKind::ArrayItem: return compute_item(computed, number);
        case NodeKind::TextValue: {
            const char* value = frame.texts[computed.index];
            number = {value == nullptr ? Number::Form::Null : Number::Form::Text, 0, 0, value};
            return EvalStatus::Done;
        }
        case NodeKind::Member: return compute_member(computed, number);
        case NodeKind::StructValue: {
            const std::byte* address = frame.structs[computed.index];
            // SAFETY: the address is only compared with NULL.
            number = {address == nullptr ? Number::Form::Null : Number::Form::Integer, reinterpret_cast<std::intptr_t>(address), 0,
                      nullptr};
            return EvalStatus::Done;
        }
        case NodeKind::Function: return apply_function(*this, computed, number);
        case NodeKind::Call: return compute_call(program, number);
        case NodeKind::List: return fail(text() + " is a list, not a number");
        case NodeKind::Operator: return compute_operator(computed, number);
    }
    return fail(text() + " is no expression of numbers");
}

}  // namespace detail

bool is_true(const Number& number) {
    switch (number.form) {
        case Number::Form::Integer: return number.integer != 0;
        case Number::Form::Real: return number.real != 0;
        case Number::Form::Text: return true;
        case Number::Form::Null: return false;
    }
    return false;
}

Evaluation evaluate(const Frame& frame, Program program) {
    detail::Evaluator evaluator(frame, program);
    Evaluation evaluation;
    evaluation.status = evaluator.compute(program, evaluation.number);
    evaluation.failure = std::move(evaluator.failure);
    return evaluation;
}

EvalStatus evaluate_list(const Frame& frame, Program program, std::vector<std::int64_t>& values, std::string& failure) {
    detail::Evaluator evaluator(frame, program);
    const Node& root = evaluator.node(program);
    const bool is_axes = root.kind == NodeKind::Function && root.operands.size() == 1 &&
                         (root.function == Function::Shape || root.function == Function::ByteStrides);
    EvalStatus status = EvalStatus::Done;
    values.clear();
    if (is_axes) {
        status = list_axes(evaluator, root, values);
    } else if (root.kind == NodeKind::List) {
        for (std::size_t i = 0; status == EvalStatus::Done && i < root.operands.size(); ++i)
            status = evaluator.compute_integer(root.operands[i], values.emplace_back());
    } else {
        status = evaluator.compute_integer(program, values.emplace_back());
    }
    failure = std::move(evaluator.failure);
    return status;
}

}  // namespace ndcall
