// Types as clang shows them -> types of a declaration.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "readers/clang/errors.hpp"
#include "readers/clang/unit.hpp"

namespace ndcall::clang {

// A type, and why it cannot be trusted ("" when it can): an invalid typedef spoils what is made from it.
struct ReadType {
    const Type* type = nullptr;
    std::string invalid;
};

// Structs, unions and enums by clang's identity: what they are called, and which still wait to be read.
class TagNames {
  public:
    struct Waiting {
        TypeHandle type;  // canonical
        std::string tag;
    };

    explicit TagNames(Unit& unit) : unit_(unit) {}

    // The tag of a struct, union or enum (canonical type); one seen for the first time waits to be read.
    const std::string& find_or_add(TypeHandle canonical);
    // Says how an unnamed one is called, before it is met: "point.in" for the member `in` of struct point. Any other type is none.
    void suggest(TypeHandle canonical, const std::string& tag);

    // Another name by typedef.
    void add_alias(const std::string& tag, const std::string& alias);

    std::deque<Waiting> waiting;
    std::unordered_map<std::string, std::vector<std::string>> aliases;  // by tag, in the order of the text

  private:
    std::string choose(TypeHandle canonical);

    Unit& unit_;
    std::unordered_map<void*, std::string> tags_, suggestions_;
    std::unordered_map<std::string, unsigned> taken_;
};

class TypeReader {
  public:
    TypeReader(Unit& unit, Errors& errors, TagNames& tags) : unit_(unit), errors_(errors), tags_(tags) {}

    // `declarator` is what has this type (a parameter, field, typedef, variable): parameters of a function type get their names from it.
    ReadType read(TypeHandle type, Cursor declarator);
    // A function's own type, its parameters with extents as written. Adds the first reason why it cannot be trusted.
    ReadType read_function(Cursor function);
    const Type* read_enum_base(Cursor declaration);

  private:
    // Where the parameters of a function type have their names: the children of what declares it.
    struct Declarator {
        Cursor cursor;
        bool gave_names = false;  // the type then belongs to this declarator, though clang may share it with others
    };
    // What typedefs and qualifiers around a type say of it.
    struct Sugar {
        std::string spelling, invalid;
        bool is_const = false, is_volatile = false, is_restrict = false;
    };

    ReadType read_nested(TypeHandle type, Declarator& declarator, unsigned depth);
    ReadType read_new(TypeHandle type, Declarator& declarator, unsigned depth);
    const Type* qualify(const Type* type, const Sugar& sugar);
    TypeHandle strip(TypeHandle type, Sugar& sugar, Declarator& declarator);
    void read_array(TypeHandle type, Type& out, std::string& invalid, Declarator& declarator, unsigned depth);
    void read_signature(TypeHandle type, Type& out, std::string& invalid, Declarator& declarator, unsigned depth);
    void read_basic(TypeHandle canonical, Type& out);
    const std::string& find_typedef_error(Cursor declaration);

    Unit& unit_;
    Errors& errors_;
    TagNames& tags_;
    std::unordered_map<void*, ReadType> known_;              // by clang's own identity
    std::unordered_map<const void*, std::string> typedefs_;  // why a typedef cannot be trusted
};

}  // namespace ndcall::clang
