// What C's own return value means.
#include <algorithm>

#include "draft/names.hpp"
#include "draft/sketch.hpp"
#include "plan/types.hpp"

namespace ndcall::detail {

namespace {

using Found = std::optional<std::string>;

const Type& get_result(const Sketch& sketch) { return *sketch.function.type->target; }

bool is_plain_int(const Type& type) { return type.kind == Kind::Signed && type.size == 4; }

Found set_ok(Sketch& sketch, const std::string& success) {
    const std::string text = sketch.scene.message.empty() ? "" : " else " + sketch.scene.message + "(return)";
    sketch.clauses.push_back("ok return == " + success + text);
    return success;
}

bool is_success_name(const std::string& name) {
    const std::string low = to_lower(name);
    return low == "ok" || low == "success" || low.ends_with("_ok") || low.ends_with("_success") || low.ends_with("_no_error") ||
           low.ends_with("_noerr");
}

Found is_nothing(Sketch& sketch, Part&) { return get_result(sketch).kind == Kind::Void ? Found("") : std::nullopt; }

Found is_status_enum(Sketch& sketch, Part&) {
    const Type& type = get_result(sketch);
    const EnumDeclaration* entry = type.kind == Kind::Enum ? sketch.scene.declarations->find_enum(type.tag) : nullptr;
    if (!entry) return std::nullopt;
    for (const Enumerator& member : entry->members)
        if (member.value == 0 && is_success_name(member.name)) return set_ok(sketch, member.name);
    return std::nullopt;
}

// "Returns 0 on success", "zero if ok", in the comment above.
Found says_zero_is_success(Sketch& sketch, Part&) {
    if (!is_plain_int(get_result(sketch))) return std::nullopt;
    const std::string comment = to_lower(sketch.function.comment);
    for (const char* phrase : {"0 on success", "zero on success", "0 if ok", "0 for success", "0 if success", "zero if success",
                               "0 when ok", "return 0 if ok", "0 = success", "0: success", "0 is success", "0 upon success"})
        if (comment.find(phrase) != std::string::npos) return set_ok(sketch, "0");
    return std::nullopt;
}

// What a function works for goes out through a pointer, and it works on an array or an object: what it returns is then no result.
bool gives_back_through_pointers(const Sketch& sketch) {
    bool gives = false, has_object = false;
    for (const Part& part : sketch.parts) {
        const bool is_data = part.form == Form::Elements || part.form == Form::Unknown || part.form == Form::Rows ||
                             part.form == Form::Stated || part.form == Form::Record || part.form == Form::Made;
        gives |= part.depth > 0 && is_data && !part.element->is_const;
        has_object |=
            part.depth > 0 && (!part.extents.empty() || part.form == Form::Record || part.form == Form::Handle || part.form == Form::Made);
    }
    return gives && has_object;
}

// gsl_sort_... of GSL_SUCCESS, sqlite3_... of SQLITE_OK.
bool shares_beginning(const std::string& function, const std::string& success) {
    const std::string low = to_lower(function), beginning = to_lower(success.substr(0, success.find('_')));
    return low.starts_with(beginning);
}

Found is_status_int(Sketch& sketch, Part&) {
    const std::string& success = sketch.scene.success;
    if (!is_plain_int(get_result(sketch)) || success.empty() || !shares_beginning(sketch.function.name, success)) return std::nullopt;
    // A header of macros uses int for everything: there only a result behind a pointer shows that the int is none.
    if (sketch.scene.success_is_macro && !sketch.has_results()) return std::nullopt;
    if (is_predicate_name(sketch.function.name) || !gives_back_through_pointers(sketch)) return std::nullopt;
    return set_ok(sketch, success);
}

// An array or struct that C may hold on to; gsl_rng_type and its like live for ever.
bool may_be_kept(const Part& part) {
    const bool is_type = part.element && part.element->tag.ends_with("_type");
    return part.depth > 0 && part.form != Form::Text && !is_type;
}

std::string list_kept(Sketch& sketch) {
    std::string names;
    for (Part& part : sketch.parts) {
        if (!may_be_kept(part) || (part.form != Form::Elements && part.form != Form::Record)) continue;
        names += (names.empty() ? "" : ", ") + part.name;
        if (part.direction == Direction::Out) part.words = "inout " + part.words, part.direction = Direction::InOut;
    }
    return names;
}

Found is_freed_elsewhere(Sketch& sketch, Part&) {
    const std::string handle = find_handle(get_result(sketch), *sketch.scene.declarations);
    const auto freed = sketch.scene.freed.find(handle);
    if (handle.empty() || freed == sketch.scene.freed.end()) return std::nullopt;
    sketch.returned = "return free " + freed->second;
    return freed->second;
}

Found is_created(Sketch& sketch, Part& part) {
    if (!is_making_name(sketch.function.name) || std::any_of(sketch.parts.begin(), sketch.parts.end(), may_be_kept)) return std::nullopt;
    return is_freed_elsewhere(sketch, part);
}

Found is_created_from(Sketch& sketch, Part& part) {
    const Found freed = is_freed_elsewhere(sketch, part);
    const std::string kept = freed ? list_kept(sketch) : "";
    if (kept.empty()) return std::nullopt;
    sketch.clauses.push_back("keep " + kept + " on return");
    return freed;
}

Found is_handle(Sketch& sketch, Part&) {
    const Type& type = get_result(sketch);
    const bool is_text = type.kind == Kind::Pointer && type.target->kind == Kind::Character && type.target->is_const;
    if (type.kind != Kind::Pointer || is_text) return std::nullopt;
    sketch.returned = "return of OWNER";
    return "";
}

Found is_function(Sketch& sketch, Part&) {
    const Type& type = get_result(sketch);
    if (type.kind != Kind::Pointer || type.target->kind != Kind::Function) return std::nullopt;
    sketch.clauses.emplace_back("ignore return");
    return "";
}

// A struct that leads to memory, which may be that of an argument: gsl_vector_view.
bool holds_pointer(const Type& type, const Declarations& declarations) {
    if (type.kind == Kind::Pointer) return true;
    const StructDeclaration* record = type.kind == Kind::Struct ? declarations.find_struct(type.tag) : nullptr;
    return record && std::any_of(record->fields.begin(), record->fields.end(),
                                 [&](const Field& field) { return holds_pointer(*field.type, declarations); });
}

Found is_view(Sketch& sketch, Part&) {
    const bool takes_memory =
        std::any_of(sketch.parts.begin(), sketch.parts.end(), [](const Part& part) { return part.depth > 0 && part.form != Form::Text; });
    if (get_result(sketch).kind != Kind::Struct || !takes_memory || !holds_pointer(get_result(sketch), *sketch.scene.declarations))
        return std::nullopt;
    sketch.returned = "return of OWNER";
    return "";
}

// Nothing is lost when a value comes back that nobody needs.
Found is_returned_beside_results(Sketch& sketch, Part&) {
    if (sketch.has_results()) sketch.returned = "return";
    return "";
}

constexpr Rule rules[] = {
    {is_nothing, Certainty::Sure, ""},
    {is_status_enum, Certainty::Sure, "the type that it returns has {n} for 0: a status"},
    {says_zero_is_success, Certainty::Likely, "the comment says that 0 is success: a status"},
    {is_status_int, Certainty::Likely, "it returns int, gives back through pointers, and this library has {n} for 0: a status"},
    {is_created, Certainty::Likely, "it makes what {n} frees"},
    {is_created_from, Certainty::Guess, "{n} frees what it returns, which perhaps keeps what it was given"},
    {is_freed_elsewhere, Certainty::Guess, "{n} frees what it returns, if it is a new one: else 'of NAME' or 'static'"},
    {is_function, Certainty::Guess, "it returns a function of C, perhaps the one that it replaced: of no use in Python"},
    {is_handle, Certainty::Blank, "who owns the memory that it returns: 'of NAME', 'static' or 'free FUNCTION'"},
    {is_view, Certainty::Blank, "what it returns may lead to the memory of an argument: 'return of NAME'"},
    {is_returned_beside_results, Certainty::Sure, ""},
};

}  // namespace

void decide_return(Sketch& sketch) {
    Part result;
    result.name = "return";
    apply_rules(sketch, result, rules);
}

}  // namespace ndcall::detail
