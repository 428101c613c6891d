// The fast path: check_and_place over NumPy arrays, then C.
#pragma once

#include "python/function_object.hpp"

namespace ndcall {

enum class FastOutcome : std::uint8_t { Done, Error, NotTaken };

// `arguments`: all inputs by position, and then all results or none; or one result as the only keyword `out`. NotTaken: nothing happened, the
// general walk decides. `outcome`: a new reference when Done.
FastOutcome call_fast(const FastPlan& plan, const BoundFunction& bound, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords,
                      PyObject*& result);

// Interned "out", so that the keyword is one comparison of pointers. Once, at import.
bool make_fast_names();

// Above this many bytes in arrays the GIL is released: below, releasing it and taking it again costs more than another thread gains.
inline constexpr std::size_t gil_threshold = 65536;

}  // namespace ndcall
