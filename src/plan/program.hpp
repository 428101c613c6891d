// Expressions after binding: every name is a cell, an array, a member or a constant. Evaluated and solved by src/call.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "contract/expression.hpp"

namespace ndcall {

// How one C scalar lies in memory.
enum class ScalarKind : std::uint8_t { Bool, Signed, Unsigned, Float, Complex, Pointer };
struct Scalar {
    ScalarKind kind = ScalarKind::Signed;
    std::uint8_t size = 8;  // bytes; Float 2, 4, 8, 16; Complex 8, 16, 32
    friend bool operator==(const Scalar&, const Scalar&) = default;
};

enum class NodeKind : std::uint8_t {
    Integer,        // integer
    Real,           // real
    Text,           // text
    Null,           // NULL
    Cell,           // cells[index]
    ArrayElements,  // arrays[index], every element: only as an operand of a comparison or of a function of arrays
    ArrayItem,      // arrays[index][operand 0], flat index of a one-dimensional array
    TextValue,      // texts[index]: compared with NULL, or handed to a library call
    Member,         // a scalar in structs[index] at byte `integer`, of type `scalar`
    StructValue,    // structs[index]: compared with NULL
    Function,       // a built-in: `function`, operands
    Call,           // a function of the library: Plan::callees[index], operands
    List,           // operands
    Operator,       // `op` with operands; Compare with `comparisons`
};

enum class Function : std::uint8_t {
    Min,
    Max,
    Abs,
    Int,
    Len,
    Size,
    Shape,
    Ndim,
    Stride,
    ByteStride,
    ByteStrides,
    Itemsize,
    Aligned,
    Increasing,
    Sorted,
    Finite,
};  // sizeof(T) is an Integer by then. shape(x) and byte_strides(x) with one operand are lists

struct Node {
    NodeKind kind = NodeKind::Integer;
    Op op = Op::Null;
    Function function = Function::Min;
    std::uint16_t index = 0;
    Scalar scalar;
    std::int64_t integer = 0;
    double real = 0;
    std::string text;
    std::vector<std::uint16_t> operands;  // nodes of the same pool, always with a smaller number than this node's
    std::vector<Comparison> comparisons;
};

// All expressions of a plan share one pool; an expression is the number of its root.
using Program = std::uint16_t;
inline constexpr Program no_program = 0xffff;

struct ProgramPool {
    std::vector<Node> nodes;
    std::vector<std::string> texts;  // parallel to nodes, roots only: the expression as the user wrote it, for messages
};

// The cells that stand in a program, without repetition.
std::vector<std::uint16_t> find_cells(const ProgramPool& pool, Program program);

// The open cells for which program == value can be solved once everything else is known. Such a cell stands in one place, below + - * ~ int()
// and unary minus; below a conditional, in a branch that has no other open cell.
struct Solvable {
    std::uint16_t cell = 0;
    bool always = true;  // false: in one branch only; when the other is taken, nothing here tells what it is
};
std::vector<Solvable> find_solvable(const ProgramPool& pool, Program program, const std::function<bool(std::uint16_t)>& is_open);

// The same with every other cell known.
bool can_solve(const ProgramPool& pool, Program program, std::uint16_t cell);

}  // namespace ndcall
