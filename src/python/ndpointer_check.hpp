// ndcall._core.NdpointerCheck: what stands as `from_param` in a class that numpy.ctypeslib's ndpointer makes. ctypes calls it with an argument;
// it answers with an address, or raises TypeError.
#pragma once

#include "call/address_demand.hpp"
#include "python/dtype.hpp"

namespace ndcall {

struct NdpointerCheckObject {
    PyObject_HEAD vectorcallfunc vectorcall;
    AddressDemand* demand;
    PyObject *dtype, *ndim, *shape, *flags;  // as they were given; dtype is a numpy.dtype or None
};

// Makes the type; to be called once, when the module is imported. False with an exception set.
bool make_ndpointer_check_type();
PyTypeObject* get_ndpointer_check_type();

// How AddressDemand reads NumPy's arrays, subclasses too.
struct AddressReader {
    using handle = PyObject*;
    static PyArrayObject* array(handle h) { return reinterpret_cast<PyArrayObject*>(h); }
    static const std::ptrdiff_t* shape(handle h) { return PyArray_DIMS(array(h)); }
    static int ndim(handle h) { return PyArray_NDIM(array(h)); }
    static int flags(handle h) { return PyArray_FLAGS(array(h)); }
    static const void* identity(handle h) { return PyArray_DESCR(array(h)); }
    // SAFETY: src/python fills AddressDemand::identity with descriptors only.
    static bool is_equivalent(handle h, const void* wanted) {
        return are_equivalent(PyArray_DESCR(array(h)), static_cast<PyArray_Descr*>(const_cast<void*>(wanted)));
    }
};

}  // namespace ndcall
