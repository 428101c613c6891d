#include "python/call_objects.hpp"

#include <algorithm>

#include "call/walk.hpp"
#include "python/copy_warning.hpp"
#include "python/describe_object.hpp"
#include "python/dtype.hpp"
#include "python/numbers.hpp"
#include "python/struct_arrays.hpp"
#include "python/struct_object.hpp"
#include "python/struct_pointers.hpp"
#include "python/texts.hpp"

namespace ndcall {

namespace {

// A name on both sides is read here, and copied into the result later.
Array make_input_demand(Array demand) {
    if (!demand.is_result) return demand;
    demand.copied = demand.written = demand.is_result = false;
    for (Axis& axis : demand.axes) axis.step = StepRule::Any;
    return demand;
}

Array make_result_demand(Array demand) {
    demand.copied = demand.is_input = false;
    return demand;
}

bool has_exact_dtype(const Array& demand, PyObject* object) {
    return PyArray_Check(object) &&
           (demand.dtype_rule != DTypeRule::Exact || read_dtype(PyArray_DESCR(reinterpret_cast<PyArrayObject*>(object))) == demand.dtype);
}

bool fits_exactly(Scalar type, PyObject* object) {
    switch (type.kind) {
        case ScalarKind::Bool: return PyBool_Check(object) || PyArray_IsScalar(object, Bool);
        case ScalarKind::Float: return PyFloat_Check(object) || PyArray_IsScalar(object, Floating);
        case ScalarKind::Complex: return PyComplex_Check(object) || PyArray_IsScalar(object, ComplexFloating);
        default: return (PyLong_Check(object) && !PyBool_Check(object)) || PyArray_IsScalar(object, Integer) || PyUnicode_Check(object);
    }
}

}  // namespace

CallObjects::CallObjects(FunctionState& state, const Plan& plan, Fit fit, Frame& frame, Mismatches& mismatches)
    : arguments(plan),
      inputs(plan.arrays.size()),
      results(plan.arrays.size()),
      structs(plan.structs.size()),
      struct_inputs(plan.structs.size()),
      state_(state),
      plan_(plan),
      fit_(fit),
      frame_(frame),
      mismatches_(mismatches) {}

bool CallObjects::take(PyObject* const* values, Py_ssize_t count, PyObject* keywords) {
    sort_arguments(plan_, values, count, keywords, arguments, mismatches_);
    return mismatches_.empty() && take_inputs() && take_given_results() && mismatches_.empty() && warn_of_copies() && check_again();
}

bool CallObjects::is_asked(std::size_t result) const {
    const PyObject* given = arguments.results[result];
    return !plan_.results[result].is_optional || (given && given != Py_False);
}

// A refusal stands with the others.
Conversion CallObjects::keep_refusal(Conversion conversion, Mismatch mismatch) {
    if (conversion == Conversion::Refused) mismatches_.push_back(std::move(mismatch));
    return conversion;
}

// The conversions know the argument's name at most; its place among the inputs is known here.
void CallObjects::name_mismatches(const std::string& name, std::int32_t position) {
    for (; named_ < mismatches_.size(); ++named_) {
        mismatches_[named_].argument = name;
        mismatches_[named_].position = position;
    }
}

TakeOptions CallObjects::make_options(const Array& demand, const std::string& name) const {
    TakeOptions options;
    options.name = name;
    options.copies_allowed = state_.library->copy() == CopyPolicy::Safe;
    if (demand.dtype_rule == DTypeRule::Like && demand.like != none) {
        PyArrayObject* like = inputs[demand.like].array.get();
        options.like = like ? PyArray_DESCR(like) : nullptr;
    }
    return options;
}

bool CallObjects::take_inputs() {
    for (int like_last = 0; like_last < 2; ++like_last)  // like(a) needs a's dtype
        for (std::size_t i = 0; i < plan_.inputs.size(); ++i) {
            const Input& input = plan_.inputs[i];
            const bool is_like = input.form == Form::Array && plan_.arrays[input.index].dtype_rule == DTypeRule::Like;
            if (is_like != (like_last == 1)) continue;
            const Conversion conversion = take_input(input, arguments.inputs[i]);
            if (conversion == Conversion::PythonError) return false;
            name_mismatches(input.name, static_cast<std::int32_t>(i));
        }
    return true;
}

Conversion CallObjects::take_input(const Input& input, PyObject* object) {
    switch (input.form) {
        case Form::Number: return object ? take_number(input.index, object) : take_default(input);
        case Form::Array: return object ? take_array_input(input, object) : Conversion::Done;
        case Form::Text: return object ? take_text_input(input.index, object) : take_default(input);
        default: return object ? take_struct_input(input.index, object) : Conversion::Done;
    }
}

Conversion CallObjects::take_default(const Input& input) {
    return ndcall::take_default(frame_, input, mismatches_) ? Conversion::Done : Conversion::Refused;
}

Conversion CallObjects::take_number(std::uint16_t index, PyObject* object) {
    const Cell& cell = plan_.cells[index];
    Mismatch mismatch;
    if (fit_ == Fit::Exact && !fits_exactly(cell.type, object)) {
        mismatch.problem = "is " + describe_object(object);
        return keep_refusal(Conversion::Refused, std::move(mismatch));
    }
    ran_foreign_code_ |= asks_index(object);
    const Conversion conversion = convert_number(plan_, cell, object, frame_.cells[index].bytes, mismatch);
    frame_.cells[index].known = conversion == Conversion::Done;
    return keep_refusal(conversion, std::move(mismatch));
}

Conversion CallObjects::take_array_input(const Input& input, PyObject* object) {
    const Array& demand = plan_.arrays[input.index];
    TakenArray& taken = inputs[input.index];
    if (fit_ == Fit::Exact && !has_exact_dtype(demand, object)) {
        Mismatch mismatch;
        mismatch.kind = MismatchKind::Dtype;
        mismatch.problem = "is " + describe_object(object);
        return keep_refusal(Conversion::Refused, std::move(mismatch));
    }
    const Conversion conversion =
        take_array(plan_, make_input_demand(demand), object, make_options(demand, input.name), taken, mismatches_);
    ran_foreign_code_ |= taken.ran_foreign_code;
    if (conversion == Conversion::Refused) taken.array = {};  // what is like() it, is like nothing
    return conversion;
}

Conversion CallObjects::take_text_input(std::uint16_t index, PyObject* object) {
    Mismatch mismatch;
    const Conversion conversion = take_text(plan_.texts[index], object, texts_, frame_.texts[index], mismatch);
    return keep_refusal(conversion, std::move(mismatch));
}

// A name on both sides is read here, and copied into the result later.
Conversion CallObjects::take_struct_input(std::uint16_t index, PyObject* object) {
    Conversion conversion = take_struct(index, object);
    if (conversion == Conversion::Done) {
        Mismatch mismatch;
        conversion = find_unset(structs[index].get(), plan_.structs[index].name, mismatch);
        keep_refusal(conversion, std::move(mismatch));
    }
    const auto is_it = [&](const Result& result) { return result.form == Form::Struct && result.index == index; };
    if (conversion == Conversion::Done && std::any_of(plan_.results.begin(), plan_.results.end(), is_it))
        struct_inputs[index] = std::move(structs[index]);
    return conversion;
}

Conversion CallObjects::take_struct(std::uint16_t index, PyObject* object) {
    const StructSlot& slot = plan_.structs[index];
    Library& library = *state_.library;
    Owned<> wrapper;  // of an array that is the struct's only visible member
    if (PyArray_Check(object) && wraps_array(library, slot.tag)) {
        const Owned<> type = find_struct_class(library, *library.declarations().find_struct(slot.tag));
        wrapper = Owned<>::steal(type ? PyObject_CallOneArg(type.get(), object) : nullptr);
        if (!wrapper) return Conversion::PythonError;
        object = wrapper.get();
    }
    frame_.structs[index] = find_struct_memory(object, library, slot.tag);
    if (!frame_.structs[index]) {
        Mismatch mismatch;
        mismatch.problem = "is " + describe_object(object) + ", not the library's " + slot.tag;
        mismatch.expected = "an object of struct " + slot.tag + ", from this load of the library";
        return keep_refusal(Conversion::Refused, std::move(mismatch));
    }
    structs[index] = Owned<>::share(object);
    return check_struct(index, object);
}

bool CallObjects::take_given_results() {
    for (std::size_t i = 0; i < plan_.results.size(); ++i) {
        const Result& result = plan_.results[i];
        PyObject* given = arguments.results[i];
        if (!given) continue;
        Conversion conversion = Conversion::Done;
        if (result.form == Form::Array) {
            if (PyBool_Check(given) && result.is_optional) continue;  // asked for, not brought
            const Array demand = make_result_demand(plan_.arrays[result.index]);
            conversion = take_array(plan_, demand, given, make_options(demand, result.name), results[result.index], mismatches_);
            ran_foreign_code_ |= results[result.index].ran_foreign_code;
        } else if (result.form == Form::Struct) {
            conversion = take_struct(result.index, given);
        }
        if (conversion == Conversion::PythonError) return false;
        name_mismatches(result.name, -1);
    }
    return true;
}

bool CallObjects::warn_of_copies() {
    for (const Input& input : plan_.inputs) {
        if (input.form != Form::Array) continue;
        const TakenArray& taken = inputs[input.index];
        if (taken.copied && !taken.copy_reason.empty() && !warn_of_copy(state_, plan_, input.name, taken)) return false;
    }
    return true;
}

// Whether anything ran that could change an array of the caller's in place: his own code, a warning's filter, another thread while NumPy
// copied, a finalizer while a struct was made, whatever a library function calls back to.
bool CallObjects::is_disturbed() const {
    const auto is_copied = [](const TakenArray& taken) { return taken.copied; };
    return ran_foreign_code_ || !plan_.structs.empty() || !frame_.call_values.empty() ||
           std::any_of(inputs.begin(), inputs.end(), is_copied);
}

bool CallObjects::check_again() {
    if (!is_disturbed()) return true;
    for (std::size_t i = 0; i < plan_.inputs.size(); ++i) {
        const Input& input = plan_.inputs[i];
        if (input.form != Form::Array || !inputs[input.index].array || inputs[input.index].copied) continue;
        const Array& demand = plan_.arrays[input.index];
        if (!check_array_again(make_input_demand(demand), input.name, inputs[input.index])) return false;
        name_mismatches(input.name, static_cast<std::int32_t>(i));
    }
    for (std::size_t i = 0; i < plan_.results.size(); ++i) {
        const Result& result = plan_.results[i];
        if (result.form != Form::Array || !results[result.index].array || results[result.index].copied) continue;
        if (!check_array_again(make_result_demand(plan_.arrays[result.index]), result.name, results[result.index])) return false;
        name_mismatches(result.name, -1);
    }
    return check_structs_again() && mismatches_.empty();
}

bool CallObjects::check_array_again(const Array& demand, const std::string& name, TakenArray& taken) {
    return ndcall::check_again(plan_, demand, make_options(demand, name), taken, mismatches_) != Conversion::PythonError;
}

// Their arrays, too, can have other memory by now.
bool CallObjects::check_structs_again() {
    for (std::size_t i = 0; i < plan_.inputs.size(); ++i) {
        const Input& input = plan_.inputs[i];
        if (input.form != Form::Struct) continue;
        const Owned<>& kept = struct_inputs[input.index] ? struct_inputs[input.index] : structs[input.index];
        if (kept && check_struct(input.index, kept.get()) == Conversion::PythonError) return false;
        name_mismatches(input.name, static_cast<std::int32_t>(i));
    }
    for (const Result& result : plan_.results) {
        if (result.form != Form::Struct || !structs[result.index]) continue;
        if (check_struct(result.index, structs[result.index].get()) == Conversion::PythonError) return false;
        name_mismatches(result.name, -1);
    }
    return true;
}

Conversion CallObjects::check_struct(std::uint16_t index, PyObject* object) {
    Mismatch mismatch;
    const Conversion conversion = find_changed(object, plan_.structs[index].name, mismatch);
    return keep_refusal(conversion, std::move(mismatch));
}

}  // namespace ndcall
