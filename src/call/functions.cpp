// The built-in functions of the contract language, one row each.
#include <cmath>
#include <cstring>
#include <limits>

#include "call/elements.hpp"
#include "call/evaluator.hpp"

namespace ndcall::detail {
namespace {

// Of numbers.

long double as_long_double(const Number& number) {
    return number.form == Number::Form::Real ? static_cast<long double>(number.real) : static_cast<long double>(number.integer);
}

EvalStatus compute_real(Evaluator& evaluator, Program program, Number& number) {
    const EvalStatus status = evaluator.compute(program, number);
    if (status == EvalStatus::Done && number.form != Number::Form::Integer && number.form != Number::Form::Real)
        return evaluator.fail("min, max, abs and int take numbers in " + evaluator.text());
    return status;
}

// The first of the operands that no other one beats, unchanged: min(1, 1.0) is 1.
EvalStatus select(Evaluator& evaluator, const Node& node, Number& number, Comparison beats) {
    EvalStatus status = compute_real(evaluator, node.operands[0], number);
    for (std::size_t i = 1; status == EvalStatus::Done && i < node.operands.size(); ++i) {
        Number other;
        status = compute_real(evaluator, node.operands[i], other);
        if (status == EvalStatus::Done && compare_reals(as_long_double(other), beats, as_long_double(number))) number = other;
    }
    return status;
}

EvalStatus take_min(Evaluator& evaluator, const Node& node, Number& number) { return select(evaluator, node, number, Comparison::Less); }
EvalStatus take_max(Evaluator& evaluator, const Node& node, Number& number) { return select(evaluator, node, number, Comparison::Greater); }

EvalStatus take_abs(Evaluator& evaluator, const Node& node, Number& number) {
    const EvalStatus status = compute_real(evaluator, node.operands[0], number);
    if (status != EvalStatus::Done) return status;
    number.real = std::abs(number.real);
    if (number.form == Number::Form::Integer && number.integer < 0 &&
        __builtin_sub_overflow(std::int64_t{0}, number.integer, &number.integer))
        return evaluator.fail_overflow();
    return status;
}

// Towards zero, as Python's int().
EvalStatus take_int(Evaluator& evaluator, const Node& node, Number& number) {
    const EvalStatus status = compute_real(evaluator, node.operands[0], number);
    if (status != EvalStatus::Done || number.form == Number::Form::Integer) return status;
    if (!(number.real >= -0x1p63 && number.real < 0x1p63)) return evaluator.fail_overflow();
    number = Number::of(static_cast<std::int64_t>(number.real));
    return status;
}

// Of arrays.

EvalStatus take_len(Evaluator& evaluator, const Node& node, Number& number) {
    const Program operand = node.operands[0];
    if (evaluator.node(operand).kind != NodeKind::ArrayElements) {
        const EvalStatus status = evaluator.compute(operand, number);
        if (status != EvalStatus::Done) return status;
        if (number.form == Number::Form::Null) return EvalStatus::Absent;
        if (number.form != Number::Form::Text) return evaluator.fail("len takes an array or a text in " + evaluator.text());
        number = Number::of(static_cast<std::int64_t>(std::strlen(number.text)));
        return status;
    }
    const ArrayView* array = nullptr;
    const EvalStatus status = evaluator.find_array(operand, false, array);
    if (status != EvalStatus::Done) return status;
    if (array->ndim == 0)
        return evaluator.fail("'" + evaluator.array_name(operand) + "' has no axis, and so no length, in " + evaluator.text());
    number = Number::of(array->shape[0]);
    return status;
}

EvalStatus take_size(Evaluator& evaluator, const Node& node, Number& number) {
    const ArrayView* array = nullptr;
    const EvalStatus status = evaluator.find_array(node.operands[0], false, array);
    if (status != EvalStatus::Done) return status;
    number = Number::of(1);
    for (std::size_t axis = 0; axis < array->ndim; ++axis)
        if (__builtin_mul_overflow(number.integer, array->shape[axis], &number.integer)) return evaluator.fail_overflow();
    return status;
}

EvalStatus take_ndim(Evaluator& evaluator, const Node& node, Number& number) {
    const ArrayView* array = nullptr;
    const EvalStatus status = evaluator.find_array(node.operands[0], false, array);
    if (status == EvalStatus::Done) number = Number::of(array->ndim);
    return status;
}

EvalStatus take_itemsize(Evaluator& evaluator, const Node& node, Number& number) {
    const ArrayView* array = nullptr;
    const EvalStatus status = evaluator.find_array(node.operands[0], false, array);
    if (status == EvalStatus::Done) number = Number::of(array->dtype.itemsize);
    return status;
}

EvalStatus find_axis(Evaluator& evaluator, const Node& node, const ArrayView*& array, std::size_t& axis) {
    EvalStatus status = evaluator.find_array(node.operands[0], false, array);
    if (status != EvalStatus::Done) return status;
    if (node.operands.size() < 2) return evaluator.fail(evaluator.text() + " is a list, not a number");
    std::int64_t value = 0;
    status = evaluator.compute_integer(node.operands[1], value);
    if (status != EvalStatus::Done) return status;
    if (value < 0 || value >= array->ndim)
        return evaluator.fail("'" + evaluator.array_name(node.operands[0]) + "' has no axis " + std::to_string(value) + " (it has " +
                              std::to_string(array->ndim) + ") in " + evaluator.text());
    axis = static_cast<std::size_t>(value);
    return status;
}

EvalStatus take_shape(Evaluator& evaluator, const Node& node, Number& number) {
    const ArrayView* array = nullptr;
    std::size_t axis = 0;
    const EvalStatus status = find_axis(evaluator, node, array, axis);
    if (status == EvalStatus::Done) number = Number::of(array->shape[axis]);
    return status;
}

std::ptrdiff_t measure_step(const Evaluator& evaluator, const Node& node, const ArrayView& array, std::size_t axis) {
    return measure_byte_step(array, axis, evaluator.frame.plan.arrays[evaluator.node(node.operands[0]).index].fortran);
}

EvalStatus take_byte_stride(Evaluator& evaluator, const Node& node, Number& number) {
    const ArrayView* array = nullptr;
    std::size_t axis = 0;
    const EvalStatus status = find_axis(evaluator, node, array, axis);
    if (status == EvalStatus::Done) number = Number::of(measure_step(evaluator, node, *array, axis));
    return status;
}

EvalStatus take_stride(Evaluator& evaluator, const Node& node, Number& number) {
    const ArrayView* array = nullptr;
    std::size_t axis = 0;
    const EvalStatus status = find_axis(evaluator, node, array, axis);
    if (status != EvalStatus::Done) return status;
    const std::ptrdiff_t bytes = measure_step(evaluator, node, *array, axis);
    const auto itemsize = static_cast<std::ptrdiff_t>(array->dtype.itemsize);
    if (itemsize == 0 || bytes % itemsize != 0)
        return evaluator.fail("the step of '" + evaluator.array_name(node.operands[0]) + "' along axis " + std::to_string(axis) + ", " +
                              std::to_string(bytes) + " bytes, is no multiple of its item size, " + std::to_string(itemsize) + " bytes");
    number = Number::of(bytes / itemsize);
    return status;
}

EvalStatus refuse_list(Evaluator& evaluator, const Node&, Number&) { return evaluator.fail(evaluator.text() + " is a list, not a number"); }

EvalStatus test_aligned(Evaluator& evaluator, const Node& node, Number& number) {
    const ArrayView* array = nullptr;
    EvalStatus status = evaluator.find_array(node.operands[0], true, array);
    if (status != EvalStatus::Done) return status;
    std::int64_t bytes = 0;
    status = evaluator.compute_integer(node.operands[1], bytes);
    if (status != EvalStatus::Done) return status;
    if (bytes <= 0) return evaluator.fail("an alignment is at least 1 byte, not " + std::to_string(bytes) + ", in " + evaluator.text());
    number = Number::of(reinterpret_cast<std::uintptr_t>(array->data) % static_cast<std::uint64_t>(bytes) == 0);
    return status;
}

template <class Ask>
EvalStatus ask_elements(Evaluator& evaluator, const Node& node, Number& number, Ask ask) {
    const ArrayView* array = nullptr;
    const EvalStatus status = evaluator.find_array(node.operands[0], true, array);
    if (status != EvalStatus::Done) return status;
    const ElementAnswer answer = ask(*array);
    if (answer == ElementAnswer::NoOrder)
        return evaluator.fail("the elements of '" + evaluator.array_name(node.operands[0]) + "' cannot be compared in " + evaluator.text());
    number = Number::of(answer == ElementAnswer::Yes);
    return status;
}

EvalStatus test_increasing(Evaluator& evaluator, const Node& node, Number& number) {
    return ask_elements(evaluator, node, number, [](const ArrayView& array) { return compare_neighbours(array, Comparison::Less); });
}

EvalStatus test_sorted(Evaluator& evaluator, const Node& node, Number& number) {
    return ask_elements(evaluator, node, number, [](const ArrayView& array) { return compare_neighbours(array, Comparison::LessEqual); });
}

EvalStatus test_finite(Evaluator& evaluator, const Node& node, Number& number) {
    if (evaluator.node(node.operands[0]).kind == NodeKind::ArrayElements) return ask_elements(evaluator, node, number, are_finite);
    const EvalStatus status = compute_real(evaluator, node.operands[0], number);
    if (status == EvalStatus::Done) number = Number::of(number.form == Number::Form::Integer || std::isfinite(number.real));
    return status;
}

using Apply = EvalStatus (*)(Evaluator&, const Node&, Number&);

struct FunctionRow {
    Function function;
    Apply apply;
};

constexpr FunctionRow function_rows[] = {
    {Function::Min, take_min},
    {Function::Max, take_max},
    {Function::Abs, take_abs},
    {Function::Int, take_int},
    {Function::Len, take_len},
    {Function::Size, take_size},
    {Function::Shape, take_shape},
    {Function::Ndim, take_ndim},
    {Function::Stride, take_stride},
    {Function::ByteStride, take_byte_stride},
    {Function::ByteStrides, refuse_list},
    {Function::Itemsize, take_itemsize},
    {Function::Aligned, test_aligned},
    {Function::Increasing, test_increasing},
    {Function::Sorted, test_sorted},
    {Function::Finite, test_finite},
};

constexpr bool rows_follow_the_enumeration() {
    std::size_t i = 0;
    for (const FunctionRow& row : function_rows)
        if (static_cast<std::size_t>(row.function) != i++) return false;
    return i == static_cast<std::size_t>(Function::Finite) + 1;
}
static_assert(rows_follow_the_enumeration());

}  // namespace

EvalStatus apply_function(Evaluator& evaluator, const Node& node, Number& number) {
    return function_rows[static_cast<std::size_t>(node.function)].apply(evaluator, node, number);
}

EvalStatus list_axes(Evaluator& evaluator, const Node& node, std::vector<std::int64_t>& values) {
    const ArrayView* array = nullptr;
    const EvalStatus status = evaluator.find_array(node.operands[0], false, array);
    if (status != EvalStatus::Done) return status;
    for (std::size_t axis = 0; axis < array->ndim; ++axis)
        values.push_back(node.function == Function::Shape ? array->shape[axis] : measure_step(evaluator, node, *array, axis));
    return status;
}

}  // namespace ndcall::detail
