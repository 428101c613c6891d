// Nested lists, tuples and ranges, and numbers by themselves, as arrays: each item goes through the scalars' table, never through np.array,
// which would cut 3.7 to 3 and make objects of large integers.
#pragma once

#include <vector>

#include "plan/mismatch.hpp"
#include "python/numbers.hpp"
#include "python/numpy_api.hpp"
#include "python/owned.hpp"

namespace ndcall {

// What a sequence is before it is converted. Items may be arrays of any ndim.
struct SequenceShape {
    std::vector<npy_intp> shape;         // empty: a number by itself
    Owned<PyArray_Descr> natural_dtype;  // bool, int64, float64, complex128, or what NumPy's numbers among the items promote to
};

// Runs no code of the caller's.
Conversion measure_sequence(PyObject* object, SequenceShape& sequence, Mismatch& mismatch);

// Fills `to`, a writeable native array of ours of the measured shape. A list that somebody changed in the meantime is refused.
// `ran_foreign_code`: an item's own __index__ was asked.
Conversion fill_from_sequence(PyObject* object, PyArrayObject* to, bool& ran_foreign_code, Mismatch& mismatch);

inline bool is_sequence(PyObject* object) { return PyList_Check(object) || PyTuple_Check(object) || PyRange_Check(object); }
inline bool is_number(PyObject* object) {
    return PyFloat_Check(object) || PyLong_Check(object) || PyComplex_Check(object) || PyArray_IsScalar(object, Number) ||
           PyArray_IsScalar(object, Bool);
}

}  // namespace ndcall
