#include "call/explain.hpp"

#include <algorithm>

#include "plan/wording.hpp"

namespace ndcall {
namespace {

struct ExceptionRow {
    MismatchKind kind;
    const char* name;
};

constexpr ExceptionRow exception_rows[] = {
    {MismatchKind::Count, "ArgumentError"},  {MismatchKind::Object, "ArgumentError"}, {MismatchKind::Dtype, "DtypeError"},
    {MismatchKind::Ndim, "ShapeError"},      {MismatchKind::Shape, "ShapeError"},     {MismatchKind::Layout, "LayoutError"},
    {MismatchKind::Overlap, "OverlapError"}, {MismatchKind::Range, "RangeError"},     {MismatchKind::Check, "CheckError"},
};

// All that is wrong with one argument, or with the call as a whole.
struct Paragraph {
    std::vector<const Mismatch*> mismatches;
    MismatchKind first_kind = MismatchKind::Count;
};

std::vector<Paragraph> group_by_argument(const Mismatches& mismatches) {
    std::vector<Paragraph> paragraphs;
    for (const Mismatch& mismatch : mismatches) {
        const auto same = [&](const Paragraph& paragraph) {
            const Mismatch& head = *paragraph.mismatches.front();
            return !mismatch.argument.empty() && head.argument == mismatch.argument && head.position == mismatch.position;
        };
        auto paragraph = std::find_if(paragraphs.begin(), paragraphs.end(), same);
        if (paragraph == paragraphs.end()) paragraph = paragraphs.insert(paragraphs.end(), Paragraph{{}, mismatch.kind});
        paragraph->mismatches.push_back(&mismatch);
        paragraph->first_kind = std::min(paragraph->first_kind, mismatch.kind);
    }
    // The exception is named after the first kind: so the text begins with it.
    const auto earlier = [](const auto& a, const auto& b) { return a.first_kind < b.first_kind; };
    for (Paragraph& paragraph : paragraphs)
        std::stable_sort(paragraph.mismatches.begin(), paragraph.mismatches.end(),
                         [](const Mismatch* a, const Mismatch* b) { return a->kind < b->kind; });
    std::stable_sort(paragraphs.begin(), paragraphs.end(), earlier);
    return paragraphs;
}

void add_once(std::vector<std::string>& lines, std::string line) {
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
}

// "is not C-contiguous", "is not aligned", "is not writeable" -> "is not C-contiguous, not aligned and not writeable". Problems with another
// verb are set off: "has dtype float32, not float64; is not writeable".
std::string join_problems(const Paragraph& paragraph) {
    std::vector<std::string> states, others;
    for (const Mismatch* mismatch : paragraph.mismatches)
        add_once(mismatch->problem.starts_with("is ") ? states : others, mismatch->problem);
    std::string text;
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (i != 0) text += i + 1 == states.size() ? " and " : ", ";
        text += i == 0 ? states[i] : states[i].substr(3);
    }
    for (std::size_t i = others.size(); i-- > 0;) text = others[i] + (text.empty() ? "" : "; ") + text;
    return text;
}

std::string name_argument(const Mismatch& mismatch, std::size_t input_count) {
    const std::string text = "argument '" + mismatch.argument + "' ";
    if (mismatch.position < 0) return mismatch.kind == MismatchKind::Count ? text : text + "(the result) ";
    return input_count == 1 ? text : text + "(" + print_position(static_cast<std::size_t>(mismatch.position), input_count) + ") ";
}

std::string render(const std::string& subject, const Paragraph& paragraph) {
    std::string text = subject + join_problems(paragraph);
    std::vector<std::string> lines, fixes;
    for (const Mismatch* mismatch : paragraph.mismatches) {
        std::string pair;
        if (!mismatch->expected.empty()) pair += "\n  expected  " + mismatch->expected;
        if (!mismatch->got.empty()) pair += "\n  got       " + mismatch->got;
        add_once(lines, std::move(pair));
        if (!mismatch->fix.empty()) add_once(fixes, "\n  fix       " + mismatch->fix);
    }
    for (const std::string& line : lines) text += line;
    for (const std::string& fix : fixes) text += fix;
    return text;
}

}  // namespace

std::string explain(const std::string& call, std::size_t input_count, const Mismatches& mismatches) {
    std::string text = call + ": ";
    bool is_first = true;
    for (const Paragraph& paragraph : group_by_argument(mismatches)) {
        const Mismatch& head = *paragraph.mismatches.front();
        text += (is_first ? "" : "\n") + render(head.argument.empty() ? "" : name_argument(head, input_count), paragraph);
        is_first = false;
    }
    return text;
}

std::string explain_subject(const std::string& subject, const Mismatches& mismatches) {
    Paragraph whole;
    for (const Mismatch& mismatch : mismatches) whole.mismatches.push_back(&mismatch);
    return render(subject + " ", whole);
}

const char* exception_name(const Mismatches& mismatches) {
    const auto earlier = [](const Mismatch& a, const Mismatch& b) { return a.kind < b.kind; };
    const auto first = std::min_element(mismatches.begin(), mismatches.end(), earlier);
    for (const ExceptionRow& row : exception_rows)
        if (first != mismatches.end() && row.kind == first->kind) return row.name;
    return "ContractError";
}

}  // namespace ndcall
