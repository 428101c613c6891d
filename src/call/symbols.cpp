// Extents and steps meet the arrays: what is unknown is solved for, what is known is compared.
#include <algorithm>
#include <climits>

#include "call/argument_name.hpp"
#include "call/evaluate.hpp"
#include "call/examine.hpp"
#include "call/explain.hpp"
#include "call/walk.hpp"

namespace ndcall {

namespace {

// "n = 16 from 'a'": where the cells of an extent got their values.
std::string show_origins(const Frame& frame, Program program) {
    std::string text;
    for (const std::uint16_t cell : find_cells(frame.plan.programs, program)) {
        Number number;
        if (!frame.cells[cell].known || !load_number(frame.plan.cells[cell].type, frame.cells[cell].bytes, number)) continue;
        text += (text.empty() ? "" : ", ") + frame.plan.cells[cell].name + " = " + print_number(number);
        if (frame.bound_by[cell] != none) text += " from '" + name_array(frame.plan, frame.bound_by[cell]) + "'";
    }
    return text;
}

class SymbolBinder {
  public:
    SymbolBinder(Frame& frame, Stage stage, Mismatches& mismatches)
        : frame_(frame), plan_(frame.plan), stage_(stage), mismatches_(mismatches) {}

    void bind() {
        done_.assign(plan_.equations.size(), false);
        settle();
        if (zero_unbound()) settle();
        if (stage_ == Stage::Results) demand_all();
        report_conflicts();
        compare_shapes();
    }

  private:
    void settle() {
        for (bool progress = true; progress && !stopped_;) {
            progress = settle_fixed();
            progress |= settle_defaults();
            progress |= settle_equations();
        }
    }

    bool settle_fixed() {
        bool progress = false;
        for (std::uint16_t i = 0; i < plan_.cells.size(); ++i) {
            const Cell& cell = plan_.cells[i];
            if (cell.fixed != no_program && !frame_.cells[i].known) progress |= settle_value(i, cell.fixed);
        }
        return progress;
    }

    bool settle_defaults() {
        bool progress = false;
        for (const auto& [cell, program] : frame_.defaults)
            if (!frame_.cells[cell].known) progress |= settle_value(cell, program);
        return progress;
    }

    bool settle_value(std::uint16_t cell, Program program) {
        const Evaluation value = evaluate(frame_, program);
        if (value.status == EvalStatus::Failed) fail(plan_.cells[cell].name + " = " + plan_.programs.texts[program] + ": " + value.failure);
        return value.status == EvalStatus::Done && store(cell, value.number, none);
    }

    // Whether the equation speaks of something that is there at this stage.
    bool is_ready(const Equation& equation) const {
        if (frame_.arrays[equation.array].data == nullptr) return false;
        const Array& array = plan_.arrays[equation.array];
        const bool of_input = array.is_input && !(array.is_result && equation.quantity != Quantity::Extent);
        return stage_ == Stage::Results || of_input || !frame_.is_private[equation.array];
    }

    std::int64_t measure(const Equation& equation) const {
        const Array& array = plan_.arrays[equation.array];
        const ArrayView& view = frame_.arrays[equation.array];
        if (equation.quantity == Quantity::Extent) return view.shape[equation.axis];
        const std::ptrdiff_t step = step_of(array, view, equation.axis);
        return equation.quantity == Quantity::StepBytes ? step : step / static_cast<std::ptrdiff_t>(view.dtype.itemsize);
    }

    bool settle_equations() {
        bool progress = false;
        for (std::size_t i = 0; i < plan_.equations.size() && !stopped_; ++i) {
            const Equation& equation = plan_.equations[i];
            if (done_[i] || !is_ready(equation)) continue;
            const std::int64_t measured = measure(equation);
            std::int64_t known;
            if (evaluate_simple(frame_, equation.value, known)) {
                done_[i] = true;
                if (known != measured) conflicts_.push_back(i);
                continue;
            }
            progress |= settle_equation(i, measured);
        }
        return progress;
    }

    bool settle_equation(std::size_t i, std::int64_t measured) {
        const Equation& equation = plan_.equations[i];
        const Evaluation value = evaluate(frame_, equation.value);
        if (value.status == EvalStatus::Done) {
            done_[i] = true;
            const bool equal = value.number.form == Number::Form::Integer && value.number.integer == measured;
            if (!equal) conflicts_.push_back(i);
            return false;
        }
        if (value.status == EvalStatus::Failed) {
            fail("extent " + plan_.programs.texts[equation.value] + ": " + value.failure);
            return false;
        }
        if (value.status == EvalStatus::Absent) return false;
        const Solution solution = solve(frame_, equation.value, measured);
        if (solution.status == Solution::Status::Solved) {
            done_[i] = true;
            return store(solution.cell, Number::of(solution.value), equation.array);
        }
        if (solution.status == Solution::Status::NoInteger || solution.status == Solution::Status::Failed) {
            done_[i] = true;
            conflicts_.push_back(i);
        }
        return false;
    }

    bool store(std::uint16_t cell, Number number, std::uint16_t array) {
        const Cell& target = plan_.cells[cell];
        if (!store_number(target.type, frame_.cells[cell].bytes, number)) {
            Mismatch mismatch;
            mismatch.kind = MismatchKind::Range;
            if (array != none) mismatch = begin_array_mismatch(plan_, MismatchKind::Range, array);
            mismatch.problem = "gives " + target.name + " = " + print_number(number) + ", which does not fit C's " + target.ctype;
            if (array == none) mismatch.problem = target.name + " = " + print_number(number) + " does not fit C's " + target.ctype;
            mismatches_.push_back(std::move(mismatch));
            stopped_ = true;
            return false;
        }
        frame_.cells[cell].known = true;
        frame_.bound_by[cell] = array;
        return true;
    }

    // What only an absent array or the branch that is not taken would tell. A call that is refused anyway is left as it is: a zero would
    // disagree with arrays that nobody has reason to complain of.
    bool zero_unbound() {
        bool any = false;
        if (stopped_ || !conflicts_.empty()) return any;
        for (std::uint16_t i = 0; i < plan_.cells.size(); ++i) {
            const bool later = stage_ == Stage::Inputs && waits_for_result(i);
            if (plan_.cells[i].zero_when_unbound && !frame_.cells[i].known && !later) any |= store(i, Number::of(0), none);
        }
        return any;
    }

    // A step of a result is known when the result is there.
    bool waits_for_result(std::uint16_t cell) const {
        return std::any_of(plan_.equations.begin(), plan_.equations.end(), [&](const Equation& equation) {
            if (!plan_.arrays[equation.array].is_result || equation.quantity == Quantity::Extent) return false;
            const auto cells = find_cells(plan_.programs, equation.value);
            return std::find(cells.begin(), cells.end(), cell) != cells.end();
        });
    }

    // Before C is called nothing that it is told may be unknown.
    void demand_all() {
        for (std::uint16_t i = 0; i < plan_.cells.size(); ++i) {
            const Cell& cell = plan_.cells[i];
            const bool needed = cell.is_symbol || cell.fixed != no_program;
            if (needed && !frame_.cells[i].known && !stopped_ && conflicts_.empty())
                fail("nothing in this call determines '" + cell.name + "'");
        }
        for (const auto& [cell, program] : frame_.defaults)
            if (!frame_.cells[cell].known && !stopped_ && conflicts_.empty())
                fail("nothing in this call determines '" + plan_.cells[cell].name + "', which is " + plan_.programs.texts[program]);
    }

    void fail(std::string problem) {
        Mismatch mismatch;
        mismatch.kind = MismatchKind::Range;
        mismatch.problem = std::move(problem);
        mismatches_.push_back(std::move(mismatch));
        stopped_ = true;
    }

    // One mismatch per array, however many of its axes disagree.
    void report_conflicts() {
        std::vector<bool> reported(plan_.arrays.size(), false);
        for (const std::size_t i : conflicts_) {
            const std::uint16_t index = plan_.equations[i].array;
            if (reported[index]) continue;
            reported[index] = true;
            report_array(index);
        }
    }

    void report_array(std::uint16_t index) {
        const Array& array = plan_.arrays[index];
        Mismatch mismatch = begin_array_mismatch(plan_, MismatchKind::Shape, index);
        std::string problems, origins;
        std::vector<Program> shown;
        for (const std::size_t i : conflicts_) {
            const Equation& equation = plan_.equations[i];
            if (equation.array != index) continue;
            const bool is_extent = equation.quantity == Quantity::Extent;
            if (!is_extent) mismatch.kind = std::max(mismatch.kind, MismatchKind::Layout);
            const std::string what = is_extent ? (plan_.arrays[index].axes.size() == 1 ? "length " : "extent ") : "a step of ";
            std::string problem = "has " + what + std::to_string(measure(equation));
            if (is_extent && array.axes.size() > 1) problem += " along axis " + std::to_string(equation.axis);
            problem += explain_unsolved(equation);
            const std::string values = show_origins(frame_, equation.value);
            problems += (problems.empty() ? "" : " and ") + problem;
            if (!values.empty() && std::find(shown.begin(), shown.end(), equation.value) == shown.end())
                origins += (origins.empty() ? "" : "; ") + values;
            shown.push_back(equation.value);
        }
        mismatch.problem = problems;
        mismatch.expected = describe_demand(plan_, array);
        if (!origins.empty()) mismatch.expected += ", where " + origins;
        mismatch.got = describe_array(frame_.arrays[index]);
        mismatches_.push_back(std::move(mismatch));
    }

    // Of 2*n == 3: nothing is compared, there is no such n.
    std::string explain_unsolved(const Equation& equation) const {
        const auto unknown = find_unknown(frame_, equation.value);
        const std::int64_t measured = measure(equation);
        if (unknown.size() != 1 || solve(frame_, equation.value, measured).status != Solution::Status::NoInteger) return {};
        return ", and no integer " + plan_.cells[unknown[0]].name + " makes " + plan_.programs.texts[equation.value] + " equal to " +
               std::to_string(measured);
    }

    // Arrays of one shape name, `[*n]`, against the first of them that is there.
    void compare_shapes() {
        std::vector<std::uint16_t> firsts(plan_.shape_groups.size(), none);
        for (std::uint16_t i = 0; i < plan_.arrays.size(); ++i) {
            const std::uint16_t group = plan_.arrays[i].shape_group;
            if (group == none || frame_.arrays[i].data == nullptr) continue;
            if (firsts[group] == none) firsts[group] = i;
            const ArrayView &first = frame_.arrays[firsts[group]], &view = frame_.arrays[i];
            if (!std::equal(view.shape, view.shape + view.ndim, first.shape, first.shape + first.ndim)) report_shape(i, firsts[group]);
        }
    }

    void report_shape(std::uint16_t index, std::uint16_t first) {
        const Array& array = plan_.arrays[index];
        const std::string& other = name_array(plan_, first);
        Mismatch mismatch = begin_array_mismatch(plan_, MismatchKind::Shape, index);
        mismatch.problem = "has another shape than argument '" + other + "'";
        const ArrayView& view = frame_.arrays[first];
        mismatch.expected = describe_demand(plan_, array) + ", where " + plan_.shape_groups[array.shape_group].name + " = " +
                            print_numbers(view.shape, view.ndim) + " from '" + other + "'";
        mismatch.got = describe_array(frame_.arrays[index]);
        mismatches_.push_back(std::move(mismatch));
    }

    Frame& frame_;
    const Plan& plan_;
    Stage stage_;
    Mismatches& mismatches_;
    std::vector<bool> done_;
    std::vector<std::size_t> conflicts_;
    bool stopped_ = false;
};

}  // namespace

void bind_symbols(Frame& frame, Stage stage, Mismatches& mismatches) { SymbolBinder(frame, stage, mismatches).bind(); }

bool size_result(const Frame& frame, std::uint16_t index, std::vector<std::ptrdiff_t>& shape, Mismatches& mismatches) {
    const Plan& plan = frame.plan;
    const Array& array = plan.arrays[index];
    Mismatch mismatch = begin_array_mismatch(plan, MismatchKind::Shape, index, Side::Written);
    shape.clear();
    if (array.any_shape) {  // the shape of another array of the group, or of the input of the same name
        for (std::uint16_t i = 0; i < plan.arrays.size(); ++i) {
            const ArrayView& view = frame.arrays[i];
            const bool same = i == index || (array.shape_group != none && plan.arrays[i].shape_group == array.shape_group);
            if (!same || !view.data) continue;
            shape.assign(view.shape, view.shape + view.ndim);
            return true;
        }
        mismatch.problem = "has the shape of an array that was not given";
        mismatches.push_back(std::move(mismatch));
        return false;
    }
    std::size_t bytes = std::max<std::uint32_t>(array.dtype.itemsize, 1);
    for (const Axis& axis : array.axes) {
        std::int64_t extent = 0;
        const std::string& text = plan.programs.texts[axis.extent];
        if (!evaluate_simple(frame, axis.extent, extent)) {
            const Evaluation value = evaluate(frame, axis.extent);
            if (value.status != EvalStatus::Done || value.number.form != Number::Form::Integer) {
                mismatch.problem = "has extent " + text + ": " + (value.failure.empty() ? "it is not known in this call" : value.failure);
                mismatches.push_back(std::move(mismatch));
                return false;
            }
            extent = value.number.integer;
        }
        if (extent < 0) {
            mismatch.problem = "has extent " + text + " = " + std::to_string(extent) + ", which is negative";
            mismatch.got = show_values(frame, axis.extent);
            mismatches.push_back(std::move(mismatch));
            return false;
        }
        if (extent > 0 && bytes > static_cast<std::size_t>(PTRDIFF_MAX) / static_cast<std::size_t>(extent)) {
            mismatch.problem = "would have more bytes than memory can hold";
            mismatch.got = show_values(frame, axis.extent);
            mismatches.push_back(std::move(mismatch));
            return false;
        }
        bytes *= static_cast<std::size_t>(std::max<std::int64_t>(extent, 1));
        shape.push_back(static_cast<std::ptrdiff_t>(extent));
    }
    return true;
}

}  // namespace ndcall
