#include "readers/clang/records.hpp"

#include <limits>

#include "declaration/check.hpp"
#include "declaration/scanner.hpp"

namespace ndcall::clang {

void RecordReader::read_waiting() {
    while (!tags_.waiting.empty()) {
        const TagNames::Waiting next = tags_.waiting.front();
        tags_.waiting.pop_front();
        if (next.type.kind == type_enum) {
            read_enum(next);
        } else {
            read_struct(next);
        }
    }
}

void RecordReader::read_struct(const TagNames::Waiting& waiting) {
    const Api& api = unit_.api;
    const Cursor declaration = unit_.find_declaration(waiting.type);
    StructDeclaration entry;
    entry.tag = waiting.tag;
    entry.is_union = declaration.kind == cursor_union;
    entry.location = unit_.location(declaration);
    entry.comment = unit_.read_comment(declaration, nullptr);
    const long long size = api.Type_getSizeOf(waiting.type), align = api.Type_getAlignOf(waiting.type);
    const bool fits = size <= std::numeric_limits<std::uint32_t>::max();
    if (size >= 0 && align > 0 && fits) {
        entry.is_complete = true;
        entry.size = static_cast<std::uint32_t>(size);
        entry.align = static_cast<std::uint32_t>(align);
        auto visit = [&](Cursor field) { read_field(field, entry); };
        const auto call = [](Cursor field, void* data) {
            (*static_cast<decltype(visit)*>(data))(field);
            return static_cast<int>(visit_next);
        };
        api.Type_visitFields(waiting.type, call, &visit);
    }
    if (!fits) entry.invalid = "it is larger than 4 GiB";
    if (std::string error = errors_.find_between(unit_.begin(declaration), unit_.end(declaration)); !error.empty()) entry.invalid = error;
    if (entry.invalid.empty() && api.isInvalidDeclaration(declaration) != 0) entry.invalid = "it is not understood";
    unit_.declarations.structs.push_back(std::move(entry));
}

void RecordReader::read_field(Cursor cursor, StructDeclaration& entry) {
    const Api& api = unit_.api;
    Field field;
    field.name = unit_.spelling(cursor);
    if (!is_identifier(field.name)) field.name.clear();  // newer clangs describe an unnamed member in words
    const TypeHandle type = api.getCursorType(cursor);
    const TypeHandle base = unit_.find_base(type);
    tags_.suggest(base, entry.tag + "." + (field.name.empty() ? std::to_string(entry.fields.size() + 1) : field.name));
    ReadType read = types_.read(type, cursor);
    field.type = read.type;
    if (entry.invalid.empty() && !read.invalid.empty()) entry.invalid = "member '" + field.name + "': " + read.invalid;
    if (entry.invalid.empty() && api.isInvalidDeclaration(cursor) != 0) {
        const std::string error = errors_.find_between(unit_.begin(cursor), unit_.end(cursor));
        entry.invalid = "member '" + field.name + "': " + (error.empty() ? "it is not understood" : error);
    }
    if (api.isInvalidDeclaration(cursor) != 0) return;
    const long long bits = api.Cursor_getOffsetOfField(cursor);
    field.offset = bits < 0 ? 0 : static_cast<std::uint32_t>(bits / 8);
    if (api.Cursor_isBitField(cursor) != 0) {
        field.bit_width = api.getFieldDeclBitWidth(cursor);
        field.bit_shift = bits < 0 ? 0 : static_cast<std::uint32_t>(bits % 8);
        if (field.bit_width <= 0 || field.name.empty()) return;  // padding
    }
    field.comment = unit_.take(api.Cursor_getRawCommentText(cursor));
    if (const auto wrong = find_wrong_field(entry, field)) {
        if (entry.invalid.empty()) entry.invalid = "member '" + field.name + "': " + *wrong;
        return;
    }
    entry.fields.push_back(std::move(field));
}

void RecordReader::read_enum(const TagNames::Waiting& waiting) {
    const Api& api = unit_.api;
    const Cursor declaration = unit_.find_declaration(waiting.type);
    EnumDeclaration entry;
    entry.tag = waiting.tag;
    entry.location = unit_.location(declaration);
    entry.comment = unit_.read_comment(declaration, nullptr);
    entry.underlying = types_.read_enum_base(declaration);
    unit_.visit_children(declaration, [&](Cursor member) {
        if (member.kind == cursor_enum_constant) entry.members.push_back({unit_.spelling(member), api.getEnumConstantDeclValue(member)});
        return visit_next;
    });
    entry.invalid = errors_.find_between(unit_.begin(declaration), unit_.end(declaration));
    if (entry.invalid.empty() && api.isInvalidDeclaration(declaration) != 0) entry.invalid = "it is not understood";
    if (entry.invalid.empty() && api.isCursorDefinition(declaration) == 0) entry.invalid = "it is declared, but not defined";
    unit_.declarations.enums.push_back(std::move(entry));
}

void RecordReader::add_aliases() {
    const auto add = [&](auto& entries) {
        for (auto& entry : entries) {
            if (const auto found = tags_.aliases.find(entry.tag); found != tags_.aliases.end()) entry.aliases = found->second;
        }
    };
    add(unit_.declarations.structs);
    add(unit_.declarations.enums);
}

std::string RecordReader::find_invalid(const Type& type, bool by_value) const {
    const Declarations& all = unit_.declarations;
    if (type.kind == Kind::Struct || type.kind == Kind::Union) {
        const StructDeclaration* entry = all.find_struct(type.tag);
        const std::string name = (type.kind == Kind::Union ? "union " : "struct ") + type.tag;
        if (entry == nullptr) return {};
        if (!entry->invalid.empty()) return name + ": " + entry->invalid;
        return by_value && !entry->is_complete ? name + " is incomplete" : "";
    }
    if (type.kind == Kind::Enum) {
        const EnumDeclaration* entry = all.find_enum(type.tag);
        return entry != nullptr && !type.tag.empty() && !entry->invalid.empty() ? "enum " + type.tag + ": " + entry->invalid : "";
    }
    const bool passes_on = type.kind == Kind::Pointer || type.kind == Kind::Array || type.kind == Kind::Function;
    if (!passes_on) return {};
    std::string reason = find_invalid(*type.target, by_value && type.kind == Kind::Array);
    for (std::size_t i = 0; i < type.parameters.size() && reason.empty(); ++i) reason = find_invalid(*type.parameters[i].type, false);
    return reason;
}

void RecordReader::spread_invalid() {
    Declarations& all = unit_.declarations;
    all.index_names();
    bool again = true;
    while (again) {
        again = false;
        for (StructDeclaration& entry : all.structs) {
            for (std::size_t i = 0; i < entry.fields.size() && entry.invalid.empty(); ++i) {
                const Type* type = entry.fields[i].type;
                while (type->kind == Kind::Array) type = type->target;
                if (type->kind == Kind::Pointer || type->kind == Kind::Function) continue;
                const std::string reason = find_invalid(*type, true);
                if (reason.empty()) continue;
                entry.invalid = "member '" + entry.fields[i].name + "': " + reason;
                again = true;
            }
        }
    }
    for (FunctionDeclaration& function : all.functions) {
        if (!function.invalid.empty()) continue;
        const Type& type = *function.type;
        if (std::string reason = find_invalid(*type.target, true); !reason.empty()) function.invalid = "result: " + reason;
        for (std::size_t i = 0; i < type.parameters.size() && function.invalid.empty(); ++i) {
            const std::string reason = find_invalid(*type.parameters[i].type, true);
            const std::string& name = type.parameters[i].name;
            if (!reason.empty())
                function.invalid = "parameter " + (name.empty() ? std::to_string(i + 1) : "'" + name + "'") + ": " + reason;
        }
    }
    for (VariableDeclaration& variable : all.variables) {
        if (variable.invalid.empty()) variable.invalid = find_invalid(*variable.type, true);
    }
}

}  // namespace ndcall::clang
