// Python's numbers for C's scalars and back: store_number.hpp's table, enums by name, characters, and what is said when it is refused.
#pragma once

#include <cstddef>
#include <cstdint>

#include "plan/mismatch.hpp"
#include "plan/plan.hpp"
#include "python/numpy_api.hpp"
#include "python/store_number.hpp"

namespace ndcall {

enum class Conversion : std::uint8_t {
    Done,
    Refused,      // a mismatch says why
    PythonError,  // an exception is set: the caller's own code, or memory
};

// `raw`: the 32 bytes of a RawCell. Of the mismatch everything is filled but argument and position.
Conversion convert_number(const Plan& plan, const Cell& cell, PyObject* object, std::byte* raw, Mismatch& mismatch);

// A new reference: int, float, complex, bool; a string of one character for plain char; np.longdouble and np.clongdouble where Python's
// own numbers would round; a member's value of an enum as int. Null with an exception set when memory ends.
PyObject* wrap_number(const Plan& plan, const Cell& cell, const std::byte* raw);

}  // namespace ndcall
