// Clang's errors by position. Clang goes on after an error with `int` in place of an unknown type, and calls many declarations valid that
// it did not understand: whatever has an error in its text is not to be trusted.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "readers/clang/unit.hpp"

namespace ndcall::clang {

struct Error {
    std::string message;
    Position position;
    bool is_told = false;  // it is the reason why a declaration was refused
};

class Errors {
  public:
    explicit Errors(Unit& unit);

    // The reason why the text from `first` to `last` cannot be trusted, or "".
    std::string find_between(const Position& first, const Position& last);
    // The same for a whole declaration. Its text ends at the next ';', '{' or '}': what follows `int f(int a` without a ')' is part of the
    // mistake, though clang ends the declaration at the last thing it understood.
    std::string find_in(Cursor declaration);
    // For a function with a body: errors inside it say nothing about its signature.
    std::string find_before_body(Cursor function, const Position& body);

    // Errors that no declaration told, as "file:line: message".
    std::vector<std::string> list_untold() const;

  private:
    Unit& unit_;
    std::map<std::pair<File, unsigned>, Error> errors_;  // the first at each place
};

}  // namespace ndcall::clang
