#include <algorithm>
#include <cctype>

#include "plan/describe.hpp"
#include "plan/wording.hpp"

namespace ndcall {
namespace {

struct KindName {
    ScalarKind kind;
    const char* name;
};
constexpr KindName number_names[] = {
    {ScalarKind::Bool, "bool"},   {ScalarKind::Signed, "int"},      {ScalarKind::Unsigned, "int"},
    {ScalarKind::Float, "float"}, {ScalarKind::Complex, "complex"}, {ScalarKind::Pointer, "int"},
};

// "float64[m, n]": the contract's own way, which is also how type hints write it.
std::string annotate_array(const Plan& plan, const Array& array) {
    std::string dtype = array.dtype_rule == DTypeRule::Any ? "any" : name_dtype_of(plan, array);
    if (array.dtype_rule == DTypeRule::Like) dtype = "like(" + plan.arrays[array.like].name + ")";
    if (!array.any_shape && array.axes.empty()) return dtype + "[()]";
    const std::string extents = print_extents(plan, array);
    std::string inner = extents.substr(1, extents.size() - 2);
    if (inner.ends_with(',')) inner.pop_back();
    return dtype + "[" + inner + "]";
}

std::string annotate(const Plan& plan, Form form, std::uint16_t index) {
    switch (form) {
        case Form::Number: return name_number(plan, plan.cells[index]);
        case Form::Array: return annotate_array(plan, plan.arrays[index]);
        case Form::Text: return plan.texts[index].is_bytes ? "bytes" : "str";
        case Form::Struct: return plan.structs[index].tag;
    }
    return {};
}

// As Python would write it, where Python can: names of the header stay names only when they are members of an enumeration.
std::string print_default(const Plan& plan, const Input& input) {
    const std::string& text = plan.programs.texts[input.default_value];
    const Node& node = plan.programs.nodes[input.default_value];
    const bool is_name = !text.empty() && (std::isalpha(static_cast<unsigned char>(text[0])) != 0 || text[0] == '_');
    if (input.form == Form::Number && is_name && plan.cells[input.index].enumeration != none) return "'" + text + "'";
    if (node.kind == NodeKind::Null) return "None";
    if (node.kind == NodeKind::Integer && (is_name || text.empty())) return std::to_string(node.integer);
    return text;
}

bool is_input_name(const Plan& plan, const std::string& name) {
    return std::any_of(plan.inputs.begin(), plan.inputs.end(), [&](const Input& input) { return input.name == name; });
}

std::string print_result(const Plan& plan, const Result& result, bool is_only) {
    const std::string type =
        annotate(plan, result.form, result.index) + (result.may_be_null && result.form == Form::Text ? " or None" : "");
    const bool is_unnamed = is_only && (result.name == "return" || result.name == "return_");
    return is_unnamed ? type : result.name + (result.is_optional ? "?: " : ": ") + type;
}

}  // namespace

std::string name_number(const Plan& plan, const Cell& cell) {
    if (cell.enumeration != none && !plan.enumerations[cell.enumeration].name.empty()) return plan.enumerations[cell.enumeration].name;
    if (cell.is_character) return "str";
    if (cell.type.kind == ScalarKind::Float && cell.type.size == 16) return "longdouble";
    if (cell.type.kind == ScalarKind::Complex && cell.type.size == 32) return "clongdouble";
    for (const KindName& known : number_names)
        if (known.kind == cell.type.kind) return known.name;
    return "number";
}

std::vector<PythonParameter> describe_parameters(const Plan& plan) {
    using Passing = PythonParameter::Passing;
    std::vector<PythonParameter> parameters;
    for (const Input& input : plan.inputs) {
        PythonParameter parameter{input.name, Passing::PositionOrKeyword, annotate(plan, input.form, input.index), "", input.default_value};
        if (input.default_value != no_program)
            parameter.default_text = print_default(plan, input);
        else if (input.is_optional)
            parameter.default_text = "None";
        parameters.push_back(std::move(parameter));
        // Python wants those first that go by position alone; by keyword the others before them still work.
        if (input.position_only)
            for (PythonParameter& before : parameters) before.passing = Passing::PositionOnly;
    }
    bool takes_out = false;
    for (const Result& result : plan.results) {
        const bool is_array = result.form == Form::Array;
        takes_out = takes_out || is_array;
        if ((is_array || result.is_optional) && !is_input_name(plan, result.name))
            parameters.push_back({result.name, Passing::PositionOrKeyword, annotate(plan, result.form, result.index), "None", no_program});
    }
    if (takes_out) parameters.push_back({"out", Passing::KeywordOnly, "", "None", no_program});
    return parameters;
}

std::string describe_call(const Plan& plan) {
    using Passing = PythonParameter::Passing;
    std::string text;
    Passing previous = Passing::PositionOrKeyword;
    const auto add = [&](const std::string& item) { text += (text.empty() ? "" : ", ") + item; };
    for (const PythonParameter& parameter : describe_parameters(plan)) {
        if (previous == Passing::PositionOnly && parameter.passing != Passing::PositionOnly) add("/");
        if (parameter.passing == Passing::KeywordOnly) add("*");
        add(parameter.name + (parameter.default_text.empty() ? "" : "=" + parameter.default_text));
        previous = parameter.passing;
    }
    if (previous == Passing::PositionOnly) add("/");
    return plan.name + "(" + text + ")";
}

std::string describe_signature(const Plan& plan) {
    std::string text = plan.name + "(";
    const std::vector<PythonParameter> parameters = describe_parameters(plan);
    for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
        const Input& input = plan.inputs[i];
        const Array* array = input.form == Form::Array ? &plan.arrays[input.index] : nullptr;
        const bool is_changed = array != nullptr && array->written && !array->copied;
        text += std::string(i == 0 ? "" : ", ") + (is_changed ? "inout " : "") + input.name + ": " + parameters[i].annotation;
        if (!parameters[i].default_text.empty()) text += " = " + parameters[i].default_text;
    }
    text += ") -> ";
    if (plan.results.empty()) return text + "None";
    for (std::size_t i = 0; i < plan.results.size(); ++i)
        text += (i == 0 ? "" : ", ") + print_result(plan, plan.results[i], plan.results.size() == 1);
    return text;
}

}  // namespace ndcall
