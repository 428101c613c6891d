// show(): what each C parameter gets, and where from.
#include <algorithm>
#include <array>

#include "plan/describe.hpp"
#include "plan/wording.hpp"

namespace ndcall {
namespace {

using Row = std::array<std::string, 3>;  // C's parameter, its value, its place

std::string print_table(const std::vector<Row>& rows) {
    std::array<std::size_t, 2> widths{};
    for (const Row& row : rows)
        for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    std::string text;
    for (const Row& row : rows) {
        std::string line = "  ";
        for (std::size_t i = 0; i < widths.size(); ++i) line += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
        line += row[2];
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

class PlanDescriber {
  public:
    PlanDescriber(const Plan& plan, std::span<const std::string> places) : plan_(plan), places_(places) {}

    std::string describe() {
        for (std::size_t i = 0; i < plan_.parameters.size(); ++i) {
            rows_.push_back({name_parameter(i), describe_place(plan_.parameters[i]), i < places_.size() ? places_[i] : ""});
            add_members(plan_.parameters[i]);
        }
        if (plan_.function == nullptr)
            for (std::uint16_t i = 0; i < plan_.blocks.size(); ++i) add_members({PlaceSource::BlockAddress, i, false});
        add_return();
        return print_table(rows_) + list_rest();
    }

  private:
    const std::string& text(Program program) const { return plan_.programs.texts[program]; }

    std::string name_parameter(std::size_t i) const {
        const std::string name = i < plan_.parameter_names.size() ? plan_.parameter_names[i] : "";
        return plan_.function == nullptr ? name : print_c(*plan_.function->parameters[i].type, name);
    }

    void add_members(const Placement& place) {
        if (place.source != PlaceSource::BlockAddress && place.source != PlaceSource::BlockValue) return;
        for (const Member& member : plan_.blocks[place.index].members)
            rows_.push_back({"  byte " + std::to_string(member.offset), describe_place(member.place), ""});
    }

    void add_return() {
        if (plan_.function == nullptr) return;
        const bool is_void = plan_.return_form == ReturnForm::Nothing;
        rows_.push_back({"returns " + print_c(*plan_.function->target), is_void ? "nothing that is looked at" : describe_return(),
                         plan_.parameters.size() < places_.size() ? places_[plan_.parameters.size()] : ""});
    }

    std::string describe_return() const {
        static constexpr Form forms[] = {Form::Number, Form::Number, Form::Text, Form::Struct};  // in the order of ReturnForm
        const Form form = forms[static_cast<std::size_t>(plan_.return_form)];
        for (const Result& result : plan_.results)
            if (result.form == form && result.index == plan_.return_index) return "result '" + result.name + "'";
        for (const Readback& readback : plan_.readbacks)
            if (readback.from == Readback::From::Returned) return "its members, read one by one";
        return "what the tests look at";
    }

    const Input* find_input(Form form, std::uint16_t index) const {
        for (const Input& input : plan_.inputs)
            if (input.form == form && input.index == index) return &input;
        return nullptr;
    }

    bool is_result(Form form, std::uint16_t index) const {
        return std::any_of(plan_.results.begin(), plan_.results.end(),
                           [&](const Result& result) { return result.form == form && result.index == index; });
    }

    std::string describe_quantity(const Equation& equation) const {
        static const char* const names[] = {"shape", "step in elements", "step in bytes"};  // in the order of Quantity
        return std::string(names[static_cast<std::size_t>(equation.quantity)]) + " of '" + plan_.arrays[equation.array].name + "', axis " +
               std::to_string(equation.axis);
    }

    // The equation that is simplest to read: the cell alone, before one that must be solved for it.
    const Equation* find_equation(std::uint16_t cell) const {
        const Equation* found = nullptr;
        for (const Equation& equation : plan_.equations) {
            const Node& node = plan_.programs.nodes[equation.value];
            if (node.kind == NodeKind::Cell && node.index == cell) return &equation;
            if (found == nullptr && can_solve(plan_.programs, equation.value, cell)) found = &equation;
        }
        return found;
    }

    std::string describe_cell(std::uint16_t index) const {
        const Cell& cell = plan_.cells[index];
        if (cell.fixed != no_program) {
            const Node& node = plan_.programs.nodes[cell.fixed];
            const bool is_constant = node.kind == NodeKind::Integer || node.kind == NodeKind::Real || node.kind == NodeKind::Null;
            if (!is_constant) return cell.name + " = " + text(cell.fixed);
            const std::string number = node.kind == NodeKind::Integer ? std::to_string(node.integer) : text(cell.fixed);
            return "constant " + number + (number == text(cell.fixed) ? "" : " (" + text(cell.fixed) + ")");
        }
        if (const Input* input = find_input(Form::Number, index))
            return "argument '" + input->name + "'" + (input->default_value == no_program ? "" : ", default " + text(input->default_value));
        if (const Equation* equation = find_equation(index)) {
            const std::string quantity = text(equation->value) + " = " + describe_quantity(*equation);
            return text(equation->value) == cell.name ? quantity : cell.name + ", from " + quantity;
        }
        return is_result(Form::Number, index) ? "result '" + cell.name + "'" : "'" + cell.name + "', which C writes";
    }

    std::string describe_data(const char* what, std::uint16_t index) const {
        const Array& array = plan_.arrays[index];
        std::string described = std::string(what) + " of '" + array.name + "'";
        if (array.copied) described += ", a copy";
        if (array.lowest) described += ", from the lowest address";
        if (array.from_one) described += ", counted from 1";
        return described + (array.is_optional ? ", or NULL" : "");
    }

    std::string describe_vector(std::uint16_t index) const {
        const Vector& vector = plan_.vectors[index];
        if (vector.list != no_program) return "vector " + text(vector.list);
        return "vector, the shape *" + plan_.shape_groups[vector.shape_group].name;
    }

    std::string describe_text(std::uint16_t index) const {
        const Text& value = plan_.texts[index];
        if (value.fixed != no_program) return "constant " + text(value.fixed);
        return "text of '" + value.name + "'" + (value.is_optional ? ", or NULL" : "");
    }

    std::string describe_place(const Placement& place) const {
        switch (place.source) {
            case PlaceSource::CellValue: return describe_cell(place.index);
            case PlaceSource::CellAddress: return "address of " + describe_cell(place.index) + (place.null_when_absent ? ", or NULL" : "");
            case PlaceSource::ArrayData: return describe_data("data", place.index);
            case PlaceSource::ArrayRows: return describe_data("table of rows", place.index);
            case PlaceSource::Vector: return describe_vector(place.index);
            case PlaceSource::Text: return describe_text(place.index);
            case PlaceSource::StructAddress: return "address of '" + plan_.structs[place.index].name + "'";
            case PlaceSource::StructValue: return "'" + plan_.structs[place.index].name + "' by value";
            case PlaceSource::BlockAddress: return "address of a " + plan_.blocks[place.index].tag + " made for the call";
            case PlaceSource::BlockValue: return "a " + plan_.blocks[place.index].tag + " made for the call, by value";
            case PlaceSource::Null: return "NULL";
        }
        return {};
    }

    bool is_passed(std::uint16_t cell) const {
        const auto passes = [cell](const Placement& place) {
            return (place.source == PlaceSource::CellValue || place.source == PlaceSource::CellAddress) && place.index == cell;
        };
        const auto holds = [&](const Block& block) {
            return std::any_of(block.members.begin(), block.members.end(), [&](const Member& member) { return passes(member.place); });
        };
        return std::any_of(plan_.parameters.begin(), plan_.parameters.end(), passes) ||
               std::any_of(plan_.blocks.begin(), plan_.blocks.end(), holds);
    }

    // Symbols that C never sees, memory that the call provides, tests, and the lock.
    std::string list_rest() const {
        std::string rest;
        for (std::uint16_t i = 0; i < plan_.cells.size(); ++i)
            if (plan_.cells[i].is_symbol && !is_passed(i)) rest += "  " + describe_cell(i) + "\n";
        for (const Result& result : plan_.results)
            if (result.form == Form::Array) rest += "  " + describe_allocation(result) + "\n";
        for (const Test& test : plan_.tests) rest += "  " + describe_test(test) + "\n";
        return rest + "  " + describe_gil(plan_) + "\n";
    }

    std::string describe_allocation(const Result& result) const {
        const Array& array = plan_.arrays[result.index];
        return "'" + result.name + "' is given or allocated: " + print_extents(plan_, array) + " " + name_dtype_of(plan_, array) +
               (array.fortran ? ", F-contiguous" : ", C-contiguous") + (array.unset ? ", unset" : ", zero-filled");
    }

    std::string describe_test(const Test& test) const {
        static const char* const words[] = {"check ", "ok ", "warn "};  // in the order of TestKind
        std::string described = words[static_cast<std::size_t>(test.kind)] + text(test.condition);
        const std::string joint = test.kind == TestKind::Warn ? " " : " else ";
        switch (test.text) {
            case Test::Text::None: return described;
            case Test::Text::Literal: return described + joint + '"' + test.literal + '"';
            case Test::Text::Errno: return described + joint + "errno";
            case Test::Text::Output: return described + joint + plan_.texts[test.output].name;
            case Test::Text::Call: return described + joint + text(test.call);
        }
        return described;
    }

    const Plan& plan_;
    std::span<const std::string> places_;
    std::vector<Row> rows_;
};

}  // namespace

std::string describe_plan(const Plan& plan, std::span<const std::string> places) { return PlanDescriber(plan, places).describe(); }

}  // namespace ndcall
