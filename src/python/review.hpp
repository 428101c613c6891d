// Every function of a library, bound without being called: what can be called, what cannot and why, and lines that belong to nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "python/library.hpp"

namespace ndcall {

enum class VerdictKind : std::uint8_t {
    Callable,
    LacksContract,  // the declaration alone does not say enough, and a line would
    Refused,        // no line would help: the reader or this version of ndcall refuses it
    WrongContract,  // its line does not fit, or cannot be parsed
    LacksSymbol,    // it fits, and no opened library has the function
    LineOfNothing,  // a line for a function or struct that is not there
};

struct Verdict {
    VerdictKind kind = VerdictKind::Callable;
    std::string name;         // in Python
    std::string signature;    // where it can be bound
    std::string declaration;  // as written; empty: LineOfNothing, a struct
    std::string contract, contract_origin;
    std::string problem;  // "filter.contract:3:7: ...\n  the line\n  ^" where the line is at fault
    std::string cure;     // the line that would most likely help
    std::string file;     // of the declaration
    std::uint32_t line = 0;
};

// In the order of the declarations: the functions that `selected` lets through (by their C names), then structs with a line, then lines of
// nothing.
std::vector<Verdict> review(Library& library, const std::function<bool(const std::string&)>& selected);

}  // namespace ndcall
