// Why a call was refused, in words. The only place where a mismatch becomes text, and only when somebody reads it.
#pragma once

#include <string>

#include "call/array_view.hpp"
#include "plan/mismatch.hpp"

namespace ndcall {

// The whole message. `call`: "scale(x, a)"; `input_count`: for "1st of 2", which a function of one input does without. An argument without a
// position is a result; what is no argument of the user's (a parameter that is computed) stands in the problem itself.
std::string explain(const std::string& call, std::size_t input_count, const Mismatches& mismatches);

// All of them as one paragraph about `subject`, which is no argument that a contract names: "the array has dtype float32, not float64".
std::string explain_subject(const std::string& subject, const Mismatches& mismatches);

// The exception's class: that of the first kind in the order of MismatchKind.
const char* exception_name(const Mismatches& mismatches);

// "(3,) float64, strides (16,), read-only": shape and dtype, then only what is unusual.
std::string describe_array(const ArrayView& view);

// "(3, 4)", "(3,)", "()".
std::string print_numbers(const std::ptrdiff_t* numbers, std::size_t count);

// "c = np.zeros((16,), np.float64)   (a new array, 128 bytes)": in place of an array that C only writes. Empty for dtypes without a name.
std::string write_new_array(const std::string& name, const ArrayView& view, const Array& demand, DType dtype);

// "(n,) float64, C-contiguous, writeable (inout)": how an array lies that C takes without a copy, and what becomes of it.
std::string describe_demand(const Plan& plan, const Array& array);

}  // namespace ndcall
