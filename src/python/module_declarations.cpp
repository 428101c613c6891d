// What was read of C, or of a saved library; what is asserted of it and drafted from it.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/set.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <set>

#include "declaration/assertions.hpp"
#include "declaration/text.hpp"
#include "draft/draft.hpp"
#include "python/module_parts.hpp"

namespace nb = nanobind;

namespace ndcall {

namespace {

// (C, claim in words, file, line or 0) of each.
std::vector<std::tuple<std::string, std::string, std::string, std::uint32_t>> list_assertions(const ParsedDeclarations& parsed) {
    std::vector<std::tuple<std::string, std::string, std::string, std::uint32_t>> rows;
    for (const Assertion& assertion : assert_facts(*parsed.value))
        rows.emplace_back(assertion.code, assertion.claim, parsed.value->files.at(assertion.location.file), assertion.location.line);
    return rows;
}

// A type from the outside in, as (kind, size, C): what a pointer points to follows it, down to what is no pointer. A parameter that is
// written as an array or a function is the pointer that C makes of it.
using Level = std::tuple<std::string, std::uint32_t, std::string>;

std::vector<Level> list_levels(const Type& type) {
    static constexpr const char* names[] = {"void",    "bool",  "character", "signed", "unsigned", "float",    "complex",
                                            "pointer", "array", "struct",    "union",  "enum",     "function", "other"};  // by Kind
    static constexpr auto pointer = static_cast<std::size_t>(Kind::Pointer);
    std::vector<Level> levels;
    if (type.kind == Kind::Function) levels.emplace_back(names[pointer], sizeof(void*), print_c(type, type.spelling.empty() ? "(*)" : "*"));
    for (const Type* level = &type; level; level = level->kind == Kind::Pointer || level->kind == Kind::Array ? level->target : nullptr) {
        const bool is_pointer = level == &type && level->kind == Kind::Array;
        levels.emplace_back(names[is_pointer ? pointer : static_cast<std::size_t>(level->kind)], is_pointer ? sizeof(void*) : level->size,
                            print_c(*level));
    }
    return levels;
}

using ParameterRow = std::pair<std::string, std::vector<Level>>;

// (C's text, file, line, levels of the result, name and levels of each parameter); None where there is no such function, or nothing is
// told of its parameters. A declaration that was not read as text is written anew.
std::optional<std::tuple<nb::object, std::string, std::uint32_t, std::vector<Level>, std::vector<ParameterRow>, bool>> outline_function(
    const ParsedDeclarations& parsed, const std::string& name) {
    const FunctionDeclaration* function = parsed.value->find_function(name);
    if (!function || !function->invalid.empty() || !function->type->has_prototype) return std::nullopt;
    std::vector<ParameterRow> parameters;
    for (const Parameter& parameter : function->type->parameters) parameters.emplace_back(parameter.name, list_levels(*parameter.type));
    const std::string text = function->text.empty() ? print_c(*function->type, function->name) : function->text;
    return std::tuple(decode_text(text), parsed.value->files.at(function->location.file), function->location.line,
                      list_levels(*function->type->target), parameters, function->type->is_variadic);
}

using MemberRow = std::tuple<std::string, std::uint32_t, std::vector<Level>>;

// Of arrays the first and the last item. Nothing of unions, which are one of their members, and of bit-fields.
class MemberList {
  public:
    explicit MemberList(const Declarations& declarations) : declarations_(declarations) {}

    void add(const Type& type, const std::string& path, std::uint32_t offset) {
        if (steps_left_ == 0) return;
        --steps_left_;
        if (type.kind == Kind::Array)
            add_items(type, path, offset);
        else if (type.kind == Kind::Struct)
            add_fields(type, path, offset);
        else if (type.kind != Kind::Union)
            rows.emplace_back(path, offset, list_levels(type));
    }

    std::vector<MemberRow> rows;

  private:
    void add_items(const Type& array, const std::string& path, std::uint32_t offset) {
        const std::uint32_t item = array.target->size, last = item == 0 || array.size == 0 ? 0 : array.size / item - 1;
        add(*array.target, path + "[0]", offset);
        if (last > 0) add(*array.target, path + "[" + std::to_string(last) + "]", offset + last * item);
    }

    void add_fields(const Type& type, const std::string& path, std::uint32_t offset) {
        const StructDeclaration* found = declarations_.find_struct(type.tag);
        if (!found || !found->is_complete || !found->invalid.empty()) return;
        for (const Field& field : found->fields) {
            if (field.bit_width >= 0) continue;
            const std::string separator = path.empty() || field.name.empty() ? "" : ".";
            add(*field.type, path + separator + field.name, offset + field.offset);
        }
    }

    const Declarations& declarations_;
    int steps_left_ = 1000;  // a header of forty lines can nest a struct of 2**32 members
};

// (path, offset, levels) of each number and pointer in the struct that a parameter or the result (position -1) is, or points to.
std::vector<MemberRow> list_members(const ParsedDeclarations& parsed, const std::string& name, int position) {
    MemberList members(*parsed.value);
    const FunctionDeclaration* function = parsed.value->find_function(name);
    if (!function || position >= static_cast<int>(function->type->parameters.size())) return {};
    const Type* type = position < 0 ? function->type->target : function->type->parameters[static_cast<std::size_t>(position)].type;
    while (type->kind == Kind::Pointer || type->kind == Kind::Array) type = type->target;
    if (type->kind == Kind::Struct) members.add(*type, "", 0);
    return members.rows;
}

using DraftRow = std::tuple<std::string, std::string, std::string, std::string, std::vector<std::string>, std::string, nb::object>;

// (name, kind, certainty, line, reasons, obstacle, declaration) of each function, and the lines of handles with their reasons.
std::pair<std::vector<DraftRow>, std::vector<std::pair<std::string, std::string>>> draft_lines(
    const ParsedDeclarations& declarations, const nb::list& contracts, const std::optional<std::set<std::string>>& selected) {
    static constexpr const char* kinds[] = {"line", "needless", "given", "refused"};  // by Draft::Kind
    const Registry registry = make_registry_of(declarations, contracts);
    const Drafter drafter(registry);
    std::vector<DraftRow> rows;
    for (const FunctionDeclaration& function : declarations.value->functions) {
        if (selected && !selected->contains(function.name)) continue;
        const Draft draft = drafter.draft(function);
        rows.emplace_back(function.name, kinds[static_cast<std::size_t>(draft.kind)], name_certainty(draft.certainty), draft.line,
                          draft.reasons, draft.obstacle, decode_text(function.text));
    }
    std::vector<std::pair<std::string, std::string>> handles;
    for (const HandleDraft& handle : drafter.list_handles()) handles.emplace_back(handle.line, handle.reason);
    return {rows, handles};
}

ParsedDeclarations parse_text(const nb::bytes& text, const std::string& origin) {
    try {
        return {std::make_shared<const Declarations>(parse_declarations(std::string_view(text.c_str(), text.size()), origin)), {}, origin};
    } catch (const TextError& error) {
        raise_python("ReadError", error.what());
    }
}

ParsedDeclarations parse_saved_text(const nb::bytes& text, const std::string& origin) {
    try {
        auto saved = std::make_shared<const SavedLibrary>(parse_saved(std::string_view(text.c_str(), text.size()), origin));
        return {saved->declarations, saved, origin};
    } catch (const TextError& error) {
        raise_python("ReadError", error.what());
    }
}

std::vector<FileRow> list_saved_files(const ParsedDeclarations& parsed) {
    std::vector<FileRow> rows;
    if (parsed.saved)
        for (const SavedFile& file : parsed.saved->files) rows.emplace_back(file.is_beside, file.name, file.proof);
    return rows;
}

}  // namespace

// The contracts of call and files; those in comments are the lowest, and a saved library has its own in their place.
Registry make_registry_of(const ParsedDeclarations& declarations, const nb::list& contracts) {
    try {
        Registry registry = declarations.saved ? make_registry(*declarations.saved, declarations.origin) : Registry(declarations.value);
        for (const nb::handle item : contracts) {
            const auto [rank, origin, text] = nb::cast<std::tuple<int, std::string, nb::object>>(item);
            if (nb::isinstance<nb::str>(text)) {
                registry.add_text(rank == 0 ? Rank::Call : Rank::File, nb::cast<std::string>(text), origin);
                continue;
            }
            const nb::object items = text.attr("items")();
            for (const nb::handle pair : items) registry.add_pair(nb::cast<std::string>(pair[0]), nb::cast<std::string>(pair[1]), origin);
        }
        if (!declarations.saved) registry.add_comments();
        return registry;
    } catch (const TextError& error) {
        raise_python("BindError", error.what());
    } catch (const BindFailure& error) {
        raise_python("BindError", error.what());
    }
}

void add_declarations(nb::module_& module) {
    nb::class_<ParsedDeclarations>(module, "Declarations")
        .def_static("parse", parse_text, nb::arg("text"), nb::arg("origin"))
        .def_static("parse_saved", parse_saved_text, nb::arg("text"), nb::arg("origin"))
        .def_prop_ro("saved_files", list_saved_files)
        .def_prop_ro("hidden",
                     [](const ParsedDeclarations& parsed) { return parsed.saved ? parsed.saved->hidden : std::vector<std::string>(); })
        .def_prop_ro("target", [](const ParsedDeclarations& parsed) { return parsed.value->target; })
        .def_prop_ro("files", [](const ParsedDeclarations& parsed) { return parsed.value->files; })
        .def("assertions", list_assertions)
        .def("outline", outline_function, nb::arg("name"))
        .def("members", list_members, nb::arg("name"), nb::arg("position"))
        .def_prop_ro("function_names", [](const ParsedDeclarations& parsed) {
            std::vector<std::string> names;
            for (const FunctionDeclaration& function : parsed.value->functions) names.push_back(function.name);
            return names;
        });
    module.def("draft_lines", draft_lines, nb::arg("declarations"), nb::arg("contracts"), nb::arg("selected").none());
}

}  // namespace ndcall
