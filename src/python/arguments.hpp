// Positions and keywords become one slot per input and result.
#pragma once

#include <vector>

#include "plan/mismatch.hpp"
#include "plan/plan.hpp"
#include "python/owned.hpp"

namespace ndcall {

// Borrowed from the caller for the call; null: not given.
struct Arguments {
    explicit Arguments(const Plan& plan) : inputs(plan.inputs.size()), results(plan.results.size()) {}
    std::vector<PyObject*> inputs, results;
};

// All inputs, then all results or none, by position; any by name; out= takes the array or a tuple of them.
void sort_arguments(const Plan& plan, PyObject* const* values, Py_ssize_t count, PyObject* keywords, Arguments& arguments,
                    Mismatches& mismatches);

}  // namespace ndcall
