#include "python/fast_call.hpp"

#include <cstring>

#include "call/frame.hpp"
#include "python/dtype.hpp"
#include "python/gil.hpp"
#include "python/raise.hpp"
#include "python/store_number.hpp"

namespace ndcall {

namespace {

PyObject* out_name = nullptr;

struct NumpyReader {
    using handle = PyObject*;
    static PyArrayObject* array(handle h) { return reinterpret_cast<PyArrayObject*>(h); }
    static bool is_array(handle h) { return Py_TYPE(h) == &PyArray_Type; }
    static std::byte* data(handle h) { return static_cast<std::byte*>(PyArray_DATA(array(h))); }
    static const std::ptrdiff_t* shape(handle h) { return PyArray_DIMS(array(h)); }
    static const std::ptrdiff_t* byte_strides(handle h) { return PyArray_STRIDES(array(h)); }
    static int ndim(handle h) { return PyArray_NDIM(array(h)); }
    static int flags(handle h) { return PyArray_FLAGS(array(h)); }
    static const void* identity(handle h) { return PyArray_DESCR(array(h)); }
    static DType dtype(handle h) { return read_dtype(PyArray_DESCR(array(h))); }
    static bool number(handle h, FastForm form, std::uint64_t* word) {
        switch (form) {
            case FastForm::Double: return take<double>(h, word);
            case FastForm::Float: return take<float>(h, word);
            case FastForm::Int32: return take<std::int32_t>(h, word);
            default: return take<std::int64_t>(h, word);
        }
    }

  private:
    template <class T>
    static bool take(handle h, std::uint64_t* word) {
        T value;
        if (!read_fast(h, value)) return false;
        if constexpr (std::is_integral_v<T>) {
            *word = static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
        } else {
            *word = 0;
            std::memcpy(word, &value, sizeof value);
        }
        return true;
    }
};
static_assert(ArrayReader<NumpyReader>);

using Check = bool (*)(const FastPlan&, PyObject* const*, std::uint64_t*, std::size_t&) noexcept;
constexpr Check checks[] = {nullptr,
                            check_and_place<NumpyReader, 1>,
                            check_and_place<NumpyReader, 2>,
                            check_and_place<NumpyReader, 3>,
                            check_and_place<NumpyReader, 4>,
                            check_and_place<NumpyReader, 5>,
                            check_and_place<NumpyReader, 6>,
                            check_and_place<NumpyReader, 7>,
                            check_and_place<NumpyReader, 8>};

// The result that nobody gave, sized by the symbols that the inputs bound. Null: a Python error.
PyObject* allocate_result(const FastPlan& plan, const Plan& tables, std::uint64_t* values, std::size_t& bytes) {
    const FastArgument& want = plan.argument[plan.inputs];
    npy_intp shape[most_fast_axes];
    std::size_t size = want.dtype.itemsize;
    for (int axis = 0; axis < want.ndim; ++axis) {
        shape[axis] = static_cast<npy_intp>(values[plan.axes[want.first_axis + axis].symbol]);
        if (__builtin_mul_overflow(size, static_cast<std::size_t>(shape[axis]), &size)) return PyErr_NoMemory();
    }
    // SAFETY: identity is a builtin descriptor (find_archetype refuses others); NumPy steals the reference taken here.
    auto* descr = static_cast<PyArray_Descr*>(const_cast<void*>(want.identity));
    Py_INCREF(descr);
    const bool fortran = (want.flags & f_contiguous) && !(want.flags & c_contiguous);
    const bool unset = tables.arrays[tables.results[0].index].unset;
    constexpr std::size_t small = 4096;  // zeroed by hand: the allocator's calloc is only cheaper for fresh pages
    PyObject* result = size <= small || unset
                           ? PyArray_NewFromDescr(&PyArray_Type, descr, want.ndim, shape, nullptr, nullptr, fortran, nullptr)
                           : PyArray_Zeros(want.ndim, shape, descr, fortran);
    if (!result) return nullptr;
    std::byte* data = NumpyReader::data(result);
    if (size <= small && !unset) std::memset(data, 0, size);
    values[want.value] = reinterpret_cast<std::uintptr_t>(data);
    bytes += size;
    return result;
}

using Direct = std::uint64_t (*)(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t);

CallReturn call_c(const FastPlan& plan, const std::uint64_t* values) {
    CallReturn returned;
#if defined(__x86_64__) && !defined(_WIN32)
    if (plan.floats == 0 && plan.stack_words == 0 && plan.result.cls != AbiClass::Float) {
        std::uint64_t word[6];
        for (int i = 0; i < 6; ++i) word[i] = values[plan.integer_source[i]];
        // SAFETY: the System V convention lets a caller fill registers that the callee does not read; find_archetype put the right words there.
        returned.integer = reinterpret_cast<Direct>(plan.address)(word[0], word[1], word[2], word[3], word[4], word[5]);
        return returned;
    }
#endif
    CallWords words;
    std::uint64_t stack[16];
    for (int i = 0; i < plan.integers; ++i) words.integers[i] = values[plan.integer_source[i]];
    for (int i = 0; i < plan.floats; ++i) words.floats[i] = values[plan.float_source[i]];
    for (int i = 0; i < plan.stack_words; ++i) stack[i] = values[plan.stack_source[i]];
    words.stack = stack;
    words.stack_words = plan.stack_words;
    words.floats_used = plan.floats;
    ndcall_call_words(plan.address, &words, &returned);
    return returned;
}

PyObject* wrap_return(const FastPlan& plan, const CallReturn& returned) {
    std::byte raw[16] = {};
    store_result(plan.result, returned, raw);
    switch (plan.result_type.kind) {
        case ScalarKind::Bool: return PyBool_FromLong(raw[0] != std::byte{0});
        case ScalarKind::Float: {
            if (plan.result_type.size == 8) {
                double value;
                std::memcpy(&value, raw, sizeof value);
                return PyFloat_FromDouble(value);
            }
            float value;
            std::memcpy(&value, raw, sizeof value);
            return PyFloat_FromDouble(static_cast<double>(value));
        }
        default: {
            Number number;
            if (load_number(plan.result_type, raw, number)) return PyLong_FromLongLong(number.integer);
            std::uint64_t wide;
            std::memcpy(&wide, raw, sizeof wide);
            return PyLong_FromUnsignedLongLong(wide);
        }
    }
}

// The arguments in the plan's order when the call's form allows it; else null.
PyObject* const* find_arguments(const FastPlan& plan, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords, int& given) {
    given = static_cast<int>(count);
    if (!keywords) return count == plan.inputs || count == plan.arguments ? arguments : nullptr;
    const bool is_out = PyTuple_GET_SIZE(keywords) == 1 && PyTuple_GET_ITEM(keywords, 0) == out_name;
    if (!is_out || count != plan.inputs || plan.arguments != plan.inputs + 1) return nullptr;
    given = plan.arguments;  // the keyword's value stands behind the positional ones
    return arguments;
}

}  // namespace

bool make_fast_names() {
    out_name = PyUnicode_InternFromString("out");
    return out_name != nullptr;
}

FastOutcome call_fast(const FastPlan& plan, const BoundFunction& bound, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords,
                      PyObject*& result) {
    int given = 0;
    PyObject* const* handles = find_arguments(plan, arguments, count, keywords, given);
    if (!handles) return FastOutcome::NotTaken;
    std::uint64_t values[most_fast_values];
    values[0] = 0;  // what registers that nobody reads are filled from
    for (int i = 0; i < plan.constants; ++i) values[i] = plan.constant[i];
    std::size_t bytes = 0;
    if (!checks[given](plan, handles, values, bytes)) return FastOutcome::NotTaken;
    PyObject* array = nullptr;  // the result: allocated here, or a new reference to the caller's
    if (plan.arguments > plan.inputs) {
        array = given == plan.inputs ? allocate_result(plan, *bound.plan, values, bytes) : Py_NewRef(handles[plan.inputs]);
        if (!array) return FastOutcome::Error;
    }
    CallReturn returned;
    try {
        const bool release =
            plan.gil == GilRule::Release || (plan.gil == GilRule::BySize && (bytes > gil_threshold || bound.plan->arrays.empty()));
        const GilRelease gil(release);
        returned = call_c(plan, values);
    } catch (...) {
        Py_XDECREF(array);
        raise_thrown(*bound.plan);
        return FastOutcome::Error;
    }
    result = array ? array : plan.returns_number ? wrap_return(plan, returned) : Py_NewRef(Py_None);
    return result ? FastOutcome::Done : FastOutcome::Error;
}

}  // namespace ndcall
