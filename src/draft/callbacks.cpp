// Parameters that are functions, and what is handed on to them.
#include <algorithm>

#include "draft/names.hpp"
#include "draft/sketch.hpp"

namespace ndcall::detail {

namespace {

bool is_user_pointer(const Type& type) { return type.kind == Kind::Pointer && type.target->kind == Kind::Void && !type.target->is_const; }

bool is_count(const Parameter& parameter) {
    const Kind kind = parameter.type->kind;
    return (kind == Kind::Signed || kind == Kind::Unsigned) && is_count_name(parameter.name);
}

// `x[n], flag -> y[n], return; user data`: what Python's function takes and gives.
std::string write_contract(const Type& function) {
    const auto& parameters = function.parameters;
    std::string count, inputs, results, user;
    for (const Parameter& parameter : parameters)
        if (is_count(parameter) && count.empty()) count = parameter.name;
    bool uses_count = false;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Type& type = *parameters[i].type;
        std::string name = parameters[i].name.empty() ? "_" : parameters[i].name;
        if (is_user_pointer(type)) {
            user = parameters[i].name.empty() ? "arg" + std::to_string(i + 1) : name;
            continue;
        }
        if (is_count(parameters[i])) continue;
        const bool is_array = (type.kind == Kind::Pointer || type.kind == Kind::Array) && type.target->kind != Kind::Character &&
                              type.target->kind != Kind::Struct && type.target->kind != Kind::Void;
        if (is_array && !count.empty()) name += "[" + count + "]", uses_count = true;
        const bool is_result = is_array && !type.target->is_const && name != "_";
        std::string& side = is_result ? results : inputs;
        side += (side.empty() ? "" : ", ") + name;
    }
    if (!uses_count && !count.empty()) inputs += (inputs.empty() ? "" : ", ") + count;
    if (function.target->kind != Kind::Void) results += results.empty() ? "return" : ", return";
    return "(" + inputs + (results.empty() ? "" : (inputs.empty() ? "-> " : " -> ") + results) + (user.empty() ? "" : "; user " + user) +
           ")";
}

std::optional<std::string> is_callback(Sketch& sketch, Part& part) {
    if (part.form != Form::Function) return std::nullopt;
    const Type& type = *part.element;
    part.extents = write_contract(type);
    part.is_written = part.is_shaped = true;
    const bool wants_user =
        std::any_of(type.parameters.begin(), type.parameters.end(), [](const Parameter& one) { return is_user_pointer(*one.type); });
    for (Part& other : sketch.parts)
        if (wants_user && is_user_pointer(*other.type) && (is_user_name(other.name) || &other == sketch.find_next(part)))
            other.is_shaped = true;
    return "";
}

std::optional<std::string> is_made(Sketch& sketch, Part& part) {
    if (part.form != Form::Made) return std::nullopt;
    const auto freed = sketch.scene.freed.find(find_handle(*part.type->target, *sketch.scene.declarations));
    if (freed == sketch.scene.freed.end()) return std::nullopt;
    part.direction = Direction::Out;
    part.is_written = part.is_shaped = true;
    part.phrase = " free " + freed->second;
    return freed->second;
}

std::optional<std::string> is_made_for_whom(Sketch&, Part& part) {
    if (part.form != Form::Made) return std::nullopt;
    part.direction = Direction::Out;
    part.is_written = part.is_shaped = true;
    part.phrase = " of OWNER";
    return "";
}

// A struct that holds functions, handed to an object that outlives the call.
std::optional<std::string> may_keep_functions(Sketch& sketch, Part& part) {
    if (part.form != Form::Record || part.depth != 1 || part.element->is_const) return std::nullopt;
    const StructDeclaration* record = sketch.scene.declarations->find_struct(part.element->tag);
    const auto is_function = [](const Field& field) {
        return field.type->kind == Kind::Pointer && field.type->target->kind == Kind::Function;
    };
    const bool holds_functions = record && std::any_of(record->fields.begin(), record->fields.end(), is_function);
    const bool has_keeper = std::any_of(sketch.parts.begin(), sketch.parts.end(), [&](const Part& other) {
        return &other != &part && other.depth == 1 && !other.element->is_const &&
               (other.form == Form::Record || other.form == Form::Handle);
    });
    return holds_functions && has_keeper ? std::optional<std::string>("") : std::nullopt;
}

constexpr Rule rules[] = {
    {may_keep_functions, Certainty::Guess, "{x} holds functions, which C perhaps keeps: 'keep {x} on NAME'"},
    {is_callback, Certainty::Guess, "{x} is a function that C calls: what Python's takes and gives"},
    {is_made, Certainty::Likely, "C leaves a new handle in {x}, which {n} frees"},
    {is_made_for_whom, Certainty::Blank, "C leaves a handle in {x}: who frees it, 'free FUNCTION' or 'of NAME'"},
};

}  // namespace

void decide_callbacks(Sketch& sketch) {
    for (Part& part : sketch.parts) apply_rules(sketch, part, rules);
}

}  // namespace ndcall::detail
