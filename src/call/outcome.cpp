// The call itself and what it left: scalars in structs, the return value, errno, and the contract's tests of them.
#include <cerrno>
#include <cstring>

#include "call/evaluate.hpp"
#include "call/walk.hpp"

namespace ndcall {

namespace {

std::string find_text(const Frame& frame, const Test& test) {
    switch (test.text) {
        case Test::Text::Literal: return test.literal;
        case Test::Text::Errno: return std::strerror(frame.saved_errno);
        case Test::Text::Output: return frame.texts[test.output] ? frame.texts[test.output] : "";
        case Test::Text::Call: {
            const Evaluation value = evaluate(frame, test.call);
            const bool is_text = value.status == EvalStatus::Done && value.number.form == Number::Form::Text;
            return is_text ? value.number.text : value.failure;
        }
        default: return "";
    }
}

Failure describe_failure(const Frame& frame, const Test& test) {
    const std::string& condition = frame.plan.programs.texts[test.condition];
    Failure failure;
    failure.kind = test.kind;
    failure.text = find_text(frame, test);
    if (failure.text.empty()) failure.text = (test.kind == TestKind::Ok ? "ok " + condition + " failed" : "warn " + condition);
    const std::string values = show_values(frame, test.condition);
    if (!values.empty()) failure.text += " (" + values + ")";
    return failure;
}

}  // namespace

void invoke_frame(Frame& frame, const CallLayout& layout) {
    void* result = frame.returned_struct ? frame.returned_struct : frame.returned;
    if (!frame.plan.uses_errno) {
        invoke(layout, frame.plan.address, frame.values.data(), result);
        return;
    }
    errno = 0;
    invoke(layout, frame.plan.address, frame.values.data(), result);
    frame.saved_errno = errno;
}

void read_back(Frame& frame) {
    const Plan& plan = frame.plan;
    if (plan.return_form == ReturnForm::Cell) {
        std::memcpy(frame.cells[plan.return_index].bytes, frame.returned, plan.cells[plan.return_index].type.size);
    } else if (plan.return_form == ReturnForm::Text) {
        std::memcpy(&frame.texts[plan.return_index], frame.returned, sizeof(const char*));
    }
    for (const Readback& readback : plan.readbacks) {
        const std::byte* base = readback.from == Readback::From::Block ? frame.blocks[readback.block] : frame.returned_struct;
        std::memcpy(frame.cells[readback.cell].bytes, base + readback.offset, plan.cells[readback.cell].type.size);
        frame.cells[readback.cell].known = true;
    }
    for (std::size_t i = 0; i < plan.cells.size(); ++i)
        if (plan.cells[i].is_written_by_c) frame.cells[i].known = true;
}

std::vector<Failure> run_tests(Frame& frame) {
    std::vector<Failure> failures;
    for (const Test& test : frame.plan.tests) {
        if (test.kind == TestKind::Check) continue;
        const Evaluation value = evaluate(frame, test.condition);
        if (value.status == EvalStatus::Absent) continue;
        const bool holds = value.status == EvalStatus::Done && is_true(value.number);
        const bool fires = test.kind == TestKind::Ok ? !holds : holds;
        if (!fires) continue;
        failures.push_back(describe_failure(frame, test));
        if (test.kind == TestKind::Ok) break;
    }
    return failures;
}

}  // namespace ndcall
