// The values of the names in an expression, as a message ends with them.
#include <algorithm>
#include <charconv>

#include "call/elements.hpp"
#include "call/evaluator.hpp"

namespace ndcall {
namespace {

class Shower {
  public:
    Shower(const Frame& frame, Program program) : evaluator_(frame, program) {}

    void visit(Program program) {
        const Node& node = evaluator_.node(program);
        for (const Program operand : node.operands) visit(operand);
        const Plan& plan = evaluator_.frame.plan;
        switch (node.kind) {
            case NodeKind::Cell: return add(program, plan.cells[node.index].name);
            case NodeKind::TextValue: return add(program, plan.texts[node.index].name);
            case NodeKind::ArrayItem: {
                std::int64_t index = 0;
                if (evaluator_.compute_integer(node.operands[0], index) == EvalStatus::Done)
                    add(program, plan.arrays[node.index].name + "[" + std::to_string(index) + "]");
                return;
            }
            case NodeKind::Function: return add_failing_of(node);
            case NodeKind::Operator:
                for (std::size_t i = 0; i < node.comparisons.size(); ++i)
                    add_failing(node.operands[i], node.comparisons[i], node.operands[i + 1]);
                return;
            default: return;
        }
    }

    std::string take() { return std::move(shown_); }

  private:
    void add(Program program, const std::string& name) {
        Number number;
        if (evaluator_.compute(program, number) == EvalStatus::Done) show_once(name, " = " + print_number(number));
    }

    void show_once(const std::string& name, const std::string& value) {
        if (std::find(names_.begin(), names_.end(), name) != names_.end()) return;
        names_.push_back(name);
        shown_ += (shown_.empty() ? "" : ", ") + name + value;
    }

    // Of an array, the element that made the condition false.
    void add_failing(Program left, Comparison comparison, Program right) {
        const bool is_mirrored = evaluator_.node(right).kind == NodeKind::ArrayElements;
        const Program array = is_mirrored ? right : left, bound = is_mirrored ? left : right;
        Number number;
        const ArrayView* view = nullptr;
        if (evaluator_.node(array).kind != NodeKind::ArrayElements || evaluator_.node(bound).kind == NodeKind::ArrayElements) return;
        if (evaluator_.find_array(array, true, view) != EvalStatus::Done || evaluator_.compute(bound, number) != EvalStatus::Done) return;
        if (number.form != Number::Form::Integer && number.form != Number::Form::Real) return;
        const long double value = number.form == Number::Form::Real ? number.real : static_cast<long double>(number.integer);
        add_element(array, *view, find_failing(*view, is_mirrored ? detail::mirror(comparison) : comparison, value));
    }

    void add_failing_of(const Node& node) {
        const ArrayView* view = nullptr;
        if (node.operands.empty() || evaluator_.node(node.operands[0]).kind != NodeKind::ArrayElements) return;
        if (evaluator_.find_array(node.operands[0], true, view) != EvalStatus::Done) return;
        if (node.function == Function::Finite) return add_element(node.operands[0], *view, find_not_finite(*view));
        if (node.function != Function::Increasing && node.function != Function::Sorted) return;
        const Comparison order = node.function == Function::Increasing ? Comparison::Less : Comparison::LessEqual;
        const std::ptrdiff_t place = find_failing_neighbour(*view, order);
        if (place > 0) add_element(node.operands[0], *view, place - 1);
        add_element(node.operands[0], *view, place);
    }

    // "x[1] = 0.0", "a[0, 2] = 7"; of a complex number the place alone.
    void add_element(Program array, const ArrayView& view, std::ptrdiff_t place) {
        if (place < 0) return;
        std::string index;
        const std::byte* address = view.data;
        for (std::size_t axis = view.ndim; axis-- > 0; place /= view.shape[axis]) {
            const std::ptrdiff_t at = place % view.shape[axis];
            index.insert(0, std::to_string(at) + (index.empty() ? "" : ", "));
            address += at * view.byte_strides[axis];
        }
        Number number;
        const bool is_number = load_element(view.dtype, address, number);
        const std::string name = evaluator_.array_name(array) + (view.ndim == 0 ? "" : "[" + index + "]");
        show_once(name, is_number ? " = " + print_number(number) : "");
    }

    detail::Evaluator evaluator_;
    std::vector<std::string> names_;
    std::string shown_;
};

}  // namespace

std::string print_number(const Number& number) {
    switch (number.form) {
        case Number::Form::Integer: return std::to_string(number.integer);
        case Number::Form::Real: {
            char buffer[32];
            const auto end = std::to_chars(buffer, buffer + sizeof buffer, number.real).ptr;
            std::string text(buffer, end);
            // As Python shows it: 3.0 is not the integer 3.
            return text.find_first_not_of("-0123456789") == std::string::npos ? text + ".0" : text;
        }
        case Number::Form::Text: return '"' + std::string(number.text) + '"';
        case Number::Form::Null: return "NULL";
    }
    return {};
}

std::string show_values(const Frame& frame, Program program) {
    Shower shower(frame, program);
    shower.visit(program);
    return shower.take();
}

}  // namespace ndcall
