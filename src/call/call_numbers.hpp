// A function of the library inside an expression: numbers and texts in, one number or text out, through the function's own contract.
#pragma once

#include <span>

#include "call/evaluate.hpp"

namespace ndcall {

// Arguments in the order of the callee's inputs; missing ones take their defaults. What the callee's own `check` and `ok` refuse is a
// failure that names the callee and its arguments. A text that comes back belongs to the library.
Evaluation call_numbers(const Plan& callee, std::span<const Number> arguments);

}  // namespace ndcall
