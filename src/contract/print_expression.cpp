// Expressions as the language writes them, with the fewest parentheses.
#include <array>
#include <charconv>

#include "contract/expression.hpp"

namespace ndcall {

namespace {

// How tightly an expression binds; an operand that binds less tightly than its place asks for is put in parentheses.
enum Level : int {
    OrLevel,
    AndLevel,
    NotLevel,
    CompareLevel,
    BitOrLevel,
    BitXorLevel,
    BitAndLevel,
    ShiftLevel,
    SumLevel,
    ProductLevel,
    SignLevel,
    AtomLevel
};

struct OperatorRow {
    Op op;
    std::string_view text;
    Level level;
};
constexpr std::array binary_rows{
    OperatorRow{Op::Or, " or ", OrLevel},
    OperatorRow{Op::And, " and ", AndLevel},
    OperatorRow{Op::BitOr, " | ", BitOrLevel},
    OperatorRow{Op::BitXor, " ^ ", BitXorLevel},
    OperatorRow{Op::BitAnd, " & ", BitAndLevel},
    OperatorRow{Op::ShiftLeft, " << ", ShiftLevel},
    OperatorRow{Op::ShiftRight, " >> ", ShiftLevel},
    OperatorRow{Op::Add, "+", SumLevel},
    OperatorRow{Op::Subtract, "-", SumLevel},
    OperatorRow{Op::Multiply, "*", ProductLevel},
    OperatorRow{Op::Divide, "/", ProductLevel},
    OperatorRow{Op::Modulo, " % ", ProductLevel},
};
constexpr std::array unary_rows{
    OperatorRow{Op::Not, "not ", NotLevel},
    OperatorRow{Op::Negate, "-", SignLevel},
    OperatorRow{Op::Plus, "+", SignLevel},
    OperatorRow{Op::Invert, "~", SignLevel},
};
constexpr std::array<std::string_view, 6> comparison_texts{" == ", " != ", " < ", " <= ", " > ", " >= "};  // in Comparison's order

template <std::size_t N>
const OperatorRow* find_row(const std::array<OperatorRow, N>& rows, Op op) {
    for (const OperatorRow& row : rows) {
        if (row.op == op) return &row;
    }
    return nullptr;
}

Level find_level(const Expression& expression) {
    if (expression.op == Op::Compare) return CompareLevel;
    if (const OperatorRow* row = find_row(binary_rows, expression.op)) return row->level;
    if (const OperatorRow* row = find_row(unary_rows, expression.op)) return row->level;
    return AtomLevel;
}

void append(std::string& out, const Expression& expression);

void append_at(std::string& out, const Expression& expression, int least) {
    const bool enclosed = find_level(expression) < least;
    if (enclosed) out += '(';
    append(out, expression);
    if (enclosed) out += ')';
}

// The shortest digits that read back as the same double, and never an integer's.
void append_real(std::string& out, double value) {
    std::array<char, 32> digits{};
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
    out += text;
    if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void append_list(std::string& out, const Expression& expression, char open, char close) {
    out += open;
    for (std::size_t i = 0; i < expression.operands.size(); ++i) {
        if (i > 0) out += ", ";
        append(out, expression.operands[i]);
    }
    out += close;
}

void append_comparison(std::string& out, const Expression& expression) {
    append_at(out, expression.operands.front(), CompareLevel + 1);
    for (std::size_t i = 0; i < expression.comparisons.size(); ++i) {
        out += comparison_texts[static_cast<std::size_t>(expression.comparisons[i])];
        append_at(out, expression.operands[i + 1], CompareLevel + 1);
    }
}

void append_conditional(std::string& out, const Expression& expression) {
    out += '(';
    append(out, expression.operands[0]);
    out += " if ";
    append(out, expression.operands[1]);
    out += " else ";
    append(out, expression.operands[2]);
    out += ')';
}

void append_operator(std::string& out, const Expression& expression) {
    if (const OperatorRow* row = find_row(unary_rows, expression.op)) {
        out += row->text;
        return append_at(out, expression.operands[0], row->level);
    }
    if (const OperatorRow* row = find_row(binary_rows, expression.op)) {
        append_at(out, expression.operands[0], row->level);
        out += row->text;
        append_at(out, expression.operands[1], row->level + 1);
    }
}

void append(std::string& out, const Expression& expression) {
    switch (expression.op) {
        case Op::Integer: out += std::to_string(expression.integer); break;
        case Op::Real: append_real(out, expression.real); break;
        case Op::Character: out += {'\'', static_cast<char>(expression.integer), '\''}; break;
        case Op::Text: out += '"' + expression.text + '"'; break;
        case Op::Null: out += "NULL"; break;
        case Op::Name: out += expression.text; break;
        case Op::List: append_list(out, expression, '[', ']'); break;
        case Op::Item:
            out += expression.text;
            append_list(out, expression, '[', ']');
            if (!expression.member.empty()) out += '.' + expression.member;
            break;
        case Op::Call:
            out += expression.text;
            append_list(out, expression, '(', ')');
            break;
        case Op::Compare: append_comparison(out, expression); break;
        case Op::Conditional: append_conditional(out, expression); break;
        default: append_operator(out, expression);
    }
}

}  // namespace

std::string print(const Expression& expression) {
    std::string out;
    append(out, expression);
    return out;
}

std::string print_sum(const Expression& expression) {
    std::string out;
    append_at(out, expression, BitOrLevel);
    return out;
}

}  // namespace ndcall
