// Variables of file scope, and the values of static constants.
#pragma once

#include <string>
#include <unordered_set>

#include "readers/clang/errors.hpp"
#include "readers/clang/types.hpp"
#include "readers/clang/unit.hpp"

namespace ndcall::clang {

class ValueReader {
  public:
    ValueReader(Unit& unit, Errors& errors, TagNames& tags, TypeReader& types) : unit_(unit), errors_(errors), tags_(tags), types_(types) {}

    void read_variable(Cursor cursor);
    // The value of a variable of `unit`, as a constant of this name; nothing when it has none, or when the name is taken.
    void add_constant(const Unit& unit, Cursor variable, const std::string& name, const Location& location);

  private:
    Unit& unit_;
    Errors& errors_;
    TagNames& tags_;
    TypeReader& types_;
    std::unordered_set<std::string> variables_, constants_;
};

}  // namespace ndcall::clang
