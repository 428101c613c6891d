// A Python object becomes the array that C is handed: the caller's own memory, or for an input a copy in which no value has changed.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "plan/mismatch.hpp"
#include "plan/plan.hpp"
#include "python/numbers.hpp"
#include "python/numpy_api.hpp"
#include "python/owned.hpp"

namespace ndcall {

struct TakeOptions {
    std::string_view name;          // as the user names the argument
    bool copies_allowed = true;     // false: load(..., copy="never")
    PyArray_Descr* like = nullptr;  // borrowed: the dtype of the array that like() names; null while that one is absent
};

struct TakenArray {
    Owned<PyArrayObject> array;
    bool copied = false;            // `array` is ours: C may write it, nobody else sees it
    bool ran_foreign_code = false;  // other arguments may have changed since they were looked at
    std::string copy_reason;        // "has dtype int32 and is not C-contiguous"; empty when the contract itself asks for the copy
};

// Extents are not looked at. Each mismatch has the argument's name, and no position. The order of the answer does not depend on the values.
Conversion take_array(const Plan& plan, const Array& demand, PyObject* object, const TakeOptions& options, TakenArray& taken,
                      Mismatches& mismatches);

// Whether a taken array meets the demand as it did: code of the caller's may have set its dtype, shape or flags since. Refused, with a mismatch,
// when not. To be asked when no more Python code can run; extents are not looked at.
Conversion check_again(const Plan& plan, const Array& demand, const TakeOptions& options, TakenArray& taken, Mismatches& mismatches);

// The dtype of an array that ndcall makes for this demand: borrowed. `like` as in TakeOptions; null: the demand alone does not say.
PyArray_Descr* find_descr(const Array& demand, PyArray_Descr* like);

// A result, in the demand's order and zero-filled unless it is `unset`. Null with an exception set when memory ends.
Owned<PyArrayObject> allocate_result(const Array& demand, PyArray_Descr* descr, std::span<const std::ptrdiff_t> shape);

}  // namespace ndcall
