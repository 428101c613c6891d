// + - * / % & | ^ ~ << >> on numbers: checked 64-bit integers, or double as soon as one operand is real.
#include <cmath>
#include <limits>

#include "call/evaluator.hpp"

namespace ndcall::detail {
namespace {

enum class Trouble : std::uint8_t { None, Overflow, ZeroDivision, Shift };
using IntegerRule = Trouble (*)(std::int64_t, std::int64_t, std::int64_t&);
using RealRule = Trouble (*)(double, double, double&);

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();

Trouble trouble_if(bool overflow) { return overflow ? Trouble::Overflow : Trouble::None; }

Trouble add(std::int64_t a, std::int64_t b, std::int64_t& r) { return trouble_if(__builtin_add_overflow(a, b, &r)); }
Trouble subtract(std::int64_t a, std::int64_t b, std::int64_t& r) { return trouble_if(__builtin_sub_overflow(a, b, &r)); }
Trouble multiply(std::int64_t a, std::int64_t b, std::int64_t& r) { return trouble_if(__builtin_mul_overflow(a, b, &r)); }

Trouble divide(std::int64_t a, std::int64_t b, std::int64_t& r) {
    if (b == 0) return Trouble::ZeroDivision;
    if (a == smallest && b == -1) return Trouble::Overflow;
    r = a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
    return Trouble::None;
}

// The remainder has the divisor's sign, so that a == a/b*b + a%b with a/b rounded down.
Trouble modulo(std::int64_t a, std::int64_t b, std::int64_t& r) {
    if (b == 0) return Trouble::ZeroDivision;
    r = b == -1 ? 0 : a % b;
    if (r != 0 && (r < 0) != (b < 0)) r += b;
    return Trouble::None;
}

Trouble shift_left(std::int64_t a, std::int64_t b, std::int64_t& r) {
    if (b < 0 || b > 63) return Trouble::Shift;
    r = static_cast<std::int64_t>(static_cast<std::uint64_t>(a) << b);
    return trouble_if(r >> b != a);
}

Trouble shift_right(std::int64_t a, std::int64_t b, std::int64_t& r) {
    if (b < 0 || b > 63) return Trouble::Shift;
    r = a >> b;
    return Trouble::None;
}

Trouble bit_and(std::int64_t a, std::int64_t b, std::int64_t& r) { return r = a & b, Trouble::None; }
Trouble bit_or(std::int64_t a, std::int64_t b, std::int64_t& r) { return r = a | b, Trouble::None; }
Trouble bit_xor(std::int64_t a, std::int64_t b, std::int64_t& r) { return r = a ^ b, Trouble::None; }

Trouble negate(std::int64_t a, std::int64_t, std::int64_t& r) { return subtract(0, a, r); }
Trouble keep(std::int64_t a, std::int64_t, std::int64_t& r) { return r = a, Trouble::None; }
Trouble invert(std::int64_t a, std::int64_t, std::int64_t& r) { return r = ~a, Trouble::None; }

Trouble add_real(double a, double b, double& r) { return r = a + b, Trouble::None; }
Trouble subtract_real(double a, double b, double& r) { return r = a - b, Trouble::None; }
Trouble multiply_real(double a, double b, double& r) { return r = a * b, Trouble::None; }
Trouble negate_real(double a, double, double& r) { return r = -a, Trouble::None; }
Trouble keep_real(double a, double, double& r) { return r = a, Trouble::None; }

Trouble divide_real(double a, double b, double& r) {
    if (b == 0) return Trouble::ZeroDivision;
    r = a / b;
    return Trouble::None;
}

Trouble modulo_real(double a, double b, double& r) {
    if (b == 0) return Trouble::ZeroDivision;
    r = std::fmod(a, b);
    if (r != 0 && (r < 0) != (b < 0)) r += b;
    return Trouble::None;
}

struct OperatorRow {
    Op op;
    const char* spelling;
    IntegerRule integer;
    RealRule real;  // null: integers only
};

constexpr OperatorRow operator_rows[] = {
    {Op::Add, "+", add, add_real},
    {Op::Subtract, "-", subtract, subtract_real},
    {Op::Multiply, "*", multiply, multiply_real},
    {Op::Divide, "/", divide, divide_real},
    {Op::Modulo, "%", modulo, modulo_real},
    {Op::Negate, "-", negate, negate_real},
    {Op::Plus, "+", keep, keep_real},
    {Op::Invert, "~", invert, nullptr},
    {Op::BitAnd, "&", bit_and, nullptr},
    {Op::BitOr, "|", bit_or, nullptr},
    {Op::BitXor, "^", bit_xor, nullptr},
    {Op::ShiftLeft, "<<", shift_left, nullptr},
    {Op::ShiftRight, ">>", shift_right, nullptr},
};

const OperatorRow* find_row(Op op) {
    for (const OperatorRow& row : operator_rows)
        if (row.op == op) return &row;
    return nullptr;
}

EvalStatus report(Evaluator& evaluator, Trouble trouble, const Number& second) {
    switch (trouble) {
        case Trouble::None: break;
        case Trouble::Overflow: return evaluator.fail_overflow();
        case Trouble::ZeroDivision: return evaluator.fail("division by zero in " + evaluator.text());
        case Trouble::Shift: return evaluator.fail("shift by " + std::to_string(second.integer) + " bits in " + evaluator.text());
    }
    return EvalStatus::Done;
}

double as_real(const Number& number) { return number.form == Number::Form::Real ? number.real : static_cast<double>(number.integer); }

}  // namespace

EvalStatus apply_operator(Evaluator& evaluator, Op op, std::span<const Number> operands, Number& number) {
    const OperatorRow* row = find_row(op);
    if (row == nullptr) return evaluator.fail(evaluator.text() + " is no expression of numbers");
    bool is_real = false;
    for (const Number& operand : operands) {
        if (operand.form == Number::Form::Null) return evaluator.fail("NULL is no number in " + evaluator.text());
        if (operand.form == Number::Form::Text) return evaluator.fail("a text is no number in " + evaluator.text());
        is_real = is_real || operand.form == Number::Form::Real;
    }
    const Number& first = operands.front();
    const Number& second = operands.back();
    if (!is_real) {
        number = Number::of(0);
        return report(evaluator, row->integer(first.integer, second.integer, number.integer), second);
    }
    if (row->real == nullptr) return evaluator.fail(std::string("'") + row->spelling + "' takes integers in " + evaluator.text());
    number = Number::of_real(0);
    return report(evaluator, row->real(as_real(first), as_real(second), number.real), second);
}

}  // namespace ndcall::detail
