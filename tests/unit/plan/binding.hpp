// A small library made of declaration lines, and what binding a contract to one of its functions gives, as short text. For tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "declaration/text.hpp"
#include "plan/registry.hpp"

namespace ndcall::test {

// What a hand-written header would say, in the text form of declarations.
inline std::shared_ptr<const Declarations> declare(const std::string& lines) {
    return std::make_shared<Declarations>(
        parse_declarations("ndcall declarations 1\ntarget \"x86_64-pc-linux-gnu\"\nfile \"code.c\"\n" + lines + "end\n"));
}

class Library {
  public:
    explicit Library(const std::string& lines) : registry_(declare(lines)) {}

    Registry& registry() { return registry_; }

    // A line of a contract file, for what is not the function under test: structs, callees.
    Library& add(const std::string& line) {
        registry_.add_text(Rank::Call, line, "contracts=");
        return *this;
    }

    // The contract alone, or as the value of contracts={key: contract} when the key has a head or a name in Python; without a contract the
    // declaration alone.
    std::shared_ptr<Plan> bind(const std::string& name) {
        const FunctionDeclaration& function = find(name);
        return bind_function(function, registry_.find_member(function).line, make_context());
    }
    std::shared_ptr<Plan> bind(const std::string& key, const std::string& contract) {
        const Entry entry = make_entry(key, contract);
        return bind_function(find(entry.patterns.at(0)), {&entry, *entry.contract.source, "contracts="}, make_context());
    }
    std::shared_ptr<Plan> bind_record(const std::string& tag) {
        const StructDeclaration* record = registry_.declarations().find_struct(tag);
        return bind_struct(*record, registry_.find_struct_line(tag), make_context());
    }

    // The whole message of the refusal; "bound" when there is none.
    template <class... Text>
    std::string refuse(const Text&... text) {
        try {
            bind(text...);
        } catch (const BindFailure& failure) {
            return failure.what();
        }
        return "bound";
    }
    std::string refuse_record(const std::string& tag) {
        try {
            bind_record(tag);
        } catch (const BindFailure& failure) {
            return failure.what();
        }
        return "bound";
    }

  private:
    const FunctionDeclaration& find(const std::string& name) const { return *registry_.declarations().find_function(name); }

    static Entry make_entry(const std::string& key, const std::string& contract) {
        if (key.find_first_of(" (") != std::string::npos) return std::move(parse_entry(key, contract, "contract").at(0));
        Entry entry;
        entry.patterns = {key};
        entry.source = contract;
        entry.contract = parse_contract(contract);
        return entry;
    }

    BindContext make_context() {
        BindContext context;
        context.declarations = &registry_.declarations();
        context.find_struct_entry = [this](const std::string& tag) { return registry_.find_struct_entry(tag); };
        context.find_callee = [this](const std::string& name) { return bind(name); };
        return context;
    }

    Registry registry_;
};

inline std::string join(const std::vector<std::string>& parts, const std::string& between = ", ") {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
    return text;
}

// "x, n = 3, weights?, Fields: struct": the arguments in Python's order.
inline std::string show_inputs(const Plan& plan) {
    static const char* const forms[] = {": number", "", ": text", ": struct"};  // in the order of Form; most arguments of tests are arrays
    std::vector<std::string> parts;
    for (const Input& input : plan.inputs) {
        std::string part = input.name + forms[static_cast<std::size_t>(input.form)];
        if (input.is_optional) part += "?";
        if (input.position_only) part += " (by position)";
        if (input.default_value != no_program) part += " = " + plan.programs.texts[input.default_value];
        parts.push_back(part);
    }
    return join(parts);
}

inline std::string show_results(const Plan& plan) {
    static const char* const forms[] = {": number", "", ": text", ": struct"};
    std::vector<std::string> parts;
    for (const Result& result : plan.results)
        parts.push_back(result.name + forms[static_cast<std::size_t>(result.form)] + (result.is_optional ? "?" : ""));
    return join(parts);
}

// "a: float64 in, c: float64 out": what C does to each array, and the words of the contract.
inline std::string show_arrays(const Plan& plan) {
    std::vector<std::string> parts;
    for (const Array& array : plan.arrays) {
        std::string part = array.name + ": " + array.dtype_name;
        part += array.read && array.written ? " inout" : array.written ? " out" : " in";
        const std::pair<bool, const char*> words[] = {
            {array.copied, " copied"}, {array.rows, " rows"},       {array.fortran, " fortran"}, {array.lowest, " lowest"},
            {array.unset, " unset"},   {array.from_one, " from 1"}, {array.any_shape, " [*]"},   {array.is_optional, " may be absent"}};
        for (const auto& [is_set, word] : words)
            if (is_set) part += word;
        parts.push_back(part);
    }
    return join(parts);
}

// "a[0] = n, a[0] steps lda, b[1] steps ldb bytes"
inline std::string show_equations(const Plan& plan) {
    std::vector<std::string> parts;
    for (const Equation& equation : plan.equations) {
        static const char* const relations[] = {" = ", " steps ", " steps "};
        parts.push_back(plan.arrays[equation.array].name + "[" + std::to_string(equation.axis) + "]" +
                        relations[static_cast<std::size_t>(equation.quantity)] + plan.programs.texts[equation.value] +
                        (equation.quantity == Quantity::StepBytes ? " bytes" : ""));
    }
    return join(parts);
}

// Cells that no argument gives: "n", "lda", "order = 101" with a fixed value, "return (written by C)".
inline std::string show_hidden(const Plan& plan) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < plan.cells.size(); ++i) {
        const Cell& cell = plan.cells[i];
        bool is_given = false;
        for (const Input& input : plan.inputs) is_given = is_given || (input.form == Form::Number && input.index == i);
        if (is_given) continue;
        std::string part = cell.name;
        if (cell.fixed != no_program) part += " = " + plan.programs.texts[cell.fixed];
        if (cell.is_written_by_c) part += " (written by C)";
        if (cell.zero_when_unbound) part += " (or 0)";
        parts.push_back(part);
    }
    return join(parts);
}

inline std::string show_placement(const Plan& plan, const Placement& placement) {
    switch (placement.source) {
        case PlaceSource::CellValue: return plan.cells[placement.index].name;
        case PlaceSource::CellAddress: return "&" + plan.cells[placement.index].name + (placement.null_when_absent ? " or NULL" : "");
        case PlaceSource::ArrayData: return "data of " + plan.arrays[placement.index].name;
        case PlaceSource::ArrayRows: return "rows of " + plan.arrays[placement.index].name;
        case PlaceSource::Vector: return "vector " + plan.vectors[placement.index].name;
        case PlaceSource::Text: return "text " + plan.texts[placement.index].name;
        case PlaceSource::StructAddress: return "&struct " + plan.structs[placement.index].name;
        case PlaceSource::StructValue: return "struct " + plan.structs[placement.index].name;
        case PlaceSource::BlockAddress: return "&block " + plan.blocks[placement.index].name;
        case PlaceSource::BlockValue: return "block " + plan.blocks[placement.index].name;
        case PlaceSource::Null: return "NULL";
    }
    return "";
}

// What C gets, parameter by parameter.
inline std::string show_placements(const Plan& plan) {
    std::vector<std::string> parts;
    for (const Placement& placement : plan.parameters) parts.push_back(show_placement(plan, placement));
    return join(parts);
}

// The members that the call fills: "16: data of data_in".
inline std::string show_block(const Plan& plan, std::size_t block) {
    std::vector<std::string> parts;
    for (const Member& member : plan.blocks.at(block).members)
        parts.push_back(std::to_string(member.offset) + ": " + show_placement(plan, member.place));
    return join(parts);
}

inline std::string show_tests(const Plan& plan) {
    static const char* const kinds[] = {"check ", "ok ", "warn "};
    std::vector<std::string> parts;
    for (const Test& test : plan.tests) {
        std::string part = kinds[static_cast<std::size_t>(test.kind)] + plan.programs.texts[test.condition];
        if (test.text == Test::Text::Literal) part += " \"" + test.literal + "\"";
        if (test.text == Test::Text::Errno) part += " errno";
        if (test.text == Test::Text::Call) part += " " + plan.programs.texts[test.call];
        parts.push_back(part);
    }
    return join(parts, "; ");
}

}  // namespace ndcall::test
