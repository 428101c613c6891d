#include "readers/clang/unit.hpp"

#include <algorithm>

#include "declaration/scanner.hpp"

namespace ndcall::clang {

std::string Unit::take(String text) const {
    const char* characters = api.getCString(text);
    std::string out = characters == nullptr ? "" : characters;
    api.disposeString(text);
    return out;
}

Position Unit::position(SourceLocation location) const {
    Position out;
    unsigned column = 0;
    api.getExpansionLocation(location, &out.file, &out.line, &column, &out.offset);
    return out;
}

Location Unit::location(const Position& position) {
    if (position.file == nullptr) return {0, 1};  // what clang itself declares
    const auto [found, is_new] = file_numbers_.try_emplace(position.file);
    if (is_new) {
        const std::string name = take(api.getFileName(position.file));
        const auto known = std::find(declarations.files.begin(), declarations.files.end(), name);
        found->second = static_cast<std::uint32_t>(known - declarations.files.begin());
        if (known == declarations.files.end()) declarations.files.push_back(name);
    }
    return {found->second, std::max(position.line, 1u)};
}

std::string_view Unit::contents(File file) {
    if (file == nullptr) return {};
    const auto [found, is_new] = contents_.try_emplace(file);
    if (is_new) {
        std::size_t size = 0;
        if (const char* text = api.getFileContents(tu, file, &size)) found->second = {text, size};
    }
    return found->second;
}

std::string_view Unit::text_between(const Position& first, const Position& last) {
    if (first.file != last.file || last.offset < first.offset) return {};
    const std::string_view text = contents(first.file);
    return last.offset <= text.size() ? text.substr(first.offset, last.offset - first.offset) : std::string_view();
}

std::string Unit::read_symbol(Cursor cursor, const std::string& name, std::string& invalid) const {
    const std::string symbol = take(api.Cursor_getMangling(cursor));
    if (symbol.empty() || symbol == name || is_linker_name(symbol)) return symbol.empty() ? name : symbol;
    invalid = "its name for the linker is no word";
    return name;
}

Cursor Unit::find_declaration(TypeHandle type) const {
    const Cursor declaration = api.getTypeDeclaration(type);
    const Cursor definition = api.getCursorDefinition(declaration);
    return api.Cursor_isNull(definition) != 0 ? declaration : definition;
}

TypeHandle Unit::find_base(TypeHandle type) const {
    type = api.getCanonicalType(type);
    while (type.kind == type_pointer || is_array_kind(type.kind)) {
        type = api.getCanonicalType(type.kind == type_pointer ? api.getPointeeType(type) : api.getArrayElementType(type));
    }
    return type;
}

// What stands apart is the file's own, or the section's; a contract is nobody's but the next function's.
constexpr std::string_view contract_mark = "ndcall:";

std::string Unit::read_comment(Cursor cursor, Location* place) {
    std::string text = take(api.Cursor_getRawCommentText(cursor));
    if (text.empty()) return text;
    const SourceRange range = api.Cursor_getCommentRange(cursor);
    const Position first = position(api.getRangeStart(range)), last = position(api.getRangeEnd(range)), at = begin(cursor);
    const bool is_adjacent = last.line + 1 >= at.line;
    if (first.file != at.file || (!is_adjacent && text.find(contract_mark) == std::string::npos)) return {};
    if (place != nullptr) *place = location(first);
    return text;
}

}  // namespace ndcall::clang
