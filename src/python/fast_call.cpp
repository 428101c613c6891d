#include "python/fast_call.hpp"

#include <algorithm>
#include <cstring>

#include "call/frame.hpp"
#include "call/invoke_fast.hpp"
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

// The result that nobody gave, sized by the symbols that the inputs bound. Null: a Python error, or one too large, which is not taken.
PyObject* allocate_result(const FastPlan& plan, std::uint64_t* words, std::size_t& bytes, bool& taken) {
    const FastArgument& want = plan.argument[plan.inputs];
    const FastSpan& extents = plan.span[want.span];
    npy_intp shape[most_fast_arguments];
    std::size_t size = want.dtype.itemsize;
    for (int axis = 0; axis < want.ndim; ++axis) {
        shape[axis] = static_cast<npy_intp>(words[extents.word[axis]]);
        taken = !__builtin_mul_overflow(size, static_cast<std::size_t>(shape[axis]), &size);
        if (!taken) return nullptr;
    }
    // SAFETY: identity is a builtin descriptor or one that the library keeps; NumPy steals the reference taken here.
    auto* descr = static_cast<PyArray_Descr*>(const_cast<void*>(want.identity));
    Py_INCREF(descr);
    const bool fortran = (want.flags & f_contiguous) && !(want.flags & c_contiguous);
    constexpr std::size_t small = 4096;  // zeroed by hand: the allocator's calloc is only cheaper for fresh pages
    PyObject* result = size <= small || plan.unset
                           ? PyArray_NewFromDescr(&PyArray_Type, descr, want.ndim, shape, nullptr, nullptr, fortran, nullptr)
                           : PyArray_Zeros(want.ndim, shape, descr, fortran);
    if (!result) return nullptr;
    std::byte* data = NumpyReader::data(result);
    if (size <= small && !plan.unset) std::memset(data, 0, size);
    words[want.word] = reinterpret_cast<std::uintptr_t>(data);
    bytes += size;
    return result;
}

}  // namespace

PyObject* wrap_return(const FastRoute& route, const CallReturn& returned) {
    std::byte raw[16] = {};
    store_result(route.result, returned, raw);
    switch (route.result_type.kind) {
        case ScalarKind::Bool: return PyBool_FromLong(raw[0] != std::byte{0});
        case ScalarKind::Float: {
            if (route.result_type.size == 8) {
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
            if (load_number(route.result_type, raw, number)) return PyLong_FromLongLong(number.integer);
            std::uint64_t wide;
            std::memcpy(&wide, raw, sizeof wide);
            return PyLong_FromUnsignedLongLong(wide);
        }
    }
}

namespace {

// Everything after the arguments are in order. Count of them are given: the inputs, and the result when the caller brought it.
template <int Count, bool Uniform>
[[gnu::always_inline]] inline PyObject* run(const FastPlan& plan, PyObject* const* handles, bool& taken) {
    std::uint64_t words[most_fast_words];
    std::fill_n(words, integer_words, 0);  // registers that nobody reads
    for (int i = 0; i < plan.constants; ++i) words[plan.constant[i].word] = plan.constant[i].value;
    std::size_t bytes = 0;
    const bool allocates = Count < plan.arguments;
    if ((allocates && plan.argument[Count % most_fast_arguments].has_steps) ||
        !check_and_place<NumpyReader, Count, Uniform>(plan, handles, words, bytes)) {
        taken = false;
        return nullptr;
    }
    PyObject* result = nullptr;
    if (allocates) {
        result = allocate_result(plan, words, bytes, taken);
        if (!result) return nullptr;
    }
    CallReturn returned;
    try {
        if (plan.gil == GilRule::Release || (plan.gil == GilRule::BySize && (bytes > gil_threshold || !plan.has_arrays))) {
            const GilRelease gil(true);
            invoke_fast(plan, words, returned);
        } else {
            invoke_fast(plan, words, returned);
        }
    } catch (...) {
        Py_XDECREF(result);
        return raise_thrown(plan.plan->c_name);
    }
    if (result) return result;
    if (plan.returns_number) return wrap_return(plan, returned);
    return Py_NewRef(Count > plan.inputs ? handles[plan.inputs] : Py_None);
}

template <int Count, bool Uniform>
PyObject* run_apart(const FastPlan& plan, PyObject* const* handles, bool& taken) {
    return run<Count, Uniform>(plan, handles, taken);
}

// The slot of a function of Count inputs and results, for calls that give all by position: nothing stands between it and the checks.
template <int Count, bool Uniform>
PyObject* call_positional(PyObject* callable, PyObject* const* arguments, std::size_t flags, PyObject* keywords) {
    const auto* function = reinterpret_cast<FunctionObject*>(callable);
    if (__builtin_expect(PyVectorcall_NARGS(flags) == Count && !keywords, 1)) {
        bool taken = true;
        PyObject* result = run<Count, Uniform>(*function->fast, arguments, taken);
        if (__builtin_expect(taken, 1)) return result;
    }
    return call_function(callable, arguments, flags, keywords);
}

struct Runs {
    PyObject* (*run)(const FastPlan&, PyObject* const*, bool&);
    vectorcallfunc positional;
};
template <int Count, bool Uniform>
constexpr Runs make_runs() {
    return {run_apart<Count, (Uniform && Count > 0)>, call_positional<Count, (Uniform && Count > 0)>};
}
// [uniform][arguments given]
constexpr Runs runs[][most_fast_arguments + 1] = {
    {make_runs<0, false>(), make_runs<1, false>(), make_runs<2, false>(), make_runs<3, false>(), make_runs<4, false>(),
     make_runs<5, false>(), make_runs<6, false>(), make_runs<7, false>(), make_runs<8, false>()},
    {make_runs<0, true>(), make_runs<1, true>(), make_runs<2, true>(), make_runs<3, true>(), make_runs<4, true>(), make_runs<5, true>(),
     make_runs<6, true>(), make_runs<7, true>(), make_runs<8, true>()}};

int find_position(const FastPlan& plan, const PyObject* name) {
    for (int i = 0; i < plan.arguments; ++i)
        if (plan.keyword[i] == name) return i;
    return name == out_name && plan.arguments > plan.inputs ? plan.inputs : -1;
}

// The arguments in the plan's order; how many are given, or -1 when the general walk must say what is wrong.
int sort_keywords(const FastPlan& plan, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords, PyObject** sorted) {
    const Py_ssize_t named = PyTuple_GET_SIZE(keywords), given = count + named;
    if (given != plan.inputs && given != plan.arguments) return -1;
    for (int i = 0; i < plan.arguments; ++i) sorted[i] = i < count ? arguments[i] : nullptr;
    for (Py_ssize_t k = 0; k < named; ++k) {
        const int at = find_position(plan, PyTuple_GET_ITEM(keywords, k));
        if (at < 0 || at >= given || sorted[at]) return -1;
        sorted[at] = arguments[count + k];
    }
    return static_cast<int>(given);  // as many as there are places, no place twice: all are filled
}

}  // namespace

bool make_fast_names() {
    out_name = PyUnicode_InternFromString("out");
    return out_name != nullptr;
}

bool intern_keywords(FastPlan& plan) {
    for (int i = 0; i < plan.arguments; ++i) {
        const bool is_input = i < plan.inputs;
        const std::string& name = is_input ? plan.plan->inputs[static_cast<std::size_t>(i)].name : plan.plan->results[0].name;
        if (is_input && plan.plan->inputs[static_cast<std::size_t>(i)].position_only) continue;
        PyObject* interned = PyUnicode_InternFromString(name.c_str());
        if (!interned) return false;
        plan.keyword[i] = interned;  // this reference is kept for ever: another string at its address would be taken for this name
    }
    return true;
}

vectorcallfunc find_positional_call(const FastPlan& plan) { return runs[plan.is_uniform][plan.arguments].positional; }

PyObject* call_fast(const FastPlan& plan, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords, bool& taken) {
    taken = true;
    if (!keywords) {
        if (count == plan.arguments || count == plan.inputs) return runs[plan.is_uniform][count].run(plan, arguments, taken);
        taken = false;
        return nullptr;
    }
    PyObject* sorted[most_fast_arguments];
    const int given = sort_keywords(plan, arguments, count, keywords, sorted);
    if (given < 0) {
        taken = false;
        return nullptr;
    }
    return runs[plan.is_uniform][given].run(plan, sorted, taken);
}

}  // namespace ndcall
