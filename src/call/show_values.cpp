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
            default: return;
        }
    }

    std::string take() { return std::move(shown_); }

  private:
    void add(Program program, const std::string& name) {
        Number number;
        if (evaluator_.compute(program, number) != EvalStatus::Done) return;
        if (std::find(names_.begin(), names_.end(), name) != names_.end()) return;
        names_.push_back(name);
        if (!shown_.empty()) shown_ += ", ";
        shown_ += name + " = " + print_number(number);
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
