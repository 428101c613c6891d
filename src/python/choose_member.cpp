#include "python/choose_member.hpp"

#include <algorithm>

#include "call/explain.hpp"
#include "call/widening.hpp"
#include "python/dtype.hpp"
#include "python/fast_call.hpp"
#include "python/general_call.hpp"
#include "python/raise.hpp"
#include "python/sequence.hpp"

namespace ndcall {

namespace {

// The member of a family with the smaller items comes first; float before complex of one size.
std::pair<std::uint32_t, int> rank_member(const BoundFunction& bound) {
    std::pair<std::uint32_t, int> rank{0, 0};
    for (const Array& array : bound.plan->arrays) rank = std::max(rank, {array.dtype.itemsize, array.dtype.kind == 'c'});
    return rank;
}

// The dtype in which an argument's values are at home: an array's own, a list's natural one. Kind 0: it has none.
bool find_natural_dtype(PyObject* object, DType& dtype) {
    if (PyArray_Check(object)) {
        dtype = read_dtype(PyArray_DESCR(reinterpret_cast<PyArrayObject*>(object)));
        return true;
    }
    if (!is_sequence(object) && !is_number(object)) return true;
    SequenceShape sequence;
    Mismatch mismatch;
    const Conversion conversion = measure_sequence(object, sequence, mismatch);
    if (conversion == Conversion::PythonError) return false;
    if (conversion == Conversion::Done) dtype = read_dtype(sequence.natural_dtype.get());
    return true;
}

// Whether a member's array can hold an argument's values whatever they are. Integers count as float64 when the member is no integer.
// What C writes is the caller's own memory.
bool holds(const Array& array, DType natural) {
    if (array.written && !array.copied) return natural.kind == array.dtype.kind && natural.itemsize == array.dtype.itemsize;
    const bool is_integer = natural.kind == 'i' || natural.kind == 'u';
    const bool wants_integer = array.dtype.kind == 'i' || array.dtype.kind == 'u';
    if (is_integer && !wants_integer && natural.itemsize > 2) natural = DType{'f', false, 8};
    const Widening widening = find_widening(natural, array.dtype);
    return widening == Widening::Same || widening == Widening::Lossless;
}

// What a call was given, as the interpreter hands it over: values behind `count` belong to the names in `keywords`.
struct Given {
    PyObject* const* arguments;
    Py_ssize_t count;
    PyObject* keywords;  // a tuple of str; may be null

    PyObject* by_name(const char* name) const {
        for (Py_ssize_t i = 0; keywords && i < PyTuple_GET_SIZE(keywords); ++i)
            if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(keywords, i), name) == 0) return arguments[count + i];
        return nullptr;
    }
    PyObject* find(std::size_t position, const std::string& name) const {
        return position < static_cast<std::size_t>(count) ? arguments[position] : by_name(name.c_str());
    }
    // The array for a result: behind all inputs, by its name, or in `out`. Null when it is to be allocated.
    PyObject* find_result(const Plan& plan, std::size_t index) const {
        if (PyObject* object = find(plan.inputs.size() + index, plan.results[index].name)) return object;
        PyObject* out = by_name("out");
        if (!out || plan.results.size() == 1) return out;
        const bool has_item = PyTuple_Check(out) && static_cast<std::size_t>(PyTuple_GET_SIZE(out)) > index;
        return has_item ? PyTuple_GET_ITEM(out, static_cast<Py_ssize_t>(index)) : nullptr;
    }
};

// A given result fixes the member: C writes it in its own dtype.
bool takes_results(const Plan& plan, const Given& given) {
    for (std::size_t i = 0; i < plan.results.size(); ++i) {
        if (plan.results[i].form != Form::Array) continue;
        PyObject* object = given.find_result(plan, i);
        if (!object || !PyArray_Check(object)) continue;
        const DType dtype = read_dtype(PyArray_DESCR(reinterpret_cast<PyArrayObject*>(object)));
        const DType& wanted = plan.arrays[plan.results[i].index].dtype;
        if (dtype.kind != wanted.kind || dtype.itemsize != wanted.itemsize) return false;
    }
    return true;
}

// 1: this member holds all given arrays; 0: not; -1: a Python error.
int holds_all(const BoundFunction& bound, const Given& given) {
    const Plan& plan = *bound.plan;
    if (!takes_results(plan, given)) return 0;
    for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
        PyObject* object = plan.inputs[i].form == Form::Array ? given.find(i, plan.inputs[i].name) : nullptr;
        if (!object) continue;
        DType natural;
        if (!find_natural_dtype(object, natural)) return -1;
        if (natural.kind && !holds(plan.arrays[plan.inputs[i].index], natural)) return 0;
    }
    return 1;
}

PyObject* call_one(FunctionState& state, const BoundFunction& bound, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
    Mismatches mismatches;
    PyObject* result = call_general(state, bound, Fit::Convert, arguments, count, keywords, mismatches);
    if (result || mismatches.empty()) return result;
    return raise_mismatches(*bound.plan, std::move(mismatches));
}

// Nothing fits: what each member says first.
PyObject* refuse_all(FunctionState& state, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
    std::string text;
    const char* kind = "ContractError";
    for (const auto& member : state.members) {
        Mismatches mismatches;
        PyObject* result = call_general(state, *member, Fit::Convert, arguments, count, keywords, mismatches);
        if (result || mismatches.empty()) return result;
        kind = exception_name(mismatches);
        mismatches.resize(1);
        const std::string reason = explain(name_call(*member->plan), member->plan->inputs.size(), mismatches);
        text += "\n  " + member->plan->c_name + ": " + reason.substr(reason.find(": ") + 2, reason.find('\n') - reason.find(": ") - 2);
    }
    return raise_text(kind, state.offer.name + ": no member takes these arguments" + text);
}

bool has_only_arrays(const Plan& plan) {
    return std::all_of(plan.inputs.begin(), plan.inputs.end(), [](const Input& input) { return input.form == Form::Array; });
}

}  // namespace

PyObject* call_members(FunctionState& state, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
    if (state.members.size() == 1) return call_one(state, *state.members[0], arguments, count, keywords);
    for (const auto& member : state.members) {
        if (!member->fast || !has_only_arrays(*member->plan)) continue;  // exact dtypes; numbers would be widened
        bool taken;
        PyObject* result = call_fast(*member->fast, arguments, count, keywords, taken);
        if (taken) return result;
    }
    for (const auto& member : state.members) {
        Mismatches mismatches;
        PyObject* result = call_general(state, *member, Fit::Exact, arguments, count, keywords, mismatches);
        if (result || mismatches.empty()) return result;
    }
    std::vector<const BoundFunction*> order;
    for (const auto& member : state.members) order.push_back(member.get());
    if (state.offer.is_family)
        std::stable_sort(order.begin(), order.end(),
                         [](const BoundFunction* a, const BoundFunction* b) { return rank_member(*a) < rank_member(*b); });
    for (const BoundFunction* member : order) {
        const int fits = state.offer.is_family ? holds_all(*member, {arguments, count, keywords}) : 1;
        if (fits < 0) return nullptr;
        if (fits == 0) continue;
        Mismatches mismatches;
        PyObject* result = call_general(state, *member, Fit::Convert, arguments, count, keywords, mismatches);
        if (result || mismatches.empty()) return result;
        if (state.offer.is_family) return raise_mismatches(*member->plan, std::move(mismatches));
    }
    return refuse_all(state, arguments, count, keywords);
}

}  // namespace ndcall
