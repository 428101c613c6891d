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

// All cells in a program. Used at binding: can this expression be solved for that cell?
std::vector<std::uint16_t> find_cells(const Plan& plan, Program program);

// "n = 3, lda = 4": the values of the cells in a program, for messages.
std::string show_values(const Frame& frame, Program program);

}  // namespace ndcall
