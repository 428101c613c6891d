// The order of a call, which docs/semantics promises:
//   1  whatever can run Python code: every object is asked once
//   2  inputs are checked, then results and everything else that is allocated
//   3  all arrays are read again: nothing may have moved
//   4  C is called; no Python code runs between 3 and 4
#include "python/general_call.hpp"

#include <algorithm>
#include <cstring>

#include "call/evaluate.hpp"
#include "call/walk.hpp"
#include "python/arguments.hpp"
#include "python/copy_warning.hpp"
#include "python/describe_object.hpp"
#include "python/dtype.hpp"
#include "python/fast_call.hpp"
#include "python/gil.hpp"
#include "python/numbers.hpp"
#include "python/raise.hpp"
#include "python/results.hpp"
#include "python/struct_arrays.hpp"
#include "python/struct_object.hpp"
#include "python/struct_pointers.hpp"
#include "python/take_array.hpp"
#include "python/texts.hpp"

namespace ndcall {

namespace {

// A phase has one of three ends.
enum class Step : std::uint8_t { Done, Refused, PythonError };

Step to_step(Conversion conversion) {
    return conversion == Conversion::Done ? Step::Done : conversion == Conversion::Refused ? Step::Refused : Step::PythonError;
}

enum class Conditions : std::uint8_t { Asked, Left };

class GeneralCall {
  public:
    GeneralCall(FunctionState& state, const BoundFunction& bound, Fit fit, Mismatches& mismatches)
        : state_(state),
          bound_(bound),
          plan_(*bound.plan),
          fit_(fit),
          mismatches_(mismatches),
          frame_(plan_),
          arguments_(plan_),
          inputs_(plan_.arrays.size()),
          results_(plan_.arrays.size()),
          struct_objects_(plan_.structs.size()),
          struct_inputs_(plan_.structs.size()) {}

    PyObject* run(PyObject* const* values, Py_ssize_t count, PyObject* keywords) {
        sort_arguments(plan_, values, count, keywords, arguments_, mismatches_);
        if (!mismatches_.empty() || !take_inputs() || !take_given_results() || !mismatches_.empty()) return nullptr;
        if (!warn_of_copies() || !check_arrays_again()) return nullptr;
        view_arrays();
        bind_symbols(frame_, Stage::Inputs, mismatches_);
        if (mismatches_.empty()) run_checks(frame_, Stage::Inputs, mismatches_);
        if (!mismatches_.empty() || !allocate_results() || !mismatches_.empty()) return nullptr;
        if (brings_results() && !rehearse()) return nullptr;
        if (!copy_inputs_into_results() || !mismatches_.empty() || !place_all()) return nullptr;
        return call_c() ? finish() : nullptr;
    }

  private:
    // --- 1: objects

    // What is refused is among the mismatches, and the others are looked at all the same. False: a Python error.
    bool take_inputs() {
        for (int like_last = 0; like_last < 2; ++like_last)  // like(a) needs a's dtype
            for (std::size_t i = 0; i < plan_.inputs.size(); ++i) {
                const Input& input = plan_.inputs[i];
                const bool is_like = input.form == Form::Array && plan_.arrays[input.index].dtype_rule == DTypeRule::Like;
                if (is_like != (like_last == 1)) continue;
                const Step step = take_input(input, arguments_.inputs[i]);
                if (step == Step::PythonError) return false;
                name_mismatches(input.name, static_cast<std::int32_t>(i));
            }
        return true;
    }

    // The conversions know the argument's name at most; its place among the inputs is known here.
    void name_mismatches(const std::string& name, std::int32_t position) {
        for (; named_ < mismatches_.size(); ++named_) {
            mismatches_[named_].argument = name;
            mismatches_[named_].position = position;
        }
    }

    Step take_input(const Input& input, PyObject* object) {
        switch (input.form) {
            case Form::Number: return object ? take_number(input.index, object) : take_default(input);
            case Form::Array: return object ? take_array_input(input, object) : Step::Done;
            case Form::Text: return object ? take_text_input(input.index, object) : take_default(input);
            default: return object ? take_struct_input(input.index, object) : Step::Done;
        }
    }

    Step take_number(std::uint16_t index, PyObject* object) {
        const Cell& cell = plan_.cells[index];
        Mismatch mismatch;
        if (fit_ == Fit::Exact && !fits_exactly(cell.type, object)) {
            mismatch.problem = "is " + describe_object(object);
            mismatches_.push_back(std::move(mismatch));
            return Step::Refused;
        }
        ran_foreign_code_ |= asks_index(object);
        const Conversion conversion = convert_number(plan_, cell, object, frame_.cells[index].bytes, mismatch);
        if (conversion == Conversion::Refused) mismatches_.push_back(std::move(mismatch));
        frame_.cells[index].known = conversion == Conversion::Done;
        return to_step(conversion);
    }

    Step take_default(const Input& input) { return ndcall::take_default(frame_, input, mismatches_) ? Step::Done : Step::Refused; }

    TakeOptions make_options(const Array& demand, const std::string& name) const {
        TakeOptions options;
        options.name = name;
        options.copies_allowed = state_.library->copy() == CopyPolicy::Safe;
        if (demand.dtype_rule == DTypeRule::Like && demand.like != none) {
            PyArrayObject* like = inputs_[demand.like].array.get();
            options.like = like ? PyArray_DESCR(like) : nullptr;
        }
        return options;
    }

    Step take_array_input(const Input& input, PyObject* object) {
        const Array& demand = plan_.arrays[input.index];
        TakenArray& taken = inputs_[input.index];
        if (fit_ == Fit::Exact && !has_exact_dtype(demand, object)) {
            Mismatch mismatch;
            mismatch.kind = MismatchKind::Dtype;
            mismatch.problem = "is " + describe_object(object);
            mismatches_.push_back(std::move(mismatch));
            return Step::Refused;
        }
        const Conversion conversion =
            take_array(plan_, make_input_demand(demand), object, make_options(demand, input.name), taken, mismatches_);
        ran_foreign_code_ |= taken.ran_foreign_code;
        if (conversion == Conversion::Refused) taken.array = {};  // what is like() it, is like nothing
        return to_step(conversion);
    }

    // A name on both sides is read here, and copied into the result later.
    static Array make_input_demand(Array demand) {
        if (!demand.is_result) return demand;
        demand.copied = demand.written = demand.is_result = false;
        for (Axis& axis : demand.axes) axis.step = StepRule::Any;
        return demand;
    }

    static Array make_result_demand(Array demand) {
        demand.copied = demand.is_input = false;
        return demand;
    }

    static bool has_exact_dtype(const Array& demand, PyObject* object) {
        return PyArray_Check(object) && (demand.dtype_rule != DTypeRule::Exact ||
                                         read_dtype(PyArray_DESCR(reinterpret_cast<PyArrayObject*>(object))) == demand.dtype);
    }

    static bool fits_exactly(Scalar type, PyObject* object) {
        switch (type.kind) {
            case ScalarKind::Bool: return PyBool_Check(object) || PyArray_IsScalar(object, Bool);
            case ScalarKind::Float: return PyFloat_Check(object) || PyArray_IsScalar(object, Floating);
            case ScalarKind::Complex: return PyComplex_Check(object) || PyArray_IsScalar(object, ComplexFloating);
            default: return (PyLong_Check(object) && !PyBool_Check(object)) || PyArray_IsScalar(object, Integer) || PyUnicode_Check(object);
        }
    }

    Step take_text_input(std::uint16_t index, PyObject* object) {
        Mismatch mismatch;
        const Conversion conversion = take_text(plan_.texts[index], object, kept_, frame_.texts[index], mismatch);
        if (conversion == Conversion::Refused) mismatches_.push_back(std::move(mismatch));
        return to_step(conversion);
    }

    // A name on both sides is read here, and copied into the result later.
    Step take_struct_input(std::uint16_t index, PyObject* object) {
        Step step = take_struct(index, object);
        Mismatch mismatch;
        if (step == Step::Done) step = to_step(find_unset(struct_objects_[index].get(), plan_.structs[index].name, mismatch));
        if (!mismatch.problem.empty()) mismatches_.push_back(std::move(mismatch));
        const auto is_it = [&](const Result& result) { return result.form == Form::Struct && result.index == index; };
        if (step == Step::Done && std::any_of(plan_.results.begin(), plan_.results.end(), is_it))
            struct_inputs_[index] = std::move(struct_objects_[index]);
        return step;
    }

    Step take_struct(std::uint16_t index, PyObject* object) {
        const StructSlot& slot = plan_.structs[index];
        Library& library = *state_.library;
        Owned<> wrapper;  // of an array that is the struct's only visible member
        if (PyArray_Check(object) && wraps_array(library, slot.tag)) {
            const Owned<> type = find_struct_class(library, *library.declarations().find_struct(slot.tag));
            wrapper = Owned<>::steal(type ? PyObject_CallOneArg(type.get(), object) : nullptr);
            if (!wrapper) return Step::PythonError;
            object = wrapper.get();
        }
        frame_.structs[index] = find_struct_memory(object, library, slot.tag);
        if (!frame_.structs[index]) {
            Mismatch mismatch;
            mismatch.problem = "is " + describe_object(object) + ", not a " + slot.tag;
            mismatch.expected = "an object of the library's struct " + slot.tag;
            mismatches_.push_back(std::move(mismatch));
            return Step::Refused;
        }
        struct_objects_[index] = Owned<>::share(object);
        return check_struct(index, object);
    }

    Step check_struct(std::uint16_t index, PyObject* object) {
        Mismatch mismatch;
        const Conversion conversion = find_changed(object, plan_.structs[index].name, mismatch);
        if (conversion == Conversion::Refused) mismatches_.push_back(std::move(mismatch));
        return to_step(conversion);
    }

    bool take_given_results() {
        for (std::size_t i = 0; i < plan_.results.size(); ++i) {
            const Result& result = plan_.results[i];
            PyObject* given = arguments_.results[i];
            if (!given) continue;
            Step step = Step::Done;
            if (result.form == Form::Array) {
                if (PyBool_Check(given) && result.is_optional) continue;  // asked for, not brought
                const Array demand = make_result_demand(plan_.arrays[result.index]);
                step = to_step(take_array(plan_, demand, given, make_options(demand, result.name), results_[result.index], mismatches_));
                ran_foreign_code_ |= results_[result.index].ran_foreign_code;
            } else if (result.form == Form::Struct) {
                step = take_struct(result.index, given);
            }
            if (step == Step::PythonError) return false;
            name_mismatches(result.name, -1);
        }
        return true;
    }

    bool warn_of_copies() {
        for (const Input& input : plan_.inputs) {
            if (input.form != Form::Array) continue;
            const TakenArray& taken = inputs_[input.index];
            if (taken.copied && !taken.copy_reason.empty() && !warn_of_copy(state_, plan_, input.name, taken)) return false;
        }
        return true;
    }

    // Whether anything ran that could change an array of the caller's in place: his own code, a warning's filter, another thread while NumPy
    // copied, a finalizer while a struct was made, whatever a library function calls back to.
    bool is_disturbed() const {
        const auto is_copied = [](const TakenArray& taken) { return taken.copied; };
        return ran_foreign_code_ || !plan_.structs.empty() || !frame_.call_values.empty() ||
               std::any_of(inputs_.begin(), inputs_.end(), is_copied);
    }

    // An array whose dtype, shape or flags were set since it was taken is refused. From here to C, no Python code runs.
    bool check_arrays_again() {
        if (!is_disturbed()) return true;
        for (std::size_t i = 0; i < plan_.inputs.size(); ++i) {
            const Input& input = plan_.inputs[i];
            if (input.form != Form::Array || !inputs_[input.index].array || inputs_[input.index].copied) continue;
            const Array& demand = plan_.arrays[input.index];
            if (!check_array_again(make_input_demand(demand), input.name, inputs_[input.index])) return false;
            name_mismatches(input.name, static_cast<std::int32_t>(i));
        }
        for (std::size_t i = 0; i < plan_.results.size(); ++i) {
            const Result& result = plan_.results[i];
            if (result.form != Form::Array || !results_[result.index].array || results_[result.index].copied) continue;
            if (!check_array_again(make_result_demand(plan_.arrays[result.index]), result.name, results_[result.index])) return false;
            name_mismatches(result.name, -1);
        }
        return check_structs_again() && mismatches_.empty();
    }

    // Their arrays, too, can have other memory by now.
    bool check_structs_again() {
        for (std::size_t i = 0; i < plan_.inputs.size(); ++i) {
            const Input& input = plan_.inputs[i];
            if (input.form != Form::Struct) continue;
            const Owned<>& kept = struct_inputs_[input.index] ? struct_inputs_[input.index] : struct_objects_[input.index];
            if (kept && check_struct(input.index, kept.get()) == Step::PythonError) return false;
            name_mismatches(input.name, static_cast<std::int32_t>(i));
        }
        for (const Result& result : plan_.results) {
            if (result.form != Form::Struct || !struct_objects_[result.index]) continue;
            if (check_struct(result.index, struct_objects_[result.index].get()) == Step::PythonError) return false;
            name_mismatches(result.name, -1);
        }
        return true;
    }

    // Once more when a library function of an expression was called on the way: it may call back to code of the caller's, which has the arrays.
    // What it returned is known the next time.
    bool place_all(Conditions conditions = Conditions::Asked) {
        std::size_t calls = 0;
        do {
            calls = frame_.call_values.size();
            if (!check_arrays_again()) return false;
            view_arrays();
            bind_symbols(frame_, Stage::Results, mismatches_);
            if (mismatches_.empty() && conditions == Conditions::Asked) run_checks(frame_, Stage::Results, mismatches_);
            if (mismatches_.empty()) find_overlaps(frame_, mismatches_);
            if (mismatches_.empty()) place(frame_, mismatches_);
        } while (mismatches_.empty() && frame_.call_values.size() != calls);
        return mismatches_.empty();
    }

    bool check_array_again(const Array& demand, const std::string& name, TakenArray& taken) {
        return check_again(plan_, demand, make_options(demand, name), taken, mismatches_) != Conversion::PythonError;
    }

    // --- 2 and 3: memory

    // What C is handed for an array: the result when there is one, else the input. Of a name on both sides the input, as long as the result does
    // not have its values.
    const TakenArray& find_taken(std::uint16_t index) const {
        const bool is_result = results_[index].array && (is_filled_ || !inputs_[index].array);
        return is_result ? results_[index] : inputs_[index];
    }

    void view_arrays() {
        for (std::uint16_t i = 0; i < plan_.arrays.size(); ++i) {
            const TakenArray& taken = find_taken(i);
            frame_.arrays[i] = taken.array ? view_array_for(plan_.arrays[i], taken.array.get()) : ArrayView{};
            frame_.is_private[i] = taken.copied;
        }
        frame_.foreign.clear();  // a struct may have got other arrays since it was taken
        for (std::size_t i = 0; i < plan_.structs.size(); ++i) {
            const Owned<>& kept = struct_inputs_[i] ? struct_inputs_[i] : struct_objects_[i];  // of both sides: what the result gets
            if (kept) list_member_ranges(kept.get(), plan_.structs[i].name, plan_.structs[i].written, frame_.foreign);
        }
        frame_.own_shapes();
    }

    bool is_asked(std::size_t result) const {
        const PyObject* given = arguments_.results[result];
        return !plan_.results[result].is_optional || (given && given != Py_False);
    }

    bool allocate_results() {
        for (std::size_t i = 0; i < plan_.results.size(); ++i) {
            const Result& result = plan_.results[i];
            if (!is_asked(i)) {
                if (result.form == Form::Number && i < 32) frame_.absent_cells |= 1u << i;
                continue;
            }
            if (result.form == Form::Array && !results_[result.index].array && !allocate_array(result)) return false;
        }
        return allocate_structs();
    }

    // After the arrays: it can collect garbage, whose finalizers may give an array of the caller's another shape. Until then the views hold.
    bool allocate_structs() {
        for (std::size_t i = 0; i < plan_.results.size(); ++i) {
            const Result& result = plan_.results[i];
            if (result.form != Form::Struct || !is_asked(i) || struct_objects_[result.index]) continue;
            if (!allocate_struct(result.index)) return false;
        }
        return true;
    }

    bool allocate_array(const Result& result) {
        const Array& array = plan_.arrays[result.index];
        std::vector<std::ptrdiff_t> shape;
        if (!size_result(frame_, result.index, shape, mismatches_)) return true;
        const TakeOptions options = make_options(array, result.name);
        PyArray_Descr* descr = find_descr(array, options.like);
        if (!descr && array.is_input) descr = PyArray_DESCR(inputs_[result.index].array.get());  // any[...] on both sides
        if (!descr) {
            Mismatch mismatch;
            mismatch.kind = MismatchKind::Dtype;
            mismatch.argument = result.name;
            mismatch.problem = "has no dtype that this call determines: give the array by out=";
            mismatches_.push_back(std::move(mismatch));
            return true;
        }
        results_[result.index].array = ndcall::allocate_result(array, descr, shape);
        results_[result.index].copied = true;
        return static_cast<bool>(results_[result.index].array);
    }

    bool allocate_struct(std::uint16_t index) {
        struct_objects_[index] = Owned<>::steal(make_struct_result(*state_.library, plan_.structs[index].tag, frame_.structs[index]));
        return static_cast<bool>(struct_objects_[index]);
    }

    // Whether an input will be copied into memory of the caller's.
    bool brings_results() const {
        for (std::size_t i = 0; i < plan_.results.size(); ++i) {
            const auto [form, index] = std::pair(plan_.results[i].form, plan_.results[i].index);
            const bool is_both =
                form == Form::Array ? static_cast<bool>(inputs_[index].array) : form == Form::Struct && struct_inputs_[index];
            if (arguments_.results[i] && is_both) return true;
        }
        return false;
    }

    // Everything that may refuse the call, before an array that was given is written: conditions ask the values of inputs, the rest looks at
    // the memory that C gets.
    bool rehearse() {
        compare_both_sides();
        is_filled_ = true;
        const bool is_placed = mismatches_.empty() && place_all(Conditions::Left);
        is_filled_ = false;
        if (!is_placed) return false;
        view_arrays();
        run_checks(frame_, Stage::Results, mismatches_);
        return mismatches_.empty();
    }

    bool is_copied(std::uint16_t i) const {
        return plan_.arrays[i].is_input && plan_.arrays[i].is_result && results_[i].array && inputs_[i].array;
    }

    void compare_both_sides() {
        for (std::uint16_t i = 0; i < plan_.arrays.size(); ++i) {
            PyArrayObject *from = inputs_[i].array.get(), *to = results_[i].array.get();
            if (!is_copied(i) || PyArray_SAMESHAPE(from, to)) continue;
            Mismatch mismatch;
            mismatch.kind = MismatchKind::Shape;
            mismatch.argument = plan_.arrays[i].name;
            mismatch.problem = "has shape " + show_shape(to) + " as a result, and " + show_shape(from) + " as an input";
            mismatches_.push_back(std::move(mismatch));
        }
    }

    bool copy_inputs_into_results() {
        compare_both_sides();
        if (!mismatches_.empty()) return true;
        is_filled_ = true;
        for (std::uint16_t i = 0; i < plan_.arrays.size(); ++i) {
            if (!is_copied(i)) continue;
            if (PyArray_CopyInto(results_[i].array.get(), inputs_[i].array.get()) < 0) return false;
            ran_foreign_code_ = true;  // a large copy lets other threads run
        }
        for (std::size_t i = 0; i < struct_inputs_.size(); ++i)
            if (struct_inputs_[i] && struct_objects_[i]) copy_struct(struct_inputs_[i].get(), struct_objects_[i].get());
        return true;
    }

    // --- 4: C

    std::size_t count_bytes() const {
        std::size_t bytes = 0;
        for (const ArrayView& view : frame_.arrays) {
            std::size_t size = view.data ? view.dtype.itemsize : 0;
            for (int axis = 0; axis < view.ndim; ++axis) size *= static_cast<std::size_t>(view.shape[axis]);
            bytes += size;
        }
        return bytes;
    }

    bool call_c() {
        const bool by_size = plan_.arrays.empty() || count_bytes() > gil_threshold;
        if (plan_.return_form == ReturnForm::Struct)
            frame_.returned_struct = frame_.reserve(std::max<std::size_t>(plan_.structs[plan_.return_index].size, 32));
        for (std::size_t i = 0; i < struct_objects_.size(); ++i) {
            if (!struct_objects_[i]) continue;
            held_.push_back(hold_memory(struct_objects_[i].get()));
            if (plan_.structs[i].written) mark_all_set(struct_objects_[i].get());
        }
        try {
            const GilRelease gil(plan_.gil == GilRule::Release || (plan_.gil == GilRule::BySize && by_size));
            invoke_frame(frame_, bound_.layout);
        } catch (...) {
            raise_thrown(plan_.c_name);
            return false;
        }
        read_back(frame_);
        if (plan_.return_form == ReturnForm::Struct && frame_.structs[plan_.return_index])
            std::memcpy(frame_.structs[plan_.return_index], frame_.returned_struct, plan_.structs[plan_.return_index].size);
        return true;
    }

    // Without the GIL, or through a callback, an array of the caller's may have got other memory: it is looked at again before it is read.
    bool can_be_tested() {
        const auto is_of_c = [](const Test& test) { return test.kind != TestKind::Check; };
        if (std::none_of(plan_.tests.begin(), plan_.tests.end(), is_of_c)) return true;
        ran_foreign_code_ = true;
        if (check_arrays_again()) {
            view_arrays();
            return true;
        }
        if (!mismatches_.empty())
            raise_text("CallError", plan_.name + ": an array was changed while C ran, so that its tests cannot be made");
        mismatches_.clear();  // it was no refusal: C was called
        return false;
    }

    PyObject* finish() {
        if (!can_be_tested()) return nullptr;
        const std::vector<Failure> failures = run_tests(frame_);
        const bool has_failed = !failures.empty() && failures.back().kind == TestKind::Ok;
        std::vector<Owned<>> items;
        std::uint64_t asked = 0;
        for (std::size_t i = 0; i < plan_.results.size() && !has_failed; ++i) {
            if (!is_asked(i)) continue;
            asked |= std::uint64_t{1} << (i % 64);
            items.push_back(Owned<>::steal(make_item(i)));
            if (!items.back()) return nullptr;
        }
        return warn_of_failures(failures) ? collect_results(state_, plan_, asked, std::move(items)) : nullptr;
    }

    // A warning may run code of the caller's: by now the results are ours, and no text is read any more from where C left it. False: one
    // became an exception, or the last failure is one.
    bool warn_of_failures(const std::vector<Failure>& failures) const {
        for (const Failure& failure : failures) {
            const std::string text = plan_.name + ": " + failure.text;
            if (failure.kind == TestKind::Ok) {
                raise_text("CallError", text);
                return false;
            }
            const Owned<> category = find_exception("CallWarning");
            if (!category || PyErr_WarnEx(category.get(), text.c_str(), 1) < 0) return false;
        }
        return true;
    }

    PyObject* make_item(std::size_t i) {
        const Result& result = plan_.results[i];
        switch (result.form) {
            case Form::Number: return wrap_number(plan_, plan_.cells[result.index], frame_.cells[result.index].bytes);
            case Form::Array: return finish_array(plan_.arrays[result.index], arguments_.results[i], results_[result.index]);
            case Form::Text: return wrap_text(plan_, result, frame_.texts[result.index]);
            default: return Py_NewRef(struct_objects_[result.index].get());
        }
    }

    FunctionState& state_;
    const BoundFunction& bound_;
    const Plan& plan_;
    Fit fit_;
    Mismatches& mismatches_;
    Frame frame_;
    Arguments arguments_;
    std::vector<TakenArray> inputs_, results_;    // by array
    std::vector<Owned<>> struct_objects_, kept_;  // alive until C returned
    std::vector<Owned<>> struct_inputs_;          // of names on both sides: what is copied into the result
    std::vector<HeldMemory> held_;                // of the structs that C gets
    std::size_t named_ = 0;
    bool ran_foreign_code_ = false;
    bool is_filled_ = false;  // results of names on both sides have the values of the inputs
};

}  // namespace

PyObject* call_general(FunctionState& state, const BoundFunction& bound, Fit fit, PyObject* const* arguments, Py_ssize_t count,
                       PyObject* keywords, Mismatches& mismatches) {
    return GeneralCall(state, bound, fit, mismatches).run(arguments, count, keywords);
}

}  // namespace ndcall
