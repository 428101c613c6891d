// NumPy's descriptors and our dtypes.
#pragma once

#include <string>

#include "call/array_view.hpp"
#include "declaration/declaration.hpp"
#include "python/numpy_api.hpp"
#include "python/owned.hpp"

namespace ndcall {

inline DType read_dtype(const PyArray_Descr* descr) {
    return {descr->kind, descr->byteorder == NPY_OPPBYTE, static_cast<std::uint32_t>(PyDataType_ELSIZE(descr))};
}

// Borrowed: valid as long as the array lives and nobody resizes it.
inline ArrayView view_array(PyArrayObject* array) {
    ArrayView view;
    view.data = static_cast<std::byte*>(PyArray_DATA(array));
    view.shape = PyArray_DIMS(array);
    view.byte_strides = PyArray_STRIDES(array);
    view.identity = PyArray_DESCR(array);
    view.ndim = static_cast<std::uint16_t>(PyArray_NDIM(array));
    view.flags = static_cast<std::uint16_t>(PyArray_FLAGS(array));
    view.dtype = read_dtype(PyArray_DESCR(array));
    return view;
}

// The same, seen by a demand: an array of structs laid out as the demand's gets the demand's identity, and is aligned where C's struct is.
ArrayView view_array_for(const Array& demand, PyArrayObject* array);

// NumPy's own descriptor of a native number dtype: borrowed, it lives as long as NumPy does. Null: no such dtype. What Array::identity holds.
PyArray_Descr* find_builtin(const DType& dtype);

// The dtype of an array of a C struct: names, offsets and padding as C has them. Null with a TypeError set for a struct that is no data of an
// array, which has pointers, bit-fields or unions, or is too large for NumPy. Any other error says nothing of the struct: memory ended, Ctrl-C.
Owned<PyArray_Descr> make_struct_dtype(const Declarations& declarations, const StructDeclaration& record);

// "float64", ">f8", "datetime64[ns]", "object".
std::string show_dtype(PyArray_Descr* descr);

// Are these one layout? For numbers kind, itemsize and byte order, not the type number: `long` and `long long` are one.
// Runs no code of the caller's: fields with names or titles that are no plain str are nobody's layout.
bool are_equivalent(PyArray_Descr* a, PyArray_Descr* b);

}  // namespace ndcall
