// What is said of an array that cannot be taken, and the line of Python that mends it: shown only when it works, with its price.
#pragma once

#include "call/examine.hpp"
#include "python/take_array.hpp"

namespace ndcall {

// An array beside the demand that it does not meet.
struct RefusedArray {
    const Plan& plan;
    const Array& demand;
    const TakeOptions& options;
    PyArrayObject* array;   // as the caller gave it, or as his object offered it
    PyArray_Descr* target;  // borrowed: the dtype demanded; null when any would do
    const Examination& examination;
};

// An input whose dtype is not converted, or whose ndim is another.
void refuse_input(const RefusedArray& refused, Mismatches& mismatches);

// An input that would have to be copied, where no copy is allowed.
void refuse_copy(const RefusedArray& refused, Mismatches& mismatches);

// Memory that C writes and that does not fit as it is.
void refuse_memory(const RefusedArray& refused, Mismatches& mismatches);

// Why an input was copied: "has dtype int32 and is not C-contiguous".
std::string name_copy_reason(const RefusedArray& refused);

// "has 3 dimensions, not 2".
std::string say_ndim(std::size_t ndim, const Array& demand);

// One mismatch with expected and got, to be given a problem: `got` of an object that is no array.
Mismatch begin_mismatch(const Plan& plan, const Array& demand, const TakeOptions& options, std::string got);

// "np.float64"; empty for a dtype that NumPy has no name for.
std::string write_dtype(PyArray_Descr* descr);

}  // namespace ndcall
