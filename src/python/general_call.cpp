// The order of a call, which docs/semantics promises:
//   1  whatever can run Python code: every object is asked once
//   2  inputs are checked, then results and everything else that is allocated
//   3  all arrays are read again: nothing may have moved
//   4  C is called; no Python code runs between 3 and 4
#include "python/general_call.hpp"

#include <algorithm>
#include <cstring>

#include "call/evaluate.hpp"
#include "call/look_again.hpp"
#include "call/walk.hpp"
#include "python/describe_object.hpp"
#include "python/dtype.hpp"
#include "python/fast_call.hpp"
#include "python/gil.hpp"
#include "python/raise.hpp"
#include "python/results.hpp"
#include "python/struct_arrays.hpp"
#include "python/struct_object.hpp"
#include "python/struct_pointers.hpp"

namespace ndcall {

namespace {

// Whether the conditions of a contract are asked.
enum class Conditions : std::uint8_t { Asked, Left };

class GeneralCall {
  public:
    GeneralCall(FunctionState& state, const BoundFunction& bound, Fit fit, Mismatches& mismatches)
        : state_(state),
          bound_(bound),
          plan_(*bound.plan),
          mismatches_(mismatches),
          frame_(plan_),
          objects_(state, plan_, fit, frame_, mismatches) {}

    PyObject* run(PyObject* const* values, Py_ssize_t count, PyObject* keywords) {
        if (!objects_.take(values, count, keywords)) return nullptr;
        view_arrays();
        bind_symbols(frame_, Stage::Inputs, mismatches_);
        if (mismatches_.empty()) run_checks(frame_, Stage::Inputs, mismatches_);
        if (!mismatches_.empty() || !allocate_results() || !mismatches_.empty()) return nullptr;
        if (brings_results() && !rehearse()) return nullptr;
        if (!copy_inputs_into_results() || !mismatches_.empty() || !place_all()) return nullptr;
        return call_c() ? finish() : nullptr;
    }

  private:
    // --- 2 and 3: memory

    // What C is handed for an array: the result when there is one, else the input. Of a name on both sides the input, as long as the result does
    // not have its values.
    const TakenArray& find_taken(std::uint16_t index) const {
        const bool is_result = objects_.results[index].array && (is_filled_ || !objects_.inputs[index].array);
        return is_result ? objects_.results[index] : objects_.inputs[index];
    }

    void view_arrays() {
        for (std::uint16_t i = 0; i < plan_.arrays.size(); ++i) {
            const TakenArray& taken = find_taken(i);
            frame_.arrays[i] = taken.array ? view_array_for(plan_.arrays[i], taken.array.get()) : ArrayView{};
            frame_.is_private[i] = taken.copied;
        }
        frame_.foreign.clear();  // a struct may have got other arrays since it was taken
        for (std::size_t i = 0; i < plan_.structs.size(); ++i) {
            const Owned<>& kept =
                objects_.struct_inputs[i] ? objects_.struct_inputs[i] : objects_.structs[i];  // of both sides: what the result gets
            if (kept) list_member_ranges(kept.get(), plan_.structs[i].name, plan_.structs[i].written, frame_.foreign);
        }
        frame_.own_shapes();
    }

    bool allocate_results() {
        for (std::size_t i = 0; i < plan_.results.size(); ++i) {
            const Result& result = plan_.results[i];
            if (!objects_.is_asked(i)) {
                if (result.form == Form::Number && i < 32) frame_.absent_cells |= 1u << i;
                continue;
            }
            if (result.form == Form::Array && !objects_.results[result.index].array && !allocate_array(result)) return false;
        }
        return allocate_structs();
    }

    // After the arrays: it can collect garbage, whose finalizers may give an array of the caller's another shape. Until then the views hold.
    bool allocate_structs() {
        for (std::size_t i = 0; i < plan_.results.size(); ++i) {
            const Result& result = plan_.results[i];
            if (result.form != Form::Struct || !objects_.is_asked(i) || objects_.structs[result.index]) continue;
            if (!allocate_struct(result.index)) return false;
        }
        return true;
    }

    bool allocate_array(const Result& result) {
        const Array& array = plan_.arrays[result.index];
        std::vector<std::ptrdiff_t> shape;
        if (!size_result(frame_, result.index, shape, mismatches_)) return true;
        const TakeOptions options = objects_.make_options(array, result.name);
        PyArray_Descr* descr = find_descr(array, options.like);
        if (!descr && array.is_input) descr = PyArray_DESCR(objects_.inputs[result.index].array.get());  // any[...] on both sides
        if (!descr) {
            Mismatch mismatch;
            mismatch.kind = MismatchKind::Dtype;
            mismatch.argument = result.name;
            mismatch.problem = "has no dtype that this call determines: give the array by out=";
            mismatches_.push_back(std::move(mismatch));
            return true;
        }
        objects_.results[result.index].array = ndcall::allocate_result(array, descr, shape);
        objects_.results[result.index].copied = true;
        return static_cast<bool>(objects_.results[result.index].array);
    }

    bool allocate_struct(std::uint16_t index) {
        objects_.structs[index] = Owned<>::steal(make_struct_result(*state_.library, plan_.structs[index].tag, frame_.structs[index]));
        return static_cast<bool>(objects_.structs[index]);
    }

    // Whether an input will be copied into memory of the caller's.
    bool brings_results() const {
        for (std::size_t i = 0; i < plan_.results.size(); ++i) {
            const auto [form, index] = std::pair(plan_.results[i].form, plan_.results[i].index);
            const bool is_both = form == Form::Array ? static_cast<bool>(objects_.inputs[index].array)
                                                     : form == Form::Struct && objects_.struct_inputs[index];
            if (objects_.arguments.results[i] && is_both) return true;
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
        return plan_.arrays[i].is_input && plan_.arrays[i].is_result && objects_.results[i].array && objects_.inputs[i].array;
    }

    void compare_both_sides() {
        for (std::uint16_t i = 0; i < plan_.arrays.size(); ++i) {
            PyArrayObject *from = objects_.inputs[i].array.get(), *to = objects_.results[i].array.get();
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
            if (PyArray_CopyInto(objects_.results[i].array.get(), objects_.inputs[i].array.get()) < 0) return false;
            objects_.note_foreign_code();  // a large copy lets other threads run
        }
        for (std::size_t i = 0; i < objects_.struct_inputs.size(); ++i)
            if (objects_.struct_inputs[i] && objects_.structs[i]) copy_struct(objects_.struct_inputs[i].get(), objects_.structs[i].get());
        return true;
    }

    bool place_all(Conditions conditions = Conditions::Asked) {
        LookAgain again(frame_);
        do {
            if (!objects_.check_again()) return false;
            view_arrays();
            bind_symbols(frame_, Stage::Results, mismatches_);
            if (mismatches_.empty() && conditions == Conditions::Asked) run_checks(frame_, Stage::Results, mismatches_);
            if (mismatches_.empty()) find_overlaps(frame_, mismatches_);
            if (mismatches_.empty()) place(frame_, mismatches_);
        } while (again.is_needed(mismatches_));
        return mismatches_.empty();
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
        for (std::size_t i = 0; i < objects_.structs.size(); ++i) {
            if (!objects_.structs[i]) continue;
            held_.push_back(hold_memory(objects_.structs[i].get()));
            if (plan_.structs[i].written) mark_all_set(objects_.structs[i].get());
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
        objects_.note_foreign_code();
        if (objects_.check_again()) {
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
            if (!objects_.is_asked(i)) continue;
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
            case Form::Array:
                return finish_array(plan_.arrays[result.index], objects_.arguments.results[i], objects_.results[result.index]);
            case Form::Text: return wrap_text(plan_, result, frame_.texts[result.index]);
            default: return Py_NewRef(objects_.structs[result.index].get());
        }
    }

    FunctionState& state_;
    const BoundFunction& bound_;
    const Plan& plan_;
    Mismatches& mismatches_;
    Frame frame_;
    CallObjects objects_;
    std::vector<HeldMemory> held_;  // of the structs that C gets
    bool is_filled_ = false;        // results of names on both sides have the values of the inputs
};

}  // namespace

PyObject* call_general(FunctionState& state, const BoundFunction& bound, Fit fit, PyObject* const* arguments, Py_ssize_t count,
                       PyObject* keywords, Mismatches& mismatches) {
    return GeneralCall(state, bound, fit, mismatches).run(arguments, count, keywords);
}

}  // namespace ndcall
