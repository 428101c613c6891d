// The fast path: check_and_place over NumPy arrays, then C.
#pragma once

#include "python/function_object.hpp"

namespace ndcall {

// All inputs, and then all results or none, by position; or some of them by name, or the result as `out`. Not `taken`: nothing happened, the
// general walk decides. Else a new reference, or null with an exception set.
PyObject* call_fast(const FastPlan& plan, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords, bool& taken);

// The vectorcall slot for a function with this plan: straight to the checks when all arguments come by position, else call_function.
vectorcallfunc find_positional_call(const FastPlan& plan);

// Keywords are compared as pointers: the names of the plan's arguments, interned. Once per plan; false with an exception set.
bool intern_keywords(FastPlan& plan);

// The number that C returned, of the route's result_type. A new reference, or null with an exception set.
PyObject* wrap_return(const FastRoute& route, const CallReturn& returned);

// Interned "out". Once, at import.
bool make_fast_names();

// Above this many bytes in arrays the GIL is released: below, releasing it and taking it again costs more than another thread gains.
inline constexpr std::size_t gil_threshold = 65536;

}  // namespace ndcall
