// Functions: one entry for all declarations of a name.
#pragma once

#include <string>
#include <unordered_map>

#include "readers/clang/bodies.hpp"
#include "readers/clang/errors.hpp"
#include "readers/clang/types.hpp"
#include "readers/clang/unit.hpp"

namespace ndcall::clang {

class FunctionReader {
  public:
    FunctionReader(Unit& unit, Errors& errors, TypeReader& types, BodyReader& bodies)
        : unit_(unit), errors_(errors), types_(types), bodies_(bodies) {}

    void read(Cursor cursor);
    // Only what the body does, because functions that are wanted may call this one.
    void read_body(Cursor cursor) { find_body(cursor); }

  private:
    Position find_body(Cursor cursor);  // its '{'; without a file when there is none
    std::string find_text(Cursor cursor, const Position& body, const FunctionDeclaration& entry);
    std::string find_error(Cursor cursor, const Position& body);
    void accept_old_style(FunctionDeclaration& entry);

    Unit& unit_;
    Errors& errors_;
    TypeReader& types_;
    BodyReader& bodies_;
    std::unordered_map<std::string, std::size_t> known_;  // name -> index into Declarations::functions
    Position last_end_;                                   // of the declarator read before: `int f(int), g(int);` is two
};

// A declaration's text on one line: without comments, attributes and doubled blanks.
std::string print_one_line(std::string_view text);

}  // namespace ndcall::clang
