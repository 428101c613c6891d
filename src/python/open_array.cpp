#include "python/open_array.hpp"

#include <string>
#include <string_view>

#include "python/describe_object.hpp"

namespace ndcall {
namespace {

// What one protocol answered.
enum class Answer : std::uint8_t { Array, NotOffered, Refused, PythonError };

Answer keep(PyObject* object, Owned<PyArrayObject>& array) {
    if (object == Py_NotImplemented) return Answer::NotOffered;  // borrowed: NumPy hands it out without a reference
    auto owned = Owned<>::steal(object);
    if (!owned) return Answer::PythonError;
    if (!PyArray_Check(owned.get())) {
        PyErr_Format(PyExc_TypeError, "the object offered %s where an ndarray was asked for", Py_TYPE(owned.get())->tp_name);
        return Answer::PythonError;
    }
    array = Owned<PyArrayObject>::steal(reinterpret_cast<PyArrayObject*>(owned.release()));
    return Answer::Array;
}

// For the functions of NumPy that take a reference.
PyArray_Descr* share_descr(PyArray_Descr* descr) {
    Py_INCREF(descr);
    return descr;
}

Answer refuse(Mismatch& mismatch, std::string problem, PyObject* object) {
    mismatch.kind = MismatchKind::Object;
    mismatch.problem = std::move(problem);
    mismatch.got = describe_object(object);
    return Answer::Refused;
}

// bytes, bytearray, mmap, a memoryview of these: memory without numbers in it. (np.uint8 arrays and array.array('B') are numbers to us, but
// as buffers they say the same.)
bool is_raw(PyObject* memoryview) {
    const Py_buffer* buffer = PyMemoryView_GET_BUFFER(memoryview);
    const std::string_view format = buffer->format == nullptr ? "B" : buffer->format;
    return buffer->itemsize == 1 && buffer->ndim == 1 && (format == "B" || format == "c");
}

Answer ask_buffer(PyObject* object, PyArray_Descr* raw_bytes, Owned<PyArrayObject>& array, Mismatch& mismatch) {
    if (!PyObject_CheckBuffer(object)) return Answer::NotOffered;
    const bool is_bytes = PyBytes_Check(object) || PyByteArray_Check(object);
    if (is_bytes && raw_bytes == nullptr) return refuse(mismatch, "is bytes, not numbers", object);
    // The memoryview becomes the array's base: the buffer stays exported as long as the array lives.
    const auto view = Owned<>::steal(PyMemoryView_FromObject(object));
    if (!view) return Answer::PythonError;
    auto numbers = Owned<>::steal(PyArray_FromAny(view.get(), nullptr, 0, 0, 0, nullptr));
    if (numbers && raw_bytes != nullptr && is_raw(view.get()))
        numbers = Owned<>::steal(PyArray_View(reinterpret_cast<PyArrayObject*>(numbers.get()), share_descr(raw_bytes), nullptr));
    return keep(numbers.release(), array);
}

// Between the two times that it is asked for its memory, an owner may have got other memory.
bool lies_in(PyArrayObject* array, const Py_buffer& buffer) {
    const char *low = PyArray_BYTES(array), *high = low + PyArray_ITEMSIZE(array);
    for (int axis = 0; axis < PyArray_NDIM(array); ++axis) {
        const npy_intp reach = (PyArray_DIM(array, axis) - 1) * PyArray_STRIDE(array, axis);
        (reach < 0 ? low : high) += reach;
    }
    const char* memory = static_cast<const char*>(buffer.buf);
    return PyArray_SIZE(array) == 0 || (memory <= low && high <= memory + buffer.len);
}

// NumPy reads the address of a buffer that an __array_interface__ names, and lets go of it: its owner might free it before C reads it.
// Exported to a memoryview, which becomes the array's base, it stays.
Answer hold_buffer(PyObject* owner, Owned<PyArrayObject>& array) {
    auto view = Owned<>::steal(PyMemoryView_FromObject(owner));
    if (!view) return Answer::PythonError;
    if (!lies_in(array.get(), *PyMemoryView_GET_BUFFER(view.get()))) {
        PyErr_SetString(PyExc_BufferError, "the buffer of an __array_interface__ was moved while it was read");
        return Answer::PythonError;
    }
    PyArray_Descr* descr = PyArray_DESCR(array.get());
    const int flags = PyArray_FLAGS(array.get()) & NPY_ARRAY_WRITEABLE;
    auto held = Owned<>::steal(PyArray_NewFromDescr(&PyArray_Type, share_descr(descr), PyArray_NDIM(array.get()), PyArray_DIMS(array.get()),
                                                    PyArray_STRIDES(array.get()), PyArray_DATA(array.get()), flags, nullptr));
    if (!held || PyArray_SetBaseObject(reinterpret_cast<PyArrayObject*>(held.get()), view.release()) < 0) return Answer::PythonError;
    return keep(held.release(), array);
}

Answer ask_interface(PyObject* object, PyArray_Descr*, Owned<PyArrayObject>& array, Mismatch&) {
    const Answer answer = keep(PyArray_FromInterface(object), array);
    PyObject* base = answer == Answer::Array ? PyArray_BASE(array.get()) : nullptr;
    return base && base != object && !PyArray_Check(base) && PyObject_CheckBuffer(base) ? hold_buffer(base, array) : answer;
}

// Whether the type, as the interpreter asks it, has a method. -1: a Python error.
int has_method(PyObject* object, const char* name) {
    const auto method = Owned<>::steal(PyObject_GetAttrString(reinterpret_cast<PyObject*>(Py_TYPE(object)), name));
    if (method) return 1;
    if (PyErr_ExceptionMatches(PyExc_AttributeError) == 0) return -1;
    PyErr_Clear();
    return 0;
}

Answer ask_dlpack(PyObject* object, PyArray_Descr*, Owned<PyArrayObject>& array, Mismatch& mismatch) {
    constexpr long cpu = 1, cuda_host = 3, rocm_host = 11;  // kDLCPU, kDLCUDAHost, kDLROCMHost: memory that the CPU can read
    const int offered = has_method(object, "__dlpack_device__");
    if (offered <= 0) return offered < 0 ? Answer::PythonError : Answer::NotOffered;
    const auto pair = Owned<>::steal(PyObject_CallMethod(object, "__dlpack_device__", nullptr));
    long kind = 0, number = 0;
    if (pair && !PyTuple_Check(pair.get()))
        PyErr_Format(PyExc_TypeError, "__dlpack_device__ returned %s, not a tuple of two integers", Py_TYPE(pair.get())->tp_name);
    if (!pair || PyErr_Occurred() || !PyArg_ParseTuple(pair.get(), "ll", &kind, &number)) return Answer::PythonError;
    if (kind != cpu && kind != cuda_host && kind != rocm_host) return refuse(mismatch, "does not lie in the CPU's memory", object);
    const auto numpy = Owned<>::steal(PyImport_ImportModule("numpy"));
    return numpy ? keep(PyObject_CallMethod(numpy.get(), "from_dlpack", "O", object), array) : Answer::PythonError;
}

Answer ask_array(PyObject* object, PyArray_Descr*, Owned<PyArrayObject>& array, Mismatch&) {
    return keep(PyArray_FromArrayAttr(object, nullptr, nullptr), array);
}

using Ask = Answer (*)(PyObject*, PyArray_Descr*, Owned<PyArrayObject>&, Mismatch&);
constexpr Ask protocols[] = {ask_buffer, ask_interface, ask_dlpack, ask_array};

}  // namespace

Conversion open_array(PyObject* object, PyArray_Descr* raw_bytes, Owned<PyArrayObject>& array, bool& ran_foreign_code, Mismatch& mismatch) {
    if (PyArray_Check(object)) {
        array = Owned<PyArrayObject>::share(reinterpret_cast<PyArrayObject*>(object));
        return Conversion::Done;
    }
    // A scalar of NumPy that is no number offers its bytes as a buffer: not what anybody means.
    const bool offers_nothing = PyType_Check(object) || PyUnicode_Check(object) || object == Py_None || PyArray_IsScalar(object, Generic);
    for (const Ask ask : protocols) {
        if (offers_nothing) break;
        ran_foreign_code = true;
        switch (ask(object, raw_bytes, array, mismatch)) {
            case Answer::Array: return Conversion::Done;
            case Answer::Refused: return Conversion::Refused;
            case Answer::PythonError: return Conversion::PythonError;
            case Answer::NotOffered: break;
        }
    }
    refuse(mismatch, object == Py_None ? "is None" : "is " + describe_type(object) + ", which is no array", object);
    return Conversion::Refused;
}

}  // namespace ndcall
