// The general walk from Python's side: arguments to the frame, the phases of call/walk.hpp in the order that docs/semantics states, results back.
#pragma once

#include "plan/mismatch.hpp"
#include "python/call_objects.hpp"
#include "python/function_object.hpp"

namespace ndcall {

// A new reference; or null with `mismatches` not empty; or null with an exception set.
PyObject* call_general(FunctionState& state, const BoundFunction& bound, Fit fit, PyObject* const* arguments, Py_ssize_t count,
                       PyObject* keywords, Mismatches& mismatches);

}  // namespace ndcall
