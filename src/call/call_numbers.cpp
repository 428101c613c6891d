#include "call/call_numbers.hpp"

#include <algorithm>

#include "call/walk.hpp"

namespace ndcall {
namespace {

Evaluation fail(std::string why) { return {EvalStatus::Failed, {}, std::move(why)}; }

std::string show_call(const Plan& plan, std::span<const Number> arguments) {
    std::string shown = plan.c_name + "(";
    for (std::size_t i = 0; i < arguments.size(); ++i) shown += (i == 0 ? "" : ", ") + print_number(arguments[i]);
    return shown + ")";
}

// Of an argument that is not there: its default, or NULL when it is optional.
std::string store_default(Frame& frame, const Input& input) {
    if (input.default_value == no_program) return input.is_optional ? "" : "is missing";
    Mismatches mismatches;
    return take_default(frame, input, mismatches) ? "" : mismatches.front().problem;
}

// Why the argument cannot be taken; empty: it was.
std::string store_input(Frame& frame, const Input& input, const Number& number) {
    const bool is_null = number.form == Number::Form::Null;
    if (is_null && input.is_optional) return {};
    if (input.form == Form::Text && number.form == Number::Form::Text) {
        frame.texts[input.index] = number.text;
        return {};
    }
    if (input.form != Form::Number) return "is " + print_number(number) + ", where " + frame.plan.c_name + " takes no number";
    const Cell& cell = frame.plan.cells[input.index];
    frame.cells[input.index].known = store_number(cell.type, frame.cells[input.index].bytes, number);
    return frame.cells[input.index].known ? "" : "is " + print_number(number) + ", which does not fit C's " + cell.ctype;
}

std::string store_inputs(Frame& frame, std::span<const Number> arguments) {
    const Plan& plan = frame.plan;
    if (arguments.size() > plan.inputs.size()) return "takes at most " + std::to_string(plan.inputs.size()) + " arguments";
    for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
        const Input& input = plan.inputs[i];
        const std::string why = i < arguments.size() ? store_input(frame, input, arguments[i]) : store_default(frame, input);
        if (!why.empty()) return "argument '" + input.name + "' " + why;
    }
    return {};
}

// Everything up to the call, in the walk's order; empty: C may be called.
std::string prepare(Frame& frame, std::span<const Number> arguments) {
    if (frame.plan.arrays.size() + frame.plan.structs.size() != 0) return "takes more than numbers and texts";
    std::string why = store_inputs(frame, arguments);
    if (!why.empty()) return why;
    Mismatches mismatches;
    for (const Stage stage : {Stage::Inputs, Stage::Results}) {
        bind_symbols(frame, stage, mismatches);
        if (mismatches.empty()) run_checks(frame, stage, mismatches);
        if (!mismatches.empty()) break;
    }
    if (mismatches.empty()) place(frame, mismatches);
    if (mismatches.empty()) return {};
    const Mismatch& first = mismatches.front();
    return first.problem + (first.kind == MismatchKind::Check && !first.got.empty() ? " (" + first.got + ")" : "");
}

// The first result; what C returns when the contract names no result is not for us to read.
Evaluation load_result(const Frame& frame) {
    if (frame.plan.results.empty()) return fail("has no result");
    const Result& first = frame.plan.results.front();
    Evaluation evaluation;
    if (first.form == Form::Text) {
        const char* text = frame.texts[first.index];
        evaluation.number = {text == nullptr ? Number::Form::Null : Number::Form::Text, 0, 0, text};
        return evaluation;
    }
    const bool is_number =
        first.form == Form::Number && load_number(frame.plan.cells[first.index].type, frame.cells[first.index].bytes, evaluation.number);
    return is_number ? evaluation : fail("its result is no real 64-bit number");
}

Evaluation run_call(Frame& frame, std::span<const Number> arguments) {
    std::string why = prepare(frame, arguments);
    if (!why.empty()) return fail(std::move(why));
    invoke_frame(frame, lay_out_call(Declarations{}, *frame.plan.function));  // no struct goes by value: there is none
    read_back(frame);
    for (Failure& failure : run_tests(frame))
        if (failure.kind == TestKind::Ok) return fail(std::move(failure.text));
    return load_result(frame);
}

}  // namespace

Evaluation call_numbers(const Plan& callee, std::span<const Number> arguments) {
    Frame frame(callee);
    Evaluation evaluation = run_call(frame, arguments);
    if (evaluation.status != EvalStatus::Done) evaluation.failure = show_call(callee, arguments) + ": " + evaluation.failure;
    return evaluation;
}

}  // namespace ndcall
