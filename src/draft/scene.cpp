// What the functions and constants of a library tell together.
#include <algorithm>
#include <set>

#include "declaration/scanner.hpp"
#include "draft/names.hpp"
#include "draft/sketch.hpp"

namespace ndcall::detail {

namespace {

bool names_success(const std::string& name) {
    return name.ends_with("_SUCCESS") || name.ends_with("_OK") || name.ends_with("_NO_ERROR") || name.ends_with("_NOERR");
}

// The library's own name for 0: an enumerator or a macro, that more than half of the functions begin like.
std::string find_success(const Declarations& declarations) {
    std::vector<std::string> candidates;
    for (const EnumDeclaration& entry : declarations.enums)
        for (const Enumerator& member : entry.members)
            if (member.value == 0 && names_success(member.name)) candidates.push_back(member.name);
    for (const ConstantDeclaration& constant : declarations.constants) {
        const auto* number = std::get_if<std::int64_t>(&constant.value);
        if (number && *number == 0 && names_success(constant.name)) candidates.push_back(constant.name);
    }
    std::string best;
    std::size_t most = declarations.functions.size() / 2;  // a code of a few functions says nothing of the others
    for (const std::string& candidate : candidates) {
        const std::string beginning = to_lower(candidate.substr(0, candidate.find('_')));
        if (beginning.size() < 2) continue;
        const auto fits = [&](const FunctionDeclaration& function) { return to_lower(function.name).starts_with(beginning); };
        const auto count = static_cast<std::size_t>(std::count_if(declarations.functions.begin(), declarations.functions.end(), fits));
        if (count > most) best = candidate, most = count;
    }
    return best;
}

// const char *gsl_strerror(int)
std::string find_message(const Declarations& declarations) {
    for (const FunctionDeclaration& function : declarations.functions) {
        const Type& type = *function.type;
        const bool gives_text =
            type.target->kind == Kind::Pointer && type.target->target->kind == Kind::Character && type.target->target->is_const;
        const bool takes_status =
            type.parameters.size() == 1 && (type.parameters[0].type->kind == Kind::Signed || type.parameters[0].type->kind == Kind::Enum);
        const std::string low = to_lower(function.name);
        const bool is_named =
            low.ends_with("strerror") || low.ends_with("errstr") || low.ends_with("error_string") || low.ends_with("error_message");
        if (gives_text && takes_status && is_named && function.invalid.empty()) return function.name;
    }
    return {};
}

}  // namespace

std::string find_handle(const Type& type, const Declarations& declarations) {
    if (type.kind != Kind::Pointer) return {};
    const Type& target = *type.target;
    if (target.kind != Kind::Struct) return {};
    const StructDeclaration* record = declarations.find_struct(target.tag);
    const std::string name = !type.spelling.empty() ? type.spelling : record ? record->tag : target.tag;
    return is_identifier(name) ? name : "";  // anything else would not be one word of a line
}

Scene make_scene(const Declarations& declarations) {
    Scene scene;
    scene.declarations = &declarations;
    scene.success = find_success(declarations);
    scene.success_is_macro = std::any_of(declarations.constants.begin(), declarations.constants.end(),
                                         [&](const ConstantDeclaration& constant) { return constant.name == scene.success; });
    scene.message = find_message(declarations);
    for (const FunctionDeclaration& function : declarations.functions)
        for (const Parameter& parameter : function.type->parameters) scene.writes_brackets |= parameter.type->kind == Kind::Array;
    // void foo_free(foo *): one parameter, and somebody returns it.
    std::set<std::string> made;
    for (const FunctionDeclaration& function : declarations.functions) made.insert(find_handle(*function.type->target, declarations));
    for (const FunctionDeclaration& function : declarations.functions) {
        if (function.type->parameters.size() != 1 || !is_freeing_name(function.name)) continue;
        const std::string handle = find_handle(*function.type->parameters[0].type, declarations);
        if (!handle.empty() && made.contains(handle)) scene.freed.emplace(handle, function.name);
    }
    return scene;
}

}  // namespace ndcall::detail
