// What nobody gave and the contract has a default for.
#include "call/evaluate.hpp"
#include "call/walk.hpp"

namespace ndcall {

bool take_default(Frame& frame, const Input& input, Mismatches& mismatches) {
    if (input.default_value == no_program) return true;
    const Plan& plan = frame.plan;
    if (input.form == Form::Text) {
        const Node& node = plan.programs.nodes[input.default_value];
        frame.texts[input.index] = node.kind == NodeKind::Text ? node.text.c_str() : nullptr;
        return true;
    }
    const Evaluation value = evaluate(frame, input.default_value);
    if (value.status == EvalStatus::Unknown || value.status == EvalStatus::Absent) {
        frame.defaults.emplace_back(input.index, input.default_value);
        return true;
    }
    const Cell& cell = plan.cells[input.index];
    RawCell& raw = frame.cells[input.index];
    raw.known = value.status == EvalStatus::Done && store_number(cell.type, raw.bytes, value.number);
    if (raw.known) return true;
    Mismatch mismatch;
    mismatch.kind = MismatchKind::Range;
    mismatch.problem = "has the default " + plan.programs.texts[input.default_value] + ", which is no value of " + cell.ctype;
    if (!value.failure.empty()) mismatch.got = value.failure;
    mismatches.push_back(std::move(mismatch));
    return false;
}

}  // namespace ndcall
