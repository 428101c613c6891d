// A struct object is filled by its own plan: the walk of a call, without the call.
#include <algorithm>

#include "call/look_again.hpp"
#include "call/walk.hpp"
#include "python/arguments.hpp"
#include "python/dtype.hpp"
#include "python/make_text.hpp"
#include "python/numbers.hpp"
#include "python/raise.hpp"
#include "python/struct_arrays.hpp"
#include "python/struct_object.hpp"
#include "python/take_array.hpp"
#include "python/texts.hpp"

namespace ndcall {

namespace {

class StructFill {
  public:
    StructFill(StructObject* object, const Plan& plan)
        : object_(object),
          plan_(plan),
          frame_(plan),
          arguments_(plan),
          taken_(plan.arrays.size()),
          copy_(plan.blocks[0].size / sizeof(std::max_align_t) + 1) {}

    bool fill(PyObject* const* values, Py_ssize_t count, PyObject* keywords) {
        sort_arguments(plan_, values, count, keywords, arguments_, mismatches_);
        if (mismatches_.empty() && !take_all()) return false;
        LookAgain again(frame_);
        do {
            if (mismatches_.empty() && !place_all()) return false;
        } while (again.is_needed(mismatches_));
        if (!mismatches_.empty()) {
            raise_mismatches(plan_, std::move(mismatches_));
            return false;
        }
        keep();
        return true;
    }

  private:
    bool take_all() {
        for (std::size_t i = 0; i < plan_.inputs.size(); ++i) {
            const Input& input = plan_.inputs[i];
            PyObject* value = arguments_.inputs[i];
            const Conversion conversion = value ? take(input, value) : take_default(input);
            if (conversion == Conversion::PythonError) return false;
            name_mismatches(input.name, i);
        }
        return true;
    }

    bool place_all() {
        if (!check_arrays_again()) return false;
        for (std::uint16_t i = 0; i < plan_.arrays.size(); ++i)
            if (taken_[i].array) frame_.arrays[i] = view_array_for(plan_.arrays[i], taken_[i].array.get());
        frame_.own_shapes();
        if (mismatches_.empty()) bind_symbols(frame_, Stage::Inputs, mismatches_);
        if (mismatches_.empty()) run_checks(frame_, Stage::Results, mismatches_);
        if (mismatches_.empty()) bind_symbols(frame_, Stage::Results, mismatches_);
        if (mismatches_.empty()) find_overlaps(frame_, mismatches_);
        frame_.blocks[0] = reinterpret_cast<std::byte*>(copy_.data());  // what fails leaves the object as it was
        std::copy_n(object_->bytes(), plan_.blocks[0].size, frame_.blocks[0]);
        if (mismatches_.empty()) place(frame_, mismatches_);
        return true;
    }

    // What came later may have changed an array that was looked at: its own code, or a finalizer's. From here on, none runs.
    bool check_arrays_again() {
        for (std::size_t i = 0; i < plan_.inputs.size(); ++i) {
            const Input& input = plan_.inputs[i];
            if (input.form != Form::Array || !taken_[input.index].array || taken_[input.index].copied) continue;
            if (check_again(plan_, plan_.arrays[input.index], make_options(input), taken_[input.index], mismatches_) ==
                Conversion::PythonError)
                return false;
            name_mismatches(input.name, i);
        }
        return true;
    }

    TakeOptions make_options(const Input& input) const {
        TakeOptions options;
        options.name = input.name;
        options.copies_allowed = object_->layout->library->copy() == CopyPolicy::Safe;
        return options;
    }

    void name_mismatches(const std::string& name, std::size_t position) {
        for (; named_ < mismatches_.size(); ++named_) {
            mismatches_[named_].argument = name;
            mismatches_[named_].position = static_cast<std::int32_t>(position);
        }
    }

    // A text of the contract is the plan's, which the struct may outlive: it is made anew, and kept.
    Conversion take_default(const Input& input) {
        if (input.form != Form::Text) return ndcall::take_default(frame_, input, mismatches_) ? Conversion::Done : Conversion::Refused;
        const Node* node = input.default_value == no_program ? nullptr : &plan_.programs.nodes[input.default_value];
        if (!node || node->kind != NodeKind::Text) return Conversion::Done;
        const Owned<> text = Owned<>::steal(make_text(node->text));
        return text ? take(input, text.get()) : Conversion::PythonError;
    }

    Conversion take(const Input& input, PyObject* value) {
        Mismatch mismatch;
        Conversion conversion = Conversion::Done;
        switch (input.form) {
            case Form::Number:
                conversion = convert_number(plan_, plan_.cells[input.index], value, frame_.cells[input.index].bytes, mismatch);
                frame_.cells[input.index].known = conversion == Conversion::Done;
                break;
            case Form::Array:
                return take_array(plan_, plan_.arrays[input.index], value, make_options(input), taken_[input.index], mismatches_);
            case Form::Text: conversion = take_text(plan_.texts[input.index], value, texts_, frame_.texts[input.index], mismatch); break;
            default: mismatch.problem = "is a struct inside a struct, which is not bound yet"; conversion = Conversion::Refused;
        }
        if (conversion == Conversion::Refused) mismatches_.push_back(std::move(mismatch));
        return conversion;
    }

    // Nothing can fail any more: memory, arrays and tables change together.
    void keep() {
        std::copy_n(frame_.blocks[0], plan_.blocks[0].size, object_->bytes());
        std::vector<Owned<>> arrays(plan_.arrays.size());
        std::vector<ArrayFacts> facts(plan_.arrays.size());
        for (std::size_t i = 0; i < taken_.size(); ++i) {
            if (!taken_[i].array) continue;
            arrays[i] = Owned<>::share(taken_[i].array.object());
            facts[i] = read_facts(taken_[i].array.get());
        }
        for (Owned<>& text : texts_) arrays.push_back(std::move(text));
        object_->arrays->swap(arrays);
        object_->facts->swap(facts);
        object_->tables->clear();
        for (auto& table : frame_.owned_memory) object_->tables->push_back(std::move(table));
    }

    StructObject* object_;
    const Plan& plan_;
    Frame frame_;
    Arguments arguments_;
    std::vector<TakenArray> taken_;
    std::vector<Owned<>> texts_;
    std::vector<std::max_align_t> copy_;
    Mismatches mismatches_;
    std::size_t named_ = 0;
};

}  // namespace

bool fill_struct(StructObject* object, const Plan& plan, PyObject* const* values, Py_ssize_t count, PyObject* keywords) {
    return StructFill(object, plan).fill(values, count, keywords);
}

}  // namespace ndcall
