#include <algorithm>

#include "plan/describe.hpp"
#include "plan/wording.hpp"

namespace ndcall {
namespace {

std::string describe_dtype(const Plan& plan, const Array& array) {
    switch (array.dtype_rule) {
        case DTypeRule::Any: return "ndarray of any dtype";
        case DTypeRule::Like: return "ndarray with the dtype of `" + plan.arrays[array.like].name + "`";
        case DTypeRule::Exact: break;
    }
    return name_dtype_of(plan, array) + " ndarray";
}

// "float", "int", "{'CblasRowMajor', 'CblasColMajor'}": numpydoc's way to say one of these.
std::string describe_number(const Plan& plan, const Cell& cell) {
    constexpr std::size_t most_names = 6;
    if (cell.enumeration == none || plan.enumerations[cell.enumeration].names.size() > most_names) return name_number(plan, cell);
    std::string text;
    for (const std::string& name : plan.enumerations[cell.enumeration].names) text += (text.empty() ? "{'" : ", '") + name + "'";
    return text.empty() ? name_number(plan, cell) : text + "}";
}

std::string describe_value(const Plan& plan, Form form, std::uint16_t index) {
    switch (form) {
        case Form::Number: return describe_number(plan, plan.cells[index]);
        case Form::Array: return print_extents(plan, plan.arrays[index]) + " " + describe_dtype(plan, plan.arrays[index]);
        case Form::Text: return plan.texts[index].is_bytes ? "bytes" : "str";
        case Form::Struct: return plan.structs[index].tag;
    }
    return {};
}

std::string make_section(const std::string& title, const std::string& body) {
    return body.empty() ? "" : "\n\n" + title + "\n" + std::string(title.size(), '-') + body;
}

bool is_from_one(const Plan& plan, Form form, std::uint16_t index) {
    return (form == Form::Array && plan.arrays[index].from_one) || (form == Form::Number && plan.cells[index].from_one);
}

std::string list_parameters(const Plan& plan) {
    std::string text;
    const std::vector<PythonParameter> parameters = describe_parameters(plan);
    for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
        const Input& input = plan.inputs[i];
        const Array* array = input.form == Form::Array ? &plan.arrays[input.index] : nullptr;
        text += "\n" + input.name + " : " + describe_value(plan, input.form, input.index);
        // How an input lies is C's business, not the caller's: it is copied when need be.
        if (array != nullptr && array->written && !array->copied) text += ", " + describe_layout(*array) + ", inout";
        if (input.is_optional)
            text += ", optional";
        else if (!parameters[i].default_text.empty())
            text += ", default " + parameters[i].default_text;
        if (is_from_one(plan, input.form, input.index)) text += "\n    Counted from 0 here, from 1 in C.";
    }
    return text;
}

std::string list_results(const Plan& plan) {
    std::string text;
    for (const Result& result : plan.results) {
        const bool is_unnamed = result.name == "return" || result.name == "return_";
        text +=
            "\n" + (is_unnamed && plan.results.size() == 1 ? "" : result.name + " : ") + describe_value(plan, result.form, result.index);
        if (result.may_be_null && result.form == Form::Text) text += " or None";
        if (result.is_optional)
            text += "\n    Only when asked for: ``" + result.name + "=True``" + (result.form == Form::Array ? " or an array." : ".");
        if (is_from_one(plan, result.form, result.index)) text += "\n    Counted from 0 here, from 1 in C.";
    }
    return text;
}

std::string list_tests(const Plan& plan, TestKind kind, const std::string& verb) {
    std::string text;
    for (const Test& test : plan.tests) {
        if (test.kind != kind) continue;
        text += "\n    " + verb + " ``" + plan.programs.texts[test.condition] + "``";
        text += test.text == Test::Text::Literal ? ": " + test.literal + "." : ".";
    }
    return text;
}

std::string list_errors(const Plan& plan) {
    std::string text;
    if (!plan.inputs.empty()) text += "\nContractError\n    An argument breaks the contract; nothing was called.";
    const std::string checks = list_tests(plan, TestKind::Check, "Unless");
    const std::string oks = list_tests(plan, TestKind::Ok, "Unless");
    if (!checks.empty()) text += "\nCheckError" + checks;
    if (!oks.empty()) text += "\nCallError" + oks;
    return text;
}

std::string list_notes(const Plan& plan) {
    std::string text = "\nSource: `" + plan.c_name + "`, read from " + plan.source + ". " + describe_gil(plan);
    if (!plan.contract.empty()) text += "\nContract: ``" + plan.contract + "``";
    return text;
}

std::string trim(const std::string& text) {
    const auto begin = text.find_first_not_of(" \n\t");
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \n\t") - begin + 1);
}

}  // namespace

std::string describe_gil(const Plan& plan) {
    if (!plan.gil_reason.empty()) return "The GIL is " + plan.gil_reason + ".";
    switch (plan.gil) {
        case GilRule::Hold: return "The GIL is held.";
        case GilRule::Release: return "The GIL is released.";
        case GilRule::BySize: break;
    }
    return plan.arrays.empty() ? "The GIL is released." : "The GIL is released when the arrays are large.";
}

std::string describe_docstring(const Plan& plan) {
    const std::string prose = trim(plan.comment);
    const std::string warnings = list_tests(plan, TestKind::Warn, "When");
    return describe_call(plan) + "\n\n" + (prose.empty() ? "Call the C function `" + plan.c_name + "`." : prose) +
           make_section("Parameters", list_parameters(plan)) + make_section("Returns", list_results(plan)) +
           make_section("Raises", list_errors(plan)) + make_section("Warns", warnings.empty() ? "" : "\nCallWarning" + warnings) +
           make_section("Notes", list_notes(plan));
}

}  // namespace ndcall
