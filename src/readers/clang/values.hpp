// Variables of file scope, and what has a value: static constants and macros.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "readers/clang/errors.hpp"
#include "readers/clang/types.hpp"
#include "readers/clang/unit.hpp"

namespace ndcall::clang {

class ValueReader {
  public:
    ValueReader(Unit& unit, Errors& errors, TagNames& tags, TypeReader& types) : unit_(unit), errors_(errors), tags_(tags), types_(types) {}

    void read_variable(Cursor cursor);
    void read_macro(Cursor cursor);  // remembers an object-like macro that may be an expression

    // A text that makes a variable of every remembered macro, one per line, to be parsed behind the file itself; "" when there is none.
    std::string print_probes() const;
    // The value of a probe's variable, from the second parse.
    void read_probe(const Unit& probes, Errors& errors, Cursor variable);

  private:
    struct Macro {
        std::string name;
        Location location;
    };
    void add_constant(const Unit& unit, Cursor variable, const std::string& name, const Location& location);

    Unit& unit_;
    Errors& errors_;
    TagNames& tags_;
    TypeReader& types_;
    std::vector<Macro> macros_;
    std::unordered_set<std::string> macro_names_, variables_, constants_;
};

}  // namespace ndcall::clang
