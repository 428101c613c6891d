// Expressions of a function's body: their parts and operators.
#pragma once

#include <cstdint>
#include <vector>

#include "readers/clang/unit.hpp"

namespace ndcall::clang {

// Change: ++ and --. Compare: == and !=. Join: && and ||.
enum class Operator : std::uint8_t {
    Other,
    Assign,
    Add,
    Subtract,
    Multiply,
    Less,
    Compare,
    Join,
    Comma,
    Address,
    Dereference,
    Change,
    Not,
};

std::vector<Cursor> list_children(const Unit& unit, Cursor cursor);

// The operator of a unary or binary expression. libclang tells it since version 17; before, it is read from the text, which inside a
// macro's expansion tells nothing: Other.
Operator find_operator(Unit& unit, Cursor expression, const std::vector<Cursor>& children);

// Without parentheses, casts and conversions, as far as these have one child.
Cursor strip_casts(const Unit& unit, Cursor expression);

// Of an expression's canonical type.
bool is_pointer(const Unit& unit, Cursor expression);
bool is_array(const Unit& unit, Cursor expression);

}  // namespace ndcall::clang
