// Expressions of the contract language as parsed: names are not looked up yet.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "text/error.hpp"

namespace ndcall {

enum class Op : std::uint8_t {
    Integer,    // `integer`
    Real,       // `real`
    Character,  // 'V': `integer` holds the byte
    Text,       // "...": `text` without quotes
    Null,
    Name,  // `text`, dotted: "data.n", "return.x"
    List,  // [a, b]: operands
    Item,  // x[i] or x[i].member: `text` is x, operands[0] is i, `member` may be empty
    Call,  // `text`(operands)
    Negate,
    Plus,
    Invert,
    Not,
    Add,
    Subtract,
    Multiply,
    Divide,  // rounds down for integers
    Modulo,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
    Compare,  // a < b <= c: operands a, b, c; `comparisons` has one less
    And,
    Or,
    Conditional,  // (a if c else b): operands a, c, b
};

enum class Comparison : std::uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };

struct Expression {
    Op op = Op::Null;
    Span at;
    std::int64_t integer = 0;
    double real = 0;
    std::string text, member;
    std::vector<Expression> operands;
    std::vector<Comparison> comparisons;
};

// The expression as the language writes it, with the fewest parentheses. Parsing the result gives an equal tree.
std::string print(const Expression& expression);
// The same for a place where no bare condition may stand, such as an extent.
std::string print_sum(const Expression& expression);

}  // namespace ndcall
