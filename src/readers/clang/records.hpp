// Structs, unions and enums: layout, members, and which of them cannot be trusted.
#pragma once

#include <string>

#include "readers/clang/errors.hpp"
#include "readers/clang/types.hpp"
#include "readers/clang/unit.hpp"

namespace ndcall::clang {

class RecordReader {
  public:
    RecordReader(Unit& unit, Errors& errors, TagNames& tags, TypeReader& types)
        : unit_(unit), errors_(errors), tags_(tags), types_(types) {}

    // Reads all that types mentioned so far, and what these mention in turn. Reading one by one from a queue keeps the stack flat however
    // long a chain of structs a header builds.
    void read_waiting();

    // Once everything is read: the names that typedefs give.
    void add_aliases();

    // Once everything is read: a struct that holds an invalid one by value is invalid, and so is a function whose type names one.
    void spread_invalid();

  private:
    void read_struct(const TagNames::Waiting& waiting);
    void read_enum(const TagNames::Waiting& waiting);
    void read_field(Cursor field, StructDeclaration& entry);
    std::string find_invalid(const Type& type, bool by_value) const;

    Unit& unit_;
    Errors& errors_;
    TagNames& tags_;
    TypeReader& types_;
};

}  // namespace ndcall::clang
