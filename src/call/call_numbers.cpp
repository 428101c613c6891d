#include "call/call_numbers.hpp"

#include <cerrno>
#include <cstring>

#include "call/abi.hpp"

namespace ndcall {
namespace {

class NumberCall {
  public:
    NumberCall(const Plan& callee, std::span<const Number> arguments) : plan_(callee), arguments_(arguments), frame_(callee) {}

    bool run() { return store_inputs() && store_fixed() && pass_tests(TestKind::Check) && invoke_function() && pass_tests(TestKind::Ok); }
    Evaluation take_result();

  private:
    bool store_inputs();
    bool store_fixed();
    bool store_cell(std::uint16_t index, const Number& number, const std::string& what);
    bool invoke_function();
    const void* find_value(const Placement& place);
    bool pass_tests(TestKind kind);
    std::string explain_test(const Test& test);
    std::string show_call() const;
    bool fail(std::string why) {
        result_.status = EvalStatus::Failed;
        result_.failure = std::move(why);
        return false;
    }

    const Plan& plan_;
    std::span<const Number> arguments_;
    Frame frame_;
    std::vector<const void*> pointers_;  // values of pointer parameters: their addresses go to C's frame
    alignas(16) std::byte returned_[32] = {};
    int errno_ = 0;
    Evaluation result_;
};

std::string NumberCall::show_call() const {
    std::string shown = plan_.c_name + "(";
    for (std::size_t i = 0; i < arguments_.size(); ++i) shown += (i == 0 ? "" : ", ") + print_number(arguments_[i]);
    return shown + ")";
}

bool NumberCall::store_cell(std::uint16_t index, const Number& number, const std::string& what) {
    RawCell& cell = frame_.cells[index];
    cell.known = store_number(plan_.cells[index].type, cell.bytes, number);
    return cell.known || fail(show_call() + ": " + what + " does not fit " + plan_.cells[index].ctype);
}

bool NumberCall::store_inputs() {
    if (arguments_.size() > plan_.inputs.size())
        return fail(show_call() + ": " + plan_.c_name + " takes " + std::to_string(plan_.inputs.size()) + " arguments");
    for (std::size_t i = 0; i < plan_.inputs.size(); ++i) {
        const Input& input = plan_.inputs[i];
        Number number{Number::Form::Null, 0, 0, nullptr};
        if (i < arguments_.size()) {
            number = arguments_[i];
        } else if (input.default_value != no_program) {
            const Evaluation evaluation = evaluate(frame_, input.default_value);
            if (evaluation.status != EvalStatus::Done) return fail(show_call() + ": argument '" + input.name + "': " + evaluation.failure);
            number = evaluation.number;
        } else if (!input.is_optional) {
            return fail(show_call() + ": argument '" + input.name + "' is missing");
        }
        const std::string what = "argument '" + input.name + "', " + print_number(number) + ",";
        if (input.form == Form::Number) {
            if (input.is_optional && number.form == Number::Form::Null) continue;
            if (!store_cell(input.index, number, what)) return false;
        } else if (input.form == Form::Text &&
                   (number.form == Number::Form::Text || (number.form == Number::Form::Null && input.is_optional))) {
            frame_.texts[input.index] = number.text;
        } else {
            return fail(show_call() + ": " + what + " is not what " + plan_.c_name + " takes there");
        }
    }
    return true;
}

// Binding has put fixed cells behind those they are made from, or refused the circle.
bool NumberCall::store_fixed() {
    bool changed = true;
    while (changed) {
        changed = false;
        for (std::uint16_t i = 0; i < plan_.cells.size(); ++i) {
            if (plan_.cells[i].fixed == no_program || frame_.cells[i].known) continue;
            const Evaluation evaluation = evaluate(frame_, plan_.cells[i].fixed);
            if (evaluation.status == EvalStatus::Failed) return fail(show_call() + ": " + evaluation.failure);
            if (evaluation.status != EvalStatus::Done) continue;
            if (!store_cell(i, evaluation.number, "the value of '" + plan_.cells[i].name + "'")) return false;
            changed = true;
        }
    }
    return true;
}

// The address of the value that a parameter takes; null: not a number or a text.
const void* NumberCall::find_value(const Placement& place) {
    switch (place.source) {
        case PlaceSource::CellValue: return frame_.cells[place.index].bytes;
        case PlaceSource::CellAddress: {
            RawCell& cell = frame_.cells[place.index];
            pointers_.push_back(place.null_when_absent && !cell.known ? nullptr : cell.bytes);
            return &pointers_.back();
        }
        case PlaceSource::Text: pointers_.push_back(frame_.texts[place.index]); return &pointers_.back();
        case PlaceSource::Null: pointers_.push_back(nullptr); return &pointers_.back();
        default: return nullptr;
    }
}

bool NumberCall::invoke_function() {
    std::vector<const void*> values;
    pointers_.reserve(plan_.parameters.size());  // no element may move
    for (const Placement& place : plan_.parameters) {
        if (place.source == PlaceSource::CellValue && !frame_.cells[place.index].known)
            return fail(show_call() + ": nothing determines '" + plan_.cells[place.index].name + "'");
        values.push_back(find_value(place));
        if (values.back() == nullptr) return fail(show_call() + ": " + plan_.c_name + " takes more than numbers and texts");
    }
    const CallLayout layout = lay_out_call(Declarations{}, *plan_.function);
    errno = 0;
    // SAFETY: binding made parameters from the prototype in layout, and every value above has the C type of its parameter.
    invoke(layout, plan_.address, values.data(), returned_);
    errno_ = errno;
    for (std::uint16_t i = 0; i < plan_.cells.size(); ++i)
        if (plan_.cells[i].is_written_by_c) frame_.cells[i].known = true;
    if (plan_.return_form == ReturnForm::Cell) {
        std::memcpy(frame_.cells[plan_.return_index].bytes, returned_, plan_.cells[plan_.return_index].type.size);
        frame_.cells[plan_.return_index].known = true;
    } else if (plan_.return_form == ReturnForm::Text) {
        std::memcpy(&frame_.texts[plan_.return_index], returned_, sizeof(const char*));
    }
    return true;
}

std::string NumberCall::explain_test(const Test& test) {
    switch (test.text) {
        case Test::Text::Literal: return test.literal;
        case Test::Text::Errno: return std::strerror(errno_);
        case Test::Text::Output:
            if (frame_.texts[test.output] != nullptr) return frame_.texts[test.output];
            break;
        case Test::Text::Call: {
            const Evaluation evaluation = evaluate(frame_, test.call);
            if (evaluation.status == EvalStatus::Done && evaluation.number.form == Number::Form::Text) return evaluation.number.text;
            break;
        }
        case Test::Text::None: break;
    }
    return plan_.programs.texts[test.condition] + " does not hold";
}

bool NumberCall::pass_tests(TestKind kind) {
    for (const Test& test : plan_.tests) {
        if (test.kind != kind) continue;
        const Evaluation evaluation = evaluate(frame_, test.condition);
        if (evaluation.status == EvalStatus::Failed) return fail(show_call() + ": " + evaluation.failure);
        if (evaluation.status != EvalStatus::Done || is_true(evaluation.number)) continue;
        return fail(show_call() + ": " + explain_test(test) + " (" + show_values(frame_, test.condition) + ")");
    }
    return true;
}

// The first result; what C returns when the contract names no result is not for us to read.
Evaluation NumberCall::take_result() {
    if (result_.status == EvalStatus::Failed) return std::move(result_);
    if (plan_.results.empty()) {
        fail(show_call() + ": " + plan_.c_name + " has no result");
        return std::move(result_);
    }
    const Result& first = plan_.results.front();
    if (first.form == Form::Text) {
        const char* text = frame_.texts[first.index];
        result_.number = {text == nullptr ? Number::Form::Null : Number::Form::Text, 0, 0, text};
    } else if (first.form != Form::Number || !load_number(plan_.cells[first.index].type, frame_.cells[first.index].bytes, result_.number)) {
        fail(show_call() + ": its result is no real 64-bit number");
    }
    return std::move(result_);
}

}  // namespace

Evaluation call_numbers(const Plan& callee, std::span<const Number> arguments) {
    NumberCall call(callee, arguments);
    call.run();
    return call.take_result();
}

}  // namespace ndcall
