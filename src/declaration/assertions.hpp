// What was read, as static assertions: a compiler that reads the same text and takes them all read it the same.
#pragma once

#include <string>
#include <vector>

#include "declaration/declaration.hpp"

namespace ndcall {

struct Assertion {
    std::string code;   // C, one line: _Static_assert(...);
    std::string claim;  // in words: "struct point has 16 bytes and is aligned to 8"
    Location location;  // line 0: a typedef, of which no place is known
};

// For C with GNU's builtins, to stand behind the text that was read. Functions, the structs and typedefs that they use, enumerators. What
// has no name that can be said again (anonymous structs), and what is invalid, is left out.
std::vector<Assertion> assert_facts(const Declarations& declarations);

}  // namespace ndcall
