// Expressions at call time: their value, and the value of the one symbol that makes them equal to a number.
//
// 64-bit integers with overflow, division by zero and shifts checked; as soon as an operand is real, double. `/` rounds down for integers. A
// comparison with an array means every element. Nothing here calls Python; library calls go through the callee's own plan.
#pragma once

#include <string>
#include <vector>

#include "call/frame.hpp"

namespace ndcall {

enum class EvalStatus : std::uint8_t {
    Done,
    Unknown,  // a cell without a value stands in it
    Absent,   // an optional array, text or struct that was not given stands in it
    Failed,   // overflow, division by zero, an index outside its array ...: `failure` says what
};

struct Evaluation {
    EvalStatus status = EvalStatus::Done;
    Number number;
    std::string failure;  // "n*m does not fit 64 bits", "division by zero in n/k"
};

Evaluation evaluate(const Frame& frame, Program program);

// What nearly every extent is, an integer or one cell of a common type, without a call. False: evaluate() knows more, or says why not.
inline bool evaluate_simple(const Frame& frame, Program program, std::int64_t& value) {
    const Node& node = frame.plan.programs.nodes[program];
    if (node.kind == NodeKind::Integer) {
        value = node.integer;
        return true;
    }
    if (node.kind != NodeKind::Cell || !frame.cells[node.index].known) return false;
    const Scalar type = frame.plan.cells[node.index].type;
    const std::byte* bytes = frame.cells[node.index].bytes;
    if (type.kind == ScalarKind::Signed && type.size == 4) {
        std::int32_t narrow;
        std::memcpy(&narrow, bytes, sizeof narrow);
        value = narrow;
        return true;
    }
    if ((type.kind != ScalarKind::Signed && type.kind != ScalarKind::Unsigned) || type.size != 8) return false;
    std::memcpy(&value, bytes, sizeof value);
    return type.kind == ScalarKind::Signed || value >= 0;
}

// Non-zero. A text or a pointer is true unless it is NULL.
bool is_true(const Number& number);

// A list: [a, b], shape(x), byte_strides(x). A scalar expression is a list of one.
EvalStatus evaluate_list(const Frame& frame, Program program, std::vector<std::int64_t>& values, std::string& failure);

// program == value, where exactly one cell in program is unknown and stands alone: n+1, 2*n, n-1, n/1, (a if c else b) for the taken branch.
struct Solution {
    enum class Status : std::uint8_t { Solved, Unsolvable, NoInteger, Failed } status = Status::Unsolvable;  // NoInteger: 2*n == 5
    std::uint16_t cell = none;
    std::int64_t value = 0;
    std::string failure;
};
Solution solve(const Frame& frame, Program program, std::int64_t value);

// The unknown cells in a program, without repetition.
std::vector<std::uint16_t> find_unknown(const Frame& frame, Program program);

// "n = 3, lda = 4": the values of the cells in a program, for messages.
std::string show_values(const Frame& frame, Program program);

// 3, 2.5, "text", NULL.
std::string print_number(const Number& number);

}  // namespace ndcall
