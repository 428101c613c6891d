// One parsed translation unit: its text, positions and files, and the declarations that are being made from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "declaration/declaration.hpp"
#include "declaration/type_table.hpp"
#include "readers/clang/api.hpp"

namespace ndcall::clang {

// A position where the text stands: for text out of a macro, where the macro is used.
struct Position {
    File file = nullptr;
    unsigned line = 0, offset = 0;  // line from 1, offset in bytes
};

class Unit {
  public:
    // `tree` belongs to the process and is never freed: tearing it down costs more than reading a small file.
    Unit(const Api& functions, TranslationUnit tree, Declarations& out) : api(functions), tu(tree), declarations(out), types(out.types) {}
    Unit(const Unit&) = delete;
    Unit& operator=(const Unit&) = delete;

    std::string take(String text) const;
    std::string spelling(Cursor cursor) const { return take(api.getCursorSpelling(cursor)); }

    Position position(SourceLocation location) const;
    Position begin(Cursor cursor) const { return position(api.getRangeStart(api.getCursorExtent(cursor))); }
    Position end(Cursor cursor) const { return position(api.getRangeEnd(api.getCursorExtent(cursor))); }
    Position name_position(Cursor cursor) const { return position(api.getCursorLocation(cursor)); }
    Location location(const Position& position);
    Location location(Cursor cursor) { return location(name_position(cursor)); }

    std::string_view contents(File file);  // empty when clang has none
    std::string_view text_between(const Position& first, const Position& last);

    // The linker's name of a function or variable. One that no library can be asked for gives a reason why not.
    std::string read_symbol(Cursor cursor, const std::string& name, std::string& invalid) const;

    // What declares a struct, union or enum: its definition, where there is one.
    Cursor find_declaration(TypeHandle type) const;

    // What is left of a type without arrays and pointers: the only place where a declaration can define an unnamed struct.
    TypeHandle find_base(TypeHandle type) const;

    // The comment directly above, and where it begins. One with a contract may stand a few blank lines higher.
    std::string read_comment(Cursor cursor, Location* location);

    // Calls `visit(child)` for each child; it returns visit_stop, visit_next or visit_inside.
    template <class Visit>
    void visit_children(Cursor cursor, Visit visit) const {
        const auto call = [](Cursor child, Cursor, void* data) { return static_cast<int>((*static_cast<Visit*>(data))(child)); };
        api.visitChildren(cursor, call, &visit);
    }

    const Api& api;
    const TranslationUnit tu;
    Declarations& declarations;
    TypeTable types;

  private:
    // clang_getFileContents searches all source locations each time, so its answer is kept.
    std::unordered_map<File, std::string_view> contents_;
    std::unordered_map<File, std::uint32_t> file_numbers_;
};

}  // namespace ndcall::clang
