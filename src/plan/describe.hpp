// A plan in words: for repr, help, inspect.signature and show().
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace ndcall {

// One parameter of the Python signature, in the order that Python demands: inputs, results that may be given, `out`.
struct PythonParameter {
    enum class Passing : std::uint8_t { PositionOnly, PositionOrKeyword, KeywordOnly };
    std::string name;
    Passing passing = Passing::PositionOrKeyword;
    std::string annotation;              // "float64[n]", "float"; empty for `out`
    std::string default_text;            // "2.0", "'V'", "None", "lda"; empty: must be given
    Program default_value = no_program;  // the contract's own default; not set where the default is None
};
std::vector<PythonParameter> describe_parameters(const Plan& plan);

// "scale(x, factor=2.0, y=None, *, out=None)"
std::string describe_call(const Plan& plan);

// "scale(x: float64[n], factor: float = 2.0) -> y: float64[n]"
std::string describe_signature(const Plan& plan);

// numpydoc, beginning with describe_call.
std::string describe_docstring(const Plan& plan);

// A table of C's parameters: C type, the value it gets, and where it is passed. places[i] belongs to parameter i ("rdi", "stack+8"); one more
// tells where the result comes back. Missing places are left out. Below the table: symbols, allocations, tests and the GIL.
std::string describe_plan(const Plan& plan, std::span<const std::string> places);

// "The GIL is released.", "The GIL is held: the contract says gil."
std::string describe_gil(const Plan& plan);

// "float", "int", "complex", "bool", "str", "CBLAS_ORDER": what Python gives for a number.
std::string name_number(const Plan& plan, const Cell& cell);

}  // namespace ndcall
