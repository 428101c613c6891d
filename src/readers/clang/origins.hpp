// Whose memory a pointer inside a body points to.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "readers/clang/expressions.hpp"
#include "readers/clang/unit.hpp"

namespace ndcall::clang {

// The memory that a parameter hands over: "x" for what x points to, "x.data" for what the member `data` there points to. Empty: the
// memory of no parameter, or not surely that of a single one.
using Path = std::string;

// Expressions nested deeper are not looked into: generated text must not end the stack.
inline constexpr unsigned deepest_expression = 1000;

class Origins {
  public:
    Origins(Unit& unit, Cursor function, Cursor body);

    // Of the memory that a pointer or array expression leads to.
    Path find_pointee(Cursor expression);
    // Of the memory in which the object lies that an expression names: x for `x[i]`, `*x`, `x->m`.
    Path find_owner(Cursor expression);

    bool is_parameter(Cursor reference) const;

    // Members whose pointer the body itself sets: what is behind is no longer what the caller handed over.
    bool is_replaced(const Path& path) const;

  private:
    // What a pointer variable may point to, by all assignments to it, in whatever order they are made.
    struct Variable {
        std::vector<Cursor> values;
        std::optional<Path> path;  // none: nothing yet. Empty: more than one thing
    };

    void collect(Cursor cursor, unsigned depth);
    void collect_assignment(Cursor target, Cursor value);
    void settle();
    std::optional<Path> find_path(Cursor expression);
    std::optional<Path> find_path_below(Cursor expression);
    std::optional<Path> find_binary(Cursor expression);
    std::optional<Path> find_unary(Cursor expression);
    std::optional<Path> find_member(Cursor expression, bool wants_pointee);
    std::optional<Path> find_reference(Cursor expression);

    Unit& unit_;
    std::unordered_map<const void*, std::string> parameters_;
    std::unordered_map<const void*, Variable> variables_;
    std::vector<std::pair<Cursor, Cursor>> member_stores_;  // target, value
    std::vector<Path> replaced_;
    unsigned depth_ = 0;  // of find_path within itself
};

}  // namespace ndcall::clang
