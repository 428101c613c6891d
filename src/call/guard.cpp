// Conditions before the call: the contract's checks, and no written array overlaps another.
#include "call/argument_name.hpp"
#include "call/evaluate.hpp"
#include "call/explain.hpp"
#include "call/overlap.hpp"
#include "call/walk.hpp"

namespace ndcall {

namespace {

StridedRange make_range(const ArrayView& view) {
    return {reinterpret_cast<std::uintptr_t>(view.data), view.ndim, view.shape, view.byte_strides, view.dtype.itemsize};
}

bool is_same_array(const ArrayView& a, const ArrayView& b) {
    if (a.data != b.data || a.ndim != b.ndim || !(a.dtype == b.dtype)) return false;
    for (int i = 0; i < a.ndim; ++i)
        if (a.shape[i] != b.shape[i] || (a.shape[i] > 1 && a.byte_strides[i] != b.byte_strides[i])) return false;
    return true;
}

void report(const Frame& frame, std::uint16_t written, const std::string& other, Overlap overlap, Mismatches& mismatches) {
    Mismatch mismatch = begin_array_mismatch(frame.plan, MismatchKind::Overlap, written, Side::Written);
    const std::string partner = other.empty() ? "itself" : "argument '" + other + "'";
    mismatch.problem = overlap == Overlap::Shared ? "overlaps " + partner : "could not be proved disjoint from " + partner;
    mismatch.expected =
        other.empty() ? "memory of its own for every element, because C writes it" : "memory of its own, because C writes it";
    mismatch.got = describe_array(frame.arrays[written]);
    if (overlap == Overlap::Shared && !other.empty()) mismatch.got += ", sharing memory with '" + other + "'";
    const Array& demand = frame.plan.arrays[written];
    if (!demand.read) mismatch.fix = write_new_array(mismatch.argument, frame.arrays[written], demand, frame.arrays[written].dtype);
    mismatches.push_back(std::move(mismatch));
}

}  // namespace

void run_checks(Frame& frame, Stage stage, Mismatches& mismatches) {
    for (const Test& test : frame.plan.tests) {
        if (test.kind != TestKind::Check) continue;
        const Evaluation value = evaluate(frame, test.condition);
        const bool now = stage == Stage::Results || value.status == EvalStatus::Done || value.status == EvalStatus::Failed;
        if (!now || value.status == EvalStatus::Absent || (value.status == EvalStatus::Done && is_true(value.number))) continue;
        Mismatch mismatch;
        mismatch.kind = MismatchKind::Check;
        const std::string& condition = frame.plan.programs.texts[test.condition];
        mismatch.problem = test.text == Test::Text::Literal ? test.literal : "check " + condition + " failed";
        mismatch.expected = condition;
        mismatch.got = value.status == EvalStatus::Failed ? value.failure : show_values(frame, test.condition);
        mismatches.push_back(std::move(mismatch));
    }
}

void find_overlaps(const Frame& frame, Mismatches& mismatches) {
    const Plan& plan = frame.plan;
    for (std::uint16_t w = 0; w < plan.arrays.size(); ++w) {
        const ArrayView& written = frame.arrays[w];
        if (!plan.arrays[w].written || !written.data || frame.is_private[w]) continue;
        const StridedRange range = make_range(written);
        if (!(written.flags & (c_contiguous | f_contiguous)))
            if (const Overlap self = find_self_overlap(range); self != Overlap::None) report(frame, w, "", self, mismatches);
        for (std::uint16_t other = 0; other < plan.arrays.size(); ++other) {
            const ArrayView& view = frame.arrays[other];
            if (other == w || !view.data || frame.is_private[other]) continue;
            if (other < w && plan.arrays[other].written) continue;  // was compared from the other side
            const Overlap overlap = find_overlap(range, make_range(view));
            if (overlap == Overlap::None) continue;
            const std::uint16_t group = plan.arrays[w].alias_group;
            if (group != none && plan.arrays[other].alias_group == group && is_same_array(written, view)) continue;
            report(frame, w, name_array(plan, other), overlap, mismatches);
        }
        for (const ForeignRange& foreign : frame.foreign)
            if (const Overlap overlap = find_overlap(range, make_range(foreign.view)); overlap != Overlap::None)
                report(frame, w, foreign.name, overlap, mismatches);
    }
    for (std::size_t i = 0; i < frame.foreign.size();
         ++i) {  // members that C may write, against arrays that it reads and against each other
        const ForeignRange& member = frame.foreign[i];
        if (!member.written) continue;
        const StridedRange range = make_range(member.view);
        for (std::uint16_t other = 0; other < plan.arrays.size(); ++other) {
            const ArrayView& view = frame.arrays[other];
            if (!view.data || frame.is_private[other] || plan.arrays[other].written) continue;
            const Overlap overlap = find_overlap(range, make_range(view));
            if (overlap == Overlap::None) continue;
            Mismatch mismatch = begin_array_mismatch(plan, MismatchKind::Overlap, other, Side::Written);
            mismatch.problem = "shares memory with '" + member.name + "', which C may write";
            mismatch.got = describe_array(view);
            mismatches.push_back(std::move(mismatch));
        }
    }
}

}  // namespace ndcall
